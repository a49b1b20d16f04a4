"""Compare marketing operations roles and plan the way between them."""
