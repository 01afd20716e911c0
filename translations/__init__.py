"""From one language to another, on this machine."""
