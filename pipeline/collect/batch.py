"""Items of one source, page by page: normalised, compared with what is known, their own pages read, decided on.

Loaded only when a listing changed or an article is due: a quiet run does without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.errors import ItemError
from core.model import Article, Decision, Known, Problem, Seen
from pipeline.collect import article_pages, decide
from pipeline.collect.normalise import normalise
from scrapers.parsing.topic import about_local_government

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.model import Item
    from pipeline.collect.article_pages import ArticleFetch
    from pipeline.collect.protocols import SourceRun


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Decisions on everything in one batch."""

    decisions: tuple[Decision, ...]
    rejected: int
    unreadable: int  # of the rejected: those that no rule leaves out
    edits_by_revisit: int
    seen: tuple[Seen, ...]  # of the articles' own pages


@dataclass(frozen=True, slots=True)
class NormalisedItems:
    """Items of one page: those that can be kept, and what became of the others."""

    articles: list[Article]
    rejected: int
    problems: tuple[Problem, ...]  # one for each of the rejected that no rule leaves out


@dataclass(slots=True)
class Batch:
    """Items gathered between two flushes."""

    met: dict[tuple[str, str], Article] = field(default_factory=dict)  # (key, language) → as met first
    known: dict[tuple[str, str], Known] = field(default_factory=dict)
    duplicates: list[Article] = field(default_factory=list)
    rejected: int = 0
    unreadable: int = 0


class ItemProcessor:
    """Processor of the items of one source, page by page and batch by batch."""

    def __init__(self, run: SourceRun) -> None:
        """Start with an empty batch."""
        self.run = run
        self.pages = article_pages.ArticlePages(run)
        self.problems: list[Problem] = []
        self.read_pages = False
        self._handled: set[tuple[str, str]] = set()
        self._batch = Batch()

    def normalised(self, items: tuple[Item, ...]) -> NormalisedItems:
        """Return the items that can be kept, and the faults of the others; `count` and `add` make use of them."""
        articles, problems, rejected = [], [], 0
        for item in items:
            try:
                article = normalise(item, self.run.source, self.run.plan.now)
                if self.run.source.topic_filter and not about_local_government(
                    article.title, article.lead, article.tags
                ):
                    raise ItemError("not about local self-government", article.url, expected=True)
            except ItemError as error:
                rejected += 1
                if not error.expected:
                    problems.append(Problem("normalise", str(error), error.url))
            else:
                articles.append(article)
        return NormalisedItems(articles, rejected, tuple(problems))

    def count(self, normalised: NormalisedItems) -> None:
        """Count the rejected items of one page, and keep their problems."""
        self._batch.rejected += normalised.rejected
        self._batch.unreadable += len(normalised.problems)
        self.problems += normalised.problems

    def add(self, articles: list[Article]) -> bool:
        """Add the articles of one page; return True when one of them is new or edited.

        A duplicate may know what the first meeting did not: the date that the other edition hid.
        """
        batch = self._batch
        batch.known.update(self.run.memory.known({article.key for article in articles}))
        fresh = False
        for article in articles:
            identity = (article.key, article.language)
            self.problems += [Problem("normalise", note, article.url) for note in article.notes]
            first = batch.met.get(identity)
            if first is None and identity not in self._handled:
                batch.met[identity] = article
                known = batch.known.get(identity)
                if known and decide.is_half_answer(article, known):
                    said = f"title breaks off inside a word, the known one stays («{article.title[-80:]}»)"
                    self.problems.append(Problem("normalise", said, article.url))
                fresh = fresh or known is None or decide.decide(article, known).verdict == "edited"
                continue
            batch.duplicates.append(article)
            if first is not None and first.published is None:
                batch.met[identity] = replace(first, published=article.published)
        return fresh

    async def flush(self, *, revisit: bool, offline: bool = False) -> BatchResult:
        """Read the pages of what is fresh (with `revisit` also of what is due), and decide on everything gathered.

        With `offline` no page is read: those of what is fresh are due in the next run.
        """
        batch = self._batch
        wanted = self.run.source.reads_articles and not offline
        pages = await self._read_pages(revisit=revisit) if wanted else {}
        decisions = []
        for identity, article in batch.met.items():
            known, fetched = batch.known.get(identity), pages.get(identity)
            if fetched and fetched.article:
                fetched = self._checked(fetched, article.title, None)
            both = article
            if fetched and fetched.article and fetched.article.language == article.language:
                both = decide.merge(article, fetched.article, known)
            again = None
            if self.run.source.reads_articles:
                again = article_pages.next_revisit(both, known, fetched, self.run.plan)
            gone = bool(fetched and fetched.gone)
            decisions.append(replace(decide.decide(both, known), revisit_at=again, gone=gone))
        decisions += [Decision(article, None, "duplicate", changed=False) for article in batch.duplicates]
        revisited = self._decide_revisited(pages)
        self._handled |= set(batch.met)
        self._batch = Batch()
        return BatchResult(
            decisions=(*decisions, *revisited),
            rejected=batch.rejected,
            unreadable=batch.unreadable,
            edits_by_revisit=sum(decision.verdict == "edited" for decision in revisited),
            seen=tuple(fetched.seen for fetched in pages.values() if fetched.seen),
        )

    async def _read_pages(self, *, revisit: bool) -> dict[tuple[str, str], ArticleFetch]:
        batch, plan = self._batch, self.run.plan
        wanted = {
            identity: article.url
            for identity, article in batch.met.items()
            if article_pages.should_fetch(article, batch.known.get(identity), plan)
        }
        for key, known in self.run.memory.due(plan.now, article_pages.REVISITS_AT_MOST) if revisit else ():
            identity = (key, known.language)
            if identity not in self._handled:
                batch.known.setdefault(identity, known)
                wanted.setdefault(identity, known.url)
        pages = await self.pages.read(wanted)
        if left := [url for identity, url in wanted.items() if identity not in pages]:
            why = self.run.allowance.words if self.run.allowance.is_spent else "after failures, or for their number"
            message = f"{len(left)} of {len(wanted)} article pages are left for the next run: {why}"
            self.problems.append(Problem("article", message, left[0]))
        self.read_pages = self.read_pages or bool(pages)
        self.problems += [fetched.problem for fetched in pages.values() if fetched.problem]
        return pages

    def _decide_revisited(self, pages: Mapping[tuple[str, str], ArticleFetch]) -> list[Decision]:
        """Decide on the articles whose own page was read although no listing showed them."""
        decisions = []
        for identity, fetched in pages.items():
            if identity in self._batch.met or fetched.problem:
                continue
            known = self._batch.known[identity]
            found = self._checked(fetched, known.title, known.published.kyiv_day if known.published else None)
            if found.problem:
                continue
            own = found.article if found.article and found.article.language == known.language else None
            article = own or article_pages.as_stored(self.run.source, identity[0], known)
            decision = decide.decide(article, known)
            again = article_pages.next_revisit(article, known, found, self.run.plan)
            verdict = decision.verdict if decision.verdict == "edited" else "revisited"
            decisions.append(replace(decision, verdict=verdict, revisit_at=again, gone=found.gone))
        return decisions

    def _checked(self, fetched: ArticleFetch, title: str, day: str | None) -> ArticleFetch:
        found = article_pages.checked(fetched, title, day, self.run.source.id)
        if found.problem and found is not fetched:
            self.problems.append(found.problem)
        return found
