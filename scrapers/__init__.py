"""From the web to Items."""

import sys
from types import ModuleType

# httpx loads its own command line (click, pygments) wherever these are installed: a third of its import, unused here.
# It is told here, before anything of ours imports it, that there is none.
_no_command_line = ModuleType("httpx._main")
_no_command_line.main = lambda: None  # type: ignore[attr-defined]
sys.modules.setdefault("httpx._main", _no_command_line)
