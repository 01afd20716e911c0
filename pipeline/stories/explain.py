"""The explanation of a link: its reason in one English sentence. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.model import StoryLink

_SAME = {
    "same_key": "One publication of one source: both carry the key {key}.",
    "same_address": "One publication: both lead to {address}.",
    "mentioned_address": "One text gives the address of the other{mentioned}{shared}.",
    "title": "The titles say the same{shared}.",
    "cut_title": "One title is the beginning of the other{shared}.",
    "lead": "The leads are (almost) the same text{shared}.",
    "title_and_lead": "Titles and leads tell the same{shared}.",
    "facts": "Different words, the same facts{shared}.",
    "attribution": "One names the other's publisher as its source, and they tell the same{shared}.",
    "translation": "The English title says what the Ukrainian one does{shared}.",
    "through_others": "They are one story because of other articles in it.",
    "machine_english": "The English title says what the machine's English of the Ukrainian one does{shared}.",
}
_APART = {
    "republished": "The same text published again {days} days later{shared}.",
    "window": "They are {days} days apart, and their leads are not the same text.",
    "speakers": "They quote different people: {against}.",
    "general": "One is about a place, the other about communities at large: {against}.",
    "places": "They name different places: {against}.",
    "countries": "They name different countries: {against}.",
    "amounts": "They name different sums: {against}.",
    "bills": "They are about different bills or acts: {against}.",
    "parts": "They are different parts of a series: {against}.",
    "months": "They are about different months: {against}.",
    "years": "They are about different years: {against}.",
    "periods": "They are about different periods: {against}.",
    "dates": "They are about different days: {against}.",
    "counts": "They count differently: {against}.",
    "percents": "They name different shares: {against}.",
    "names": "They name different people or places: {against}.",
    "topics": "They share a frame and differ in topic: {against}.",
    "steps": "They report different steps of one affair: {against}.",
    "audiences": "They address different people: {against}.",
    "alike": "They have something in common{shared}, too little for one story.",
    "little_in_common": "They have too little in common.",
    "group_too_large": "Alike, but their stories together would be too large for one.",
    "group_too_loose": "Alike, but their stories as a whole are not.",
    "group_vetoed": "Alike, but something in their stories speaks against it.",
    "kept_apart": "Alike, but an editor keeps parts of their stories apart.",
}
_EDITOR = {"same": "An editor put them into one story.", "different": "An editor keeps them apart."}


def sentence(link: StoryLink) -> str:
    """Return why the two articles of a link are, or are not, one story."""
    if link.decided_by == "editor":
        return _EDITOR.get(link.verdict, "An editor linked them.")
    against = [
        one.partition(": ")[2].replace(" / ", " against ", 1)  # «Lviv against Bergen»
        for one in link.evidence.get("against", ())
        if one.startswith(f"{link.method}: ")
    ]
    form = _SAME.get(link.method) or _APART.get(link.method) or "Decided by the rule “{method}”."
    return form.format_map(
        {
            "method": link.method,
            "key": _first(link.evidence, "key"),
            "address": _first(link.evidence, "address"),
            "mentioned": "".join(f", {address}" for address in link.evidence.get("address", ())[:1]),
            "days": _first(link.evidence, "days"),
            "against": against[0] if against else "not told",
            "shared": _shared(link.evidence),
        }
    )


def _first(evidence: Mapping[str, tuple[str, ...]], name: str) -> str:
    return next(iter(evidence.get(name, ())), "?")


def _shared(evidence: Mapping[str, tuple[str, ...]]) -> str:
    """Return names, words and numbers that both have, in brackets.

    Words that only mean the same are given in the words of both sides; institutions among them come first.
    """
    words = evidence.get("words", ())
    pairs = {pair.partition(" = ")[0]: pair for pair in evidence.get("meanings", ())}
    telling = (*(pair for word, pair in pairs.items() if word not in words), *(pairs.get(word, word) for word in words))
    found = {"names": evidence.get("names"), "words": telling, "numbers": evidence.get("numbers")}
    parts = [f"{label} {', '.join(values[:5])}" for label, values in found.items() if values]
    return f" ({'; '.join(parts)})" if parts else ""
