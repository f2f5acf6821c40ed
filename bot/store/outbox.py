"""What the store keeps of posts: a row for each notice and place, and who serves which place.

All of one dialect-free kind: a row is added unless its key is there, and a place belongs to whoever
first changed its row. What changes a place's row does so first in its transaction, so that on
PostgreSQL, too, one waits there for the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat import Budget
from bot.notices import OPEN, Delivery, Key, State
from bot.ports import Service
from bot.store.database import (
    TABLES,
    Database,
    moment,
    moment_or_none,
    text,
    utc,
    utc_or_none,
    whole,
)
from bot.told import from_json, to_json


_SERVICES = sa.Table(
    "services",
    TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("since", sa.Text, nullable=False),
    sa.Column("upto", sa.Text, nullable=False),
    sa.Column("mended", sa.Integer, nullable=False),
    sa.Column("held_by", sa.Text, nullable=False),
    sa.Column("held_at", sa.Text),
    sa.Column("resumed_at", sa.Text),
)
_ROWS = sa.Table(
    "deliveries",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("instant", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("due", sa.Text, nullable=False),
    sa.Column("expires", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("tried", sa.Text),
    sa.Column("absent", sa.Integer, nullable=False),
    sa.Column("settled", sa.Text),
    sa.Column("receipt", sa.Text, nullable=False),
    sa.Column("told", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("until", sa.Text),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.UniqueConstraint("event", "rule", "subject", "instant", "round", "place"),
    sa.Index("deliveries_open", "event", "place", "state", "due"),
    sa.Index("deliveries_told", "event", "until"),
)
_PLACES = sa.Table(
    "places",
    TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("next", sa.Text),  # when it has something to do; nothing if it hasn't
    sa.Column("waits", sa.Boolean, nullable=False),  # not before that, whatever else is put
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("lease", sa.Text),
    sa.Index("places_next", "event", "next"),
)
_BUDGETS = sa.Table(
    "budgets",
    TABLES,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("free", sa.Float, nullable=False),  # seconds since 1970
)

_STOPPED: Final = _SERVICES.c.held_at.is_not(None) & _SERVICES.c.resumed_at.is_(None)

# Statements that each post takes: made once, as making one takes as long as running it.
_SAVE: Final = sa.update(_ROWS).where(_ROWS.c.id == sa.bindparam("row"))
_START: Final = _SAVE.where(
    sa.exists().where(
        _PLACES.c.event == _ROWS.c.event,
        _PLACES.c.place == _ROWS.c.place,
        _PLACES.c.owner == sa.bindparam("owner_"),
    ),
    ~sa.exists().where(
        _SERVICES.c.event == _ROWS.c.event,
        _STOPPED | (_SERVICES.c.mended > sa.bindparam("edition_")),
    ),
)

_T = TypeVar("_T")

_LONGEST_TURN: Final = 60.0  # seconds
_AT_ONCE: Final = 100
_CHUNK: Final = 500
"""Rows in one statement; SQLite takes 32,766 values in it, and a row has twenty."""


class Outgoing(Database):
    """The outbox and the ledger of any number of events, and budgets that their posts share."""

    # -- an event as a whole -----------------------------------------------------------------

    @whole
    async def begun(self, event: str, now: datetime) -> Service:
        """How an event's posts stand; they begin with the first call."""
        found = await self.service(event)
        if found is not None:
            return found
        row = {"event": event, "since": utc(now), "upto": utc(now), "mended": 0, "held_by": ""}
        async with self._begin() as connection:
            await connection.execute(self._insert(_SERVICES).values(row).on_conflict_do_nothing())
        begun = await self.service(event)
        assert begun is not None
        return begun

    @whole
    async def service(self, event: str) -> Service | None:
        """How an event's posts stand."""
        async with self._begin() as connection:
            query = sa.select(_SERVICES).where(_SERVICES.c.event == event)
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        return Service(
            moment(row.since),
            moment(row.upto),
            row.mended,
            row.held_by,
            moment_or_none(row.held_at),
            moment_or_none(row.resumed_at),
        )

    @whole
    async def hold(self, event: str, by: str, now: datetime) -> None:
        """Stop all posts, or let them go on."""
        await self.begun(event, now)
        mine = _SERVICES.c.event == event
        if by:
            values = {"held_by": by, "held_at": utc(now), "resumed_at": None}
            change = sa.update(_SERVICES).where(mine, ~_STOPPED).values(values)
        else:
            change = sa.update(_SERVICES).where(mine, _STOPPED).values(resumed_at=utc(now))
        async with self._begin() as connection:
            await connection.execute(change)

    # -- what is new -------------------------------------------------------------------------

    @whole
    async def put(
        self,
        event: str,
        fresh: Sequence[Delivery],
        now: datetime,
        *,
        upto: datetime | None = None,
        mended: int | None = None,
    ) -> None:
        """Add what isn't there, and wake its places."""
        async with self._begin() as connection:
            await self._add(connection, event, fresh, now)
            if upto is not None or mended is not None:
                await connection.execute(_risen(event, upto, mended))

    async def _add(
        self, connection: AsyncConnection, event: str, fresh: Sequence[Delivery], now: datetime
    ) -> None:
        due: dict[str, datetime] = {}
        for d in fresh:
            if d.state in OPEN:
                due[d.place] = min(due.get(d.place, d.due), d.due)
        for chunk in _chunks(sorted(due)):
            await self._wake(connection, event, {p: max(due[p], now) for p in chunk})
        for rows in _chunks(fresh):
            adding = self._insert(_ROWS).on_conflict_do_nothing()
            await connection.execute(adding, [_plain(d) for d in rows])

    async def _wake(
        self, connection: AsyncConnection, event: str, places: dict[str, datetime]
    ) -> None:
        """Say when places have something to do, unless they have anyway, or have to wait."""
        rows = [
            {"event": event, "place": place, "next": utc(next_), "waits": False, "owner": ""}
            for place, next_ in places.items()
        ]
        adding = self._insert(_PLACES).values(rows)
        waking = adding.on_conflict_do_update(
            index_elements=["event", "place"],
            set_={
                "next": sa.case(
                    (_PLACES.c.waits | (_PLACES.c.next < adding.excluded.next), _PLACES.c.next),
                    else_=adding.excluded.next,
                )
            },
        )
        await connection.execute(waking)

    @whole
    async def known(self, event: str, keys: Sequence[Key]) -> Sequence[Delivery]:
        """All that is there under keys, whatever the round."""
        found: list[Delivery] = []
        bases = sorted({key.base for key in keys})
        columns = sa.tuple_(_ROWS.c.rule, _ROWS.c.subject, _ROWS.c.instant)
        async with self._begin() as connection:
            for chunk in _chunks(bases):
                query = sa.select(_ROWS).where(_ROWS.c.event == event, columns.in_(chunk))
                found += map(_delivery, await connection.execute(query))
        return found

    # -- places ------------------------------------------------------------------------------

    @whole
    async def claim_place(
        self, event: str, owner: str, now: datetime, lease: timedelta
    ) -> Sequence[Delivery]:
        """Claim a place that has something to do, and give what that is."""
        places = _PLACES.c
        ready = (
            (places.event == event)
            & (places.next <= utc(now))
            & (places.lease.is_(None) | (places.lease <= utc(now)))
        )
        while True:
            async with self._begin() as connection:
                query = sa.select(places.place).where(ready).order_by(places.next).limit(1)
                place = await connection.scalar(query)
                if place is None:
                    return ()
                mine = sa.update(_PLACES).where(ready, places.place == place)
                claim = mine.values(owner=owner, lease=utc(now + lease))
                if (await connection.execute(claim)).rowcount != 1:
                    continue  # somebody else was faster
                rows = await self._open(connection, event, place, now)
                if rows:
                    return rows
                await self._rest(connection, event, place)

    async def _open(
        self, connection: AsyncConnection, event: str, place: str, now: datetime
    ) -> list[Delivery]:
        rows = _ROWS.c
        query = (
            sa.select(_ROWS)
            .where(_open_in(event, place), rows.due <= utc(now))
            .order_by(rows.due, rows.id)
            .limit(_AT_ONCE)
        )
        return [*map(_delivery, await connection.execute(query))]

    @whole
    async def renew(self, event: str, place: str, owner: str, until: datetime) -> bool:
        """Make a claim last longer, if it still holds."""
        change = sa.update(_PLACES).where(_held(event, place, owner)).values(lease=utc(until))
        async with self._begin() as connection:
            return (await connection.execute(change)).rowcount == 1

    @whole
    async def release(self, event: str, place: str, owner: str, next_: datetime | None) -> None:
        """Let go of a place; without a moment, until the first of what is there by now is due."""
        change = sa.update(_PLACES).where(_held(event, place, owner))
        async with self._begin() as connection:
            freed = change.values(
                owner="", lease=None, next=utc_or_none(next_), waits=next_ is not None
            )
            if (await connection.execute(freed)).rowcount == 1 and next_ is None:
                await self._rest(connection, event, place)

    async def _rest(self, connection: AsyncConnection, event: str, place: str) -> None:
        """Let a place sleep until the first of its rows is due, for good if it has none."""
        first = sa.select(sa.func.min(_ROWS.c.due)).where(_open_in(event, place))
        due = await connection.scalar(first)
        mine = (_PLACES.c.event == event) & (_PLACES.c.place == place)
        asleep = sa.update(_PLACES).where(mine)
        asleep = asleep.values(owner="", lease=None, next=due, waits=False)
        await connection.execute(asleep)

    @whole
    async def next_due(self, event: str) -> datetime | None:
        """When the first place that nobody serves has something to do."""
        places = _PLACES.c
        latest = sa.case((places.lease > places.next, places.lease), else_=places.next)
        query = sa.select(sa.func.min(latest)).where(
            places.event == event, places.next.is_not(None)
        )
        async with self._begin() as connection:
            return moment_or_none(await connection.scalar(query))

    # -- what became of it -------------------------------------------------------------------

    @whole
    async def start(self, delivery: Delivery, owner: str, edition: int) -> bool:
        """Keep that a delivery is about to be posted, if its place is still the owner's."""
        values = {"row": delivery.id, "owner_": owner, "edition_": edition, **_plain(delivery)}
        async with self._begin() as connection:
            return (await connection.execute(_START, values)).rowcount == 1

    @whole
    async def save(
        self,
        delivery: Delivery,
        *,
        withdrawn: Sequence[tuple[str, str]] = (),
        behind: Sequence[Delivery] = (),
        edition: int | None = None,
    ) -> None:
        """Keep what became of a delivery, what it takes back, and what comes behind it."""
        rows, services = _ROWS.c, _SERVICES.c
        async with self._begin() as connection:
            if behind:
                now = delivery.settled or delivery.due
                await self._add(connection, delivery.event, behind, now)
            await connection.execute(_SAVE, {"row": delivery.id, **_plain(delivery)})
            for subject, instant in withdrawn:
                told = (
                    (rows.event == delivery.event)
                    & (rows.place == delivery.place)
                    & (rows.subject == subject)
                    & (rows.instant == instant)
                    & (rows.state == str(State.SENT))
                    & (rows.id != delivery.id)
                )
                await connection.execute(sa.update(_ROWS).where(told).values(withdrawn=True))
            if edition is not None:
                later = (services.event == delivery.event) & (services.mended > edition)
                await connection.execute(sa.update(_SERVICES).where(later).values(mended=edition))

    @whole
    async def told(self, event: str, now: datetime, place: str = "") -> Sequence[Delivery]:
        """What was sent and matters still."""
        rows = _ROWS.c
        query = sa.select(_ROWS).where(
            rows.event == event, rows.until > utc(now), rows.state == str(State.SENT)
        )
        if place:
            query = query.where(rows.place == place)
        async with self._begin() as connection:
            return [
                *map(_delivery, await connection.execute(query.order_by(rows.settled, rows.id)))
            ]

    @whole
    async def ledger(
        self, event: str, place: str = "", subjects: Sequence[str] = ()
    ) -> Sequence[Delivery]:
        """All deliveries, in the order in which they were due."""
        rows = _ROWS.c
        query = sa.select(_ROWS).where(rows.event == event).order_by(rows.due, rows.id)
        if place:
            query = query.where(rows.place == place)
        if subjects:
            query = query.where(rows.subject.in_(subjects))
        async with self._begin() as connection:
            return [*map(_delivery, await connection.execute(query))]

    @whole
    async def forget(self, event: str) -> None:
        """Drop all deliveries of an event that are settled."""
        settled = (_ROWS.c.event == event) & ~_ROWS.c.state.in_(map(str, OPEN))
        async with self._begin() as connection:
            await connection.execute(sa.delete(_ROWS).where(settled))

    # -- budgets -----------------------------------------------------------------------------

    @whole
    async def turn(self, budgets: Sequence[Budget], now: datetime) -> timedelta:
        """Reserve the next turn in each budget.

        A row says when its budget would be full again; a turn comes as much before that as a burst of
        turns takes (the generic cell rate algorithm).
        """
        at = now.timestamp()

        def take(connection: sa.Connection) -> float:
            longest = 0.0
            for budget in sorted(budgets, key=lambda b: b.name):  # so that nobody waits crosswise
                step = budget.every.total_seconds()
                most = at + budget.burst * step + _LONGEST_TURN
                free = at + step
                values = {"name": budget.name, "at": at, "step": step, "free": free, "most": most}
                full = connection.scalar(self._take_turn, values)
                assert full is not None
                longest = max(longest, full - at - budget.burst * step)
            return longest

        return timedelta(seconds=await self._at_once(take))

    @cached_property
    def _take_turn(self) -> sa.Executable:
        at, free = sa.bindparam("at", type_=sa.Float), _BUDGETS.c.free
        adding = self._insert(_BUDGETS)
        step, most = sa.bindparam("step", type_=sa.Float), sa.bindparam("most", type_=sa.Float)
        # Somebody's clock may have been ahead: nobody waits longer than a minute for that.
        ahead = sa.case((free > most, most), else_=free)
        later = sa.case((free > at, ahead), else_=at) + step
        taking = adding.on_conflict_do_update(index_elements=["name"], set_={"free": later})
        return taking.returning(free)


