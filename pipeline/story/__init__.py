"""Which articles are one story, and why: the parts behind `pipeline.stories`."""
