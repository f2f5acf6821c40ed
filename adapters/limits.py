"""Keeping to what a platform takes: replies and notices alike wait here for their turn."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from bot.chat import Budget, Pace
from bot.errors import TryLater


_LEEWAY = timedelta(milliseconds=10)
_DRAWN_WITHIN = 1.0  # seconds
_RESTS = 3.0
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
        self._rests_until = 0.0

    async def turn(self, first: Budget, *others: Budget) -> None:
        """Come back when all budgets have a turn.

        Whoever waits at the first one, such as a channel's, takes nobody's turn at the others.
        """
        narrow = self._door(first.name)
        async with narrow.lock:
            with suppress(TryLater):  # the doors below hold for this process
                await self._wait(await self._drawn((first, *others)))
            for budget in others:
                door = self._door(budget.name)
                async with door.lock:
                    await self._through(door, budget)
            await self._through(narrow, first)

    async def _drawn(self, budgets: Sequence[Budget]) -> timedelta:
        """A turn among all processes. Raises `TryLater` if the store doesn't give one soon."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._rests_until:
            raise TryLater
        drawing = loop.create_task(self._pace.turn(budgets, self._clock()))
        drawing.add_done_callback(lambda task: task.cancelled() or task.exception())
        done, _ = await asyncio.wait({drawing}, timeout=_DRAWN_WITHIN)
        if not done or isinstance(drawing.exception(), TryLater):
            self._rests_until = loop.time() + _RESTS
            raise TryLater
        return drawing.result()

    async def _through(self, door: _Door, budget: Budget) -> None:
        """Pass a door whose lock is held: at a distance from whoever was there first, or in a burst.

        Who wakes up a little late doesn't delay all behind them: the next distance may be as much
        shorter. In no second go more than one second and this leeway have turns.
        """
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
