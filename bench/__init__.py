"""Speed as ratios within one run; never a test."""
