"""What the core asks of the world around it, as Protocols: whoever keeps the editions."""

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
