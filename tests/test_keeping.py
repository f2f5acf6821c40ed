"""The store behind the reception: in time or not at all, and what it missed is told it later."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import BadConfig, TryLater
from bot.keeping import Keeping
from bot.ports import Note
from tests.fakes import MemoryEditions


NOW = datetime(2017, 8, 21, 18, tzinfo=UTC)
NOTE = Note("x", "context", "ann", {"turns": []}, NOW + timedelta(minutes=30))


class Flaky(MemoryEditions):
    """A store that does what `trouble` says, and counts how often it is asked to finish something."""

    trouble: object = None

    def __init__(self):
        super().__init__()
        self.finished = 0

    async def finish(self, *args):
        self.finished += 1
        if isinstance(self.trouble, Exception):
            raise self.trouble
        if self.trouble == "hangs":
            await asyncio.sleep(60)
        await super().finish(*args)

    async def noted(self, *args):
        if isinstance(self.trouble, Exception):
            raise self.trouble
        return await super().noted(*args)


async def rested(keeping):
    keeping._rests_until = 0.0


def test_many_that_finish_at_once_are_finished_once_each():
    async def scenario():
        store = Flaky()
        keeping = Keeping(store)
        for n in range(50):
            await store.begin("x", [f"q{n}"], {}, NOW)
        await asyncio.gather(*(keeping.finish("x", f"q{n}", [], NOW) for n in range(50)))
        return store.finished, await store.unfinished(NOW + timedelta(days=1))

    assert asyncio.run(scenario()) == (50, [])


@pytest.mark.parametrize("trouble", [TryLater(), BadConfig("it was deleted"), "hangs"])
def test_what_could_not_be_kept_is_known_at_once_and_kept_when_the_store_is_back(trouble):
    async def scenario():
        store = Flaky()
        keeping = Keeping(store)
        await store.begin("x", ["q1"], {}, NOW)
        store.trouble = trouble
        with pytest.raises(TryLater):
            await keeping.finish("x", "q1", [NOTE], NOW)
        known = await keeping.noted("x", "context", "ann", NOW)
        store.trouble = None
        await rested(keeping)
        await keeping.catch_up(NOW)
        return known, await store.unfinished(NOW + timedelta(days=1)), store.notes

    known, left, notes = asyncio.run(scenario())
    assert known == {"turns": []}
    assert left == []
    assert list(notes) == [("x", "context", "ann")]


def test_a_store_that_failed_is_left_alone_for_a_while_and_one_line_says_so(caplog):
    async def scenario():
        store = Flaky()
        keeping = Keeping(store)
        store.trouble = TryLater()
        for _ in range(20):
            with pytest.raises(TryLater):
                await keeping.noted("x", "context", "bob", NOW)
        return keeping

    asyncio.run(scenario())
    assert len(caplog.records) == 1
    assert "going on without the store for a while" in caplog.text


def test_many_that_find_out_together_that_it_hangs_say_so_once(caplog):
    async def scenario():
        store = Flaky()
        keeping = Keeping(store)
        store.trouble = "hangs"
        ended = await asyncio.gather(
            *(keeping.finish("x", f"q{n}", [], NOW) for n in range(20)), return_exceptions=True
        )
        return {type(e) for e in ended}

    assert asyncio.run(scenario()) == {TryLater}
    assert len(caplog.records) == 1
