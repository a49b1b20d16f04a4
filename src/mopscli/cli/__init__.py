"""The commands: each parses, asks the core once, shows the result and chooses the exit code.

Only what a command needs is imported when it runs, so that every start is quick.
"""
