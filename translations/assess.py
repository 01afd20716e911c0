"""From what an engine gave to the row that is kept of it. Pure: renderings in, translations out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.closed_sets import TranslationState
    from core.model import Rendering, Text, Translator
    from translations.checks import CheckResult


def assess(
    text: Text,
    rendering: Rendering,
    translator: Translator,
    check: Callable[[str, str], CheckResult],
    glossary: str = "",
) -> Translation:
    """Return the row for one rendering.

    `failed` has no text: the engine gave none, or a check blocks what it gave, so the original is shown. `flagged`
    keeps the text with the reasons why a person should look. `ok` passed every check.
    """
    if rendering.text is None:
        reasons: tuple[str, ...] = (rendering.error or "the engine gave no text",)
        state: TranslationState = "failed"
    else:
        checked = check(text.source_text, rendering.text)
        flags = tuple(dict.fromkeys((*checked.flags, *rendering.flags)))
        state = "failed" if checked.blocking else "flagged" if flags else "ok"
        reasons = (*checked.blocking, *flags)
    return Translation(
        text=text,
        result=None if state == "failed" else rendering.text,
        engine=translator.engine,
        model=translator.model,
        glossary=glossary,
        state=state,
        reasons=reasons,
        score=rendering.score,
        steps=rendering.steps,
    )
