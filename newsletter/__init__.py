"""The newsletter: from stories to issues."""
