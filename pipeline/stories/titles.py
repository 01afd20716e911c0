"""The parts of a headline: the news itself, who is quoted, and what editors put before and after it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from language.letters import APOSTROPHES, QUOTES, fold

_PREFIX = re.compile(
    r"^\s*(?:"
    r"(?:важливо|увага|оновлено|терміново|ексклюзив|important|attention|updated|breaking|urgent)\s*[!:.]+|"
    r"(?:анонс(?:и|\s+вебінар[уів]*|\s+зустрічі|\s+заходу|\s+події)?|announcement|save the date)\s*[!:.]+|"
    r"(?:open call|вакансія|vacancy|конкурс|грант|grant)\s*[!:]+|"
    r"вакансія(?=\s+[«\"А-ЯҐЄІЇ])|"
    r"(?:відео|фото|video|photo|інфографіка|infographics?|дайджест|новини|news)\s*[!:|]+"
    r")\s*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"\s*(?:"
    r"[(\[]\s*\+?\s*(?:(?:фото|відео|інфографік\w*|документ\w*|аудіо|таблиц\w*|перелік|список|карта|мапа|презентаці\w*|"
    r"запис(?:\s+(?:вебінар|зустріч|трансляці|засіданн|виступ|ефір|лекці|заход|семінар|форум|навчан|конференці)\w*)?|"
    r"оновлено|доповнено|"
    r"photos?|videos?|infographics?|documents?|table|list|map|recording|updated|webinar recording|ukr|eng)"
    r"[\s,+/та&and]*)+[)\]]|"
    r"\s[-–—|]\s*(?:відео|фото|інфографіка|карта|мапа|перелік|роз’?яснення|"
    r"video|photos?|infographics?|map|list|guidelines|examples|відеозапис)|"
    r"(?<=[.!?»”\"])\s*(?:infographics?|інфографіка|відео|video)|"
    r"\s*\[\s*(?:…|\.{3})\s*\]|\s*читати далі|\s*read more|[}\]>|]+"
    r")\s*$",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*(?:…|\.{3})\s*$")
_QUOTATION_MARK = re.compile(rf"[{QUOTES}]|(?<!\w)[{APOSTROPHES}]|[{APOSTROPHES}](?!\w)")
_QUOTED = re.compile(r"[«“„\"‘]([^«»“”„\"‘’]{3,})[»”\"’]")
# «Name Surname: quotation» and «quotation, – Name Surname»: the speaker may stand on either side or be left out.
_PERSON = r"(?:[А-ЯҐЄІЇA-Z][\w’\-]+\.?\s+){1,2}[А-ЯҐЄІЇA-Z][\w’\-]+"
_SPEAKER_BEFORE = re.compile(rf"^(?P<who>{_PERSON})\s*:\s+(?P<said>.{{15,}})$")
_SPEAKER_AFTER = re.compile(
    rf"^(?P<said>.{{15,}}?)\s*(?:,\s*[-–—]|\s[–—])\s*(?P<who>{_PERSON}|[A-ZА-ЯҐЄІЇ][\w’\-]+(?:’s\s+\w+)?)$"
)


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline, taken apart."""

    core: str  # the news itself, folded, all quotation marks alike
    folded: str  # the whole headline, folded: what names and numbers are read from
    speaker: str  # who is quoted; empty when nobody is
    quoted: tuple[str, ...]  # the texts in quotation marks
    cut: bool  # it ends in an ellipsis: the rest is not known


def parse_headline(title: str) -> Headline:
    """Take a title apart. The core of a title that is all prefix and suffix is the title itself."""
    body = folded = fold(title)
    while (match := _PREFIX.match(body)) and match.end() < len(body):
        body = body[match.end() :]
    while (match := _SUFFIX.search(body)) and match.start() > 0:
        body = body[: match.start()]
    cut = bool(_CUT.search(body))
    body = _CUT.sub("", body)
    half = len(body) // 2
    first, second = body[:half].strip(), body[half:].strip()
    if len(first) > 15 and first == second:  # «Title Title»: a picture's caption glued to the headline
        body = first
    said = _SPEAKER_BEFORE.match(body) or _SPEAKER_AFTER.match(body)
    body, speaker = (said["said"], said["who"]) if said else (body, "")
    core = re.sub(r"\s+([,.:;!?])", r"\1", _QUOTATION_MARK.sub('"', body)).strip(" .:,;–—-")
    return Headline(core or folded, folded, speaker, tuple(_QUOTED.findall(folded)), cut)
