"""The tree of errors, shaped by what the caller does next.

WorkshopBotError
├── BadData(mistakes)    fix the data files, then load again
├── BadConfig            fix the configuration, then start again
├── TryLater(after)      wait that long, then try the same thing again
├── InDoubt              it may be done or not: look before trying again
├── Refused(reason)      don't try again: the other side said no
└── Overtaken            somebody else was faster: look again, then decide anew
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from traceback import walk_tb
from typing import Final


_STEPS: Final = 8


def where(error: BaseException) -> str:
    """What kind of error it is and where it arose, for the log.

    Never its message, which may hold what somebody wrote, or a secret.
    """
    steps = [f"{f.f_globals['__name__']}:{n}" for f, n in walk_tb(error.__traceback__)]
    return f"{type(error).__name__} at {' > '.join(steps[-_STEPS:])}"


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to fix in a data file: where it is, what is wrong, what was expected there.

    A `warning` may be meant as it is: the file can be used all the same.
    """

    file: str
    line: int
    what: str
    expected: str
    warning: bool = False

    def __str__(self) -> str:
        file = " ".join(self.file.split())  # a name may hold line breaks
        what = f"warning: {self.what}" if self.warning else self.what
        return f"{file}:{self.line}: {what}; expected {self.expected}"


class WorkshopBotError(Exception):
    """Whatever the bot raises on purpose."""


class BadData(WorkshopBotError):
    """The data files can't be used; `mistakes` lists all that was found, one a line in `str`."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes)


class BadConfig(WorkshopBotError):
    """The configuration can't be used; the message says which setting and why."""


class TryLater(WorkshopBotError):
    """The other side didn't take this; the same attempt may succeed `after` this long.

    Without that it didn't say when.
    """

    def __init__(self, after: timedelta | None = None) -> None:
        self.after = after
        super().__init__(after)

    def __str__(self) -> str:
        when = "later" if self.after is None else f"in {self.after.total_seconds():g} s"
        return f"try again {when}"


class InDoubt(WorkshopBotError):
    """The other side was told, but not heard since: it may have taken this or not."""

    def __str__(self) -> str:
        return "nobody can tell whether that was done"


class Refused(WorkshopBotError):
    """The other side won't take this, and repeating it won't help; `reason` says what to do.

    `code` is the other side's own word for it, if it has one.
    """

    def __init__(self, reason: str, code: str = "") -> None:
        self.reason = reason
        self.code = code
        super().__init__(reason)


class Overtaken(WorkshopBotError):
    """What a change rests on was changed by somebody else meanwhile; nothing was done."""
