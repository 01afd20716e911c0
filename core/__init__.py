"""The ground floor: data in the order of travel, errors, clock, version. Imports nothing of the project."""
