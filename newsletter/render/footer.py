"""Addresses that an issue leads to, and what stands at its foot. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.issue import address_of, one_line
from newsletter.markup import TextBlock, parse
from newsletter.render.captions import say

if TYPE_CHECKING:
    from newsletter.issue import Issue, Newsletter


@dataclass(frozen=True, slots=True)
class Placeholders:
    """Addresses that only the mailing service knows, as they stand in the mail until it is sent."""

    unsubscribe: str
    browser: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses in one format of an issue; empty where the format has none."""

    page: str = ""  # of the issue on the public site
    browser: str = ""  # of the mail itself; the issue's page if the service has none
    unsubscribe: str = ""
    logo: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class DisplayedFooter:
    """The foot of an issue."""

    because: tuple[TextBlock, ...]  # why its readers get it
    address: tuple[str, ...]  # lines of the postal address
    contact: str
    contact_url: str
    contact_label: str
    unsubscribe: str  # address; empty in a format that is not sent by mail
    unsubscribe_label: str
    browser: str
    browser_label: str


def page_of(issue: Issue) -> str:
    """Return the address of the issue on the public site, or an empty string if there is no site."""
    site = issue.newsletter.site
    return address_of(issue.name, site) if site else ""


def footer_of(letter: Newsletter, first: str, second: str, addresses: Addresses) -> DisplayedFooter:
    """Return the foot in the languages of the issue. The reason why one gets it stands in mails only."""
    brand = letter.brand
    names, own = {"en": letter.name_en, "uk": letter.name_uk}, {"en": brand.footer_en, "uk": brand.footer_uk}
    because = [own[code] or say(code, "because", name=names[code]) for code in (first, second) if code]
    contact = brand.contact
    return DisplayedFooter(
        because=parse("\n\n".join(because)) if addresses.unsubscribe else (),
        address=tuple(line for line in map(one_line, brand.address.split("\n")) if line),
        contact=contact,
        contact_url=f"mailto:{contact}" if contact and "://" not in contact else contact,
        contact_label=say(first, "contact"),
        unsubscribe=addresses.unsubscribe,
        unsubscribe_label=say(first, "unsubscribe"),
        browser=addresses.browser,
        browser_label=say(first, "browser"),
    )
