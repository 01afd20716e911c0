"""The address that all forms of one publication share. Pure: it knows of a site only what these tables say."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# Junk that no site uses to tell its publications apart.
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|yclid|mc_\w+|igshid|_ga|ref|page|jsessionid|redirect)$")
_HOSTS = {
    "decentralization.gov.ua": "decentralization.ua",
    "mininfra.gov.ua": "mindev.gov.ua",
    "ukrinform.net": "ukrinform.ua",
    "decide.revolsource.com": "decide.in.ua",  # staging mirrors
    "eueastdev.a3ia.com": "euneighbourseast.eu",
}
# Site → how its further forms of one page are written: a pattern on the path, and what they share.
_FORMS = {
    "komsamovr.rada.gov.ua": (
        (re.compile(r"^/(?:news/[^/]+|print)/0*(\d+)\.html$"), r"/\1.html"),
        (re.compile(r"^/meeting/stenogr/print/"), "/meeting/stenogr/show/"),
    ),
}
_LANGUAGE = re.compile(r"^/(?:en|eng|uk|ua|ukr)(?=/)")
_AMP = re.compile(r"(?:\.amp|/amp|/index\.amp)/?$")


def publication_address(url: str) -> str:
    """Return what all addresses of one publication share, both language editions included.

    Host aliases, scheme, language prefix, AMP and print forms, tracking parameters and fragments do not tell
    publications apart; any other part of the query may. Empty for a bare site, and for what is no
    address: leads and old rows hold anything («https://[kmu.gov.ua»).
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    host = _HOSTS.get(host, host)
    path = _LANGUAGE.sub("", re.sub(r";jsessionid=[^/]*", "", unquote(unquote(parts.path))))
    for form, shared in _FORMS.get(host, ()):
        path = form.sub(shared, path)
    path = re.sub(r"^/(?:amp|print)(?=/)", "", _AMP.sub("", path)).rstrip("/")
    query = urlencode(sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)))
    if not host or (not path and not query):
        return ""
    return f"{host}{path}" + (f"?{query}" if query else "")
