"""Fetch politely over HTTP, within bounds, from public addresses only."""
