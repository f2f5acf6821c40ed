"""The database behind the store: its tables, and transactions that say what to do when they fail."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import BadConfig, TryLater


Json = Any

logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # it would write what people said

SCHEMA: Final = 3
"""The version of the tables; `_UPGRADES` leads from each one to the next."""

TABLES: Final = sa.MetaData()
META = sa.Table("meta", TABLES, sa.Column("schema", sa.Integer, primary_key=True))

_RETRY: Final = timedelta(seconds=5)

_UPGRADES: Final[dict[int, Sequence[tuple[str, str]]]] = {
    1: (),  # the tables of the outbox are new
    2: (
        ("inbox", "ALTER TABLE inbox ADD COLUMN lease TEXT"),
        ("inbox", "CREATE INDEX inbox_open ON inbox (at) WHERE payload IS NOT NULL"),
    ),
}
"""Statements and the tables that they change, by the version that they lead away from.

A table that wasn't there is made as it is now, and needs none of them.
"""


def utc(moment: datetime) -> str:
    """A moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def utc_or_none(moment: datetime | None) -> str | None:
    """The same for what may be nothing."""
    return None if moment is None else utc(moment)


def moment(text: str) -> datetime:
    """The moment that `utc` made a text of."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """The same for what may be nothing."""
    return None if text is None else moment(text)


def text(payload: Json) -> str:
    """Plain values as the text of JSON."""
    found = json.dumps(payload, ensure_ascii=False)
    try:
        found.encode()
    except UnicodeEncodeError:  # half a character, which somebody said and no database takes
        return json.dumps(payload)
    return found


_P = ParamSpec("_P")
_T = TypeVar("_T")


def whole(
    work: Callable[_P, Coroutine[Any, Any, _T]],
) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Let work on the database come to its end, even if whoever asked for it is cancelled.

    A transaction that is cancelled on its way can leave a connection behind that has locked SQLite,
    and then nobody can write any more.
    """

    @wraps(work)
    async def run(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await to_its_end(asyncio.create_task(work(*args, **kwargs)))

    return run


async def to_its_end(begun: asyncio.Future[_T]) -> _T:
    """The result of what was begun; if this is cancelled, that is waited for all the same."""
    try:
        return await asyncio.shield(begun)
    except asyncio.CancelledError:
        if not begun.done():
            await asyncio.wait([begun])
        if not begun.cancelled():
            begun.exception()  # nobody is there any more to be told
        raise


class Database:
    """SQLite or PostgreSQL, with tables of the present version once it is used."""

    def __init__(self, url: str) -> None:
        """`url` is a path for SQLite, or a database URL such as postgresql://host/name.

        Raises `BadConfig` if it is neither, or the path's folder isn't there.
        """
        self._engine = _engine(url)
        self._file = None if "://" in url else Path(url)
        self._ready = False
        # One process writes to SQLite through one connection at a time: those that wait here wait
        # in turn, while those that wait inside SQLite sleep and try, and some of them too long.
        self._turn = asyncio.Lock() if self._engine.dialect.name == "sqlite" else None
        self._plain = None if self._file is None else _Thread(self._file)

    def _insert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        """An insertion that can say what to do about a row that is there."""
        if self._engine.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction. Raises `TryLater` if the database can't be reached."""
        if self._turn is None:
            async with self._transaction() as connection:
                yield connection
        else:
            async with self._turn, self._transaction() as connection:
                yield connection

    async def _at_once(self, work: Callable[[sa.Connection], _T]) -> _T:
        """A transaction of work that waits for nothing but the database; raises as `_begin` does.

        With SQLite that is one trip to a thread and back, and not one for each step: the trips are
        what takes the time.
        """
        if self._plain is None or self._turn is None:
            async with self._begin() as connection:
                return await connection.run_sync(work)
        async with self._turn:
            with _told():
                await self._there()
                return await self._plain.run(work)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        with _told():
            await self._there()
            async with self._engine.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Let go of the database."""
        if self._plain is not None:
            await self._plain.close()
        await self._engine.dispose()

    async def _there(self) -> None:
        """See to it that the database has its tables, and its file is still there."""
        if not self._ready:
            await self._prepared()
        elif self._file is not None and not self._file.exists():
            raise BadConfig(f"the store {self._file.name!r} was deleted while it was in use")

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


class _Thread:
    """A connection to SQLite of its own, on which a thread does whole transactions."""

    def __init__(self, path: Path) -> None:
        self._engine = _careful_with(
            sa.create_engine(_sqlite("sqlite", path), hide_parameters=True)
        )
        self._thread = ThreadPoolExecutor(1, "store")

    async def run(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Do a transaction; it comes to its end even if this is cancelled."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    def _do(self, work: Callable[[sa.Connection], _T]) -> _T:
        with self._engine.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        """Let go of the connection; the next transaction makes another one."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what went wrong with a transaction by what one can do about it."""
    try:
        yield
    # Locked, not to be reached, or no connection free in time.
    except (OperationalError, InterfaceError, NoConnection, OSError) as error:
        raise TryLater(_RETRY) from error
    except DatabaseError as error:
        if isinstance(error, IntegrityError):
            raise
        raise BadConfig("this is no store of the bot's; delete it, or name another") from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise TryLater(_RETRY) from error  # the connection was lost on the way


async def _prepare(connection: AsyncConnection) -> None:
    """Make the tables, or bring older ones up to the present version."""
    there = await connection.run_sync(lambda c: sa.inspect(c).get_table_names())
    await connection.run_sync(TABLES.create_all)
    version = await connection.scalar(sa.select(META.c.schema))
    if version is None:
        await connection.execute(sa.insert(META).values(schema=SCHEMA))
        return
    if version > SCHEMA:
        raise BadConfig(f"the store was made by a newer version of the bot (tables {version})")
    for step in range(version, SCHEMA):
        for table, statement in _UPGRADES[step]:
            if table in there:
                await connection.execute(sa.text(statement))
    if version < SCHEMA:
        await connection.execute(sa.update(META).values(schema=SCHEMA))


def _engine(url: str) -> AsyncEngine:
    scheme, found, rest = url.partition("://")
    if not found:
        if not Path(url).parent.is_dir():
            raise BadConfig(f"there is no folder {str(Path(url).parent)!r} to keep the store in")
        engine = create_async_engine(_sqlite("sqlite+aiosqlite", Path(url)), hide_parameters=True)
        _careful_with(engine.sync_engine)
        return engine
    if scheme in ("postgresql", "postgres"):
        made = f"postgresql+asyncpg://{rest}"
        return create_async_engine(made, pool_pre_ping=True, hide_parameters=True)
    raise BadConfig(f"the store's URL begins with {scheme!r}; give a path, or postgresql://…")


def _sqlite(driver: str, path: Path) -> sa.URL:
    return sa.URL.create(driver, database=str(path))


def _careful_with(engine: sa.Engine) -> sa.Engine:
    sa.event.listen(engine, "connect", _careful)
    sa.event.listen(engine, "begin", _immediate)
    return engine


def _careful(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    """SQLite with a log of its own (WAL), so that readers don't wait for a writer.

    What is written outlives the process, however it ends; only a power cut may take the last
    moments with it, as the log isn't flushed to the disk each time.
    """
    connection.isolation_level = None  # transactions begin when we say so
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _immediate(connection: sa.Connection) -> None:
    """Begin as a writer: a reader that wants to write later can find that it may not any more."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
