"""Numbers, sums, dates and other typed facts of a text. Pure."""
