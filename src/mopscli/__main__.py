"""Run the program as `python -m mopscli`."""

from mopscli.cli import main

main()
