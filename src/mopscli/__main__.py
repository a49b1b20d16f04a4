"""Where the program starts, as `mops` or as `python -m mopscli`."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run the program, and leave at once: a short run does not live to need a search for cycles of objects.

    To take apart all that was imported would take longer than many a command.
    """
    gc.disable()
    from mopscli.cli.interrupts import Interrupts

    interrupts = Interrupts()
    try:
        from mopscli.cli.app import run

        interrupts.clean_up_from_now_on()
        run()
    except SystemExit as end:
        if interrupts.code:
            interrupts.leave()
        if isinstance(end.code, int):
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
            os._exit(end.code)
        raise
    except BaseException as error:
        # A signal may end what it comes upon with any error.
        if interrupts.code or isinstance(error, KeyboardInterrupt):
            interrupts.leave()
        raise


if __name__ == "__main__":
    main()
