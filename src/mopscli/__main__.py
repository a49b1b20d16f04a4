"""Where the program starts, as `mops` or as `python -m mopscli`."""

import gc
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the program, without the search for cycles of objects, which a short run does not live to need."""
    gc.disable()
    try:
        from mopscli.cli.app import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        # On the way out Python searches once more, unless there is nothing to search. DuckDB wants to be found.
        if "duckdb" not in sys.modules:
            gc.freeze()


if __name__ == "__main__":
    main()
