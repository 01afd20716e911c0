"""Stories and the editors' own items in words, in the order of languages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.issue import one_line, safe_url
from newsletter.markup import TextBlock, parse, to_lines
from newsletter.render.captions import say, say_day

if TYPE_CHECKING:
    from newsletter.issue import Entry, FreeItem, Story

LONGEST_LEAD = 400  # characters of a lead that are shown
MOST_LINKS = 6  # of one story
# Order of languages → the first, and the second or nothing.
LANGUAGES = {
    "en-uk": ("en", "uk"),
    "uk-en": ("uk", "en"),
    "en": ("en", ""),
    "uk": ("uk", ""),
    "columns": ("en", "uk"),
}
_OTHER = {"en": "uk", "uk": "en"}


@dataclass(frozen=True, slots=True)
class DisplayedLink:
    """A link in words; `url` is empty when the address may not become a link."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class DisplayedColumn:
    """Headline and lead in one language, to stand beside those in the other."""

    language: str
    head: str  # empty: there is none
    lead: str
    blocks: tuple[TextBlock, ...] = ()  # the text of the editors' own
    missing: str = ""  # why there is no headline
    url: str = ""  # of a page in the language, else the best link


@dataclass(frozen=True, slots=True)
class DisplayedStory:
    """One story, or an item of the editors' own."""

    number: int  # of an item: minus its id
    language: str  # of `head`
    head: str
    second_language: str
    second: str  # headline in the other language; may be empty
    lead_language: str
    lead: str
    facts: str  # date, places, who translated
    made: str  # that `head` is a machine's, or empty: for formats without facts
    links: tuple[DisplayedLink, ...]
    marks: tuple[str, ...]  # late, correction, withheld
    note: str  # in one line, without markup
    note_label: str
    note_blocks: tuple[TextBlock, ...] = ()
    texts: tuple[tuple[str, tuple[TextBlock, ...]], ...] = ()  # of the editors' own: language and text
    columns: tuple[DisplayedColumn, ...] = ()  # two, where languages stand side by side

    @property
    def url(self) -> str:
        """Return the best link."""
        return next((link.url for link in self.links if link.url), "")


def displayed_story(entry: Entry, languages: str) -> DisplayedStory:
    """Return one story in words."""
    story = entry.story
    first, second = LANGUAGES[languages]
    titles = {"en": one_line(story.title_en), "uk": one_line(story.title_uk)}
    language, other = _of_headlines(titles, languages)
    leads = {"en": _cut(one_line(story.lead_en)), "uk": _cut(one_line(story.lead_uk))}
    # In an issue in one language the lead is in the other one only where the headline is.
    lead_language = first if leads[first] or (not second and language == first) else _OTHER[first]
    columned = languages == "columns"
    note, withheld = parse(entry.note), withheld_of(story, first) if "en" in (first, second) else ""
    return DisplayedStory(
        number=story.story_id,
        language=language,
        head=titles[language],
        second_language=other,
        second=titles.get(other, ""),
        lead_language=lead_language,
        lead=leads[lead_language],
        facts=" · ".join(
            _facts(story, first, {language, other}, {*LANGUAGES[languages]} if columned else {lead_language})
        ),
        made=say(first, story.english_by) if language == "en" and story.title_en_by == "machine" else "",
        links=tuple(links_of(story, first, language)),
        marks=tuple(_marks(entry, first)) + ((withheld,) if withheld and not columned else ()),
        note=one_line(" ".join(to_lines(note))),
        note_label=say(first, "note"),
        note_blocks=note,
        columns=_columns(languages, titles, leads, {}, {"en": withheld}, _pages(story)),
    )


