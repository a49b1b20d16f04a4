"""Role against role, what the knowledge says of one thing, the ways between roles, and growth."""
