# Run in an environment made with: pip install '.[test]' (or pip install -e '.[test]' to work on the code).

.PHONY: all lint test fix docs bench

all: lint test

# Format and style, types, layers, knowledge, and generated files up to date.
lint:
	ruff format --check
	ruff check
	mypy
	lint-imports --no-cache
	mops check data
	python docs/build.py --check

test:
	python -m pytest

# What a machine can mend.
fix:
	ruff format
	ruff check --fix
	python docs/build.py

docs:
	python docs/build.py

bench:
	python benchmarks/startup.py
	python benchmarks/loading.py
	python benchmarks/interview.py
	python benchmarks/simulation.py
