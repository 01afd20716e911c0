"""What every machine translation depends on, told without loading any of it: the model and the glossary."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.errors import ModelError
from translations import packages

GLOSSARY = Path(__file__).parent / "data" / "glossary.csv"
ENGINE = "argos"


def maker() -> tuple[str, str]:
    """The engine and the model that would translate now. Raises ModelError when there is none."""
    return ENGINE, packages.find().identity


def current() -> str:
    """Differs whenever the engine, the model or the file of the glossary is another. Raises ModelError."""
    digest = hashlib.sha256(GLOSSARY.read_bytes()).hexdigest()[:12]
    return " · ".join((*maker(), f"glossary {digest}"))


def is_current(stored: str) -> bool:
    """Whether nothing has changed since `stored`; without a model nothing can be said to have."""
    try:
        return stored == current()
    except ModelError:
        return True
