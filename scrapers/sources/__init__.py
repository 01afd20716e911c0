"""One file = one source; the file's name is the source's id."""
