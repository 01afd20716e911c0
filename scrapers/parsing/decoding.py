"""From a body's bytes to text, whatever the server, the page or neither says about it. Pure.

Bytes before words: what is valid UTF-8 is UTF-8, also when a header says otherwise. What is nearly UTF-8 stays UTF-8
with the broken bytes marked U+FFFD. Only the rest is looked for among the declared and the likely character sets.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The labels that are believed, after https://encoding.spec.whatwg.org/; `iso-8859-1` means windows-1252 there.
_LABELS = {
    "windows-1251": "cp1251",
    "cp1251": "cp1251",
    "x-cp1251": "cp1251",
    "koi8-u": "koi8_u",
    "koi8-ru": "koi8_u",
    "koi8-r": "koi8_r",
    "koi8": "koi8_r",
    "iso-8859-5": "iso8859_5",
    "cp866": "cp866",
    "ibm866": "cp866",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ukrainian": "mac_cyrillic",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-15": "iso8859_15",
    "windows-1250": "cp1250",
    "iso-8859-2": "iso8859_2",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_LIKELY = ("cp1251", "koi8_u", "cp1252")  # what Ukrainian and Western sites used before UTF-8
_DECLARED_WINS = 0.9  # a declared set is kept when it reads at least so well as the best
_HEAD = 2048  # how far into a document its own declaration may stand
_MOSTLY_UTF8 = 0.6  # share of the non-ASCII bytes that form valid sequences; KOI8-U reaches 0.2 by chance
_MIXED = 0.1  # share of letters that are pairs of UTF-8 read as something else; in a text of one set there are none
_SAMPLE = 64 * 1024  # bytes that are enough to tell character sets apart

_XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_META = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)

_UTF7 = re.compile(rb"\+B[A-D][A-Za-z0-9+/]{3,}-?")  # a Cyrillic word; markup and addresses have no such

_CYRILLIC_WORD = re.compile("[Ѐ-ӿ]?[а-яіїєґёўъыэ]+(?![Ѐ-ӿ])")
_BAD_SIGNS = re.compile(
    "[а-яіїєґ][А-ЯІЇЄҐ]"  # capitals inside a word: KOI8 and windows-1251 have the cases swapped
    "|[A-Za-z][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-z]"  # both alphabets in one word
    "|[\x80-\x9f\u2400-\u25ff�]"  # controls, line drawing, undecodable
    "|[À-ÿ]{3}"  # a run of accented letters is Cyrillic read as Latin
)
_DOUBLE_ENCODED = re.compile(
    "[РС][\u0080-\u00bf\u0401-\u040f\u0451-\u045f\u0490\u0491\u2013-\u2122]|Ð[\u0080-\u00bf]|Ñ[\u0080-\u00bf]"
)


def text_of(body: bytes, content_type: str = "") -> str:
    """Return the text of an HTML, XML, JSON or plain body; never raises, undecodable bytes become U+FFFD.

    `content_type` is the HTTP header's value, as `Page.content_type` has it.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    wide = _wide(body)
    if wide:
        return body.decode(wide, "replace")
    try:
        if body.isascii() and _UTF7.search(body[:_HEAD]) and "utf-7" in _labels(body, content_type):
            return body.decode("utf-7")
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_best(body, declared(body, content_type)), "replace")


def declared(body: bytes, content_type: str) -> list[str]:
    """Return the believed character sets that header, XML declaration and meta element name, in this order."""
    return [_LABELS[label] for label in _labels(body, content_type) if label in _LABELS]


def _labels(body: bytes, content_type: str) -> list[str]:
    head = body[:_HEAD]
    labels = [match[1] for match in [_HEADER.search(content_type)] if match]
    labels += [match[1].decode("ascii") for match in (_XML_DECLARATION.search(head), _META.search(head)) if match]
    return [label.lower() for label in labels]


def is_double_encoded(text: str) -> bool:
    """Return whether the text was once UTF-8 read as windows-1251 or Latin-1 and saved like that (`РќРѕРІРёРЅР°`)."""
    return sum(map(str.isalpha, text)) >= 8 and _share_double_encoded(text) >= 0.5


def _share_double_encoded(text: str) -> float:
    letters = sum(map(str.isalpha, text))
    return 2 * len(_DOUBLE_ENCODED.findall(text)) / letters if letters else 0.0


def _wide(body: bytes) -> str:
    """Return the name of UTF-16 without a mark: it shows itself by the zeros beside the ASCII of its markup."""
    head = body[:_HEAD]
    if len(head) < 4 or len(body) % 2:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < 0.05 * len(head) or min(even, odd) > 0.1 * max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _best(body: bytes, claims: list[str]) -> str:
    high = len(body) - len(re.sub(rb"[\x80-\xff]", b"", body))
    broken = body.decode("utf-8", "replace").count("�") - body.count("�".encode())
    if not high or (high - broken) / high >= _MOSTLY_UTF8:
        return "utf-8"
    pieces: list[bytes] = []  # what is not ASCII, with a little of what stands around it
    size = 0
    for match in re.finditer(rb"[\x00-\x7f]{0,4}(?:[\x80-\xff]+[\x00-\x7f]{0,4})+", body):
        pieces.append(match[0])
        size += len(match[0])
        if size > _SAMPLE:
            break
    sample = b"\n".join(pieces)[:_SAMPLE]
    scores = {name: _reads_well(sample, name) for name in dict.fromkeys((*claims, *_LIKELY))}
    best = max(scores.values())
    if best <= 0:
        return claims[0] if claims else "utf-8"
    chosen = next(name for name, score in scores.items() if score >= _DECLARED_WINS * best)
    # One entry in another set than all the others: it alone is to be unreadable.
    return "utf-8" if _share_double_encoded(sample.decode(chosen, "replace")) >= _MIXED else chosen


def _reads_well(sample: bytes, name: str) -> float:
    """Return a score, higher for text that looks written; a Western text in a Western set has a little."""
    text = sample.decode(name, "replace")
    words = sum(len(word) for word in _CYRILLIC_WORD.findall(text) if len(word) > 1)
    accents = len(re.findall("(?<=[A-Za-z])[À-ÿ]|[À-ÿ](?=[a-z])", text))
    return words + accents - 3 * len(_BAD_SIGNS.findall(text))
