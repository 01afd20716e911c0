"""The version, as stored with every run and sent in the User-Agent."""

VERSION = "0.1.0"
