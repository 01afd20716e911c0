"""LibreTranslate as an engine, for those who run a server of it. No network of its own: the caller passes `post`.

The interface is that of LibreTranslate 1.x: POST /translate with a list of texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import ModelError
from core.model import Rendering
from translations.fingerprint import LIBRETRANSLATE, model_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AT_ONCE = 32  # texts in one request; servers refuse long ones


class LibreTranslator:
    """A server at `url`. It never raises for one text; ModelError when the server does not answer as it should."""

    engine = LIBRETRANSLATE

    def __init__(self, url: str, post: Callable[[str, Mapping[str, object]], Any], key: str = "") -> None:
        """`post(url, body)` sends JSON and gives the JSON that comes back; it raises ModelError."""
        self._url, self._post, self._key = url.rstrip("/"), post, key
        self.model = model_at(url)

    def translate(self, texts: list[str]) -> list[Rendering]:
        """Return one rendering for each text, in order. Raises ModelError."""
        renderings = []
        for start in range(0, len(texts), AT_ONCE):
            part = texts[start : start + AT_ONCE]
            body: dict[str, object] = {"q": part, "source": "uk", "target": "en", "format": "text"}
            answer = self._post(f"{self._url}/translate", body | ({"api_key": self._key} if self._key else {}))
            found = answer.get("translatedText") if isinstance(answer, dict) else None
            if not isinstance(found, list) or len(found) != len(part):
                said = answer.get("error") if isinstance(answer, dict) else None
                raise ModelError(f"{self._url} gave no translations: {str(said or answer)[:200]}")
            for text in found:
                usable = isinstance(text, str) and bool(text.strip())
                renderings.append(
                    Rendering(text.strip()) if usable else Rendering(None, error="the server gave no text")
                )
        return renderings
