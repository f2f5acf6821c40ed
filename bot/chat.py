"""What passes between the core and a platform: questions in, answers out, and two Protocols."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.answer import Answer


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: an event's channel or thread; `private` if one person reads it."""

    event: str
    platform: str
    channel: str
    thread: str = ""
    private: bool = False


PLATFORMS: Final = ("terminal", "slack", "discord")
_ADDRESS: Final = re.compile(rf"({'|'.join(PLATFORMS)}):@?[^\s:/@]+(/[^\s:/@]+)?")


def is_address(text: str) -> bool:
    """Whether a text is the address of a place on one of the platforms."""
    return _ADDRESS.fullmatch(text) is not None


def place_at(event: str, address: str) -> Place:
    """The place of an address such as `slack:C123`; `slack:@U123` is a person alone.

    A thread stands behind a stroke: `slack:C123/1503.2`.
    """
    platform, _, rest = address.partition(":")
    channel, _, thread = rest.partition("/")
    return Place(event, platform, channel, thread, private=channel.startswith("@"))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who speaks, by the platform's own id; in which of its groups or roles they are.

    Whether that makes them an organizer is for the configuration of the event to say.
    """

    id: str
    name: str = ""
    organizer: bool = False
    groups: frozenset[str] = frozenset()


class Kind(StrEnum):
    """How something was said."""

    TEXT = "text"
    COMMAND = "command"
    PRESS = "press"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Question:
    """What was said, by whom, where, and when (aware); `id` is the platform's own for it.

    It may come a second time, under the same id or as its `twin`. A press and a form bring the
    `token` of what was pressed or filled in, with the `values` of its fields by their names. Not
    `addressed` is what was said in a thread that the bot takes part in, maybe to somebody else; one
    that `opens` a thread follows on nothing. `back` is what the adapter needs to reply, in words of its own.
    """

    id: str
    text: str
    asker: Asker
    place: Place
    at: datetime
    kind: Kind = Kind.TEXT
    token: str = ""
    twin: str = ""
    values: tuple[tuple[str, str], ...] = ()
    addressed: bool = True
    opens: bool = False
    back: str = ""

    @property
    def item(self) -> str:
        """Its name among the questions of all platforms."""
        return f"{self.place.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a platform put a post, in the platform's own words."""

    place: Place
    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Budget:
    """So many turns that several share: one `every` so long; after a pause, `burst` of them at once."""

    name: str
    every: timedelta
    burst: int = 1


class Pace(Protocol):
    """Budgets that all who post through one account share, also those in other processes."""

    async def turn(self, budgets: Sequence[Budget], now: datetime) -> timedelta:
        """Reserve the next turn in each of some budgets, and say how long it is until all have come."""


class Does(StrEnum):
    """What becomes of an answer: the core decides, and what was pressed has no say in it."""

    REPLY = "reply"
    """It is said where the question was, the way in which that was asked."""

    WHISPER = "whisper"
    """It is for the asker alone."""

    REPLACE = "replace"
    """What was pressed gives way to it."""

    SHARE = "share"
    """It is for all in the channel."""

    PAGE = "page"
    """It is the same again as what was pressed, of which another page is to be shown."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what becomes of it."""

    answer: Answer
    does: Does = Does.REPLY


@dataclass(frozen=True, slots=True)
class Occasion:
    """What should stand in a platform's own calendar; the key is the same whatever changes about it."""

    key: str
    name: str
    text: str
    start: datetime
    end: datetime
    location: str


class Desk(Protocol):
    """The core's door, as an adapter sees it.

    What comes in is taken, then the platform is told that it came, then it is heard and answered.
    """

    async def take(self, question: Question) -> bool:
        """Keep a question, so that nothing of it is lost; `False` if it came before.

        Comes back within two seconds, whatever the store does.
        """

    async def hear(self, question: Question) -> Said | None:
        """What is said to a question that was taken; `None` if nothing is.

        A place whose event is empty gets the event that is meant.
        """

    async def keep(self, place: Place, answer: Answer) -> str:
        """A token for an answer: who presses it hears the same again. Raises `TryLater`."""

    async def joined(self, place: Place) -> bool:
        """Whether the bot takes part in a thread."""

    async def complete(self, place: Place, kind: str, typed: str, limit: int) -> Sequence[str]:
        """Names of a kind (`talk` or `person`) that somebody may be typing, the likeliest first."""

    async def home(self, asker: Asker) -> Sequence[Answer]:
        """What somebody sees who opens the bot's own page, one for each event."""

    def agenda(self, event: str) -> Sequence[Occasion]:
        """What of an event is still to come, the next first."""

    def changes(self) -> AsyncIterator[str]:
        """The id of an event each time that another edition of it comes into force."""


class Sought(StrEnum):
    """What a look for a post that may have been made comes to, if it isn't found."""

    ABSENT = "absent"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Checked:
    """Something that was looked at: what it is, and what to do about it; nothing if it is well."""

    what: str
    fix: str = ""


class Outlet(Protocol):
    """Where the core posts by itself.

    Each raises `TryLater` if nothing was posted and it may be later, `Refused` if it never will be;
    whatever else leaves it in doubt, such as `InDoubt`.
    """

    name: str

    async def post(self, place: Place, answer: Answer, key: str) -> Receipt:
        """Post an answer; `key` is the same at each attempt to post this, and at nothing else."""

    async def direct(self, person: str, answer: Answer, key: str) -> Receipt:
        """Post an answer to somebody alone, by the platform's own id for them."""

    async def look_up(self, place: Place, key: str, since: datetime) -> Receipt | Sought:
        """What was posted under a key since a moment (aware), if it was."""


class Platform(Outlet, Protocol):
    """A chat platform: what is said there comes to a desk, and the core posts there."""

    async def run(self, desk: Desk) -> None:
        """Bring what is said to a desk, and reply, until it is cancelled.

        Raises `BadConfig` if the platform won't have the bot; it reconnects by itself otherwise.
        """

    async def answer(self, question: Question) -> None:
        """Hear what was taken before, and reply: after a restart."""

    async def edit(self, receipt: Receipt, answer: Answer) -> None:
        """Let a post say something else; raises as posts do."""

    async def delete(self, receipt: Receipt) -> None:
        """Take a post away; one that is gone already stays so. Raises as posts do."""

    async def check(self, places: Sequence[Place]) -> Sequence[Checked]:
        """Whether tokens, permissions and places are as the bot needs them."""
