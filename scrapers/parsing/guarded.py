"""One item of a listing, built under guard: whatever its fields hold, it costs at most itself. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import FieldsMissing
from core.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.model import Item

# Kinds of exception that parsers and readers of single fields end with when a site sends what nobody thought of.
RAISED = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def guarded(build: Callable[[], Item], url: str = "") -> Item | Fault:
    """Return the item that `build` makes, or the Fault that says why there is none."""
    try:
        return build()
    except FieldsMissing as error:
        return Fault(str(error), url)
    except RAISED as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return Fault(f"an item that makes its reader fail ({said})", url)