def displayed_item(item: FreeItem, languages: str) -> DisplayedStory:
    """Return an item of the editors' own in words: no facts, no note, its link under its headline."""
    first, second = LANGUAGES[languages]
    titles = {"en": one_line(item.title_en), "uk": one_line(item.title_uk)}
    texts = {"en": parse(item.text_en), "uk": parse(item.text_uk)}
    language, other = _of_headlines(titles, languages)
    shown = [code for code in (first, second) if code and texts[code]] or [code for code in texts if texts[code]][:1]
    url = safe_url(item.url)
    return DisplayedStory(
        number=-item.item_id,
        language=language,
        head=titles[language] or say(first, "own"),
        second_language=other,
        second=titles.get(other, ""),
        lead_language=language,
        lead="",
        facts="",
        made="",
        links=(DisplayedLink(say(first, "read_more"), url),) if url else (),
        marks=(),
        note="",
        note_label="",
        texts=tuple((code, texts[code]) for code in shown),
        columns=_columns(languages, titles, {}, texts, {}, {"en": url, "uk": url}),
    )


def _of_headlines(titles: dict[str, str], languages: str) -> tuple[str, str]:
    """Return the language of the headline, and that of the second one or nothing."""
    first, second = LANGUAGES[languages]
    order = [code for code in (first, second or _OTHER[first]) if titles[code]]
    return (order[0] if order else first, order[1] if second and len(order) > 1 else "")


def _columns(
    languages: str,
    titles: dict[str, str],
    leads: dict[str, str],
    texts: dict[str, tuple[TextBlock, ...]],
    missing: dict[str, str],
    urls: dict[str, str],
) -> tuple[DisplayedColumn, ...]:
    if languages != "columns":
        return ()
    return tuple(
        DisplayedColumn(code, titles[code], leads.get(code, ""), texts.get(code, ()), missing.get(code, ""), urls[code])
        for code in LANGUAGES[languages]
    )


def _pages(story: Story) -> dict[str, str]:
    """Return by language the address of a page in it, else of any."""
    found = [(link.language, url) for link in story.links if (url := safe_url(link.url))]
    any_page = [url for _, url in found]
    return {code: [*(url for language, url in found if language == code), *any_page, ""][0] for code in ("en", "uk")}


def _cut(lead: str) -> str:
    return lead if len(lead) <= LONGEST_LEAD else f"{lead[:LONGEST_LEAD].rsplit(' ', 1)[0]}…"


def links_of(story: Story, first: str, language: str) -> list[DisplayedLink]:
    """Return the links, those in the language of the headline first; a day is named where it is another."""
    found = []
    for link in sorted(story.links, key=lambda link: link.language != language)[:MOST_LINKS]:
        name = one_line(link.source_en if first == "en" and link.source_en else link.source)
        other_day = link.published_on and link.published_on != story.published_on
        day = f", {say_day(first, link.published_on or '')}" if other_day else ""
        found.append(DisplayedLink(f"{name} ({link.language}{day})", safe_url(link.url)))
    return found


def _facts(story: Story, language: str, titles: set[str], leads: set[str]) -> list[str]:
    """Return day, places, and who made the English of what is shown: headlines and leads in these languages."""
    places = [one_line(uk if language == "uk" else en) for uk, en in story.places]
    by = story.english_by if "en" in titles and story.title_uk else ""
    made = [say(language, by)] if by else []
    if "en" in leads and story.lead_en and story.lead_en_by == "machine" != by:
        made.append(say(language, "machine_lead"))
    date = say_day(language, story.published_on) if story.published_on else say(language, "no_date")
    return [date, *([", ".join(places[:3])] if places else []), *made]


def withheld_of(story: Story, language: str) -> str:
    """Return why there is no English, or an empty string."""
    if story.title_en or not story.title_uk:
        return ""
    known = story.withheld in ("failed", "flagged", "editor")
    return say(language, f"withheld_{story.withheld}" if known else "withheld")


def _marks(entry: Entry, language: str) -> list[str]:
    story, found = entry.story, []
    if entry.late:
        found.append(say(language, "late"))
    if was := story.correction:
        earlier = {"en": was.was_en or was.was_uk, "uk": was.was_uk or was.was_en}[language]
        key = "corrects" if earlier else "corrects_plain"
        found.append(say(language, key, issue=was.issue, was=one_line(earlier)))
    return found
