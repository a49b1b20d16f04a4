"""Everybody in a file or a table scored."""
