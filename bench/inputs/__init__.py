"""Inputs of measurements: archives, models and labelled pairs; nothing here measures."""
