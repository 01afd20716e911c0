"""Make data and fit weights; run by hand, never by Visnyk."""