def _chunks(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Rows in as many as a statement takes."""
    for at in range(0, len(rows), _CHUNK):
        yield rows[at : at + _CHUNK]


def _risen(event: str, upto: datetime | None, mended: int | None) -> sa.Update:
    """Let what was done so far rise, never fall."""
    services = _SERVICES.c
    values: dict[str, Any] = {}
    if upto is not None:
        values["upto"] = sa.case((services.upto > utc(upto), services.upto), else_=utc(upto))
    if mended is not None:
        values["mended"] = sa.case((services.mended > mended, services.mended), else_=mended)
    return sa.update(_SERVICES).where(services.event == event).values(values)


def _open_in(event: str, place: str) -> sa.ColumnElement[bool]:
    rows = _ROWS.c
    return (rows.event == event) & (rows.place == place) & rows.state.in_(map(str, OPEN))


def _held(event: str, place: str, owner: str) -> sa.ColumnElement[bool]:
    places = _PLACES.c
    return (places.event == event) & (places.place == place) & (places.owner == owner)


def _plain(d: Delivery) -> dict[str, Any]:
    """A delivery as the columns of its row, but for the id."""
    return {
        "event": d.event,
        "place": d.place,
        "rule": d.key.rule,
        "subject": d.key.subject,
        "instant": d.key.instant,
        "round": d.key.round,
        "due": utc(d.due),
        "expires": utc(d.expires),
        "state": str(d.state),
        "reason": d.reason,
        "attempts": d.attempts,
        "tried": utc_or_none(d.tried),
        "absent": d.absent,
        "settled": utc_or_none(d.settled),
        "receipt": d.receipt,
        "told": text(to_json(d.told)),
        "text": d.text,
        "until": utc_or_none(d.until),
        "withdrawn": d.withdrawn,
    }


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        event=row.event,
        place=row.place,
        key=Key(row.rule, row.subject, row.instant, row.round),
        due=moment(row.due),
        expires=moment(row.expires),
        state=State(row.state),
        reason=row.reason,
        id=row.id,
        attempts=row.attempts,
        tried=moment_or_none(row.tried),
        absent=row.absent,
        settled=moment_or_none(row.settled),
        receipt=row.receipt,
        told=from_json(json.loads(row.told)),
        text=row.text,
        until=moment_or_none(row.until),
        withdrawn=row.withdrawn,
    )
