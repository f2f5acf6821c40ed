"""What came in, kept until it is finished, and notes that are kept for a while.

What is begun and finished at the same time shares transactions: a question takes two of them, and
many ask at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from bot.ports import Note, Unfinished
from bot.store.batch import Batch
from bot.store.database import TABLES, Database, Json, moment, text, utc, whole


_INBOX: Final = sa.Table(
    "inbox",
    TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("payload", sa.Text),  # nothing once it is finished, and of further ids
    sa.Column("lease", sa.Text),  # until when somebody works on it who isn't the first
)
_UNFINISHED: Final = _INBOX.c.payload.is_not(None)
sa.Index("inbox_open", _INBOX.c.at, sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED)
_NOTES: Final = sa.Table(
    "notes",
    TABLES,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
_IDS_LAST: Final = timedelta(hours=48)
_TOGETHER: Final = 300
"""How many share a transaction at most: a few milliseconds' work, which others have to wait for."""

# Statements that each question takes: made once, as making one takes as long as running it.
_DELETE: Final = sa.delete(_INBOX).where(
    _INBOX.c.event == sa.bindparam("event_"), _INBOX.c.id == sa.bindparam("id_")
)
_FINISH: Final = (
    sa.update(_INBOX)
    .where(
        _INBOX.c.event.in_((sa.bindparam("event_"), sa.literal(""))),
        _INBOX.c.id == sa.bindparam("id_"),
    )
    .values(payload=None, lease=None, at=sa.bindparam("at_"))
)
_OF_KEY: Final = (
    (_NOTES.c.event == sa.bindparam("event_"))
    & (_NOTES.c.kind == sa.bindparam("kind_"))
    & (_NOTES.c.key == sa.bindparam("key_"))
)
_NOTED: Final = sa.select(_NOTES.c.payload).where(_OF_KEY, _NOTES.c.until > sa.bindparam("now_"))
_DROP: Final = sa.delete(_NOTES).where(_OF_KEY)

