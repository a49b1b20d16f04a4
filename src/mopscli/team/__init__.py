"""Which team a company has, whom it hires next, and the papers for it."""
