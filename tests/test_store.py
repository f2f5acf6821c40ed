"""What every keeper of editions promises: in memory, in SQLite, and in a real PostgreSQL."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import BadConfig, Overtaken, TryLater
from bot.ports import Kept, Note, Unfinished
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
        found = [s.begin("small", [f"m{n}"], {}, AT) for n, s in enumerate(stores)]
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


def mine(unfinished, *events):
    """Those of some events: a real store may hold what other tests left open."""
    return [u for u in unfinished if u.event in events]


def test_what_comes_in_twice_is_told_apart_and_what_was_said_is_dropped_once_finished(kept):
    async def story(editions, event):
        other = f"o-{event}"[:64]
        assert await editions.begin(event, ["m1"], {"text": "when?"}, AT)
        assert not await editions.begin(event, ["m1"], {"text": "when?"}, AT)
        assert await editions.begin(event, ["m2"], {"text": "where?"}, AT - MINUTE)
        assert await editions.begin(other, ["m1"], {"text": "who?"}, AT - 2 * MINUTE)
        late = AT + MINUTE

        found = mine(await editions.unfinished(late), event, other)
        assert [(u.event, u.id) for u in found] == [(other, "m1"), (event, "m2"), (event, "m1")]
        assert mine(await editions.unfinished(AT - MINUTE), event) == []
        await editions.finish(event, "m2", [], AT)
        found = mine(await editions.unfinished(late), event)
        assert found == [Unfinished(event, "m1", {"text": "when?"}, AT)]
        assert not await editions.begin(event, ["m2"], {"text": "again"}, AT)

    kept(story)


def test_what_comes_in_under_any_id_that_is_there_is_not_kept_at_all(kept):
    async def story(editions, event):
        assert await editions.begin(event, ["mention", "message"], {"text": "when?"}, AT)
        assert not await editions.begin(event, ["message"], {"text": "when?"}, AT)
        assert not await editions.begin(event, ["fresh", "message"], {"text": "when?"}, AT)
        assert not await editions.begin(event, ["another", "mention", "more"], {}, AT)

        found = mine(await editions.unfinished(AT + MINUTE), event)
        assert found == [Unfinished(event, "mention", {"text": "when?"}, AT)]
        for id_ in ("fresh", "another", "more"):
            assert await editions.begin(event, [id_, id_], {}, AT)

    kept(story)


def test_of_many_that_come_in_at_once_under_ids_in_common_one_is_kept(kept):
    async def story(editions, event):
        ids = [["a", "b"], ["b", "a"], ["b", "c"], ["c", "d"], ["d"], ["e", "f"], ["f"], ["f", "g"]]
        begun = await asyncio.gather(*[editions.begin(event, i, {}, AT) for i in ids])

        assert begun == [True, False, False, True, False, True, False, False]
        found = mine(await editions.unfinished(AT + MINUTE), event)
        assert sorted(u.id for u in found) == ["a", "c", "e"]
        assert await editions.begin(event, ["g"], {}, AT)

    kept(story)


def test_between_stores_too_what_comes_in_under_ids_in_common_is_kept_once_and_whole(
    request, tmp_path
):
    async def story(urls):
        stores = [Store(url) for url in urls]
        event = "event-of-two-stores"
        pairs = [(f"{n}-mention", f"{n}-message") for n in range(100)]
        takes = [
            (store, ids if (n + s) % 2 else ids[::-1])
            for s, store in enumerate(stores)
            for n, ids in enumerate(pairs)
        ]
        begun = await asyncio.gather(*[s.begin(event, ids, {}, AT) for s, ids in takes])
        found = mine(await stores[0].unfinished(AT + MINUTE), event)
        for store in stores:
            await store.close()

        taken = [ids[0] for (_, ids), new in zip(takes, begun, strict=True) if new]
        assert sorted(int(id_.partition("-")[0]) for id_ in taken) == [*range(100)]
        assert sorted(taken) == sorted(u.id for u in found)

    asyncio.run(story([str(tmp_path / "shared.sqlite")] * 3))
    asyncio.run(story([request.getfixturevalue("postgres")] * 3))


def test_what_came_in_before_its_event_was_known_is_finished_under_it(kept):
    async def story(editions, event):
        id_ = f"m-{event}"[:64]
        assert await editions.begin("", [id_], {"text": "when?"}, AT)
        assert not await editions.begin("", [id_], {"text": "when?"}, AT)
        assert Unfinished("", id_, {"text": "when?"}, AT) in await editions.unfinished(AT + MINUTE)
        await editions.finish(event, id_, [], AT)

        assert id_ not in [u.id for u in await editions.unfinished(AT + MINUTE)]
        assert not await editions.begin("", [id_], {"text": "when?"}, AT)

    kept(story)


def test_what_is_unfinished_is_resumed_by_one_until_its_lease_ends(kept):
    async def story(editions, event):
        for n, id_ in enumerate(("first", "second", "young")):
            await editions.begin(event, [id_, f"{id_}-too"], {"n": n}, AT + n * MINUTE)
        now, before = AT + 3 * MINUTE, AT + 2 * MINUTE
        both = await asyncio.gather(*[editions.resume(now, before, MINUTE) for _ in range(2)])

        (resumed,) = [found for b in both if (found := mine(b, event))]
        assert resumed == [
            Unfinished(event, "first", {"n": 0}, AT),
            Unfinished(event, "second", {"n": 1}, AT + MINUTE),
        ]
        await editions.finish(event, "first", [], now)
        assert mine(await editions.resume(now + MINUTE / 2, before, MINUTE), event) == []
        again = mine(await editions.resume(now + MINUTE, before, MINUTE), event)
        assert [u.id for u in again] == ["second"]

    kept(story)


def test_of_stores_that_start_at_once_each_resumes_what_no_other_does(request, tmp_path):
    async def story(urls):
        stores = [Store(url) for url in urls]
        event = "event-that-is-resumed"
        many = [stores[0].begin(event, [f"m{n}"], {}, AT) for n in range(100)]
        await asyncio.gather(*many)
        now = AT + MINUTE
        found = await asyncio.gather(*[s.resume(now, now, MINUTE) for s in stores])
        for store in stores:
            await store.close()

        ids = [u.id for one in found for u in mine(one, event)]
        assert sorted(ids) == sorted(f"m{n}" for n in range(100))

    asyncio.run(story([str(tmp_path / "shared.sqlite")] * 3))
    asyncio.run(story([request.getfixturevalue("postgres")] * 3))


def test_a_change_and_the_end_of_what_it_came_in_by_are_kept_together_or_not_at_all(kept):
    async def story(editions, event):
        await editions.accept(event, 1, FILES, [], AT)
        await editions.begin(event, ["m1"], {"text": "delay 10"}, AT)
        await editions.begin("", [f"m2-{event}"[:64]], {"text": "delay 20"}, AT)
        with pytest.raises(Overtaken):
            await editions.amend(event, 1, {"by": "kim"}, AT, item="m1")
        assert [u.id for u in mine(await editions.unfinished(AT + MINUTE), event)] == ["m1"]
        await editions.amend(event, 2, {"by": "kim"}, AT, item="m1")
        await editions.amend(event, 3, {"by": "kim"}, AT, item=f"m2-{event}"[:64])

        left = [u.id for u in mine(await editions.unfinished(AT + MINUTE), event, "")]
        assert not {"m1", f"m2-{event}"[:64]} & {*left}
        assert (await editions.latest(event)).number == 3

    kept(story)


def test_a_note_lasts_until_its_moment_and_is_replaced_by_the_next(kept):
    async def story(editions, event):
        until = AT + 30 * MINUTE
        assert await editions.noted(event, "context", "kim", AT) is None
        await editions.finish(event, "", [Note(event, "context", "kim", ["a"], until)], AT)
        await editions.begin(event, ["m1"], {}, AT)
        left = [
            Note(event, "context", "kim", ["b"], until),
            Note(event, "token", "kim", {"asks": "yes"}, until),
            Note(event, "context", "kim", ["a", "é"], until),
        ]
        await editions.finish(event, "m1", left, AT)

        assert await editions.noted(event, "context", "kim", AT) == ["a", "é"]
        assert await editions.noted(event, "token", "kim", AT) == {"asks": "yes"}
        assert await editions.noted(event, "context", "lee", AT) is None
        assert await editions.noted(event, "context", "kim", until) is None
        assert mine(await editions.unfinished(AT + MINUTE), event) == []

    kept(story)


def test_of_many_that_drop_a_note_at_once_one_is_told_that_it_was_there(kept):
    async def story(editions, event):
        await editions.finish(event, "", [Note(event, "token", "t", {}, AT + MINUTE)], AT)
        dropped = await asyncio.gather(*[editions.drop(event, "token", "t") for _ in range(9)])

        assert sorted(dropped) == [False] * 8 + [True]
        assert await editions.noted(event, "token", "t", AT) is None
        assert not await editions.drop(event, "token", "never")

    kept(story)


def test_half_a_character_is_kept_like_all_that_people_say(kept):
    async def story(editions, event):
        await editions.begin(event, ["m1"], {"text": "wh\ud83dn?"}, AT)

        (found,) = mine(await editions.unfinished(AT + MINUTE), event)
        assert found.payload == {"text": "wh\ud83dn?"}

    kept(story)


def test_sweeping_drops_what_has_had_its_time_and_no_more(kept):
    async def story(editions, event):
        old = AT - timedelta(hours=49)
        await editions.begin(event, ["old", "too"], {}, old)
        await editions.begin(event, ["open"], {}, old)
        await editions.begin(event, ["late"], {}, old)
        await editions.begin(event, ["new"], {}, AT)
        await editions.finish(event, "old", [Note(event, "context", "gone", [], AT)], old)
        await editions.finish(event, "late", [], AT)
        await editions.finish(event, "new", [Note(event, "context", "there", [], AT + MINUTE)], AT)
        await editions.sweep(AT)

        assert await editions.begin(event, ["old"], {}, AT)  # forgotten, so it may come again
        assert await editions.begin(event, ["too"], {}, AT)
        assert not await editions.begin(event, ["new"], {}, AT)
        assert not await editions.begin(event, ["open"], {}, AT)
        assert not await editions.begin(event, ["late"], {}, AT)  # it was finished just now
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
        assert raw.execute("SELECT schema FROM meta").fetchall() == [(SCHEMA,)]


def test_a_store_of_the_second_version_is_upgraded_and_what_came_in_is_resumed(request, tmp_path):
    tables = """
        CREATE TABLE meta (schema INTEGER NOT NULL, PRIMARY KEY (schema));
        INSERT INTO meta VALUES (2);
        CREATE TABLE inbox (
            event TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL, payload TEXT,
            PRIMARY KEY (event, id)
        );
        INSERT INTO inbox VALUES
            ('kbnets17', 'm1', '2017-08-21T17:31:00.000000+00:00', '{"text": "when?"}');
    """

    async def look(url):
        async def resume(store):
            try:
                return await store.resume(AT + MINUTE, AT + MINUTE, MINUTE)
            finally:
                await store.close()

        stores = [Store(url) for _ in range(3)]  # one of them changes the tables
        return sorted(await asyncio.gather(*map(resume, stores)), key=len)

    async def run(url, script):
        store = Store(url)
        async with store._engine.connect() as connection:
            raw = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in filter(str.strip, script.split(";")):
                await raw.exec_driver_sql(statement)
        await store.close()

    async def of_postgresql(url):
        second = url.replace("/postgres?", "/second?")
        await run(url, "CREATE DATABASE second")
        await run(second, tables)
        return await look(second)

    found = [[], [], [Unfinished("kbnets17", "m1", {"text": "when?"}, AT)]]
    path = tmp_path / "editions.sqlite"
    with sqlite3.connect(path) as raw:
        raw.executescript(tables)
    assert asyncio.run(look(str(path))) == found
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT schema FROM meta").fetchall() == [(SCHEMA,)]
        assert ("inbox_open",) in raw.execute("SELECT name FROM sqlite_schema").fetchall()
    assert asyncio.run(of_postgresql(request.getfixturevalue("postgres"))) == found


def test_a_connection_that_is_lost_on_the_way_is_a_reason_to_try_later(request):
    async def story(store):
        assert await store.begin("event-of-the-lost", ["m1"], {}, AT)
        with pytest.raises(TryLater):
            await store._at_once(
                lambda c: c.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
            )
        assert not await store.begin("event-of-the-lost", ["m1"], {}, AT)
        await store.close()

    asyncio.run(story(Store(request.getfixturevalue("postgres"))))


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
