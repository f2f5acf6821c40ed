"""Editions of events, what came in, and notes that are kept for a while.

An edition is a row under its event and number: files that were accepted, or one amendment more.
Two that make the same number can't both succeed, which is all the locking that there is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.errors import Overtaken
from bot.ports import Kept, Unfinished
from bot.store.database import TABLES, Database, Json, text, utc, whole


_EDITIONS = sa.Table(
    "editions",
    TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
_INBOX = sa.Table(
    "inbox",
    TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("payload", sa.Text),  # nothing once it is done
)
_NOTES = sa.Table(
    "notes",
    TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
_IDS_LAST: Final = timedelta(hours=48)
_FILES, _AMENDMENT = "files", "amendment"


class Records(Database):
    """The editions of any number of events, their inboxes, and notes."""

    @whole
    async def events(self) -> Sequence[str]:
        """The ids of all events."""
        async with self._begin() as connection:
            found = await connection.scalars(sa.select(_EDITIONS.c.event).distinct())
            return sorted(found)

    @whole
    async def number(self, event: str) -> int:
        """The number of the last edition."""
        query = sa.select(sa.func.max(_EDITIONS.c.number)).where(_EDITIONS.c.event == event)
        async with self._begin() as connection:
            return await connection.scalar(query) or 0

    @whole
    async def latest(self, event: str) -> Kept | None:
        """The last edition of an event."""
        rows = _EDITIONS.c
        async with self._begin() as connection:
            accepted = await connection.scalar(
                sa.select(sa.func.max(rows.number)).where(rows.event == event, rows.kind == _FILES)
            )
            if accepted is None:
                return None
            found = await connection.execute(
                sa.select(rows.number, rows.at, rows.payload)
                .where(rows.event == event, rows.number >= accepted)
                .order_by(rows.number)
            )
            (_, since, base), *later = [(n, at, json.loads(payload)) for n, at, payload in found]
        number = later[-1][0] if later else accepted
        log = (*base["log"], *(amendment for _, _, amendment in later))
        return Kept(number, base["files"], log, datetime.fromisoformat(since))

    @whole
    async def accept(
        self, event: str, number: int, files: Mapping[str, str], log: Sequence[Json], at: datetime
    ) -> None:
        """Keep files and what still applies to them."""
        await self._keep(event, number, _FILES, {"files": dict(files), "log": list(log)}, at)

    @whole
    async def amend(self, event: str, number: int, amendment: Json, at: datetime) -> None:
        """Keep one more amendment."""
        await self._keep(event, number, _AMENDMENT, amendment, at)

    # -- inbox -------------------------------------------------------------------------------

    @whole
    async def begin(self, event: str, item: str, payload: Json, at: datetime) -> bool:
        """Keep what came in, unless it was there."""
        row = {"event": event, "id": item, "at": utc(at), "payload": text(payload)}
        try:
            async with self._begin() as connection:
                await connection.execute(sa.insert(_INBOX).values(row))
        except IntegrityError:
            return False
        return True

    @whole
    async def done(self, event: str, item: str) -> None:
        """Drop what was said, and keep its id."""
        mine = (_INBOX.c.event == event) & (_INBOX.c.id == item)
        async with self._begin() as connection:
            await connection.execute(sa.update(_INBOX).where(mine).values(payload=None))

    @whole
    async def unfinished(self, event: str, before: datetime) -> Sequence[Unfinished]:
        """What wasn't done, the oldest first."""
        rows = _INBOX.c
        query = (
            sa.select(rows.id, rows.payload, rows.at)
            .where(rows.event == event, rows.payload.is_not(None), rows.at < utc(before))
            .order_by(rows.at)
        )
        async with self._begin() as connection:
            found = await connection.execute(query)
            return [
                Unfinished(id_, json.loads(payload), datetime.fromisoformat(at))
                for id_, payload, at in found
            ]

    # -- notes -------------------------------------------------------------------------------

    @whole
    async def note(self, event: str, kind: str, key: str, payload: Json, until: datetime) -> None:
        """Keep something for a while."""
        row = {"event": event, "kind": kind, "key": key}
        values = {"until": utc(until), "payload": text(payload)}
        statement = self._insert(_NOTES).values(row | values)
        replaced = statement.on_conflict_do_update(index_elements=list(row), set_=values)
        async with self._begin() as connection:
            await connection.execute(replaced)

    @whole
    async def noted(self, event: str, kind: str, key: str, now: datetime) -> Json | None:
        """What is kept."""
        query = sa.select(_NOTES.c.payload).where(_of(event, kind, key), _NOTES.c.until > utc(now))
        async with self._begin() as connection:
            payload = await connection.scalar(query)
        return None if payload is None else json.loads(payload)

    @whole
    async def sweep(self, now: datetime) -> None:
        """Drop what has had its time."""
        old = (_INBOX.c.at < utc(now - _IDS_LAST)) & _INBOX.c.payload.is_(None)
        async with self._begin() as connection:
            await connection.execute(sa.delete(_NOTES).where(_NOTES.c.until <= utc(now)))
            await connection.execute(sa.delete(_INBOX).where(old))

    async def _keep(self, event: str, number: int, kind: str, payload: Json, at: datetime) -> None:
        rows = _EDITIONS.c
        row = {
            "event": event,
            "number": number,
            "kind": kind,
            "at": utc(at),
            "payload": text(payload),
        }
        try:
            async with self._begin() as connection:
                last = await connection.scalar(
                    sa.select(sa.func.max(rows.number)).where(rows.event == event)
                )
                if number != (last or 0) + 1 or (last is None and kind != _FILES):
                    raise Overtaken
                await connection.execute(sa.insert(_EDITIONS).values(row))
        except IntegrityError:
            raise Overtaken from None


def _of(event: str, kind: str, key: str) -> sa.ColumnElement[bool]:
    return (_NOTES.c.event == event) & (_NOTES.c.kind == kind) & (_NOTES.c.key == key)
