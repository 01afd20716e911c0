"""What a result is worth. Pure: renderings in, ledger rows out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.model import Rendering, Text, TranslationState, Translator
    from translations.checks import Verdict


def judge(
    text: Text,
    rendering: Rendering,
    translator: Translator,
    check: Callable[[str, str], Verdict],
    glossary: str = "",
) -> Translation:
    """The ledger row for one rendering.

    `failed` has no text: the engine gave none, or a check blocks what it gave, so the original is shown. `flagged`
    keeps the text with the reasons why a person should look. `ok` passed every check.
    """
    state, reasons = _worth(text, rendering, check)
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


def _worth(
    text: Text, rendering: Rendering, check: Callable[[str, str], Verdict]
) -> tuple[TranslationState, tuple[str, ...]]:
    if rendering.text is None:
        return "failed", (rendering.error or "the engine gave no text",)
    verdict = check(text.source_text, rendering.text)
    flags = tuple(dict.fromkeys((*verdict.flags, *rendering.flags)))
    if verdict.blocking:
        return "failed", (*verdict.blocking, *flags)
    return ("flagged", flags) if flags else ("ok", ())
