"""Closed sets of words, each defined once. Imports nothing of the project."""

from __future__ import annotations

from typing import Literal

# Where db/schema.sql has a CHECK on such a column, a test holds both equal.
Language = Literal["uk", "en"]
SourceKind = Literal["feed", "rest", "html"]
SourceState = Literal[
    "ok", "not_modified", "empty", "structure_missing", "fields_missing", "blocked", "unreachable", "skipped",
    "suspicious",  # an answer out of character is held back
    "overloaded",  # this machine was too slow to read it
]  # fmt: skip
Precision = Literal["minute", "day"]
Origin = Literal["feed", "page", "listing"]  # the kind of answer that said something
ArticleVerdict = Literal["new", "edited", "unchanged", "duplicate", "revisited"]  # revisited: no listing showed it
LinkVerdict = Literal["same", "related", "different"]
DecidedBy = Literal["machine", "editor"]
TextPart = Literal["title", "lead"]
TranslationState = Literal["ok", "flagged", "failed", "stale"]  # stale: made by an older model or glossary
EnglishBy = Literal["publisher", "editor", "machine"]
PlaceKind = Literal["oblast", "raion", "hromada"]
Decision = Literal["taken", "dropped", "held"]  # of an editor, on a story of a draft
LanguageOrder = Literal["en-uk", "uk-en", "en", "uk", "columns"]  # of the newsletter; columns: English | Ukrainian
Publishing = Literal["by hand", "when sealed"]  # when a sealed issue is shown to the public
ChangedVia = Literal["desk", "file", "command", "undo"]  # how a draft was changed
ImageKind = Literal["png", "jpeg"]
# At which a problem was met.
Stage = Literal["fetch", "moved", "parse", "normalise", "drift", "held", "article", "model"]
AnswerVerdict = Literal["fits", "held", "confirmed", "accepted"]  # on the answer of a listing as a whole
HeldEnd = Literal["accepted", "confirmed", "withdrawn"]  # by a person, by a second answer, by an ordinary one
