"""What passes between the core and a platform: questions in, answers out, and two Protocols."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    """Who speaks; whether as an organizer is the adapter's to know, from its configuration."""

    id: str
    name: str = ""
    organizer: bool = False


class Kind(StrEnum):
    """How something was said."""

    TEXT = "text"
    COMMAND = "command"
    PRESS = "press"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Question:
    """What was said, by whom, where, and when (aware); `id` is the platform's own for it."""

    id: str
    text: str
    asker: Asker
    place: Place
    at: datetime
    kind: Kind = Kind.TEXT
    token: str = ""


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


class Desk(Protocol):
    """The core's door, as an adapter sees it."""

    def hear(self, question: Question) -> Answer | None:
        """The answer to a question; `None` if it was heard before."""


class Sought(StrEnum):
    """What a look for a post that may have been made comes to, if it isn't found."""

    ABSENT = "absent"
    CANNOT_TELL = "cannot tell"


class Platform(Protocol):
    """A chat platform, as the core sees it when it posts by itself.

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
