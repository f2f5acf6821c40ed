"""What every outbox promises: in memory, in SQLite, and in a real PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.chat import Budget
from bot.errors import TryLater
from bot.event import Moment
from bot.notices import Delivery, Key, State
from bot.ports import Service
from bot.store import Store
from bot.told import DateTold, SlotTold, TalkTold
from tests.fakes import MemoryOutbox


NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DAY = timedelta(days=1)
LEASE = timedelta(seconds=90)
MADRID = ZoneInfo("Europe/Madrid")


def told_of(request, tmp_path, makers, story):
    """Run a story against outboxes of one kind on the same rows, for an event of its own."""

    async def told():
        outboxes = makers()
        try:
            await story(*outboxes, f"event-of-{request.node.name}"[:90])
        finally:
            for outbox in outboxes:
                await outbox.close()

    asyncio.run(told())


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kept(request, tmp_path):
    """A function that runs a story against a fresh outbox of one kind."""
    makers: dict[str, Callable[[], Any]] = {
        "memory": lambda: [MemoryOutbox()],
        "sqlite": lambda: [Store(str(tmp_path / "outbox.sqlite"))],
        "postgresql": lambda: [Store(request.getfixturevalue("postgres"))],
    }
    return lambda story: told_of(request, tmp_path, makers[request.param], story)


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request, tmp_path):
    """The same for four outboxes in one database, as four processes have them."""
    path = str(tmp_path / "outbox.sqlite")
    url = path if request.param == "sqlite" else request.getfixturevalue("postgres")
    return lambda story: told_of(request, tmp_path, lambda: [Store(url) for _ in range(4)], story)


def row(event, subject, place="t:a", due=NINE, state=State.WAITING, instant="10:00", **more):
    """A delivery that is new."""
    round_ = more.pop("round", 0)
    rule = more.pop("rule", "soon")
    key = Key(rule, subject, instant, round_)
    return Delivery(event, place, key, due, due + DAY, state, **more)


def sent(delivery, **more):
    """The same once it was posted; it matters for an hour."""
    values = {"settled": NINE, "until": NINE + 60 * MINUTE, "receipt": "r1"}
    return replace(delivery, state=State.SENT, **(values | more))


async def posted(outbox, event, *fresh, **more):
    """Put some, claim them, and keep that they were sent."""
    await outbox.put(event, fresh, NINE)
    while rows := await outbox.claim_place(event, "past", NINE, LEASE):
        for each in rows:
            await outbox.save(sent(each, **more))
        await outbox.release(event, rows[0].place, "past", None)


def subjects(rows):
    return [d.key.subject for d in rows]


# -- an event as a whole ---------------------------------------------------------------------


def test_posts_begin_when_they_are_first_asked_for_and_only_once(kept):
    async def story(outbox, event):
        assert await outbox.service(event) is None
        assert await outbox.begun(event, NINE) == Service(NINE, NINE)
        assert await outbox.begun(event, NINE + MINUTE) == Service(NINE, NINE)
        assert await outbox.service(event) == Service(NINE, NINE)

    kept(story)


def test_all_who_begin_at_once_are_told_the_same(shared):
    async def story(*outboxes_and_event):
        *outboxes, event = outboxes_and_event
        begun = [o.begun(event, NINE + n * MINUTE) for n, o in enumerate(outboxes)]
        assert len({s.since for s in await asyncio.gather(*begun)}) == 1

    shared(story)


def test_what_was_done_so_far_rises_with_what_is_put_and_never_falls(kept):
    async def story(outbox, event):
        await outbox.begun(event, NINE)
        await outbox.put(event, [row(event, "s1")], NINE, upto=NINE + MINUTE, mended=3)
        assert await outbox.service(event) == Service(NINE, NINE + MINUTE, 3)

        await outbox.put(event, [], NINE, upto=NINE, mended=2)
        assert await outbox.service(event) == Service(NINE, NINE + MINUTE, 3)
        await outbox.put(event, [], NINE, mended=4)
        assert await outbox.service(event) == Service(NINE, NINE + MINUTE, 4)

    kept(story)


def test_who_holds_posts_first_is_kept_until_they_go_on_and_when_that_was(kept):
    async def story(outbox, event):
        await outbox.begun(event, NINE)
        await outbox.hold(event, "kim", NINE + MINUTE)
        await outbox.hold(event, "lee", NINE + 2 * MINUTE)
        held = await outbox.service(event)
        assert held == Service(NINE, NINE, 0, "kim", NINE + MINUTE)
        assert held.held

        await outbox.hold(event, "", NINE + 3 * MINUTE)
        await outbox.hold(event, "", NINE + 4 * MINUTE)
        resumed = await outbox.service(event)
        assert resumed == Service(NINE, NINE, 0, "kim", NINE + MINUTE, NINE + 3 * MINUTE)
        assert not resumed.held

        await outbox.hold(event, "lee", NINE + 5 * MINUTE)
        assert await outbox.service(event) == Service(NINE, NINE, 0, "lee", NINE + 5 * MINUTE)

    kept(story)


def test_posts_can_be_held_before_they_have_begun(kept):
    async def story(outbox, event):
        await outbox.hold(event, "kim", NINE)
        assert (await outbox.begun(event, NINE + MINUTE)).held

    kept(story)


# -- putting ---------------------------------------------------------------------------------


def test_what_is_put_comes_back_as_it_was(kept):
    async def story(outbox, event):
        slot = SlotTold(
            "s1", NINE.astimezone(MADRID), NINE + MINUTE, ("a", "b"), ("bob",), off=True, was=NINE
        )
        date_ = DateTold("submission", Moment(date(2026, 1, 5), None, "Etc/GMT+12"))
        full = row(
            event,
            "s1",
            due=NINE.astimezone(MADRID),
            round=2,
            state=State.POSTING,
            reason="„später“",
            attempts=3,
            tried=NINE + SECOND,
            absent=1,
            settled=NINE + 2 * SECOND,
            receipt="1503.2",
            told=(slot, TalkTold("t", NINE, NINE), date_),
            text="S1 „starts“ 🎉\nat 10:00",
            until=NINE + MINUTE,
            withdrawn=True,
        )
        await outbox.put(event, [full, row(event, "s2")], NINE)
        first, second = await outbox.ledger(event)

        assert replace(first, id=0) == full
        assert replace(second, id=0) == row(event, "s2")
        assert 0 < first.id < second.id

    kept(story)


def test_what_is_there_by_its_key_and_place_is_left_as_it_is(kept):
    async def story(outbox, event):
        await posted(outbox, event, row(event, "s1"))
        again = [
            row(event, "s1", text="another"),
            row(event, "s1", place="t:b"),
            row(event, "s1", round=1),
            row(event, "s1", rule="again"),
            row(event, "s1", instant="11:00"),
            row(event, "s1", instant="11:00", text="twice in one"),
        ]
        await outbox.put(event, again, NINE)
        rows = await outbox.ledger(event)

        assert [(d.place, d.key.rule, d.key.instant, d.key.round) for d in rows] == [
            ("t:a", "soon", "10:00", 0),
            ("t:b", "soon", "10:00", 0),
            ("t:a", "soon", "10:00", 1),
            ("t:a", "again", "10:00", 0),
            ("t:a", "soon", "11:00", 0),
        ]
        assert rows[0].state == State.SENT
        assert {d.text for d in rows} == {""}

    kept(story)


def test_what_comes_in_settled_wakes_nobody(kept):
    async def story(outbox, event):
        settled = [
            row(event, "s1", state=State.SKIPPED, settled=NINE),
            row(event, "s2", state=State.SUPERSEDED, settled=NINE),
        ]
        await outbox.put(event, settled, NINE)

        assert await outbox.next_due(event) is None
        assert not await outbox.claim_place(event, "me", NINE + DAY, LEASE)
        assert subjects(await outbox.ledger(event)) == ["s1", "s2"]

    kept(story)


def test_ten_thousand_are_put_and_known_at_once(kept):
    async def story(outbox, event):
        many = [row(event, f"s{n}", place=f"t:{n % 400}") for n in range(10_000)]
        await outbox.put(event, many, NINE, upto=NINE)
        assert len(await outbox.known(event, [d.key for d in many])) == 10_000

    kept(story)


def test_of_several_who_put_the_same_at_once_one_does(shared):
    async def story(*outboxes_and_event):
        *outboxes, event = outboxes_and_event
        rows = [row(event, f"s{n}", place=f"t:{n % 7}") for n in range(50)]
        orders = [rows, rows[::-1], rows[25:] + rows[:25], rows]
        await asyncio.gather(
            *[o.put(event, each, NINE) for o, each in zip(outboxes, orders, strict=True)]
        )
        found = Counter(subjects(await outboxes[0].ledger(event)))
        assert found == Counter(f"s{n}" for n in range(50))

    shared(story)


# -- claiming --------------------------------------------------------------------------------


def test_a_place_is_claimed_with_what_is_due_there_in_its_order(kept):
    async def story(outbox, event):
        fresh = [
            row(event, "later", due=NINE + 2 * MINUTE),
            row(event, "second", due=NINE),
            row(event, "third", due=NINE),
            row(event, "first", due=NINE - MINUTE),
            row(event, "skipped", due=NINE - MINUTE, state=State.SKIPPED),
            row(event, "in doubt", due=NINE - 2 * MINUTE, state=State.POSTING),
        ]
        await outbox.put(event, fresh, NINE)
        found = await outbox.claim_place(event, "me", NINE, LEASE)

        assert subjects(found) == ["in doubt", "first", "second", "third"]
        assert [d.state for d in found] == ["posting", "waiting", "waiting", "waiting"]

    kept(story)


def test_a_place_that_is_claimed_is_nobody_else_s_until_the_lease_ends(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1"), row(event, "s2", place="t:b")], NINE)
        first = await outbox.claim_place(event, "me", NINE, LEASE)
        second = await outbox.claim_place(event, "you", NINE, LEASE)
        assert {first[0].place, second[0].place} == {"t:a", "t:b"}
        assert not await outbox.claim_place(event, "you", NINE, LEASE)
        assert not await outbox.claim_place(event, "you", NINE + LEASE - SECOND, LEASE)

        over = NINE + LEASE
        taken = [await outbox.claim_place(event, "you", over, LEASE) for _ in range(3)]
        assert sorted(d.place for rows in taken for d in rows) == ["t:a", "t:b"]

    kept(story)


def test_events_are_kept_apart(kept):
    async def story(outbox, event):
        other = f"o-{event}"
        await outbox.put(event, [row(event, "s1")], NINE)
        await outbox.put(other, [row(other, "s1", due=NINE + MINUTE)], NINE)

        assert not await outbox.claim_place(other, "me", NINE, LEASE)
        assert [d.event for d in await outbox.claim_place(event, "me", NINE, LEASE)] == [event]
        assert await outbox.next_due(other) == NINE + MINUTE
        assert [d.event for d in await outbox.known(other, [Key("soon", "s1", "10:00")])] == [other]
        assert [d.event for d in await outbox.ledger(other)] == [other]

    kept(story)


def test_a_hundred_are_claimed_at_most_and_the_rest_after_them(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, f"s{n:03}") for n in range(130)], NINE)
        first = await outbox.claim_place(event, "me", NINE, LEASE)
        for each in first:
            await outbox.save(sent(each))
        await outbox.release(event, "t:a", "me", None)
        second = await outbox.claim_place(event, "me", NINE, LEASE)

        assert subjects([*first, *second]) == [f"s{n:03}" for n in range(130)]
        assert len(first) == 100

    kept(story)


def test_a_claim_is_renewed_until_somebody_else_has_the_place(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        await outbox.claim_place(event, "me", NINE, LEASE)
        assert not await outbox.renew(event, "t:a", "you", NINE + 9 * LEASE)
        assert not await outbox.renew(event, "t:b", "me", NINE + 9 * LEASE)
        assert await outbox.renew(event, "t:a", "me", NINE + 2 * LEASE)
        assert not await outbox.claim_place(event, "you", NINE + LEASE, LEASE)

        assert await outbox.claim_place(event, "you", NINE + 2 * LEASE, LEASE)
        assert not await outbox.renew(event, "t:a", "me", NINE + 9 * LEASE)
        assert await outbox.renew(event, "t:a", "you", NINE + 4 * LEASE)

    kept(story)


def test_a_claim_that_is_over_is_renewed_if_nobody_took_the_place(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        await outbox.claim_place(event, "me", NINE, LEASE)
        assert await outbox.renew(event, "t:a", "me", NINE + 3 * LEASE)
        assert not await outbox.claim_place(event, "you", NINE + 2 * LEASE, LEASE)

    kept(story)


def test_every_row_is_handed_out_to_one_of_several_processes(shared):
    async def story(*outboxes_and_event):
        *outboxes, event = outboxes_and_event
        rows = [row(event, f"s{n:03}", place=f"t:{n % 20}") for n in range(200)]
        await outboxes[0].put(event, rows, NINE)
        handed = []

        async def serve(outbox, owner):
            while due := await outbox.claim_place(event, owner, NINE, LEASE):
                for each in due:
                    handed.append((each.place, each.key.subject))
                    await outbox.save(sent(each))
                await outbox.release(event, due[0].place, owner, None)

        await asyncio.gather(
            *[serve(o, f"{n} {part}") for n, o in enumerate(outboxes) for part in range(3)]
        )
        assert Counter(handed) == Counter((d.place, d.key.subject) for d in rows)
        by_place = [[s for p, s in handed if p == f"t:{n}"] for n in range(20)]
        assert all(found == sorted(found) for found in by_place)
        assert await outboxes[0].next_due(event) is None

    shared(story)


# -- letting go ------------------------------------------------------------------------------


def test_a_place_sleeps_once_all_is_done_and_wakes_by_what_is_new(kept):
    async def story(outbox, event):
        await posted(outbox, event, row(event, "s1"))
        assert await outbox.next_due(event) is None
        assert not await outbox.claim_place(event, "me", NINE + DAY, LEASE)

        await outbox.put(event, [row(event, "s2")], NINE)
        assert subjects(await outbox.claim_place(event, "me", NINE, LEASE)) == ["s2"]

    kept(story)


def test_what_is_put_while_a_place_is_served_is_served_once_it_is_let_go(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        (first,) = await outbox.claim_place(event, "me", NINE, LEASE)
        await outbox.put(event, [row(event, "s2", due=NINE + MINUTE)], NINE + MINUTE)
        assert not await outbox.claim_place(event, "you", NINE + MINUTE, LEASE)

        await outbox.save(sent(first))
        await outbox.release(event, "t:a", "me", None)
        assert await outbox.next_due(event) == NINE + MINUTE
        found = await outbox.claim_place(event, "you", NINE + MINUTE, LEASE)
        assert subjects(found) == ["s2"]

    kept(story)


def test_a_place_that_has_to_wait_isn_t_woken_by_what_is_new(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        await outbox.claim_place(event, "me", NINE, LEASE)
        await outbox.release(event, "t:a", "me", NINE + 10 * MINUTE)
        await outbox.put(event, [row(event, "s2", due=NINE + MINUTE)], NINE + MINUTE)

        assert await outbox.next_due(event) == NINE + 10 * MINUTE
        assert not await outbox.claim_place(event, "me", NINE + 9 * MINUTE, LEASE)
        found = await outbox.claim_place(event, "me", NINE + 10 * MINUTE, LEASE)
        assert subjects(found) == ["s1", "s2"]

    kept(story)


def test_who_holds_a_place_no_longer_can_t_let_it_go(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        await outbox.claim_place(event, "me", NINE, LEASE)
        await outbox.claim_place(event, "you", NINE + LEASE, LEASE)
        await outbox.release(event, "t:a", "me", None)

        assert not await outbox.claim_place(event, "me", NINE + LEASE, LEASE)
        assert await outbox.renew(event, "t:a", "you", NINE + 3 * LEASE)

    kept(story)


def test_no_wake_up_is_lost_between_putting_and_letting_go(shared):
    async def story(*outboxes_and_event):
        *outboxes, event = outboxes_and_event
        done = []

        async def serve(outbox, owner):
            for _ in range(1000):
                for each in await outbox.claim_place(event, owner, NINE, LEASE):
                    done.append(each.key.subject)
                    await outbox.save(sent(each))
                await outbox.release(event, "t:a", owner, None)
                if len(done) == 60:
                    return

        async def fill(outbox):
            for n in range(60):
                await outbox.put(event, [row(event, f"s{n:02}")], NINE)

        await asyncio.gather(
            fill(outboxes[0]), *[serve(o, f"{n}") for n, o in enumerate(outboxes[1:])]
        )
        assert done == [f"s{n:02}" for n in range(60)]

    shared(story)


# -- when there is something to do -----------------------------------------------------------


def test_the_next_moment_is_the_earliest_of_all_places(kept):
    async def story(outbox, event):
        assert await outbox.next_due(event) is None
        await outbox.put(event, [row(event, "s1", place="t:b", due=NINE + 5 * MINUTE)], NINE)
        await outbox.put(event, [row(event, "s2", due=NINE + 3 * MINUTE)], NINE)

        assert await outbox.next_due(event) == NINE + 3 * MINUTE
        assert not await outbox.claim_place(event, "me", NINE + 2 * MINUTE, LEASE)

    kept(story)


def test_whoever_dies_leaves_something_to_do_when_the_lease_ends(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        await outbox.claim_place(event, "me", NINE, LEASE)
        assert await outbox.next_due(event) == NINE + LEASE
        await outbox.renew(event, "t:a", "me", NINE + 2 * LEASE)
        assert await outbox.next_due(event) == NINE + 2 * LEASE

    kept(story)


def test_a_place_without_anything_due_sleeps_until_something_is(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1"), row(event, "s2", due=NINE + DAY)], NINE)
        (first,) = await outbox.claim_place(event, "me", NINE, LEASE)
        await outbox.save(replace(first, state=State.CANCELLED, settled=NINE))
        await outbox.release(event, "t:a", "me", NINE + MINUTE)

        assert not await outbox.claim_place(event, "me", NINE + MINUTE, LEASE)
        assert await outbox.next_due(event) == NINE + DAY
        assert subjects(await outbox.claim_place(event, "me", NINE + DAY, LEASE)) == ["s2"]

    kept(story)


# -- what became of it -----------------------------------------------------------------------


def test_what_became_of_a_delivery_is_kept(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1"), row(event, "s2")], NINE)
        first, second = await outbox.claim_place(event, "me", NINE, LEASE)
        slot = SlotTold("s1", NINE, None, (), ())
        posting = replace(
            first, state=State.POSTING, attempts=1, tried=NINE, absent=1, told=(slot,), text="S1"
        )
        await outbox.save(posting)
        assert await outbox.ledger(event) == [posting, second]

        done = sent(posting, reason="at last")
        await outbox.save(done)
        assert await outbox.ledger(event) == [done, second]

    kept(story)


def test_what_is_about_to_be_posted_is_kept_first(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        (only,) = await outbox.claim_place(event, "me", NINE, LEASE)
        posting = replace(only, state=State.POSTING, attempts=1, tried=NINE)
        assert await outbox.start(posting, "me", 1)

        assert await outbox.ledger(event) == [posting]
        assert await outbox.claim_place(event, "you", NINE + LEASE, LEASE) == [posting]

    kept(story)


def test_nothing_is_about_to_be_posted_from_an_edition_that_was_overtaken(kept):
    async def story(outbox, event):
        await outbox.begun(event, NINE)
        await outbox.put(event, [row(event, "s1")], NINE, mended=2)
        (only,) = await outbox.claim_place(event, "me", NINE, LEASE)
        posting = replace(only, state=State.POSTING, attempts=1, tried=NINE)
        assert not await outbox.start(posting, "me", 1)
        assert await outbox.start(posting, "me", 2)

    kept(story)


def test_what_was_posted_from_an_older_edition_lets_corrections_be_looked_for_again(kept):
    async def story(outbox, event):
        await outbox.begun(event, NINE)
        await outbox.put(event, [row(event, "s1")], NINE, mended=5)
        (only,) = await outbox.ledger(event)
        await outbox.save(sent(only), edition=7)
        assert (await outbox.service(event)).mended == 5
        await outbox.save(sent(only), edition=4)
        assert (await outbox.service(event)).mended == 4

    kept(story)


def test_what_comes_behind_a_delivery_is_put_with_it(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        (only,) = await outbox.ledger(event)
        failed = replace(only, state=State.FAILED, reason="gone", settled=NINE)
        await outbox.save(failed, behind=[row(event, "s1", place="t:team", rule="Trouble")])
        (words,) = await outbox.claim_place(event, "me", NINE, LEASE)
        assert words.place == "t:team"

    kept(story)


def test_what_is_due_now_isnt_held_up_by_what_is_due_later(kept):
    async def story(outbox, event):
        later = NINE + 9 * MINUTE
        await outbox.put(event, [row(event, "later", due=later)], NINE)
        assert await outbox.next_due(event) == later
        await outbox.put(event, [row(event, "now")], NINE)
        assert await outbox.next_due(event) == NINE
        found = await outbox.claim_place(event, "me", NINE, LEASE)
        assert subjects(found) == ["now"]

    kept(story)


def test_nothing_is_about_to_be_posted_by_who_lost_the_place(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        (only,) = await outbox.claim_place(event, "me", NINE, LEASE)
        await outbox.claim_place(event, "you", NINE + LEASE, LEASE)
        posting = replace(only, state=State.POSTING, attempts=1, tried=NINE)

        assert not await outbox.start(posting, "me", 1)
        assert await outbox.ledger(event) == [only]
        assert await outbox.next_due(event) == NINE + 2 * LEASE

    kept(story)


def test_nothing_is_about_to_be_posted_while_posts_are_held(kept):
    async def story(outbox, event):
        await outbox.begun(event, NINE)
        await outbox.put(event, [row(event, "s1")], NINE)
        (only,) = await outbox.claim_place(event, "me", NINE, LEASE)
        posting = replace(only, state=State.POSTING, attempts=1, tried=NINE)
        await outbox.hold(event, "kim", NINE)
        assert not await outbox.start(posting, "me", 1)
        assert await outbox.ledger(event) == [only]

        await outbox.hold(event, "", NINE)
        assert await outbox.start(posting, "me", 1)

    kept(story)


def test_what_a_post_takes_back_is_marked_where_it_was_sent(kept):
    async def story(outbox, event):
        await posted(
            outbox,
            event,
            row(event, "s1"),
            row(event, "s1", rule="day"),
            row(event, "s1", instant="11:00"),
            row(event, "s2"),
            row(event, "s1", place="t:b"),
        )
        failed = row(event, "s1", rule="team", state=State.FAILED, settled=NINE)
        await outbox.put(event, [failed, row(event, "program", rule="Correction")], NINE)
        (correction,) = await outbox.claim_place(event, "me", NINE, LEASE)
        await outbox.save(sent(correction), withdrawn=[("s1", "10:00"), ("s9", "12:00")])

        marked = [d for d in await outbox.ledger(event) if d.withdrawn]
        assert [(d.place, d.key.rule, d.key.subject, d.key.instant) for d in marked] == [
            ("t:a", "soon", "s1", "10:00"),
            ("t:a", "day", "s1", "10:00"),
        ]

    kept(story)


def test_what_takes_back_its_own_instant_is_not_marked_itself(kept):
    async def story(outbox, event):
        await outbox.put(event, [row(event, "s1")], NINE)
        (only,) = await outbox.claim_place(event, "me", NINE, LEASE)
        await outbox.save(sent(only), withdrawn=[("s1", "10:00")])
        assert [d.withdrawn for d in await outbox.ledger(event)] == [False]

    kept(story)


def test_all_rounds_and_places_of_a_notice_are_known(kept):
    async def story(outbox, event):
        fresh = [
            row(event, "s1"),
            row(event, "s1", round=1, state=State.SKIPPED),
            row(event, "s1", place="t:b"),
            row(event, "s1", instant="11:00"),
            row(event, "s1", rule="day"),
            row(event, "s2"),
        ]
        await outbox.put(event, fresh, NINE)
        found = await outbox.known(
            event, [Key("soon", "s1", "10:00", 7), Key("day", "s1", "10:00"), Key("day", "s2", "")]
        )

        assert sorted((d.key.rule, d.place, d.key.round) for d in found) == [
            ("day", "t:a", 0),
            ("soon", "t:a", 0),
            ("soon", "t:a", 1),
            ("soon", "t:b", 0),
        ]
        assert not await outbox.known(event, [])

    kept(story)


def test_what_was_told_and_matters_comes_the_oldest_first_even_if_it_was_taken_back(kept):
    async def story(outbox, event):
        await posted(outbox, event, row(event, "new"), settled=NINE + 2 * MINUTE)
        await posted(outbox, event, row(event, "old"), settled=NINE, withdrawn=True)
        await posted(outbox, event, row(event, "middle", place="t:b"), settled=NINE + MINUTE)
        await posted(outbox, event, row(event, "over"), until=NINE + MINUTE)
        await posted(outbox, event, row(event, "told nothing"), until=None)
        in_doubt = row(event, "in doubt", state=State.POSTING, until=NINE + 60 * MINUTE)
        await outbox.put(event, [in_doubt], NINE)
        now = NINE + MINUTE

        assert subjects(await outbox.told(event, now)) == ["old", "middle", "new"]
        assert subjects(await outbox.told(event, now, "t:a")) == ["old", "new"]
        assert not await outbox.told(event, NINE + 60 * MINUTE)

    kept(story)


def test_what_was_told_at_one_moment_comes_in_the_order_of_the_ledger(kept):
    async def story(outbox, event):
        await posted(outbox, event, *[row(event, f"s{n}") for n in range(9)])
        assert subjects(await outbox.told(event, NINE)) == [f"s{n}" for n in range(9)]

    kept(story)


def test_the_ledger_is_in_the_order_in_which_things_are_due_and_can_be_narrowed(kept):
    async def story(outbox, event):
        fresh = [
            row(event, "s2", due=NINE + MINUTE),
            row(event, "s1", place="t:b"),
            row(event, "s1"),
            row(event, "s3", due=NINE - MINUTE, state=State.SKIPPED),
        ]
        await outbox.put(event, fresh, NINE)

        assert subjects(await outbox.ledger(event)) == ["s3", "s1", "s1", "s2"]
        assert subjects(await outbox.ledger(event, "t:a")) == ["s3", "s1", "s2"]
        assert subjects(await outbox.ledger(event, subjects=["s3", "s1"])) == ["s3", "s1", "s1"]
        assert subjects(await outbox.ledger(event, "t:b", ["s2"])) == []

    kept(story)


# -- budgets ---------------------------------------------------------------------------------


def test_turns_come_one_each_so_long(kept):
    async def story(outbox, event):
        one = [Budget(event, SECOND, 1)]
        waits = [await outbox.turn(one, NINE) for _ in range(3)]
        assert waits == [0 * SECOND, SECOND, 2 * SECOND]
        later = NINE + timedelta(seconds=2.5)
        assert await outbox.turn(one, later) == timedelta(seconds=0.5)

    kept(story)


def test_after_a_pause_a_burst_comes_at_once_and_no_more(kept):
    async def story(outbox, event):
        three = [Budget(event, SECOND, 3)]
        first = [await outbox.turn(three, NINE) for _ in range(5)]
        assert first == [0 * SECOND, 0 * SECOND, 0 * SECOND, SECOND, 2 * SECOND]

        later = NINE + DAY
        again = [await outbox.turn(three, later) for _ in range(4)]
        assert again == [0 * SECOND, 0 * SECOND, 0 * SECOND, SECOND]

    kept(story)


def test_of_several_budgets_each_gives_a_turn_and_the_last_one_counts(kept):
    async def story(outbox, event):
        channel, other = Budget(f"b {event}", SECOND, 1), Budget(f"c {event}", SECOND, 1)
        token = Budget(f"a {event}", MINUTE, 2)
        assert await outbox.turn([channel, token], NINE) == 0 * SECOND
        assert await outbox.turn([token, other], NINE) == 0 * SECOND
        assert await outbox.turn([channel, token], NINE) == MINUTE
        assert await outbox.turn([channel], NINE) == 2 * SECOND
        assert await outbox.turn([other], NINE) == SECOND

    kept(story)


def test_several_processes_together_keep_to_one_budget(shared):
    async def story(*outboxes_and_event):
        *outboxes, event = outboxes_and_event
        two, ample = Budget(event, SECOND, 2), Budget(f"a {event}", SECOND, 99)
        orders = [[two], [two, ample], [ample, two], [two]]
        turns = [
            o.turn(each, NINE) for _ in range(10) for o, each in zip(outboxes, orders, strict=True)
        ]
        waits = sorted(await asyncio.gather(*turns))
        assert waits == [0 * SECOND, *(n * SECOND for n in range(39))]

    shared(story)


# -- lasting ---------------------------------------------------------------------------------


def test_after_a_restart_all_is_there_and_a_place_in_hand_waits_for_its_lease(tmp_path):
    path = str(tmp_path / "outbox.sqlite")

    async def before():
        store = Store(path)
        await store.begun("small", NINE)
        await store.put("small", [row("small", "s1"), row("small", "s2")], NINE, upto=NINE)
        first, _ = await store.claim_place("small", "life 1", NINE, LEASE)
        await store.save(replace(first, state=State.POSTING, attempts=1, tried=NINE))
        await store.turn([Budget("token", MINUTE)], NINE)
        await store.close()

    async def after():
        store = Store(path)
        now = NINE + MINUTE
        assert await store.service("small") == Service(NINE, NINE)
        assert not await store.claim_place("small", "life 2", now, LEASE)
        assert await store.next_due("small") == NINE + LEASE
        assert await store.turn([Budget("token", MINUTE)], NINE) == MINUTE
        found = await store.claim_place("small", "life 2", NINE + LEASE, LEASE)
        await store.close()
        return found

    asyncio.run(before())
    first, second = asyncio.run(after())
    assert (first.state, first.tried, second.state) == (State.POSTING, NINE, State.WAITING)


def test_a_ledger_can_be_forgotten_but_for_what_is_still_to_do(tmp_path):
    async def story():
        store = Store(str(tmp_path / "kept.sqlite"))
        await posted(store, "e", row("e", "s1"))
        await store.put("e", [row("e", "s2")], NINE)
        await store.put("f", [row("f", "s3", state=State.SKIPPED)], NINE)
        await store.forget("e")
        found = [*await store.ledger("e"), *await store.ledger("f")]
        await store.close()
        return subjects(found)

    assert asyncio.run(story()) == ["s2", "s3"]


def test_sweeping_leaves_the_ledger_alone(kept):
    async def story(outbox, event):
        if isinstance(outbox, MemoryOutbox):
            return  # has nothing to sweep
        await posted(outbox, event, row(event, "s1"))
        await outbox.sweep(NINE + 999 * DAY)
        assert subjects(await outbox.ledger(event)) == ["s1"]

    kept(story)


def test_whoever_is_stopped_in_the_middle_leaves_the_store_usable(shared):
    async def story(*outboxes_and_event):
        *outboxes, event = outboxes_and_event
        await outboxes[0].put(event, [row(event, f"s{n}", place=f"t:{n}") for n in range(40)], NINE)

        async def serve(outbox, owner):
            while due := await outbox.claim_place(event, owner, NINE, LEASE):
                await outbox.save(sent(due[0]))
                await outbox.renew(event, due[0].place, owner, NINE + LEASE)

        for step in range(12):
            tasks = [asyncio.create_task(serve(o, f"{step}")) for o in outboxes]
            for _ in range(step):
                await asyncio.sleep(0.001)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        await outboxes[0].put(event, [row(event, "after", place="t:after")], NINE + LEASE)
        found = await outboxes[1].claim_place(event, "late", NINE + 2 * LEASE, LEASE)
        assert found
        assert len(await outboxes[2].ledger(event)) == 41

    shared(story)


def test_without_a_free_connection_in_time_it_is_to_be_tried_later(postgres):
    async def story():
        store = Store(postgres)
        pool: Any = store._engine.pool
        pool._timeout = 0.01
        try:
            await store.service("any")
            held = [await store._engine.connect() for _ in range(15)]
            with pytest.raises(TryLater):
                await store.service("any")
            for connection in held:
                await connection.execute(sa.text("SELECT 1"))
                await connection.close()
        finally:
            await store.close()

    asyncio.run(story())
