"""Serving one place: what waits for it is posted one behind the other, each once or with a reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.amend import Edition
from bot.answer import Answer, plain
from bot.chat import Outlet, Receipt, Sought, place_at
from bot.errors import Refused, TryLater, where
from bot.find import Calendar, Register
from bot.notices import (
    Board,
    Delivery,
    Not,
    Notice,
    Post,
    Routes,
    State,
    Timeline,
    believed,
    dated,
    decide,
    in_place,
    trouble,
    withdrawn,
)
from bot.ports import Outbox, Surroundings
from bot.told import Beliefs, believing


LEASE: Final = timedelta(seconds=90)
"""How long a place stays claimed by who is gone; whoever lives renews it three times as often."""

SETTLE: Final = timedelta(seconds=40)
"""How long after an attempt a post isn't looked for: 30 s, and what HTTP waits at most (10 s)."""

AGAIN: Final = timedelta(seconds=15)
"""The time between the two looks that have to miss a post before it is repeated."""

LOST_STORE: Final = timedelta(seconds=5)
"""How long to wait before the store is tried again that couldn't be reached."""

LAPSED: Final = timedelta(days=1)
"""How long it is remembered what was told, after it mattered: it may matter again."""

_LOOKS: Final = 2
_SHORTEST: Final = timedelta(seconds=2)
_LONGEST: Final = timedelta(minutes=5)
_LONGEST_POST: Final = 120  # seconds of real time in which a platform must have come back

_log = logging.getLogger("workshop_bot.courier")


def backoff(attempts: int, chance: float) -> timedelta:
    """How long to wait before the next attempt after so many (1 or more); `chance` is from 0 to 1.

    It doubles each time up to five minutes; chance takes away up to half of it, so that many who
    failed together don't come back together.
    """
    doubled = _SHORTEST * 2 ** min(attempts - 1, 16)
    full: timedelta = min(doubled, _LONGEST)
    return full * (1 - chance / 2)


@dataclass(frozen=True, slots=True)
class Program:
    """An edition, and what it brings."""

    edition: Edition
    line: Timeline
    register: Register

    def at(self, now: datetime) -> Calendar:
        """Its days and times at a moment."""
        return Calendar(self.edition.event, self.register, now)


@dataclass(frozen=True, slots=True)
class Means:
    """What it takes to post: where things are kept, platforms by name, where each notice goes."""

    outbox: Outbox
    platforms: Mapping[str, Outlet]
    routes: Routes
    around: Surroundings


class _Stopped(Exception):
    """Somebody else has the place by now, or all posts are held: nothing more is done here."""


