# Run in an environment made with: pip install '.[test]' (or pip install -e '.[test]' to work on the code).

.PHONY: all lint test lowest circle warehouse fix docs bench

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

# The suite on the lowest versions that pyproject.toml allows; needs a package index.
lowest:
	folder=$$(mktemp -d) && python .ci/lowest.py > "$$folder/lowest.txt" && python -m venv "$$folder/venv" \
	&& "$$folder/venv/bin/python" -m pip install --quiet -c "$$folder/lowest.txt" -e '.[test]' \
	&& "$$folder/venv/bin/python" -m pytest; \
	status=$$?; rm -rf "$$folder"; exit $$status

# The form for SurveyJS loaded by survey-core itself; needs node and npm.
circle:
	folder=$$(mktemp -d) && npm install --silent --no-save --no-audit --no-fund --prefix "$$folder" survey-core@3 \
	&& MOPS_NODE_MODULES="$$folder/node_modules" python -m pytest tests/survey/test_forms.py -rs; \
	status=$$?; rm -rf "$$folder"; exit $$status

# The statement of mops sql on PostgreSQL, where a server is installed, and on Spark, where Java is.
warehouse:
	python -m pip install --quiet -e '.[test,warehouse]'
	python -m pytest tests/batch/test_sql.py -rs -n 2 --dist loadgroup

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
	python benchmarks/batch.py
