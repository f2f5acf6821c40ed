"""Editions of events.

An edition is a row under its event and number: files that were accepted, or one amendment more.
Two that make the same number can't both succeed, which is all the locking that there is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.errors import Overtaken
from bot.ports import Kept
from bot.store.database import TABLES, Database, Json, text, utc, whole
from bot.store.inbox import finish_item


_EDITIONS = sa.Table(
    "editions",
    TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
_FILES, _AMENDMENT = "files", "amendment"
_Row = dict[str, Any]


class Records(Database):
    """The editions of any number of events."""

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
        payload = {"files": dict(files), "log": list(log)}
        await self._keep(_row(event, number, _FILES, payload, at))

    @whole
    async def amend(
        self, event: str, number: int, amendment: Json, at: datetime, *, item: str = ""
    ) -> None:
        """Keep one more amendment, and finish what it came in by."""
        finishing = (item, at) if item else None
        await self._keep(_row(event, number, _AMENDMENT, amendment, at), finishing)

    async def _keep(self, row: _Row, finishing: tuple[str, datetime] | None = None) -> None:
        """Add a row if it follows the last one; in the same transaction an item may be finished."""
        rows = _EDITIONS.c
        event, number = row["event"], row["number"]
        try:
            async with self._begin() as connection:
                last = await connection.scalar(
                    sa.select(sa.func.max(rows.number)).where(rows.event == event)
                )
                if number != (last or 0) + 1 or (last is None and row["kind"] != _FILES):
                    raise Overtaken
                await connection.execute(sa.insert(_EDITIONS).values(row))
                if finishing is not None:
                    await connection.run_sync(finish_item, event, *finishing)
        except IntegrityError:
            raise Overtaken from None


def _row(event: str, number: int, kind: str, payload: Json, at: datetime) -> _Row:
    return {"event": event, "number": number, "kind": kind, "at": utc(at), "payload": text(payload)}
