"""decentralization.ua in both editions: lists, articles, tag lists, `.amp`. Pure.

Class names of the list are the real ones; those of the article page are not known and made up here,
only its labels, its date line and its order are real.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from demo.pages.messages import SiteRequest, SiteResponse, not_found
from demo.publications import Post, changed_at, posts
from demo.scenario import KYIV
from language.calendar import month_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

PAGE_SIZE = 15
_SOURCE = "decentralization"
_ARTICLE = re.compile(r"(?:/en)?/news/(\d+)(?:\.amp)?")
_LIST = re.compile(r"(?:/en)?/news(?:/tag/([a-z-]+))?")

_WORDS = {
    "uk": {
        "site": "Децентралізація",
        "crumbs": "1. Головна 2. Новини",
        "filters": "Регіон / Проєкт / Дата / Обрати за датою",
        "cookies": "Ми використовуємо cookies, щоб сайт працював краще. <button>Дозволити</button>",
        "views": "Переглядів",
        "tags": "Теги:",
        "source": "Джерело:",
        "more": "Читайте також:",
        "share": "Поділитися новиною:",
    },
    "en": {
        "site": "Decentralization",
        "crumbs": "1. Main page 2. News",
        "filters": "Region / Project / Date / Choose by date",
        "cookies": "Using cookies helps this site to work better. <button>Allow</button>",
        "views": "Views",
        "tags": "Tags:",
        "source": "Source:",
        "more": "Read more:",
        "share": "Share the news:",
    },
}


def answer(request: SiteRequest) -> SiteResponse:
    """Answer any address of the site, in whatever form: junk queries and `.amp` give the same item."""
    language = "en" if request.path == "/en" or request.path.startswith("/en/") else "uk"
    if match := _ARTICLE.fullmatch(request.path):
        return _article(request, match[1], language)
    if match := _LIST.fullmatch(request.path):
        return _list(request, match[1], language)
    return not_found(request)


def day_text(moment: datetime, language: str) -> str:
    """Write a day as `05 лютого 2026`, `05 February 2026`: day first, with a leading zero, no time."""
    moment = moment.astimezone(KYIV)
    return f"{moment.day:02} {month_name(moment.month, language, 'genitive')} {moment.year}"


def _list(request: SiteRequest, tag: str | None, language: str) -> SiteResponse:
    page = request.number("page", 1)
    found = [post for post in posts(_SOURCE, request.now) if tag is None or tag in {slug for slug, _, _ in post.tags}]
    # The English list is ordered by the date of what it shows, so an old id comes back when its translation does.
    found.sort(key=lambda post: (post.shown(language).published, post.key), reverse=True)
    start = (page - 1) * PAGE_SIZE
    # Beyond its end the English edition answers page 1 again, the Ukrainian one a page without items.
    if start >= len(found) and language == "en":
        start = 0
    # The last item of a page stands on the next one once more, as when something is published between two requests.
    shown = found[max(0, start - 1) : start + PAGE_SIZE] if start < len(found) else []
    # The header prints today's date, so every list is a new page each morning.
    today = request.now.astimezone(KYIV).replace(hour=0, minute=0, second=0, microsecond=0)
    body = "\n".join(_one_article(post, language) for post in shown)
    return SiteResponse(
        _frame(request, language, _WORDS[language]["site"], "", body),
        changed=max(changed_at(_SOURCE, request.now), today),
    )


def _one_article(post: Post, language: str) -> str:
    edition = post.shown(language)
    title = _text(edition.title)
    prefix = "/en" if language == "en" else ""
    slug, label_uk, label_en = post.tags[0] if post.tags else ("novyny", "Новини", "News")
    href = post.link if post.link and language == "uk" else f"{prefix}{post.address}"
    return f"""<div class='one-article'>
<a class="one-article__img" href="{href}"><img alt="{title}" src="/uploads/{post.key}.jpg"/></a>
<a class="one-article__tag" href="{prefix}/news/tag/{slug}">
  {_text(label_en if language == "en" else label_uk)}
</a>
<a class="one-article__title" href="{href}">{title}</a>
<div class='one-article__date'>
  {day_text(edition.published, language)}
