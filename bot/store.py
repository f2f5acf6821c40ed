"""The store: a database (SQLAlchemy Core) of editions, inboxes and notes; SQLite or PostgreSQL.

An edition is a row under its event and number: files that were accepted, or one amendment more.
Two that make the same number can't both succeed, which is all the locking that there is.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import BadConfig, Overtaken, TryLater
from bot.ports import Kept, Unfinished


Json = Any

SCHEMA: Final = 1
"""The version of the tables; `_UPGRADES` leads from each one to the next."""

_TABLES = sa.MetaData()
_META = sa.Table("meta", _TABLES, sa.Column("schema", sa.Integer, primary_key=True))
_EDITIONS = sa.Table(
    "editions",
    _TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
_INBOX = sa.Table(
    "inbox",
    _TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("payload", sa.Text),  # nothing once it is done
)
_NOTES = sa.Table(
    "notes",
    _TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
_IDS_LAST: Final = timedelta(hours=48)
_RETRY: Final = timedelta(seconds=5)
_FILES, _AMENDMENT = "files", "amendment"

_UPGRADES: Final[dict[int, Sequence[str]]] = {}
"""Statements by the version that they lead away from."""


class Store:
    """The editions of any number of events, their inboxes, and notes that are kept for a while."""

    def __init__(self, url: str) -> None:
        """`url` is a path for SQLite, or a database URL such as postgresql://host/name.

        Raises `BadConfig` if it is neither, or the path's folder isn't there.
        """
        self._engine = _engine(url)
        self._ready = False

    async def events(self) -> Sequence[str]:
        """The ids of all events."""
        async with self._begin() as connection:
            found = await connection.scalars(sa.select(_EDITIONS.c.event).distinct())
            return sorted(found)

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
                sa.select(rows.number, rows.payload)
                .where(rows.event == event, rows.number >= accepted)
                .order_by(rows.number)
            )
            (_, base), *later = [(number, json.loads(payload)) for number, payload in found]
        number = later[-1][0] if later else accepted
        log = (*base["log"], *(amendment for _, amendment in later))
        return Kept(number, base["files"], log)

    async def accept(
        self, event: str, number: int, files: Mapping[str, str], log: Sequence[Json], at: datetime
    ) -> None:
        """Keep files and what still applies to them."""
        await self._keep(event, number, _FILES, {"files": dict(files), "log": list(log)}, at)

    async def amend(self, event: str, number: int, amendment: Json, at: datetime) -> None:
        """Keep one more amendment."""
        await self._keep(event, number, _AMENDMENT, amendment, at)

    # -- inbox -------------------------------------------------------------------------------

    async def begin(self, event: str, item: str, payload: Json, at: datetime) -> bool:
        """Keep what came in, unless it was there."""
        row = {"event": event, "id": item, "at": _utc(at), "payload": _text(payload)}
        try:
            async with self._begin() as connection:
                await connection.execute(sa.insert(_INBOX).values(row))
        except IntegrityError:
            return False
        return True

    async def done(self, event: str, item: str) -> None:
        """Drop what was said, and keep its id."""
        mine = (_INBOX.c.event == event) & (_INBOX.c.id == item)
        async with self._begin() as connection:
            await connection.execute(sa.update(_INBOX).where(mine).values(payload=None))

    async def unfinished(self, event: str, before: datetime) -> Sequence[Unfinished]:
        """What wasn't done, the oldest first."""
        rows = _INBOX.c
        query = (
            sa.select(rows.id, rows.payload, rows.at)
            .where(rows.event == event, rows.payload.is_not(None), rows.at < _utc(before))
            .order_by(rows.at)
        )
        async with self._begin() as connection:
            found = await connection.execute(query)
            return [
                Unfinished(id_, json.loads(payload), datetime.fromisoformat(at))
                for id_, payload, at in found
            ]

    # -- notes -------------------------------------------------------------------------------

    async def note(self, event: str, kind: str, key: str, payload: Json, until: datetime) -> None:
        """Keep something for a while."""
        row = {"event": event, "kind": kind, "key": key}
        values = {"until": _utc(until), "payload": _text(payload)}
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(_NOTES).values(row | values)
        replaced = statement.on_conflict_do_update(index_elements=list(row), set_=values)
        async with self._begin() as connection:
            await connection.execute(replaced)

    async def noted(self, event: str, kind: str, key: str, now: datetime) -> Json | None:
        """What is kept."""
        query = sa.select(_NOTES.c.payload).where(_of(event, kind, key), _NOTES.c.until > _utc(now))
        async with self._begin() as connection:
            payload = await connection.scalar(query)
        return None if payload is None else json.loads(payload)

    async def sweep(self, now: datetime) -> None:
        """Drop what has had its time."""
        old = (_INBOX.c.at < _utc(now - _IDS_LAST)) & _INBOX.c.payload.is_(None)
        async with self._begin() as connection:
            await connection.execute(sa.delete(_NOTES).where(_NOTES.c.until <= _utc(now)))
            await connection.execute(sa.delete(_INBOX).where(old))

    async def close(self) -> None:
        """Let go of the database."""
        await self._engine.dispose()

    async def _keep(self, event: str, number: int, kind: str, payload: Json, at: datetime) -> None:
        rows = _EDITIONS.c
        row = {
            "event": event,
            "number": number,
            "kind": kind,
            "at": _utc(at),
            "payload": _text(payload),
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

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction on tables of the present version."""
        try:
            if not self._ready:
                await self._prepared()
            async with self._engine.begin() as connection:
                yield connection
        except (OperationalError, InterfaceError, OSError) as error:  # locked, or not to be reached
            raise TryLater(_RETRY) from error
        except DatabaseError as error:
            if isinstance(error, IntegrityError):
                raise
            raise BadConfig("this is no store of the bot's; delete it, or name another") from error

    async def _prepared(self) -> None:
        """Make the tables; where several start at once, one of them does, and the others see it."""
        for pause in (0.05, 0.2, 0.5, None):
            try:
                async with self._engine.begin() as connection:
                    await _prepare(connection)
                break
            except (IntegrityError, OperationalError, ProgrammingError):
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        self._ready = True


def _of(event: str, kind: str, key: str) -> sa.ColumnElement[bool]:
    return (_NOTES.c.event == event) & (_NOTES.c.kind == kind) & (_NOTES.c.key == key)


def _utc(moment: datetime) -> str:
    """A moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _text(payload: Json) -> str:
    return json.dumps(payload, ensure_ascii=False)


async def _prepare(connection: AsyncConnection) -> None:
    """Make the tables, or bring older ones up to the present version."""
    await connection.run_sync(_TABLES.create_all)
    version = await connection.scalar(sa.select(_META.c.schema))
    if version is None:
        await connection.execute(sa.insert(_META).values(schema=SCHEMA))
        return
    if version > SCHEMA:
        raise BadConfig(f"the store was made by a newer version of the bot (tables {version})")
    for step in range(version, SCHEMA):
        for statement in _UPGRADES[step]:
            await connection.execute(sa.text(statement))
    await connection.execute(sa.update(_META).values(schema=SCHEMA))


def _engine(url: str) -> AsyncEngine:
    scheme, found, rest = url.partition("://")
    if not found:
        if not Path(url).parent.is_dir():
            raise BadConfig(f"there is no folder {str(Path(url).parent)!r} to keep the store in")
        engine = create_async_engine(sa.URL.create("sqlite+aiosqlite", database=str(Path(url))))
        sa.event.listen(engine.sync_engine, "connect", _careful)
        return engine
    if scheme in ("postgresql", "postgres"):
        return create_async_engine(f"postgresql+asyncpg://{rest}", pool_pre_ping=True)
    raise BadConfig(f"the store's URL begins with {scheme!r}; give a path, or postgresql://…")


def _careful(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    """SQLite with a log of its own (WAL), so that readers don't wait for a writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