_T = TypeVar("_T")
_Id = tuple[str, str]
"""An event, and an id of its inbox."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """What came in, as plain columns; the first of the `ids` is the one that keeps the payload."""

    ids: tuple[_Id, ...]
    payload: str
    at: str

    def rows(self) -> dict[_Id, dict[str, str | None]]:
        """The rows of the inbox that it makes."""
        first = self.ids[0]
        return {
            (event, id_): {
                "event": event,
                "id": id_,
                "at": self.at,
                "payload": self.payload if (event, id_) == first else None,
            }
            for event, id_ in self.ids
        }


@dataclass(frozen=True, slots=True)
class _Finished:
    """What is finished, if it came in by the inbox, and rows of notes by their keys."""

    id: _Id | None
    at: str
    notes: dict[tuple[str, str, str], dict[str, str]]


_Other = Callable[[sa.Connection], Any]
"""Other small work on the database, such as to look up a note."""


class Incoming(Database):
    """The inboxes of any number of events, and notes."""

    def __init__(self, url: str) -> None:
        """`url` is as `Database` takes it."""
        super().__init__(url)
        self._batch: Batch[_Begun | _Finished | _Other, Any] = Batch(self._write, _TOGETHER)

    async def close(self) -> None:
        """Let what is under way end, and let go of the database."""
        await self._batch.ended()
        await super().close()

    # -- inbox -------------------------------------------------------------------------------

    async def begin(self, event: str, items: Sequence[str], payload: Json, at: datetime) -> bool:
        """Keep what came in, unless any of its ids was there."""
        ids = tuple((event, item) for item in dict.fromkeys(items))
        fresh: bool = await self._batch.add(_Begun(ids, text(payload), utc(at)))
        return fresh

    async def finish(self, event: str, item: str, notes: Sequence[Note], at: datetime) -> None:
        """Drop what was said, and keep notes."""
        rows = {
            (n.event, n.kind, n.key): {"until": utc(n.until), "payload": text(n.payload)}
            for n in notes
        }
        await self._batch.add(_Finished((event, item) if item else None, utc(at), rows))

    async def _at_once(self, work: Callable[[sa.Connection], _T]) -> _T:
        """A transaction that small work shares with all that comes at the same time."""
        done: _T = await self._batch.add(work)
        return done

    @whole
    async def _write(self, batch: Sequence[_Begun | _Finished | _Other]) -> Sequence[Any]:
        """Begin and finish all of these, then do the other work; what each comes to.

        Rows are written in the order of their keys, so that processes never wait crosswise.
        """
        begun = [one for one in batch if isinstance(one, _Begun)]
        finished = [one for one in batch if isinstance(one, _Finished)]

        def write(connection: sa.Connection) -> Sequence[Any]:
            fresh = iter(self._keep_new(connection, begun))
            self._keep_finished(connection, finished)
            return [self._result(connection, one, fresh) for one in batch]

        return await super()._at_once(write)

    @staticmethod
    def _result(
        connection: sa.Connection, one: _Begun | _Finished | _Other, fresh: Iterator[bool]
    ) -> Any:  # noqa: ANN401 - whatever the work comes to
        match one:
            case _Begun():
                return next(fresh)
            case _Finished():
                return True
            case _:
                return one(connection)

    def _keep_new(self, connection: sa.Connection, begun: Sequence[_Begun]) -> Sequence[bool]:
        """Keep those of which no id was there; which ones these are.

        All that share no id are put in by one statement, and it tells which ids weren't there. If
        that are not all of something's, those are taken out again: nobody has seen them, but for
        processes that came upon the same ids, and these wait for the end of this transaction.
        """
        fresh = [False] * len(begun)
        there: set[_Id] = set()
        left = [*enumerate(begun)]
        while left:
            trying: dict[_Id, dict[str, str | None]] = {}
            mine: list[tuple[int, _Begun]] = []
            later: list[tuple[int, _Begun]] = []
            for n, one in left:
                if not there.isdisjoint(one.ids):
                    continue
                if not trying.keys().isdisjoint(one.ids):
                    later.append((n, one))
                    continue
                mine.append((n, one))
                trying |= one.rows()
            if not trying:
                break  # all that was left is there
            rows = [trying[id_] for id_ in sorted(trying)]
            added = {(row.event, row.id) for row in connection.execute(self._adding, rows)}
            there |= trying.keys() - added
            halves: set[_Id] = set()
            for n, one in mine:
                if added.issuperset(one.ids):
                    fresh[n] = True
                    there.update(one.ids)
                else:
                    halves |= added.intersection(one.ids)
            if halves:
                taking = [{"event_": event, "id_": id_} for event, id_ in sorted(halves)]
                connection.execute(_DELETE, taking)
            left = later
        return fresh

    def _keep_finished(self, connection: sa.Connection, finished: Sequence[_Finished]) -> None:
        done = {one.id: one.at for one in finished if one.id is not None}
        notes = {key: row for one in finished for key, row in one.notes.items()}
        if done:
            _finish(connection, done)
        if notes:
            rows = [
                {"event": event, "kind": kind, "key": key, **notes[event, kind, key]}
                for event, kind, key in sorted(notes)
            ]
            connection.execute(self._noting, rows)

    @cached_property
    def _adding(self) -> sa.Executable:
        adding = self._insert(_INBOX).on_conflict_do_nothing()
        return adding.returning(_INBOX.c.event, _INBOX.c.id)

    @cached_property
    def _noting(self) -> sa.Executable:
        adding = self._insert(_NOTES)
        values = {"until": adding.excluded.until, "payload": adding.excluded.payload}
        return adding.on_conflict_do_update(index_elements=["event", "kind", "key"], set_=values)

    @whole
    async def unfinished(self, before: datetime) -> Sequence[Unfinished]:
        """What wasn't finished, the oldest first."""
        query = sa.select(_INBOX).where(_UNFINISHED, _INBOX.c.at < utc(before))
        async with self._begin() as connection:
            return _by_age(await connection.execute(query))

    @whole
    async def resume(
        self, now: datetime, before: datetime, lease: timedelta
    ) -> Sequence[Unfinished]:
        """Claim what wasn't finished and nobody works on.

        Of two that would change a row, the second waits for the first, and then doesn't find it free.
        """
        free = _INBOX.c.lease.is_(None) | (_INBOX.c.lease <= utc(now))
        change = sa.update(_INBOX).where(_UNFINISHED, _INBOX.c.at < utc(before), free)
        claim = change.values(lease=utc(now + lease)).returning(*_INBOX.c)
        async with self._begin() as connection:
            return _by_age(await connection.execute(claim))

    # -- notes -------------------------------------------------------------------------------

    @whole
    async def noted(self, event: str, kind: str, key: str, now: datetime) -> Json | None:
        """What is kept."""
        values = {"event_": event, "kind_": kind, "key_": key, "now_": utc(now)}
        payload = await self._at_once(lambda connection: connection.scalar(_NOTED, values))
        return None if payload is None else json.loads(payload)

    @whole
    async def drop(self, event: str, kind: str, key: str) -> bool:
        """Keep a note no longer; of two that want that, only one deletes the row."""
        values = {"event_": event, "kind_": kind, "key_": key}
        return await self._at_once(lambda c: c.execute(_DROP, values).rowcount == 1)

    @whole
    async def sweep(self, now: datetime) -> None:
        """Drop what has had its time."""
        old = (_INBOX.c.at < utc(now - _IDS_LAST)) & _INBOX.c.payload.is_(None)
        async with self._begin() as connection:
            await connection.execute(sa.delete(_INBOX).where(old))
            await connection.execute(sa.delete(_NOTES).where(_NOTES.c.until <= utc(now)))


def finish_item(connection: sa.Connection, event: str, item: str, at: datetime) -> None:
    """Finish an item within the transaction that keeps what it brought about."""
    _finish(connection, {(event, item): utc(at)})


def _finish(connection: sa.Connection, done: dict[_Id, str]) -> None:
    rows = [{"event_": event, "id_": id_, "at_": done[event, id_]} for event, id_ in sorted(done)]
    connection.execute(_FINISH, rows)


def _by_age(rows: sa.CursorResult[Any]) -> list[Unfinished]:
    found = [Unfinished(r.event, r.id, json.loads(r.payload), moment(r.at)) for r in rows]
    return sorted(found, key=lambda u: u.at)
