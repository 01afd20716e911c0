"""The tests; a package, so that they can share helpers under a name nobody else has."""
