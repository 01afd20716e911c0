"""Hold what the comparison of a file with the draft gives: edits, and what is to be said of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.changes import Edit

UNSEEN = "undecided"  # base of a story that was in the issue only because nothing was chosen yet


@dataclass
class Findings:
    """Edits that a file brings, and what is to be said of it."""

    edits: list[Edit] = field(default_factory=list)
    spoiled: list[str] = field(default_factory=list)  # cells that a program changed, not the person
    gone: list[str] = field(default_factory=list)  # edits of stories that are not in the draft any more
    printed: list[str] = field(default_factory=list)  # texts that differ only in quotes, dashes and blanks
    removed: int = 0  # stories of the issue that the file leaves out
    arrived: int = 0  # stories that came since the file was written
    fixes: bool = False  # the choice is made by this file: what it does not name is not in the issue

    def stay_undecided(self) -> None:
        """Let a part of a draft make no choice, where the draft holds everything that is due: else it held the rest."""
        kept = []
        for edit in self.edits:
            if edit.base == UNSEEN:
                self.gone.append(
                    f"story {edit.story_id} is undecided as all are: drop it, hold it, or choose at the desk"
                )
            elif (edit.field, edit.value) == ("decision", "taken"):
                kept.append(replace(edit, value=""))
            else:
                kept.append(edit)
        self.edits = kept
