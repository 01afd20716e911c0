"""When two addresses are one publication, told without knowing the site. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# Junk that no site uses to tell its publications apart.
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|yclid|mc_\w+|igshid|_ga|ref|page|jsessionid|redirect)$")
_HOSTS = {
    "decentralization.gov.ua": "decentralization.ua",
    "mininfra.gov.ua": "mindev.gov.ua",
    "ukrinform.net": "ukrinform.ua",
}
_LANGUAGE = re.compile(r"^/(?:en|eng|uk|ua|ukr)(?=/)")
_AMP = re.compile(r"(?:\.amp|/amp|/index\.amp)/?$")


def address(url: str) -> str:
    """What all addresses of one publication share, both language editions included.

    Empty for a bare site, and for what is no address: leads and old rows hold anything («https://[kmu.gov.ua»).

    Host aliases, scheme, language prefix, AMP and print forms, tracking parameters and fragments do not tell
    publications apart; any other part of the query may.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    path = _LANGUAGE.sub("", re.sub(r";jsessionid=[^/]*", "", unquote(unquote(parts.path))))
    path = re.sub(r"^/(?:amp|print)(?=/)", "", _AMP.sub("", path)).rstrip("/")
    query = urlencode(sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)))
    if not host or (not path and not query):
        return ""
    return f"{_HOSTS.get(host, host)}{path}" + (f"?{query}" if query else "")