</div>
</div>"""


def _article(request: SiteRequest, key: str, language: str) -> SiteResponse:
    found = {post.key: post for post in posts(_SOURCE, request.now)}
    if key not in found:
        return not_found(request)
    post = found[key]
    edition = post.shown(language)
    head = (
        f'<meta property="og:title" content="{_text(edition.title)}" />\n'
        f'<meta property="og:description" content="{_text(edition.lead)}" />'
    )
    neighbours = [found[other] for other in post.more if other in found]
    if not neighbours:
        others, place = list(found.values()), list(found).index(key)
        neighbours = (others[place + 1 :] + others[:place])[:3]
    body = _article_body(request, post, language) + _read_more(neighbours, language)
    return SiteResponse(_frame(request, language, edition.title, head, body))


def _article_body(request: SiteRequest, post: Post, language: str) -> str:
    words, edition = _WORDS[language], post.shown(language)
    stamp = post.odd_date or f"{edition.published.astimezone(KYIV):%d.%m.%Y - %H:%M}"
    views = 400 + int(post.key) % 1000 + request.visits
    lines = "".join(f"<li>{_text(line)}</li>" for line in post.lines)
    return f"""<h1 class='article__title'>{_text(edition.title)}</h1>
<div class='article__date'>{stamp} | {words["views"]}: {views}</div>
<img class='article__img' alt="{_text(edition.title)}" src="/uploads/{post.key}.jpg"/>
<div class='article__text'><p><b>{_text(edition.lead)}</b></p>{f"<ol>{lines}</ol>" if lines else ""}</div>
<div class='article__labels'><div>{words["tags"]} {_tags(post, language)}</div>\
<div>{_oblasts(post, language)}</div><div>{words["source"]} <span>{_text(post.attribution)}</span></div></div>
<div class='article__share'>{words["share"]}</div>
"""


# Links stand without anything between them, as on the site: plain text glues them together.
def _tags(post: Post, language: str) -> str:
    prefix = "/en" if language == "en" else ""
    return "".join(
        f'<a href="{prefix}/news/tag/{slug}">{_text(english if language == "en" else ukrainian)}</a>'
        for slug, ukrainian, english in post.tags
    )


def _oblasts(post: Post, language: str) -> str:
    if not post.oblasts:
        return ""
    prefix = "/en" if language == "en" else ""
    links = "".join(f'<a href="{prefix}/news?area={n}">{_text(name)}</a>' for n, name in enumerate(post.oblasts, 1))
    return f"Область: {links}"  # stays Ukrainian in the English edition


# Other items: cut titles, cut leads, both languages mixed, one without a picture, one with nothing after its dates.
def _read_more(neighbours: Sequence[Post], language: str) -> str:
    blocks = []
    for place, other in enumerate(neighbours):
        edition = other.shown(language if place % 2 == 0 else "uk")
        picture = f'<img alt="{_text(edition.title)}" src="/uploads/{other.key}.jpg"/>' if place != 1 else ""
        blocks.append(
            f"<div class='teaser'><span>{day_text(edition.published, language)}</span>{picture}"
            f'<a href="{other.address}">{_text(_cut(edition.title, 47))}</a>'
            f"<p>{_text(_cut(edition.lead, 110))}</p></div>"
        )
    today = f"<span>{day_text(neighbours[0].first.published, language)}</span>" if neighbours else ""
    return f"<div class='teasers'><h3>{_WORDS[language]['more']}</h3>{''.join(blocks)}<div>{today}{today}</div></div>"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "..."


def _frame(request: SiteRequest, language: str, title: str, head: str, body: str) -> str:
    words = _WORDS[language]
    return f"""<!DOCTYPE html>
<html lang='{language}'>
<head>
<meta charset="utf-8" />
<title>{_text(title)}</title>
{head}
</head>
<body>
<header class='header'><div class='header__date'>{day_text(request.now, language)}</div>
<a href="/">{words["site"]}</a> <a href="/news">+</a></header>
<div class='cookies'>{words["cookies"]}</div>
<div class='breadcrumbs'>{words["crumbs"]}</div>
<div class='filters'>{words["filters"]} <a href="/news">Скинути фільтри</a></div>
<main>
{body}
</main>
<footer class='footer'>{words["site"]}</footer>
</body>
</html>
"""


def _text(text: str) -> str:
    return escape(text).replace("«", "&laquo;").replace("»", "&raquo;").replace("&#x27;", "&#39;")
