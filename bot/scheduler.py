"""The heartbeat: APScheduler's jobs wake whoever waits, at a given moment and at a steady interval."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler


STEADY: Final = timedelta(seconds=15)
"""How long nothing is looked for at most, whatever was said to be the next moment."""


class Scheduler:
    """Any number of heartbeats, from one scheduler that keeps nothing (its jobs are in memory)."""

    def __init__(self, steady: timedelta = STEADY) -> None:
        """To be made and started inside a running loop."""
        # A job that is run late is no harm, and to drop it would be: without a limit none is.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._steady = steady

    def start(self) -> None:
        """Let them beat."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let them beat no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def heartbeat(self, name: str) -> Heartbeat:
        """One that beats steadily, and at the moments it is told; `name` is nobody else's."""
        beat = Heartbeat(lambda moment, wake: self._once(name, moment, wake))
        self._scheduler.add_job(beat.beat, "interval", seconds=self._steady.total_seconds())
        return beat

    def _once(self, name: str, moment: datetime, beat: object) -> None:
        self._scheduler.add_job(beat, "date", run_date=moment, id=name, replace_existing=True)


class Heartbeat:
    """Waiting in real time.

    The jobs do nothing but set an event, so that none of them can be late, be missed or overlap; the
    loop that waits for it is the only one that works. What wakes it while it works lets it come back
    at once.
    """

    def __init__(self, once: Callable[[datetime, object], None]) -> None:
        """`once` arranges that a coroutine function runs at a moment, instead of the last one."""
        self._once = once
        self._woken = asyncio.Event()

    async def until(self, moment: datetime | None) -> None:
        """Come back at a moment, at the next steady beat, or when woken."""
        if moment is not None:
            self._once(moment, self.beat)
        await self._woken.wait()
        self._woken.clear()

    def wake(self) -> None:
        """Let whoever waits go on; if nobody does, the next one doesn't wait."""
        self._woken.set()

    async def pause(self, length: timedelta) -> None:
        """Come back after so long."""
        await asyncio.sleep(length.total_seconds())

    async def beat(self) -> None:
        """Wake whoever waits; a coroutine, as APScheduler runs plain functions in threads."""
        self._woken.set()
