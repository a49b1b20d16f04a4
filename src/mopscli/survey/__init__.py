"""Files of respondents, as survey tools write and take them; knows no scores."""
