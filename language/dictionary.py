"""Optional dictionary of Ukrainian word forms: pymorphy3 with pymorphy3-dicts-uk. Asking for it loads nothing."""

from __future__ import annotations

from importlib.util import find_spec


def has_dictionary() -> bool:
    """Return whether pymorphy3 and its Ukrainian dictionary are installed; loads neither."""
    return find_spec("pymorphy3") is not None and find_spec("pymorphy3_dicts_uk") is not None
