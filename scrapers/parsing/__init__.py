"""Parse feeds, REST answers and HTML pages into items. Pure."""
