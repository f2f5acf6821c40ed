"""From what is due to the platforms: each notice once, in order, in time, or with a reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count
from typing import Final

from bot.amend import Edition
from bot.errand import LAPSED, LEASE, LOST_STORE, Errand, Means, Program
from bot.errors import BadConfig, where
from bot.find import Register
from bot.notices import Board, Tick, Timeline, corrections, fresh, judged, timeline
from bot.ports import Service


_AT_ONCE: Final = 1_000
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
        self._before: Timeline | None = None  # of which all that was due has been put
        self._errands: dict[asyncio.Task[None], Errand] = {}
        self._number = count(1)

    async def run(self) -> None:
        """Tick whenever something is due, until it is cancelled; a tick that fails is logged.

        What is just being posted then is finished, and nothing else is begun.
        """
        try:
            while True:
                next_: datetime | None = None
                try:
                    next_ = await self.tick()
                except BadConfig:  # the store is none any more: nothing can be done from here
                    raise
                except Exception as error:
                    _log.warning("a tick failed: %s", where(error))
                    next_ = self._clock() + LOST_STORE
                await self._waiting.until(next_)
        finally:
            for errand in self._errands.values():
                errand.stop()
            await self.settled()

    async def settled(self) -> None:
        """Wait until no place is being served."""
        while self._errands:
            await asyncio.wait([*self._errands])

    async def tick(self) -> datetime | None:
        """Put what has become due into the outbox, and serve the places; when to come again."""
        now = self._clock()
        program = await self._current()
        event = program.edition.event.id
        number = program.edition.number
        if number == 0:  # files that nobody has accepted are shown, but nothing is posted from them
            return None
        service = await self._outbox.begun(event, now)
        if service.held or service.mended > number:  # somebody posts from a later edition already
            return None
        await self._put(program, service, now)
        if not await self._serve(event):
            return None  # whoever is done wakes us
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
        due = {n.key: n for n in (*missed, *program.line.open_at(now))}
        known = await self._outbox.known(event.id, list(due)) if due else ()
        tick = Tick(now, service.since, service.upto, self._before, first=service.mended == 0)
        board = Board(program.line, self._means.routes.places)
        new = [
            judged(d, tick, service.kept_up(d.due))
            for d in fresh(event.id, due.values(), board, known, tick)
        ]
        mended = None if number == service.mended else number
        if mended is not None:
            sent = await self._outbox.told(event.id, now - LAPSED)
            new += corrections(event, str(number), sent, now)
        if new or missed or mended is not None:
            await self._outbox.put(event.id, new, now, upto=now, mended=mended)
        self._before = program.line

    async def _serve(self, event: str) -> bool:
        """Begin to serve places that have something to do, side by side; whether that are all.

        Each is claimed under a name of its own, so that who has lost one can't take it for theirs.
        """
        while len(self._errands) < _AT_ONCE:
            owner = f"{self._means.around.owner}/{next(self._number)}"
            rows = await self._outbox.claim_place(event, owner, self._clock(), LEASE)
            if not rows:
                return True
            errand = Errand(self._means, self._in_force, event, rows[0].place, owner)
            task = asyncio.create_task(errand.run(rows))
            self._errands[task] = errand
            task.add_done_callback(self._done)
        return False

    def _in_force(self) -> Program:
        assert self._program is not None
        return self._program

    def _done(self, task: asyncio.Task[None]) -> None:
        self._errands.pop(task)
        self._waiting.wake()
