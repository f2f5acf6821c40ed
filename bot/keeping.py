"""The store as the reception reaches it: in time, or not at all, so that nobody is kept waiting.

After it couldn't be reached it is left alone for a few seconds; what was to be kept meanwhile is kept
when it is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from bot.amend.codec import Json
from bot.errors import BadConfig, TryLater, where
from bot.ports import Inbox, Note, Notes, Unfinished


T = TypeVar("T")

_READ_WITHIN: Final = 1.0  # seconds
_WRITTEN_WITHIN: Final = 2.0  # platforms want to know within three that something came
_RESTS: Final = 3.0
_MOST_BEHIND: Final = 10_000

_log = logging.getLogger("workshop_bot")


class Cabinet(Inbox, Notes, Protocol):
    """Where what comes in and what it leaves is kept."""


class Keeping:
    """A cabinet that may be locked; each method raises `TryLater` if it can't be reached in time."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._behind: list[tuple[str, str, Sequence[Note]]] = []
        self._catching_up = False
        self._rests_until = 0.0

    async def begin(self, event: str, items: Sequence[str], payload: Json, at: datetime) -> bool:
        """As the inbox begins."""
        return await self._in_time(self._cabinet.begin(event, items, payload, at), _WRITTEN_WITHIN)

    async def finish(self, event: str, item: str, notes: Sequence[Note], at: datetime) -> None:
        """As the inbox finishes, or later, when the store is back."""
        try:
            await self._in_time(self._cabinet.finish(event, item, notes, at), _WRITTEN_WITHIN)
        except TryLater:
            self._behind.append((event, item, notes))
            del self._behind[:-_MOST_BEHIND]
            raise
        with suppress(TryLater):
            await self.catch_up(at)

    async def catch_up(self, at: datetime) -> None:
        """Finish what couldn't be finished yet, unless somebody is at it."""
        if self._catching_up:
            return
        self._catching_up = True
        try:
            while self._behind:
                event, item, notes = self._behind[0]
                await self._in_time(self._cabinet.finish(event, item, notes, at), _WRITTEN_WITHIN)
                del self._behind[0]
        finally:
            self._catching_up = False

    async def noted(self, event: str, kind: str, key: str, now: datetime) -> Json | None:
        """What is kept under a key, also if the store doesn't know it yet."""
        for _, _, notes in reversed(self._behind):
            for note in notes:
                if (note.event, note.kind, note.key) == (event, kind, key):
                    return note.payload if note.until > now else None
        return await self._in_time(self._cabinet.noted(event, kind, key, now), _READ_WITHIN)

    async def resume(
        self, now: datetime, before: datetime, lease: timedelta
    ) -> Sequence[Unfinished]:
        """As the inbox resumes."""
        return await self._in_time(self._cabinet.resume(now, before, lease), _WRITTEN_WITHIN)

    async def _in_time(self, work: Coroutine[Any, Any, T], within: float) -> T:
        """What work on the store comes to; it goes on if it takes longer, but nobody waits for it."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._rests_until:
            work.close()
            raise TryLater
        task = loop.create_task(work)
        task.add_done_callback(_seen)
        done, _ = await asyncio.wait({task}, timeout=within)
        if not done:
            self._rest("it takes too long")
            raise TryLater
        error = task.exception()
        if isinstance(error, (TryLater, BadConfig)):
            self._rest(where(error))
            raise TryLater from None
        return task.result()

    def _rest(self, why: str) -> None:
        """Leave the store alone for a while; of all who find that out together, one says so."""
        now = asyncio.get_running_loop().time()
        if now >= self._rests_until:
            _log.warning("going on without the store for a while: %s", why)
        self._rests_until = now + _RESTS


def _seen(task: asyncio.Task[Any]) -> None:
    """Look at what became of a task that nobody may wait for any more."""
    if not task.cancelled():
        task.exception()
