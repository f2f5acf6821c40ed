"""Keeping to what a platform takes: replies and notices alike wait here for their turn."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot.chat import Budget, Pace
from bot.errors import TryLater


_LEEWAY = timedelta(milliseconds=10)
_MOST = 10_000  # budgets that are remembered; a channel that is forgotten was idle for long


class Limiter:
    """Lets each one who asks go when it is their turn in some budgets.

    Turns are drawn from a store that all processes share. As those that slept may wake up together,
    this process keeps the distance between its own turns besides, and without the store that alone.
    """

    def __init__(
        self,
        pace: Pace,
        clock: Callable[[], datetime],
        pause: Callable[[timedelta], Awaitable[None]],
    ) -> None:
        """`clock` gives the aware moment, `pause` waits for so long."""
        self._pace = pace
        self._clock = clock
        self._pause = pause
        self._doors: OrderedDict[str, _Door] = OrderedDict()

    async def turn(self, *budgets: Budget) -> None:
        """Come back when all budgets have a turn."""
        with suppress(TryLater):  # the doors below hold for this process
            await self._wait(await self._pace.turn(budgets, self._clock()))
        for budget in budgets:
            await self._through(self._door(budget.name), budget)

    async def _through(self, door: _Door, budget: Budget) -> None:
        """Pass a door behind whoever was there first, at a distance, or in a burst.

        Who wakes up a little late doesn't delay all behind them: the next distance may be as much
        shorter. In no second go more than one second and this leeway have turns.
        """
        async with door.lock:
            now = self._clock()
            full = now if door.full is None else max(door.full, now - _LEEWAY)
            await self._wait(full - (budget.burst - 1) * budget.every - now)
            door.full = max(full, self._clock() - _LEEWAY) + budget.every

    async def _wait(self, length: timedelta) -> None:
        if length > timedelta():
            await self._pause(length)

    def _door(self, name: str) -> _Door:
        door = self._doors.setdefault(name, _Door())
        self._doors.move_to_end(name)
        while len(self._doors) > _MOST:
            self._doors.popitem(last=False)
        return door


class _Door:
    """Where the turns of a budget pass one behind the other."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.full: datetime | None = None
