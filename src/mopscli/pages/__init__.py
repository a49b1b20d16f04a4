"""Results put into words, as pages of blocks; knows no color, no width and no file."""
