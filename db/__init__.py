"""The one SQLite file: its schema, its migrations, every read and write."""
