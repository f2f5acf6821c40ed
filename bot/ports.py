"""What the core asks of the world around it, as Protocols: whoever reads files and keeps things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.amend.codec import Json
from bot.event import Event


@dataclass(frozen=True, slots=True)
class Kept:
    """The last edition of an event that was kept: its number, its files, all changes since.

    `files` are their texts by their names inside the event's folder, `log` is amendments as JSON.
    """

    number: int
    files: Mapping[str, str]
    log: tuple[Json, ...] = ()


class Loader(Protocol):
    """What reads an event's files, and makes an event of them."""

    def read(self) -> Mapping[str, str]:
        """The files' texts by their names inside the event's folder. Raises `BadData`."""

    def load(self, files: Mapping[str, str]) -> Event:
        """The event that files make. Raises `BadData` with all that is wrong with them."""


class Editions(Protocol):
    """Where editions are kept, each under the number that follows the last one's."""

    async def events(self) -> Sequence[str]:
        """The ids of all events of which an edition is kept."""

    async def latest(self, event: str) -> Kept | None:
        """The last edition of the event with this id; `None` if there is none."""

    async def accept(
        self, event: str, number: int, files: Mapping[str, str], log: Sequence[Json], at: datetime
    ) -> None:
        """Keep files, and the amendments that still apply to them, as the edition of a number.

        Raises `Overtaken` if there is such a number, or one between the last and this.
        """

    async def amend(self, event: str, number: int, amendment: Json, at: datetime) -> None:
        """Keep one more amendment as the edition of a number; raises as `accept` does."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What came in and was never done: the platform's id for it, and what was said, as JSON."""

    id: str
    payload: Json
    at: datetime


class Inbox(Protocol):
    """What came in, kept before the platform is told so; what was said is dropped once it is done."""

    async def begin(self, event: str, item: str, payload: Json, at: datetime) -> bool:
        """Keep what came in under its id; `False` if it was there, as platforms deliver some things twice."""

    async def done(self, event: str, item: str) -> None:
        """Keep no more of it than that it was there."""

    async def unfinished(self, event: str, before: datetime) -> Sequence[Unfinished]:
        """What came in before a moment and wasn't done, the oldest first."""


class Notes(Protocol):
    """What is kept for a while under a key: contexts of conversations, tokens of actions."""

    async def note(self, event: str, kind: str, key: str, payload: Json, until: datetime) -> None:
        """Keep something under a key of a kind until a moment; what was there is replaced."""

    async def noted(self, event: str, kind: str, key: str, now: datetime) -> Json | None:
        """What is kept under a key; `None` if nothing is, or not any more."""

    async def sweep(self, now: datetime) -> None:
        """Drop what isn't to be kept any more, and ids of the inbox after 48 hours."""
