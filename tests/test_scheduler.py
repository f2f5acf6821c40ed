"""The heartbeat in real time: APScheduler itself, with short waits."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.scheduler import Scheduler


MOMENT = timedelta(milliseconds=50)
LONG = timedelta(hours=1)


def beating(story, steady=LONG):
    """Run a story with a heartbeat; it fails if it takes five seconds."""

    async def told():
        scheduler = Scheduler(steady)
        beat = scheduler.heartbeat("one")
        scheduler.start()
        try:
            async with asyncio.timeout(5):
                return await story(beat, scheduler)
        finally:
            scheduler.stop()

    return asyncio.run(told())


def soon(length=MOMENT):
    return datetime.now(UTC) + length


def test_it_comes_back_at_the_moment_that_was_said():
    async def story(beat, _):
        moment = soon()
        await beat.until(moment)
        return datetime.now(UTC) >= moment

    assert beating(story)


def test_a_moment_that_has_passed_is_not_dropped():
    async def story(beat, _):
        await beat.until(soon(-LONG))

    beating(story)


def test_it_comes_back_at_a_steady_beat_though_nothing_is_due():
    async def story(beat, _):
        await beat.until(None)
        await beat.until(soon(LONG))

    beating(story, steady=MOMENT)


def test_what_wakes_it_while_it_works_lets_it_come_back_at_once():
    async def story(beat, _):
        beat.wake()
        await beat.until(None)

    beating(story)


def test_a_later_moment_replaces_the_one_that_was_said_before():
    async def story(beat, _):
        beat.wake()
        await beat.until(soon())
        later = soon(4 * MOMENT)
        await beat.until(later)
        return datetime.now(UTC) >= later

    assert beating(story)


def test_two_heartbeats_dont_wake_each_other():
    async def story(beat, scheduler):
        other = scheduler.heartbeat("two")
        waits = asyncio.create_task(other.until(None))
        await beat.until(soon())
        assert not waits.done()
        waits.cancel()

    beating(story)


def test_it_pauses_for_so_long():
    async def story(beat, _):
        begin = datetime.now(UTC)
        await beat.pause(MOMENT)
        return datetime.now(UTC) - begin >= MOMENT

    assert beating(story)
