"""Questions and answers, what is believed after them, how well roles fit, and the verdict."""
