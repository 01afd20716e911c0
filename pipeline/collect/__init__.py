"""Collect: from the sources to stored articles."""
