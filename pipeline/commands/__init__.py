"""What each command does; `pipeline.__main__` reads the command line and calls it."""
