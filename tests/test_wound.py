"""A clock that is wound by hand."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.wound import Over, WoundClock


NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def told(story):
    """What a story notes, with a clock from nine to ten."""
    notes = []

    async def run():
        async def settled():
            notes.append("settled")

        clock = WoundClock(NINE, NINE + 60 * MINUTE, settled)

        def happen(minute, what):
            async def done():
                notes.append(f"{what} at {clock():%H:%M}")

            clock.at(NINE + minute * MINUTE, done)

        await story(clock, happen, notes)

    asyncio.run(run())
    return [n for n in notes if n != "settled"]


def test_it_jumps_to_the_moment_that_is_waited_for():
    async def story(clock, happen, notes):
        await clock.until(NINE + 7 * MINUTE)
        notes.append(f"{clock():%H:%M}")

    assert told(story) == ["09:07"]


def test_what_is_to_happen_before_happens_at_its_time_and_in_its_order():
    async def story(clock, happen, notes):
        happen(5, "second")
        happen(3, "first")
        happen(5, "third")
        await clock.until(NINE + 7 * MINUTE)
        await clock.until(NINE + 7 * MINUTE)
        await clock.until(NINE + 7 * MINUTE)
        notes.append(f"{clock():%H:%M}")

    assert told(story) == ["first at 09:03", "second at 09:05", "third at 09:05", "09:07"]


def test_what_wakes_it_lets_no_time_pass():
    async def story(clock, happen, notes):
        clock.wake()
        await clock.until(NINE + 7 * MINUTE)
        notes.append(f"{clock():%H:%M}")

    assert told(story) == ["09:00"]


@pytest.mark.parametrize("moment", [None, NINE + 60 * MINUTE, NINE + 99 * MINUTE])
def test_its_end_is_told(moment):
    async def story(clock, happen, notes):
        with pytest.raises(Over):
            await clock.until(moment)

    told(story)


def test_a_moment_that_has_passed_turns_no_clock_back():
    async def story(clock, happen, notes):
        await clock.until(NINE + 7 * MINUTE)
        await clock.until(NINE)
        notes.append(f"{clock():%H:%M}")

    assert told(story) == ["09:07"]


def test_each_jump_can_be_let_take_a_while():
    jumps = []

    async def run():
        async def settled():
            pass

        async def pause(length):
            jumps.append(length)

        clock = WoundClock(NINE, NINE + 60 * MINUTE, settled, pause)
        await clock.until(NINE + 7 * MINUTE)
        await clock.until(NINE + 7 * MINUTE)

    asyncio.run(run())
    assert jumps == [7 * MINUTE]
