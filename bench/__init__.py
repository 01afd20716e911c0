"""Benchmarks: speed as ratios within one run (`python -m bench`), and how well stories and checks do."""
