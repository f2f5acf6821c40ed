"""From what is due to the platforms: each notice once, in order, in time, or with a reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count
from typing import Final

from bot.amend import Edition
from bot.errand import LEASE, LOST_STORE, Errand, Means, Program
from bot.errors import where
from bot.find import Register
from bot.notices import corrections, fresh, judged, timeline
from bot.ports import Service


_AT_ONCE: Final = 200
"""Places that are served side by side; those behind them wait for the first that is done."""

_log = logging.getLogger("workshop_bot.courier")


class Courier:
    """Posts what one event brings."""

    def __init__(self, edition: Callable[[], Awaitable[Edition]], means: Means) -> None:
        """`edition` gives the one in force."""
        self._edition = edition
        self._means = means
        self._outbox = means.outbox
        self._clock = means.around.clock
        self._waiting = means.around.waiting
        self._program: Program | None = None
        self._errands: set[asyncio.Task[None]] = set()
        self._number = count(1)

    async def run(self) -> None:
        """Tick whenever something is due, until it is cancelled; a tick that fails is logged."""
        try:
            while True:
                next_: datetime | None = None
                try:
                    next_ = await self.tick()
                except Exception as error:
                    _log.warning("a tick failed: %s", where(error))
                    next_ = self._clock() + LOST_STORE
                await self._waiting.until(next_)
        finally:
            await self.settled()

    async def settled(self) -> None:
        """Wait until no place is being served."""
        while self._errands:
            await asyncio.wait(self._errands)

    async def tick(self) -> datetime | None:
        """Put what has become due into the outbox, and serve the places; when to come again."""
        now = self._clock()
        program = await self._current()
        event = program.edition.event.id
        service = await self._outbox.begun(event, now)
        if service.held:
            return None
        await self._put(program, service, now)
        await self._serve(event)
        coming = (program.line.next_after(now), await self._outbox.next_due(event))
        return min((c for c in coming if c is not None), default=None)

    async def _current(self) -> Program:
        edition = await self._edition()
        known = self._program
        if known is None or known.edition is not edition:
            known = Program(edition, timeline(edition), Register(edition.event))
            self._program = known
        return known

    async def _put(self, program: Program, service: Service, now: datetime) -> None:
        """New deliveries of what is open, of what was missed, and of what has to be put right."""
        event, number = program.edition.event, program.edition.number
        missed = program.line.between(service.upto, now)
        open_ = list(program.line.open_at(now))
        due = {n.key: n for n in (*missed, *open_)}
        known = await self._outbox.known(event.id, list(due)) if due else ()
        new = [
            judged(d, now, service.since, service.kept_up(d.due))
            for d in fresh(event.id, due.values(), open_, self._means.routes.places, known)
        ]
        mended = None if number == service.mended else number
        if mended is not None:
            sent = await self._outbox.told(event.id, now)
            new += corrections(event, str(number), sent, now)
        if new or missed or mended is not None:
            await self._outbox.put(event.id, new, now, upto=now, mended=mended)

    async def _serve(self, event: str) -> None:
        """Begin to serve places that have something to do, side by side.

        Each is claimed under a name of its own, so that who has lost one can't take it for theirs.
        """
        while len(self._errands) < _AT_ONCE:
            owner = f"{self._means.around.owner}/{next(self._number)}"
            rows = await self._outbox.claim_place(event, owner, self._clock(), LEASE)
            if not rows:
                return
            errand = Errand(self._means, self._in_force, event, rows[0].place, owner)
            task = asyncio.create_task(errand.run(rows))
            self._errands.add(task)
            task.add_done_callback(self._done)

    def _in_force(self) -> Program:
        assert self._program is not None
        return self._program

    def _done(self, task: asyncio.Task[None]) -> None:
        self._errands.discard(task)
        self._waiting.wake()
