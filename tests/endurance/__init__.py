"""Endurance: the real commands killed and failed hundreds of times; see README.md here and `make endurance`."""