class Errand:
    """One place that is claimed, until it is let go of."""

    def __init__(
        self, means: Means, program: Callable[[], Program], event: str, place: str, owner: str
    ) -> None:
        """`program` gives the one in force, `owner` is the name under which the place is claimed."""
        self._outbox = means.outbox
        self._platform = means.platforms.get(place.partition(":")[0])
        self._routes = means.routes
        self._clock = means.around.clock
        self._waiting = means.around.waiting
        self._chance = means.around.chance
        self._program = program
        self._event = event
        self._place = place
        self._owner = owner
        self._told: Beliefs = {}
        self._stopping = False

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True

    async def run(self, rows: Sequence[Delivery]) -> None:
        """Deliver what waits there, in its order; the first that has to wait holds up the rest."""
        next_: datetime | None = None
        keeping = asyncio.create_task(self._keep())
        try:
            await self._check()
            since = self._clock() - LAPSED
            self._told = believed(await self._outbox.told(self._event, since, self._place))
            for row in rows:
                next_ = None if self._stopping else await self._row(row)
                if next_ is not None or self._stopping:
                    break
        except _Stopped:
            pass
        except Exception as error:
            _log.warning("serving %s failed: %s", self._place, where(error))
            next_ = self._clock() + LOST_STORE
        finally:
            keeping.cancel()
            with suppress(TryLater):  # then the lease ends by itself
                await self._outbox.release(self._event, self._place, self._owner, next_)

    async def _check(self) -> None:
        """Leave the place to others if they post from a later edition."""
        service = await self._outbox.service(self._event)
        if service is not None and service.mended > self._program().edition.number:
            raise _Stopped

    async def _keep(self) -> None:
        """Renew the claim as long as the place is served."""
        while True:
            await self._waiting.pause(LEASE / 3)
            with suppress(TryLater):  # the next one may succeed; there is time for three
                until = self._clock() + LEASE
                await self._outbox.renew(self._event, self._place, self._owner, until)

    async def _row(self, row: Delivery) -> datetime | None:
        """Deliver one, or leave it with a reason; when to go on if it has to wait."""
        if row.state == State.POSTING:
            looked = await self._look(row)
            if not isinstance(looked, Delivery):
                return looked
            row = looked
            if row.state != State.WAITING:
                return None
        program, now = self._program(), self._clock()
        board = Board(program.line, self._routes.places)
        beside = await self._beside(row, program.line, now)
        try:
            decided = decide(row, board, beside, program.at(now), self._told)
        except Exception as error:  # a bug costs one post, not all that wait behind it
            await self._refused(row, f"it could not be put into words ({where(error)})")
            return None
        if isinstance(decided, Not):
            await self._settle(row, decided.state, decided.reason)
            return None
        return await self._post(row, decided, program.edition)

    async def _beside(
        self, row: Delivery, line: Timeline, now: datetime
    ) -> Sequence[tuple[Notice, datetime]]:
        """What may make a notice of a date needless in this place, with the moment it is due there."""
        notice = line.find(row.key)
        if notice is None or not dated(notice):
            return ()
        open_ = [n for n in line.open_at(now) if dated(n)]
        known = await self._outbox.known(self._event, [n.key for n in open_])
        return [*in_place(self._place, open_, self._routes.places, known)]

    # -- posting -----------------------------------------------------------------------------

    async def _post(self, row: Delivery, post: Post, edition: Edition) -> datetime | None:
        """Post what was decided; when to go on if it has to wait."""
        if self._platform is None:
            await self._refused(row, "this platform isn't connected")
            return None
        posting = self._about_to(row, post, edition)
        if not await self._outbox.start(posting, self._owner, edition.number):
            raise _Stopped
        try:
            async with asyncio.timeout(_LONGEST_POST):
                receipt = await self._handed(self._platform, posting, post.answer)
        except TryLater as later:
            after = self._backoff(posting) if later.after is None else later.after
            reason = f"{self._platform.name}: {later}"
            await self._outbox.save(replace(posting, state=State.WAITING, reason=reason))
            return self._clock() + after
        except Refused as refused:
            await self._refused(posting, refused.reason)
            return None
        except Exception as error:
            _log.warning("%s is in doubt: %s", row.name, where(error))
            doubted = replace(posting, tried=self._clock())  # it may have been sent just now
            await self._outbox.save(doubted)
            return self._clock() + SETTLE
        await self._sent(posting, receipt, edition.number)
        return None

    def _about_to(self, row: Delivery, post: Post, edition: Edition) -> Delivery:
        """A delivery as it is kept before its attempt, so that nobody forgets what may be told."""
        zone, now = edition.event.zone, self._clock()
        return replace(
            row,
            state=State.POSTING,
            attempts=row.attempts + 1,
            tried=now,
            absent=0,
            told=post.told,
            text=plain(post.answer),
            until=max((t.until(zone) for t in post.told), default=None),
        )

    async def _handed(self, platform: Outlet, row: Delivery, answer: Answer) -> Receipt:
        place = place_at(self._event, self._place)
        if place.private:
            return await platform.direct(place.channel.removeprefix("@"), answer, row.name)
        return await platform.post(place, answer, row.name)

    def _backoff(self, row: Delivery) -> timedelta:
        return backoff(row.attempts, self._chance())

    # -- what became of it -------------------------------------------------------------------

    async def _look(self, row: Delivery) -> Delivery | datetime:
        """What a delivery in doubt is now, or when to look again.

        It waits again once it was looked for twice in vain.
        """
        now = self._clock()
        assert row.tried is not None
        ripe = row.tried + SETTLE + row.absent * AGAIN
        if now < ripe:
            return ripe
        if self._platform is None:
            return await self._refused(row, "this platform isn't connected")
        try:
            async with asyncio.timeout(_LONGEST_POST):
                place = place_at(self._event, self._place)
                found = await self._platform.look_up(place, row.name, row.tried)
        except TryLater as later:
            return now + (self._backoff(row) if later.after is None else later.after)
        except Refused as refused:
            return await self._refused(row, f"{_UNTOLD}: {refused.reason}")
        except Exception as error:
            _log.warning("%s can't be looked for: %s", row.name, where(error))
            return now + self._backoff(row)
        match found:
            case Receipt():
                return await self._sent(row, found, 1, at=max(found.at, row.due))
            case Sought.CANNOT_TELL:
                return await self._refused(row, _UNTOLD)
            case Sought.ABSENT if row.absent + 1 < _LOOKS:
                await self._outbox.save(replace(row, absent=row.absent + 1))
                return now + AGAIN
            case Sought.ABSENT:
                return replace(row, state=State.WAITING, absent=0)

    async def _sent(
        self, row: Delivery, receipt: Receipt, edition: int, at: datetime | None = None
    ) -> Delivery:
        """Keep that it was posted as an edition had it: what later ones have otherwise is put right.

        Of what is found by a look nobody knows which edition that was, but the receipt says when.
        """
        now = self._clock()
        settled = now if at is None else min(at, now)
        sent = replace(row, state=State.SENT, reason="", settled=settled, receipt=receipt.id)
        await self._outbox.save(sent, withdrawn=withdrawn(row.told), edition=edition)
        self._told = believing(self._told, row.told)
        return sent

    async def _settle(self, row: Delivery, state: State, reason: str) -> Delivery:
        settled = replace(row, state=state, reason=reason, settled=self._clock())
        await self._outbox.save(settled)
        return settled

    async def _refused(self, row: Delivery, reason: str) -> Delivery:
        """Leave it as failed, and tell the organizers."""
        now = self._clock()
        failed = replace(row, state=State.FAILED, reason=reason, settled=now)
        words = trouble(failed, self._routes.organizers, now.astimezone(UTC))
        if not words:
            _log.warning("nobody can be told that %s failed: %s", row.name, reason)
        await self._outbox.save(failed, behind=words)
        return failed


_UNTOLD: Final = "nobody can tell whether it was posted"
