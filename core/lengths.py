"""Characters that are kept of each text, whoever wrote it."""

TITLE_LIMIT = 500
LEAD_LIMIT = 2000
