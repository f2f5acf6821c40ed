"""What every keeper of editions promises: in memory, in SQLite, and in a real PostgreSQL."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import BadConfig, Overtaken
from bot.ports import Kept, Unfinished
from bot.store import SCHEMA, Store
from tests.fakes import MemoryEditions


AT = datetime(2017, 8, 21, 17, 31, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FILES = {"event.yaml": "id: é\n", "program/a.yaml": "sessions: []\n"}


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kept(request, tmp_path):
    """A function that runs a story against a fresh keeper of one kind."""

    def run(story):
        async def told():
            makers: dict[str, Callable[[], Any]] = {
                "memory": MemoryEditions,
                "sqlite": lambda: Store(str(tmp_path / "editions.sqlite")),
                "postgresql": lambda: Store(request.getfixturevalue("postgres")),
            }
            editions = makers[request.param]()
            try:
                await story(editions, f"event-of-{request.node.name}"[:64])
            finally:
                await editions.close()

        asyncio.run(told())

    return run


def test_of_an_unknown_event_there_is_no_edition(kept):
    async def story(editions, event):
        assert await editions.latest(event) is None

    kept(story)


def test_what_was_accepted_and_amended_comes_back_in_order(kept):
    async def story(editions, event):
        await editions.accept(event, 1, FILES, [], AT)
        await editions.amend(event, 2, {"number": 1, "said": "„delay“ 10"}, AT + MINUTE)
        await editions.amend(event, 3, {"number": 2}, AT + MINUTE)

        assert await editions.latest(event) == Kept(
            3, FILES, ({"number": 1, "said": "„delay“ 10"}, {"number": 2}), AT
        )

    kept(story)


def test_new_files_bring_the_amendments_that_still_apply(kept):
    async def story(editions, event):
        await editions.accept(event, 1, FILES, [], AT)
        await editions.amend(event, 2, {"number": 1}, AT)
        later = AT + MINUTE
        await editions.accept(event, 3, {"event.yaml": "id: b"}, [{"number": 1}], later)
        await editions.amend(event, 4, {"number": 2}, later + MINUTE)

        latest = await editions.latest(event)
        assert latest == Kept(4, {"event.yaml": "id: b"}, ({"number": 1}, {"number": 2}), later)
        assert latest.since.utcoffset() == timedelta()

    kept(story)


def test_of_two_that_make_the_same_edition_one_is_overtaken(kept):
    async def story(editions, event):
        await editions.accept(event, 1, FILES, [], AT)
        await editions.amend(event, 2, {"by": "kim"}, AT)
        with pytest.raises(Overtaken):
            await editions.amend(event, 2, {"by": "lee"}, AT)
        with pytest.raises(Overtaken):
            await editions.amend(f"no-{event}"[:64], 1, {"by": "lee"}, AT)  # to no files
        with pytest.raises(Overtaken):
            await editions.accept(event, 5, FILES, [], AT)

        assert (await editions.latest(event)).log == ({"by": "kim"},)

    kept(story)


def test_several_that_start_at_once_make_the_tables_once(tmp_path):
    async def story():
        stores = [Store(str(tmp_path / "new.sqlite")) for _ in range(5)]
        found = [s.begin("small", f"m{n}", {}, AT) for n, s in enumerate(stores)]
        begun = await asyncio.gather(*found)
        for store in stores:
            await store.close()
        return begun

    assert asyncio.run(story()) == [True] * 5


def test_events_are_kept_apart(kept):
    async def story(editions, event):
        await editions.accept(event, 1, FILES, [], AT)
        other = f"other-{event}"[:64]
        await editions.accept(other, 1, {"event.yaml": "other"}, [], AT)

        assert {event, other} <= {*await editions.events()}
        assert (await editions.latest(event)).files == FILES
        assert (await editions.latest(other)).files == {"event.yaml": "other"}

    kept(story)


def test_what_comes_in_twice_is_told_apart_and_what_was_said_is_dropped_once_done(kept):
    async def story(editions, event):
        assert await editions.begin(event, "m1", {"text": "when?"}, AT)
        assert not await editions.begin(event, "m1", {"text": "when?"}, AT)
        assert await editions.begin(event, "m2", {"text": "where?"}, AT - MINUTE)
        assert await editions.begin(f"o-{event}"[:64], "m1", {"text": "who?"}, AT)
        late = AT + MINUTE

        assert [u.id for u in await editions.unfinished(event, late)] == ["m2", "m1"]
        assert await editions.unfinished(event, AT - MINUTE) == []
        await editions.done(event, "m2")
        assert await editions.unfinished(event, late) == [Unfinished("m1", {"text": "when?"}, AT)]
        assert not await editions.begin(event, "m2", {"text": "again"}, AT)

    kept(story)


def test_a_note_lasts_until_its_moment_and_is_replaced_by_the_next(kept):
    async def story(editions, event):
        until = AT + 30 * MINUTE
        assert await editions.noted(event, "context", "kim", AT) is None
        await editions.note(event, "context", "kim", ["a"], until)
        await editions.note(event, "context", "kim", ["a", "é"], until)
        await editions.note(event, "token", "kim", {"asks": "yes"}, until)

        assert await editions.noted(event, "context", "kim", AT) == ["a", "é"]
        assert await editions.noted(event, "token", "kim", AT) == {"asks": "yes"}
        assert await editions.noted(event, "context", "lee", AT) is None
        assert await editions.noted(event, "context", "kim", until) is None

    kept(story)


def test_sweeping_drops_what_has_had_its_time_and_no_more(kept):
    async def story(editions, event):
        old = AT - timedelta(hours=49)
        await editions.begin(event, "old", {}, old)
        await editions.begin(event, "open", {}, old)
        await editions.begin(event, "new", {}, AT)
        for id_ in ("old", "new"):
            await editions.done(event, id_)
        await editions.note(event, "context", "gone", [], AT)
        await editions.note(event, "context", "there", [], AT + MINUTE)
        await editions.sweep(AT)

        assert await editions.begin(event, "old", {}, AT)  # forgotten, so it may come again
        assert not await editions.begin(event, "new", {}, AT)
        assert not await editions.begin(event, "open", {}, AT)
        assert await editions.noted(event, "context", "there", AT) == []

    kept(story)


def test_what_was_kept_is_there_after_a_restart(tmp_path):
    path = str(tmp_path / "editions.sqlite")

    async def write():
        store = Store(path)
        await store.accept("kbnets17", 1, FILES, [], AT)
        await store.close()

    async def read():
        store = Store(path)
        found = await store.latest("kbnets17")
        await store.close()
        return found

    asyncio.run(write())
    assert asyncio.run(read()) == Kept(1, FILES, (), AT)
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert raw.execute("SELECT schema FROM meta").fetchone() == (SCHEMA,)
        assert json.loads(raw.execute("SELECT payload FROM editions").fetchone()[0])["log"] == []


def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "editions.sqlite"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE meta (schema INTEGER NOT NULL)")
        raw.execute("INSERT INTO meta VALUES (?)", (SCHEMA + 1,))

    async def look():
        store = Store(str(path))
        try:
            await store.latest("kbnets17")
        finally:
            await store.close()

    with pytest.raises(BadConfig, match="newer version of the bot"):
        asyncio.run(look())


def test_a_store_of_the_first_version_is_upgraded_and_its_editions_are_kept(tmp_path):
    path = tmp_path / "editions.sqlite"
    with sqlite3.connect(path) as raw:
        raw.executescript("""
            CREATE TABLE meta (schema INTEGER NOT NULL, PRIMARY KEY (schema));
            INSERT INTO meta VALUES (1);
            CREATE TABLE editions (
                event TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
                payload TEXT NOT NULL, PRIMARY KEY (event, number)
            );
            INSERT INTO editions VALUES (
                'kbnets17', 1, 'files', '2017-08-21T17:31:00.000000+00:00',
                '{"files": {"event.yaml": "id: kbnets17"}, "log": []}'
            );
        """)

    async def look():
        store = Store(str(path))
        try:
            service = await store.begun("kbnets17", AT + MINUTE)  # of a table that it hadn't
            return await store.latest("kbnets17"), service.since
        finally:
            await store.close()

    kept = Kept(1, {"event.yaml": "id: kbnets17"}, (), AT)
    assert asyncio.run(look()) == (kept, AT + MINUTE)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT schema FROM meta").fetchall() == [(2,)]


def test_what_is_no_store_is_left_alone_and_told(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"not a database at all, but a text of some length" * 40)

    async def look():
        store = Store(str(path))
        try:
            await store.latest("kbnets17")
        finally:
            await store.close()

    with pytest.raises(BadConfig, match="this is no store of the bot's"):
        asyncio.run(look())
    assert path.read_bytes().startswith(b"not a database")


def test_a_url_of_another_database_is_refused():
    with pytest.raises(BadConfig, match="begins with 'mysql'; give a path, or postgresql"):
        Store("mysql://localhost/x")
