"""From the web to Items."""
