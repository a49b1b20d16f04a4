"""One person: what they can and want, the plan, the way, what changed, and what is saved."""
