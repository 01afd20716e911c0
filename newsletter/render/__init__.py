"""Render an issue in every format. Pure."""
