"""What makes a notice, and what becomes of it in a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.event import Occurrence, Reminder
from bot.told import Told


CORRECTION: Final = "Correction"
TROUBLE: Final = "Trouble"
SAMPLE: Final = "Sample"
"""What stands in a key for what no rule brings; an id of a rule has small letters only."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What makes two notices the same one.

    `rule` says which of an event's rules brings it, `subject` what it is about, `instant` which
    time or date of that (in UTC). The `round` rises each time that a place was told that the
    subject isn't at that instant after all.
    """

    rule: str
    subject: str
    instant: str
    round: int = 0

    @property
    def base(self) -> tuple[str, str, str]:
        """The key without its round."""
        return self.rule, self.subject, self.instant


@dataclass(frozen=True, slots=True)
class Notice:
    """Something due to be posted: from `due` (aware) on, as long as it helps, that is to `expires`.

    `to` names audiences; where it names none, it is for one `person` alone. `about` is the id of the
    session or milestone, `slot` which time of a session is meant.
    """

    key: Key
    rule: Reminder
    due: datetime
    expires: datetime
    to: tuple[str, ...]
    about: str = ""
    slot: Occurrence | None = None
    person: str = ""


class State(StrEnum):
    """What became of a notice in a place.

    POSTING is in doubt if whoever was about to post it is gone: it may have been posted. CANCELLED
    are those that the program has overtaken, SUPERSEDED those that a later one makes needless.
    """

    WAITING = "waiting"
    POSTING = "posting"
    SENT = "sent"
    SKIPPED = "skipped"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    FAILED = "failed"


OPEN = (State.WAITING, State.POSTING)
"""The states in which there is still something to do."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice for a place, and what became of it: a row of the ledger.

    `id` is the store's (0 for a new one). `tried` is when it was about to be posted last, `absent` how often it was looked for since then in vain. `told` and
    `text` are what was posted, `until` is when that matters no more. One is `withdrawn` once the
    place was told otherwise.
    """

    event: str
    place: str
    key: Key
    due: datetime
    expires: datetime
    state: State = State.WAITING
    reason: str = ""
    id: int = 0
    attempts: int = 0
    tried: datetime | None = None
    absent: int = 0
    settled: datetime | None = None
    receipt: str = ""
    told: tuple[Told, ...] = ()
    text: str = ""
    until: datetime | None = None
    withdrawn: bool = False

    @property
    def name(self) -> str:
        """What a platform is told to know it by: the same for each attempt, and for no other."""
        return "|".join((self.event, self.place, *self.key.base, str(self.key.round)))
