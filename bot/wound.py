"""A clock that is wound by hand: a whole day passes in moments, for rehearsals and for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count


class Over(Exception):
    """The time that a wound clock was wound for has passed."""


class WoundClock:
    """A clock and a way to wait: it stands still, but for jumps to the next moment that is waited for.

    Calling it gives its time. What is to happen `at` a moment happens when it gets there.
    """

    def __init__(
        self,
        start: datetime,
        end: datetime,
        settled: Callable[[], Awaitable[None]],
        pause: Callable[[timedelta], Awaitable[None]] | None = None,
    ) -> None:
        """From `start` to `end` (both aware).

        `settled` comes back when all that was begun at a moment is done; `pause` is told of each
        jump, and may let it take a while.
        """
        self._now = start
        self._end = end
        self._settled = settled
        self._pause = pause
        self._order = count()
        self._coming: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._woken = False

    def __call__(self) -> datetime:
        """What time it is."""
        return self._now

    def at(self, moment: datetime, what: Callable[[], Awaitable[None]]) -> None:
        """Let something happen at a moment; what is due at the same one, in this order."""
        heappush(self._coming, (moment, next(self._order), what))

    def wake(self) -> None:
        """Let the next wait end at once."""
        self._woken = True

    async def until(self, moment: datetime | None) -> None:
        """Jump to a moment, or to what comes before it; the end raises `Over`."""
        await self._settled()
        if self._woken:
            self._woken = False
            return
        coming = self._coming[0][0] if self._coming else self._end
        target = min(coming, self._end if moment is None else moment)
        if target >= self._end and coming >= self._end:
            raise Over
        if self._pause is not None and target > self._now:
            await self._pause(target - self._now)
        self._now = max(self._now, target)
        while self._coming and self._coming[0][0] <= self._now:
            await heappop(self._coming)[2]()

    async def pause(self, length: timedelta) -> None:  # noqa: ARG002 - as the port has it
        """Wait for good: who waits for a while here is ended before it is over."""
        await asyncio.Event().wait()
