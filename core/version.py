"""The version: of the package, of every stored run, and in the User-Agent."""

VERSION = "0.1.0"
