"""Group commit: whoever comes while a transaction is under way shares the next, and nobody waits in vain."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.errors import TryLater
from bot.ports import Note
from bot.store import Store
from bot.store.batch import Batch


AT = datetime(2017, 8, 21, 17, 31, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Work:
    """Doubles numbers after a while; `until` holds it up, `bad` ones make it fail."""

    def __init__(self, bad=(), error=ValueError):
        self.done = []
        self.began = asyncio.Event()
        self.until = asyncio.Event()
        self.until.set()
        self.bad = bad
        self.error = error

    async def __call__(self, items):
        self.done.append([*items])
        self.began.set()
        await self.until.wait()
        if {*self.bad} & {*items}:
            raise self.error(timedelta(seconds=5))
        return [2 * item for item in items]


def test_a_lone_item_is_done_at_once_and_those_that_come_meanwhile_together():
    async def story():
        work = Work()
        work.until.clear()
        batch = Batch(work, 3)
        first = asyncio.create_task(batch.add(1))
        await work.began.wait()
        others = [asyncio.create_task(batch.add(n)) for n in (2, 3, 4, 5)]
        await asyncio.sleep(0)
        assert work.done == [[1]]
        work.until.set()

        assert await asyncio.gather(first, *others) == [2, 4, 6, 8, 10]
        assert work.done == [[1], [2, 3, 4], [5]]
        assert await batch.add(6) == 12

    asyncio.run(story())


def test_one_that_fails_takes_no_others_with_it():
    async def story():
        work = Work(bad=[2])
        batch = Batch(work, 9)
        found = await asyncio.gather(*map(batch.add, (1, 2, 3)), return_exceptions=True)

        assert [found[0], type(found[1]), found[2]] == [2, ValueError, 6]
        assert work.done == [[1, 2, 3], [1], [2], [3]]

    asyncio.run(story())


def test_a_store_that_cannot_be_reached_is_tried_once_for_all():
    async def story():
        work = Work(bad=[2], error=TryLater)
        batch = Batch(work, 9)
        found = await asyncio.gather(*map(batch.add, (1, 2, 3)), return_exceptions=True)

        assert [type(f) for f in found] == [TryLater] * 3
        assert work.done == [[1, 2, 3]]

    asyncio.run(story())


def test_what_was_added_is_done_even_if_whoever_added_it_is_cancelled():
    async def story():
        work = Work()
        work.until.clear()
        batch = Batch(work, 9)
        under_way = asyncio.create_task(batch.add(1))
        await work.began.wait()
        waiting = asyncio.create_task(batch.add(2))
        await asyncio.sleep(0)
        for task in (under_way, waiting):
            task.cancel()
        await asyncio.sleep(0)
        assert not under_way.done()  # it waits for the end, so that a store isn't closed before
        work.until.set()
        found = await asyncio.gather(under_way, waiting, return_exceptions=True)

        assert [type(f) for f in found] == [asyncio.CancelledError] * 2
        assert work.done == [[1], [2]]
        assert await batch.add(3) == 6

    asyncio.run(story())


def test_whenever_an_item_comes_it_is_done():
    async def story():
        batch = Batch(Work(), 2)

        async def later(n):
            for _ in range(n):
                await asyncio.sleep(0)
            return await batch.add(n)

        assert await asyncio.gather(*map(later, range(99))) == [2 * n for n in range(99)]

    asyncio.run(story())


@pytest.mark.parametrize("steps", range(4))
def test_a_loop_that_ends_leaves_nobody_waiting_and_the_next_one_can_go_on(steps):
    ended: list[asyncio.Task[int]] = []

    async def work(items):
        if not ended:
            await asyncio.Event().wait()
        return [2 * item for item in items]

    batch = Batch(work, 1)

    async def story():
        tasks = [asyncio.create_task(batch.add(n)) for n in range(3)]
        for _ in range(steps):
            await asyncio.sleep(0)
        ended.extend(tasks)

    asyncio.run(story())
    assert all(task.cancelled() for task in ended)
    assert asyncio.run(batch.add(5)) == 10


def test_ending_waits_for_what_is_under_way():
    async def story():
        work = Work()
        batch = Batch(work, 1)
        await batch.ended()
        tasks = [asyncio.create_task(batch.add(n)) for n in range(3)]
        await asyncio.sleep(0)
        await batch.ended()

        assert work.done == [[0], [1], [2]]
        assert await asyncio.gather(*tasks) == [0, 2, 4]

    asyncio.run(story())


# -- in a store ------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request, tmp_path):
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    return request.getfixturevalue("postgres")


def counted(store):
    """The transactions of a store from now on, as a list that grows."""
    found: list[sa.Connection] = []
    engines = [store._engine.sync_engine]
    if store._plain is not None:
        engines.append(store._plain._engine)
    for engine in engines:
        sa.event.listen(engine, "commit", found.append)
    return found


def test_many_that_come_at_once_share_a_transaction(urls):
    async def story():
        store = Store(urls)
        event = "event-of-many"
        assert await store.begin(event, ["first"], {}, AT)
        transactions = counted(store)
        ids = [[f"{n}-mention", f"{n}-message"] for n in range(200)]
        begun = await asyncio.gather(*[store.begin(event, i, {"n": i}, AT) for i in ids])
        assert begun == [True] * 200
        assert len(transactions) == 1

        notes = [Note(event, "context", f"{n}", [n], AT + MINUTE) for n in range(200)]
        for task in asyncio.as_completed(
            [store.finish(event, i, [n], AT) for (i, _), n in zip(ids, notes, strict=True)]
            + [store.begin(event, i[::-1], {}, AT) for i in ids]
        ):
            assert await task in {None, False}
        assert len(transactions) == 3  # three hundred, and the rest
        assert await store.noted(event, "context", "7", AT) == [7]
        found = await store.unfinished(AT + MINUTE)
        assert [u.id for u in found if u.event == event] == ["first"]
        await store.close()

    asyncio.run(story())


def test_a_row_that_no_database_takes_is_refused_alone(urls):
    async def story():
        store = Store(urls)
        event = "event-of-a-bad-row"
        ids = ["a", "half a \ud83d", "b"]
        begun = await asyncio.gather(
            *[store.begin(event, [i], {}, AT) for i in ids], return_exceptions=True
        )
        found = await store.unfinished(AT + MINUTE)
        await store.close()

        assert [begun[0], isinstance(begun[1], Exception), begun[2]] == [True, True, True]
        assert [u.id for u in found if u.event == event] == ["a", "b"]

    asyncio.run(story())


def test_who_is_cancelled_leaves_a_store_that_can_be_closed_and_used_again(urls):
    async def story():
        store = Store(urls)
        event = "event-of-the-cancelled"
        tasks = [asyncio.create_task(store.begin(event, [f"{n}"], {}, AT)) for n in range(9)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await store.close()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(f) for f in found] == [asyncio.CancelledError] * 9

        assert not await store.begin(event, ["3"], {}, AT)
        assert await store.begin(event, ["another"], {}, AT)
        await store.close()

    asyncio.run(story())
    asyncio.run(Store(urls).close())


def test_a_store_serves_one_loop_after_another(tmp_path):
    store = Store(str(tmp_path / "store.sqlite"))

    async def story(id_):
        try:
            return await store.begin("small", [id_], {}, AT)
        finally:
            await store.close()

    assert [asyncio.run(story(id_)) for id_ in ("a", "a", "b")] == [True, False, True]
