"""What the items met in one run mean: normalised, compared with what is known, their own pages read, decided.

Loaded only when a listing changed or an article is due: a quiet run does without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.errors import ItemError
from core.model import Article, Decision, Known, Problem, Seen, iso
from pipeline.collect import decide
from pipeline.collect.article_pages import (
    LOOKS_AT_MOST,
    ArticlePages,
    Look,
    another_page,
    as_known,
    look_again,
    wants_page,
)
from pipeline.collect.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.model import Item, Source
    from pipeline.collect.listings import Plan
    from pipeline.collect.protocols import Fetch, Memory, Parse


@dataclass(frozen=True, slots=True)
class Contents:
    """What the basket held when it was emptied."""

    decisions: tuple[Decision, ...]
    rejected: int
    unreadable: int  # of the rejected: those that no rule leaves out
    edits_found_by_looking: int
    seen: tuple[Seen, ...]  # of the articles' own pages


@dataclass(slots=True)
class _Filling:
    """What is gathered between two emptyings."""

    met: dict[tuple[str, str], Article] = field(default_factory=dict)  # (key, language) → as met first
    known: dict[tuple[str, str], Known] = field(default_factory=dict)
    duplicates: list[Article] = field(default_factory=list)
    rejected: int = 0
    unreadable: int = 0


class Basket:
    """Takes the items of one source, page by page."""

    def __init__(
        self,
        source: Source,
        *,
        fetch: Fetch,
        parse: Parse,
        memory: Memory,
        plan: Plan,
        on_topic: Callable[[Article], bool],
    ) -> None:
        """`on_topic` decides, for a source with a topic filter, whether an article is kept."""
        self.source, self.memory, self.plan, self.on_topic = source, memory, plan, on_topic
        self.pages = ArticlePages(source, fetch=fetch, parse=parse, memory=memory, plan=plan)
        self.problems: list[Problem] = []
        self.looked = False
        self._handled: set[tuple[str, str]] = set()
        self._filling = _Filling()

    def normalised(self, items: tuple[Item, ...]) -> list[Article]:
        """The items that can be kept; the others are counted as rejected."""
        articles = []
        for item in items:
            try:
                article = normalise(item, self.source, self.plan.now)
                if self.source.topic_filter and not self.on_topic(article):
                    raise ItemError("not about local self-government", article.url, expected=True)
            except ItemError as error:
                self.reject(error)
            else:
                articles.append(article)
        return articles

    def reject(self, error: ItemError) -> None:
        """Counts an item that is not kept; what was not to be expected is a trouble."""
        self._filling.rejected += 1
        if not error.expected:
            self._filling.unreadable += 1
            self.problems.append(Problem("normalise", str(error), error.url))

    def put(self, articles: list[Article]) -> bool:
        """Takes the articles of one page; whether one of them is new or edited."""
        filling = self._filling
        filling.known.update(self.memory.known({article.key for article in articles}))
        fresh = False
        for article in articles:
            identity = (article.key, article.language)
            self.problems += [Problem("normalise", note, article.url) for note in article.notes]
            if identity in filling.met or identity in self._handled:
                self._meet_again(identity, article)
                continue
            filling.met[identity] = article
            known = filling.known.get(identity)
            fresh = fresh or known is None or decide.decide(article, known).verdict == "edited"
        return fresh

    async def empty(self, *, looks: bool) -> Contents:
        """Reads the pages of what is fresh (with `looks` also of what is due), and decides on everything met."""
        filling = self._filling
        pages = await self._read_articles(looks=looks) if self.source.reads_articles else {}
        decisions = [self._decide(identity, article, pages.get(identity)) for identity, article in filling.met.items()]
        decisions += [Decision(article, None, "duplicate", changed=False) for article in filling.duplicates]
        found = self._found_by_looking(pages)
        self._handled |= set(filling.met)
        self._filling = _Filling()
        return Contents(
            decisions=(*decisions, *found),
            rejected=filling.rejected,
            unreadable=filling.unreadable,
            edits_found_by_looking=sum(decision.verdict == "edited" for decision in found),
            seen=tuple(look.seen for look in pages.values() if look.seen),
        )

    def _meet_again(self, identity: tuple[str, str], article: Article) -> None:
        """A duplicate; but it may know what the first meeting did not: the date that the other edition hid."""
        self._filling.duplicates.append(article)
        first = self._filling.met.get(identity)
        if first is not None and first.published is None:
            self._filling.met[identity] = replace(first, published=article.published)

    async def _read_articles(self, *, looks: bool) -> dict[tuple[str, str], Look]:
        filling = self._filling
        wanted = {
            identity: article.url
            for identity, article in filling.met.items()
            if wants_page(article, filling.known.get(identity), self.plan)
        }
        for key, known in self.memory.due(iso(self.plan.now), LOOKS_AT_MOST) if looks else ():
            identity = (key, known.language)
            if identity not in self._handled:
                filling.known.setdefault(identity, known)
                wanted.setdefault(identity, known.url)
        pages = await self.pages.read(wanted)
        self.looked = self.looked or bool(pages)
        self.problems += [look.trouble for look in pages.values() if look.trouble]
        return pages

    def _decide(self, identity: tuple[str, str], article: Article, look: Look | None) -> Decision:
        known = self._filling.known.get(identity)
        if look and look.article:
            look = self._of_this_article(look, article.title, None)
        if look and look.article and look.article.language == article.language:
            article = decide.merge(article, look.article, known)
        decision = decide.decide(article, known)
        again = look_again(article, known, look, self.plan) if self.source.reads_articles else None
        return replace(decision, look_again_at=again, gone=bool(look and look.gone))

    def _of_this_article(self, look: Look, title: str, day: str | None) -> Look:
        checked = another_page(look, title, day, self.source.id)
        if checked.trouble and checked is not look:
            self.problems.append(checked.trouble)
        return checked

    def _found_by_looking(self, pages: Mapping[tuple[str, str], Look]) -> list[Decision]:
        """What the own pages say of articles that no listing showed."""
        found = []
        for identity, look in pages.items():
            if identity not in self._filling.met and not look.failed:
                known = self._filling.known[identity]
                day = known.published.kyiv_day if known.published else None
                found.append((identity, self._of_this_article(look, known.title, day)))
        return [self._looked_at(identity, look) for identity, look in found if not look.failed]

    def _looked_at(self, identity: tuple[str, str], look: Look) -> Decision:
        known = self._filling.known[identity]
        told = look.article if look.article and look.article.language == known.language else None
        article = told or as_known(self.source, identity[0], known)
        decision = decide.decide(article, known)
        verdict = "edited" if decision.verdict == "edited" else "looked"
        again = look_again(article, known, look, self.plan)
        return replace(decision, verdict=verdict, look_again_at=again, gone=look.gone)
