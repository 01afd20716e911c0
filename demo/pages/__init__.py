"""The replica's pages: one module for each kind of site. Pure: no network, no files, no clock."""
