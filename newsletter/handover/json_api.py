"""Requests to the JSON interface of a service. The secret goes into the request and into nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from core.errors import FetchError, HandoverError
from newsletter.issue import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.handover.campaign import Ask

_LONGEST = 300  # letters of what a service says, in a line for a person
_LET_IN = (401, 403)


class JsonApi:
    """The interface of one service at one address."""

    def __init__(self, service: str, url: str, headers: Mapping[str, str], secret: tuple[str, str], ask: Ask) -> None:
        """`secret` is the name of its environment variable and its value, which stands in `headers` too."""
        self.service, self.url = service, url
        self._headers = {"Accept": "application/json", **headers}
        self._variable, self._secret = secret
        self._ask = ask

    def get(self, path: str, query: Mapping[str, object] | None = None) -> Any:
        """Return the JSON at `path`. Raises HandoverError."""
        return self._answered("GET", path + (f"?{urlencode(query)}" if query else ""), None)

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Send `body` and return the JSON that comes back. Raises HandoverError, also where it was stored."""
        return self._answered("POST", path, json.dumps(body, ensure_ascii=False).encode())

    def clean(self, text: object) -> str:
        """Return one line of what the service said, without the secret, for a person."""
        return one_line(str(text)).replace(self._secret, "…")[:_LONGEST]

    def unusable(self, what: str) -> HandoverError:
        """Return the error for an answer that is not as the service's documentation has it."""
        return HandoverError(f"{self.service}: {self.url} gave no usable answer: {what}")

    def _answered(self, method: str, path: str, content: bytes | None) -> Any:
        where = f"{self.service}: {method} {self.url}{path.partition('?')[0]}"
        headers = self._headers | ({} if content is None else {"Content-Type": "application/json"})
        try:
            answer = self._ask(self.url + path, headers, content)
        except FetchError as error:
            raise HandoverError(f"{where}: {self.clean(error.args[0])}") from None  # the cause may hold the headers
        if not 200 <= answer.status < 300:
            raise HandoverError(f"{where} answered {answer.status}{self._meaning(answer.status, answer.body)}")
        try:
            return json.loads(answer.body)
        except ValueError:
            raise HandoverError(f"{where}: the answer is cut off or is not JSON") from None

    def _meaning(self, status: int, body: bytes) -> str:
        said = self.clean(_said(body))
        if status in _LET_IN:
            return f": is {self._variable} right, and may it manage campaigns?{f' It says: {said}' if said else ''}"
        if 300 <= status < 400:
            return ": a redirect is not followed with a secret; set url to the address itself"
        if status == 429:
            return ": too many requests; try again later"
        return f": {said}" if said else ""


def _said(body: bytes) -> str:
    """Return what a service dislikes, in the words of any of those that we know."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    told = next((found[key] for key in ("message", "detail", "error", "errors") if found.get(key)), "")
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
