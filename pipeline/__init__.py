"""The journey of one story: from the sources to the newsletter."""
