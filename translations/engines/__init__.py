"""Translation engines, and how their packages are found and installed."""
