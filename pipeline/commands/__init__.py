"""The commands; `pipeline.__main__` reads the command line and calls them."""
