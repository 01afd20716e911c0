"""A small replica of the sources on loopback, and the demonstration model."""
