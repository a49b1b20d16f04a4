"""Where the program starts, as `mops` or as `python -m mopscli`."""

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the program, and leave at once: a short run does not live to need a search for cycles of objects.

    To take apart all that was imported would take longer than many a command.
    """
    gc.disable()
    try:
        from mopscli.cli.app import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit as end:
        if isinstance(end.code, int):
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
            os._exit(end.code)
        raise


if __name__ == "__main__":
    main()
