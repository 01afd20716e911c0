"""Numbers, sums, dates and other typed facts of a text. Pure.

`language.facts.read.read` returns them in order, each with its span. Places are facts too and have a room of their own:
`language.places.names.find` returns mentions whose `start` and `end` are spans of the same text as given. So the two
lists join by position: a fact lies in a place's name where their spans overlap. Neither reader needs the other.
"""
