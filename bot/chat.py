"""What passes between the core and a platform: questions in, answers out, and two Protocols."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.answer import Answer


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: an event's channel or thread; `private` if one person reads it."""

    event: str
    platform: str
    channel: str
    thread: str = ""
    private: bool = False


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


class Desk(Protocol):
    """The core's door, as an adapter sees it."""

    def hear(self, question: Question) -> Answer | None:
        """The answer to a question; `None` if it was heard before."""


class Platform(Protocol):
    """A chat platform, as the core sees it."""

    name: str

    def run(self, desk: Desk) -> None:
        """Bring every question to the desk and its answer back, until the platform is closed."""
