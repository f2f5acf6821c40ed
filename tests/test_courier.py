"""The courier on a wound clock: each notice once, in order, in time, or left with a reason."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.amend import Amendment, Kind, amended, undoing, verbs
from bot.amend import Key as RecordKey
from bot.courier import Courier
from bot.errand import Means, backoff
from bot.errors import InDoubt, Refused, TryLater
from bot.event import (
    DayReminder,
    ExtensionReminder,
    MilestoneReminder,
    Role,
    SessionKind,
    SessionReminder,
    SlotReminder,
)
from bot.notices import Routes, State
from bot.ports import Surroundings
from bot.wording import notices as wording
from bot.wound import WoundClock
from tests.day import CALL, TEAM, Recorder, Workshop
from tests.small import (
    MONDAY,
    TUESDAY,
    as_chair,
    at,
    call,
    during,
    event,
    milestone,
    moment,
    session,
    talk,
)


SOON = SessionReminder("soon", "", ("program",), (SessionKind.TALKS,), timedelta(minutes=10))
ALERT = MilestoneReminder("alert", "", ("authors",), (7, 3, 1, 0), time(9))
EXTENDED = ExtensionReminder("extended", "", ("authors",))
DAY = DayReminder("day", "", ("program",), time(8))
S1 = RecordKey(Kind.SESSION, "s1")
EVE, END = at("0:00"), at("0:00", TUESDAY)


def workshop(*blocks, rules=(SOON,), **more):
    made = replace(event(*blocks, **more), reminders=rules)
    return Workshop(made)


def one_session(**more):
    return workshop(session("s1", during("10:00", "11:00", "a"), **more))


AT_950 = "02 09:50 t:general S1 starts in 10 minutes, at 10:00 CET, in A."


# -- a day without mishaps -------------------------------------------------------------------


def test_each_session_is_announced_once_in_its_place():
    day = workshop(
        session("s1", during("10:00", "11:00", "a")), session("s2", during("11:00", "12:00", "b"))
    ).live(EVE, END)

    assert day.posts == [AT_950, "02 10:50 t:general S2 starts in 10 minutes, at 11:00 CET, in B."]
    assert day.ledger == [("soon", "s1", "sent"), ("soon", "s2", "sent")]


def test_what_goes_to_nobody_is_not_in_the_ledger():
    day = one_session()
    day.routes = Routes({"authors": (CALL,)})
    assert day.live(EVE, END).ledger == []


def test_forty_sessions_at_one_minute_are_forty_posts_in_their_order():
    day = workshop(*[session(f"s{n:02}", during("10:00", "11:00", f"r{n}")) for n in range(40)])
    day.live(EVE, END)
    assert [p.split()[3] for p in day.posts] == [f"S{n:02}" for n in range(40)]


def test_a_plenary_in_two_rooms_is_one_post_and_parallel_sessions_are_two():
    day = workshop(
        session("all", during("9:00", "10:00", "a"), during("9:00", "10:00", "b")),
        session("x", during("11:00", "12:00", "a")),
        session("y", during("11:00", "12:00", "b")),
    ).live(EVE, END)
    assert [p[:25] for p in day.posts] == [
        "02 08:50 t:general All st",
        "02 10:50 t:general X star",
        "02 10:50 t:general Y star",
    ]


def test_a_session_that_is_given_twice_is_announced_twice():
    day = workshop(session("s1", during("9:00", "10:00"), during("15:00", "16:00")))
    assert [p[:8] for p in day.live(EVE, END).posts] == ["02 08:50", "02 14:50"]


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        ("America/Los_Angeles", MONDAY, "20:00", "02 19:50"),  # already the next day in UTC
        ("Pacific/Honolulu", MONDAY, "23:30", "02 23:20"),
        ("America/Los_Angeles", date(2026, 3, 8), "3:05", "08 01:55"),  # no 2:00 to 3:00 that night
        ("America/Los_Angeles", date(2026, 11, 1), "9:00", "01 08:50"),
    ],
)
def test_evenings_in_the_west_and_days_when_clocks_change(zone, day, clock, expected):
    where = ZoneInfo(zone)
    made = event(
        session("s1", during(clock, "23:59", day=day, zone=where)), days=(day,), zone=where
    )
    shop = Workshop(replace(made, reminders=(SOON,)))
    noon = datetime.combine(day, time(), tzinfo=where)
    shop.live(noon - timedelta(days=1), noon + timedelta(days=2))
    assert [p[:8] for p in shop.posts] == [expected]


def test_people_are_reminded_alone_where_the_configuration_knows_them():
    own = SlotReminder("own", "", (), (Role.CHAIR,), timedelta(minutes=30))
    day = workshop(
        session("s1", during("10:00", "11:00"), chairs=(as_chair("eve"), as_chair("bob"))),
        rules=(own,),
    )
    day.routes = Routes({}, {"eve": "t:@U7"})
    assert day.live(EVE, END).posts == ["02 09:30 t:@U7 You chair S1 in 30 minutes, at 10:00 CET."]


# -- restarts and outages --------------------------------------------------------------------


def test_a_restart_inside_the_reminders_window_posts_nothing_twice():
    day = one_session().live(EVE, at("9:53")).live(at("9:54"), END)
    assert day.posts == [AT_950]


def test_a_reminder_that_still_helps_after_an_outage_says_the_minutes_that_are_left():
    day = one_session().live(EVE, at("9:40")).live(at("9:56"), END)
    assert day.posts == ["02 09:56 t:general S1 starts in 4 minutes, at 10:00 CET, in A."]


def test_what_an_outage_made_useless_is_skipped_with_the_reason():
    day = one_session().live(EVE, at("9:40")).live(at("10:05"), END)
    assert day.posts == []
    assert day.reasons(State.SKIPPED) == [
        "it no longer helped by the time it could be posted (the bot wasn't running)"
    ]


def test_the_first_start_posts_nothing_that_was_due_before():
    day = workshop(
        session("s1", during("10:00", "11:00")), session("s2", during("11:00", "12:00"))
    ).live(at("9:55"), END)
    assert [p[:8] for p in day.posts] == ["02 10:50"]
    assert day.reasons(State.SKIPPED) == [
        "it was due before the bot was started for the first time"
    ]


def test_two_couriers_of_one_outbox_post_each_notice_once():
    day = workshop(*[session(f"s{n}", during("10:00", "11:00", f"r{n}")) for n in range(9)])
    day.routes = Routes({"program": ("t:a", "t:b", "t:c")})
    platform = day.platforms["t"]
    day.now = lambda: at("9:51")
    post = platform.post

    async def slowly(*args):
        await asyncio.sleep(0)
        return await post(*args)

    platform.post = slowly

    async def both():
        clock = WoundClock(at("9:51"), END, nobody)
        await day.outbox.begun("small", EVE)
        couriers = [
            Courier(
                day._current,
                Means(
                    day.outbox, day.platforms, day.routes, Surroundings(clock, clock, float, name)
                ),
            )
            for name in ("one", "two")
        ]
        await asyncio.gather(*[c.tick() for c in couriers])
        await asyncio.gather(*[c.settled() for c in couriers])

    async def nobody():
        pass

    asyncio.run(both())
    assert len(day.posts) == 27
    assert len(set(day.posts)) == 27


# -- the program changes ---------------------------------------------------------------------


def test_a_session_that_is_delayed_before_its_reminder_is_announced_at_its_new_time():
    day = one_session()
    day.change(at("9:00"), lambda e: verbs.delay(e, S1, 30, at("9:00")))
    assert day.live(EVE, END).posts == [
        "02 10:20 t:general S1 starts in 10 minutes, at 10:30 CET, in A."
    ]


def test_a_session_that_moves_after_its_reminder_is_put_right_and_announced_anew():
    day = one_session()
    day.change(at("9:52"), lambda e: verbs.delay(e, S1, 30, at("9:52")))
    assert day.live(EVE, END).posts == [
        AT_950,
        "02 09:52 t:general Correction: S1 starts at 10:30 CET (not 10:00), in A.",
        "02 10:20 t:general S1 starts in 10 minutes, at 10:30 CET, in A.",
    ]


def test_a_session_that_moves_away_and_back_is_reminded_again():
    day = one_session()
    day.change(at("9:52"), lambda e: verbs.delay(e, S1, 30, at("9:52")))
    day.change(at("9:54"), lambda e: verbs.delay(e, S1, -30, at("9:54")))
    assert day.live(EVE, END).posts == [
        AT_950,
        "02 09:52 t:general Correction: S1 starts at 10:30 CET (not 10:00), in A.",
        "02 09:54 t:general S1 starts in 6 minutes, at 10:00 CET, in A.",
    ]
    assert [d.key.round for d in day.outbox.rows.values() if d.key.rule == "soon"] == [0, 1]


def test_a_session_that_moves_into_the_window_is_announced_at_once():
    day = one_session()
    day.change(at("9:30"), lambda e: verbs.move(e, S1, at("9:30"), start=at("9:36")))
    assert day.live(EVE, END).posts == [
        "02 09:30 t:general S1 starts in 6 minutes, at 09:36 CET, in A."
    ]


def test_a_cancelled_session_is_never_announced_and_one_announced_is_called_off():
    day = workshop(session("s1", during("10:00", "11:00")), session("s2", during("11:00", "12:00")))
    day.change(at("9:55"), lambda e: verbs.cancel(e, S1))
    day.change(at("10:00"), lambda e: verbs.cancel(e, RecordKey(Kind.SESSION, "s2")))
    assert day.live(EVE, END).posts == [
        "02 09:50 t:general S1 starts in 10 minutes, at 10:00 CET.",
        "02 09:55 t:general Correction: S1, announced for 10:00, is cancelled.",
    ]


def test_a_session_that_takes_place_after_all_is_announced_again():
    day = one_session()
    day.change(at("9:52"), lambda e: verbs.cancel(e, S1))
    day.change(at("9:54"), lambda e: verbs.restore(e, S1))
    assert [p[:60] for p in day.live(EVE, END).posts] == [
        AT_950[:60],
        "02 09:52 t:general Correction: S1, announced for 10:00, is c",
        "02 09:54 t:general S1 starts in 6 minutes, at 10:00 CET, in ",
    ]


def test_a_change_while_the_bot_is_down_is_put_right_when_it_is_back():
    day = one_session().live(EVE, at("9:51"))
    day.change(at("9:52"), lambda e: verbs.delay(e, S1, 30, at("9:52")))
    day.coming.pop()[1]()  # in the store, while no bot runs
    day.live(at("9:55"), END)
    assert day.posts[1:] == [
        "02 09:55 t:general Correction: S1 starts at 10:30 CET (not 10:00), in A.",
        "02 10:20 t:general S1 starts in 10 minutes, at 10:30 CET, in A.",
    ]


def test_all_that_a_delay_moves_is_put_right_in_one_post():
    day = workshop(
        session("s1", during("10:00", "11:00", "a")),
        session("s2", during("11:00", "12:00", "a")),
        rules=(DAY,),
    )
    day.change(at("9:00"), lambda e: verbs.delay(e, S1, 10, at("9:00")))
    assert day.live(EVE, END).posts == [
        "02 08:00 t:general Today at Small (Monday, March 2, 2026):",
        "02 09:00 t:general The program has changed:",
    ]


def test_a_change_that_is_taken_back_before_it_was_told_is_not_told():
    day = one_session()
    platform = day.platforms["t"]
    day.change(at("9:52"), lambda e: verbs.delay(e, S1, 30, at("9:52")))
    day.at(at("9:51"), lambda: platform.trouble.append(TryLater(timedelta(minutes=3))))
    day.change(at("9:54"), lambda e: verbs.delay(e, S1, -30, at("9:54")))
    day.live(EVE, END)
    assert day.posts == [AT_950]
    assert set(day.reasons(State.CANCELLED)) == {"what was told is right by now"}


# -- dates of the call -----------------------------------------------------------------------

LA = ZoneInfo("America/Los_Angeles")


def deadline(*moments, rules=(ALERT, EXTENDED), zone=LA):
    made = event(days=(), zone=zone, call=call(milestone("submission", *moments)))
    return Workshop(replace(made, reminders=rules))


def la(text):
    return datetime.fromisoformat(text).replace(tzinfo=LA)


def extend(day):
    return lambda e: verbs.extend(e, "submission", day)


def test_alerts_of_a_date_come_on_their_days_to_the_authors():
    shop = deadline(moment("2017-03-31")).live(la("2017-03-01"), la("2017-04-05"))
    assert shop.posts == [
        "24 09:00 t:call Submission deadline: 7 days left, until Friday, March 31, 2017.",
        "28 09:00 t:call Submission deadline: 3 days left, until Friday, March 31, 2017.",
        "30 09:00 t:call Submission deadline: 1 day left, until Friday, March 31, 2017.",
        "31 09:00 t:call Submission deadline: today is the last day. It is Friday, March 31, 2017.",
    ]


def test_after_an_outage_only_the_latest_of_several_alerts_goes_out():
    shop = deadline(moment("2017-03-31")).live(la("2017-03-01"), la("2017-03-20"))
    shop.live(la("2017-03-29T12:00"), la("2017-03-30"))
    assert shop.posts == [
        "29 12:00 t:call Submission deadline: 2 days left, until Friday, March 31, 2017."
    ]
    assert shop.ledger == [
        ("alert/7", "submission", "superseded"),
        ("alert/3", "submission", "sent"),
    ]


def test_a_date_that_is_extended_on_its_last_day_is_announced_and_alerted_anew():
    shop = deadline(moment("2017-03-24"))
    shop.change(la("2017-03-24T15:00"), extend(date(2017, 3, 31)))
    shop.live(la("2017-03-22"), la("2017-04-02"))
    assert [p[:50] for p in shop.posts] == [
        "23 09:00 t:call Submission deadline: 1 day left, u",
        "24 09:00 t:call Submission deadline: today is the ",
        "24 15:00 t:call Submission deadline extended: now ",
        "28 09:00 t:call Submission deadline: 3 days left, ",
        "30 09:00 t:call Submission deadline: 1 day left, u",
        "31 09:00 t:call Submission deadline: today is the ",
    ]


def test_an_extension_that_is_taken_back_is_put_right():
    shop = deadline(moment("2017-03-24"))
    shop.change(la("2017-03-22T10:00"), extend(date(2017, 3, 31)))

    def undo():
        shop.edition = replace(shop.edition, number=9, event=shop.edition.accepted, log=())

    shop.at(la("2017-03-22T11:00"), undo)
    shop.live(la("2017-03-22"), la("2017-03-23"))
    assert shop.posts == [
        "22 10:00 t:call Submission deadline extended: now Friday, March 31, 2017, instead of Friday, March 24.",
        "22 11:00 t:call Correction: Submission deadline: Friday, March 24, 2017, not Friday, March 31.",
    ]


# -- platforms that fail ---------------------------------------------------------------------


def failing(*trouble, lost=False, keeps=True, **more):
    day = one_session(**more)
    platform = day.platforms["t"]
    platform.trouble, platform.lost, platform.keeps = list(trouble), lost, keeps
    return day


def test_a_platform_that_asks_to_wait_is_tried_again_just_then():
    day = failing(TryLater(timedelta(seconds=90))).live(EVE, END)
    assert day.posts == ["02 09:51 t:general S1 starts in 9 minutes, at 10:00 CET, in A."]


def test_a_platform_that_doesnt_say_how_long_to_wait_is_tried_less_and_less_often():
    day = failing(*[TryLater()] * 4)
    seen = []
    platform = day.platforms["t"]
    take = platform._take

    def taking(*args):
        seen.append(day.now())
        return take(*args)

    platform._take = taking
    day.live(EVE, END)
    gaps = [(b - a).total_seconds() for a, b in pairwise(seen)]
    assert gaps == [2, 4, 8, 16]


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 0, 2), (2, 0, 4), (3, 0.5, 6), (8, 0, 256), (9, 0, 300), (5_000, 0, 300), (9, 1, 150)],
)
def test_backing_off_doubles_up_to_five_minutes_and_chance_shortens_it(attempts, chance, seconds):
    assert backoff(attempts, chance) == timedelta(seconds=seconds)


def test_what_a_platform_puts_off_until_it_helps_no_more_is_skipped():
    day = failing(TryLater(timedelta(minutes=11))).live(EVE, END)
    assert day.posts == []
    assert day.reasons(State.SKIPPED) == [
        "it no longer helped by the time it could be posted (t: try again in 660 s)"
    ]


def test_what_is_refused_stops_with_the_reason_and_the_organizers_are_told():
    day = failing(Refused("not_in_channel: invite the bot")).live(EVE, END)
    assert day.posts == [
        "02 09:50 t:team I could not post to t:general: not_in_channel: invite the bot"
    ]
    assert day.reasons(State.FAILED) == ["not_in_channel: invite the bot"]


def test_organizers_are_told_once_a_day_and_not_about_their_own_place():
    day = workshop(*[session(f"s{n}", during(f"{n}:00", f"{n}:30")) for n in range(9, 14)])
    day.platforms["t"].trouble = [Refused("gone"), None] + [Refused("gone")] * 9
    day.live(EVE, END)
    assert [p for p in day.posts if TEAM in p] == [
        "02 08:50 t:team I could not post to t:general: gone"
    ]


@pytest.mark.parametrize("lost", [True, False], ids=["it was posted", "it was not"])
def test_a_post_in_doubt_is_looked_up_before_it_is_repeated(lost):
    day = failing(InDoubt(), lost=lost).live(EVE, END)
    (post,) = day.posts
    assert post == (
        AT_950 if lost else "02 09:50 t:general S1 starts in 10 minutes, at 10:00 CET, in A."
    )
    (row,) = day.outbox.rows.values()
    assert (row.state, row.attempts) == (State.SENT, 1 if lost else 2)


def test_a_post_in_doubt_is_repeated_only_when_it_was_missed_twice_a_while_apart():
    day = failing(InDoubt())
    looks = []
    platform = day.platforms["t"]
    look_up = platform.look_up

    def looking(*args):
        looks.append(day.now())
        return look_up(*args)

    platform.look_up = looking
    day.live(EVE, END)
    ((posted, _, _),) = platform.posts
    due = at("9:50")
    assert [(x - due).total_seconds() for x in looks] == [40, 55]
    assert (posted - due).total_seconds() == 55


def test_where_nobody_can_tell_whether_it_was_posted_it_stops_and_organizers_are_told():
    day = failing(InDoubt(), keeps=False).live(EVE, END)
    assert day.posts == [
        "02 09:50 t:team I could not post to t:general: nobody can tell whether it was posted"
    ]


def test_an_error_that_nobody_foresaw_is_in_doubt_too():
    day = failing(ZeroDivisionError()).live(EVE, END)
    assert len(day.posts) == 1
    assert [str(d.state) for d in day.outbox.rows.values()] == ["sent"]


def test_what_waits_in_a_place_is_posted_in_its_order():
    day = workshop(session("s1", during("10:00", "11:00")), session("s2", during("10:05", "11:00")))
    day.platforms["t"].trouble = [TryLater(timedelta(minutes=6))]
    assert day.live(EVE, END).posts == [
        "02 09:56 t:general S1 starts in 4 minutes, at 10:00 CET.",
        "02 09:56 t:general S2 starts in 9 minutes, at 10:05 CET.",
    ]


def test_a_platform_that_fails_holds_up_no_other():
    day = one_session()
    day.routes = Routes({"program": ("bad:x", "t:general")})
    bad = Recorder("bad", day.clock)
    bad.trouble = [TryLater(timedelta(minutes=2))] * 99
    day.platforms["bad"] = bad
    assert day.live(EVE, END).posts == [AT_950]


def test_a_platform_that_isnt_connected_is_said_to_be():
    day = one_session()
    day.routes = Routes({"program": ("slack:C1",), "organizers": (TEAM,)})
    assert day.live(EVE, END).posts == [
        "02 09:50 t:team I could not post to slack:C1: this platform isn't connected"
    ]


# -- held ------------------------------------------------------------------------------------


def test_held_posts_follow_when_they_are_resumed_as_far_as_they_help():
    day = workshop(session("s1", during("10:00", "11:00")), session("s2", during("10:30", "11:00")))
    day.at(at("9:30"), lambda: day.hold("Kim"))
    day.at(at("10:24"), lambda: day.hold(""))
    day.live(EVE, END)
    assert day.posts == ["02 10:24 t:general S2 starts in 6 minutes, at 10:30 CET."]
    assert day.reasons(State.SKIPPED) == [
        "it no longer helped by the time it could be posted (posts were held by Kim)"
    ]


# -- a tick that fails -----------------------------------------------------------------------


def test_a_tick_that_fails_is_logged_and_the_next_one_comes(caplog):
    day = one_session()
    known = day.outbox.known
    broken = [RuntimeError("secret words")]

    async def sometimes(*args):
        if broken:
            raise broken.pop()
        return await known(*args)

    day.outbox.known = sometimes
    assert day.live(EVE, END).posts == [AT_950]
    assert "a tick failed: RuntimeError at" in caplog.text
    assert "secret words" not in caplog.text


# -- a store that fails ----------------------------------------------------------------------


def failing_once(outbox, name, when=lambda *_: True):
    """Let a call of the outbox fail once, as if the store couldn't be reached."""
    call = getattr(outbox, name)
    failed: list[int] = []

    async def sometimes(*args, **kwargs):
        if not failed and when(*args):
            failed.append(1)
            raise TryLater
        return await call(*args, **kwargs)

    setattr(outbox, name, sometimes)


def test_a_store_that_fails_behind_a_post_makes_no_second_one():
    day = one_session()
    failing_once(day.outbox, "save", lambda d, *_: d.state == State.SENT)
    assert day.live(EVE, END).posts == [AT_950]
    assert day.ledger == [("soon", "s1", "sent")]


@pytest.mark.parametrize("name", ["begun", "put", "claim_place", "told", "start", "release"])
def test_a_store_that_fails_for_a_moment_costs_no_reminder(name):
    day = one_session()
    failing_once(day.outbox, name)
    assert len(day.live(EVE, END).posts) == 1


@pytest.mark.parametrize(
    "trouble",
    [TryLater(), TryLater(timedelta(seconds=20)), ZeroDivisionError()],
    ids=["later", "then", "unforeseen"],
)
def test_a_look_that_fails_is_taken_again(trouble):
    day = failing(InDoubt(), lost=True)
    platform = day.platforms["t"]
    look_up = platform.look_up
    troubles = [trouble]

    async def looking(*args):
        if troubles:
            raise troubles.pop()
        return await look_up(*args)

    platform.look_up = looking
    assert day.live(EVE, END).posts == [AT_950]
    assert day.ledger == [("soon", "s1", "sent")]


def test_a_look_that_is_refused_is_told_to_the_organizers():
    day = failing(InDoubt(), lost=True)

    async def looking(*args):
        raise Refused("missing_scope: channels:history")

    day.platforms["t"].look_up = looking
    assert day.live(EVE, END).posts[1:] == [
        (
            "02 09:50 t:team I could not post to t:general: nobody can tell whether it was posted:"
            " missing_scope: channels:history"
        )
    ]


def test_a_session_that_moves_while_its_reminder_is_in_doubt_is_put_right():
    day = failing(InDoubt(), lost=True)
    day.change(at("9:50") + timedelta(seconds=20), lambda e: verbs.delay(e, S1, 30, at("9:50")))
    assert day.live(EVE, END).posts == [
        AT_950,
        "02 09:50 t:general Correction: S1 starts at 10:30 CET (not 10:00), in A.",
        "02 10:20 t:general S1 starts in 10 minutes, at 10:30 CET, in A.",
    ]


def test_posts_that_are_held_in_the_middle_stop_there_and_go_on_later():
    day = workshop(
        session("s1", during("10:00", "11:00")), session("s2", during("10:00", "11:00", "b"))
    )
    platform = day.platforms["t"]
    post = platform.post

    async def posting(*args):
        await day.hold("Kim")
        return await post(*args)

    platform.post = posting
    day.at(at("9:55"), lambda: setattr(platform, "post", post))
    day.at(at("9:56"), lambda: day.hold(""))
    assert day.live(EVE, END).posts == [
        "02 09:50 t:general S1 starts in 10 minutes, at 10:00 CET.",
        "02 09:56 t:general S2 starts in 4 minutes, at 10:00 CET, in B.",
    ]


# -- several editions at once ----------------------------------------------------------------


def test_a_reminder_of_an_older_edition_that_was_in_flight_is_put_right():
    day = one_session()
    platform = day.platforms["t"]
    post = platform.post

    async def slowly(*args):
        platform.post = post
        # Meanwhile another process serves the edition in which the session is later, and finds
        # nothing yet that has been sent.
        change = verbs.delay(day.edition.event, S1, 30, at("9:50"))
        entry = Amendment(1, "kim", at("9:50"), "", change.effects)
        day.edition = amended(day.edition, entry)
        await day.outbox.put("small", [], day.now(), mended=day.edition.number)
        return await post(*args)

    platform.post = slowly
    assert [p[:41] for p in day.live(EVE, END).posts] == [
        "02 09:50 t:general S1 starts in 10 minute",
        "02 09:50 t:general Correction: S1 starts ",
        "02 10:20 t:general S1 starts in 10 minute",
    ]


def test_who_serves_an_older_edition_leaves_the_posting_to_others():
    day = one_session()
    day.at(at("9:40"), lambda: day.outbox.put("small", [], at("9:40"), mended=2))
    assert day.live(EVE, END).posts == []


def test_files_that_nobody_accepted_are_not_posted_from():
    day = one_session()
    day.edition = replace(day.edition, number=0)
    assert day.live(EVE, END).ledger == []


# -- what changes about places and rules -----------------------------------------------------


def test_what_waits_for_a_place_that_is_no_longer_named_stays_away_from_it():
    day = failing(TryLater(timedelta(minutes=5))).live(EVE, at("9:51"))
    day.routes = Routes({"program": ("t:new",)})
    assert day.live(at("9:52"), END).posts == [
        "02 09:52 t:new S1 starts in 8 minutes, at 10:00 CET, in A."
    ]
    assert day.reasons(State.CANCELLED) == ["it doesn't go to this place any more"]


def test_a_place_that_is_named_later_hears_what_still_helps_and_no_word_of_lateness():
    day = one_session().live(EVE, at("9:53"))
    day.routes = Routes({"program": ("t:general", "t:new")})
    day.live(at("9:54"), END)
    (text,) = [text for _, place, text in day.platforms["t"].posts if place == "t:new"]
    assert text == "S1 starts in 6 minutes, at 10:00 CET, in A."


def test_what_becomes_due_by_a_change_is_not_said_to_be_late():
    day = one_session()
    day.change(at("9:30"), lambda e: verbs.move(e, S1, at("9:30"), start=at("9:36")))
    day.live(EVE, END)
    ((_, _, text),) = day.platforms["t"].posts
    assert text == "S1 starts in 6 minutes, at 09:36 CET, in A."


def test_a_session_that_is_moved_up_on_the_first_day_is_announced():
    day = workshop(session("s1", during("15:00", "16:00")))
    day.change(at("9:56"), lambda e: verbs.move(e, S1, at("9:56"), start=at("10:00")))
    assert day.live(at("9:55"), END).posts == [
        "02 09:56 t:general S1 starts in 4 minutes, at 10:00 CET."
    ]


# -- dates, again ----------------------------------------------------------------------------


def test_an_old_extension_makes_no_alert_needless_when_files_come_again():
    shop = deadline(moment("2017-03-24"), moment("2017-03-31"))
    shop.edition = replace(shop.edition, since=la("2017-03-01T12:00"))
    shop.live(la("2017-02-28"), la("2017-03-31T08:55"))
    shop.edition = replace(shop.edition, number=2, since=la("2017-03-31T09:05"))
    shop.live(la("2017-03-31T09:05"), la("2017-04-02"))
    assert shop.posts[-1] == (
        "31 09:05 t:call Submission deadline: today is the last day. It is Friday, March 31, 2017."
    )


def test_an_extension_that_is_old_news_is_not_told_to_a_new_place():
    shop = deadline(moment("2017-03-24"), moment("2017-03-31"))
    shop.edition = replace(shop.edition, since=la("2017-03-01T12:00"))
    shop.live(la("2017-02-28"), la("2017-03-20"))
    shop.routes = Routes({"authors": (CALL, "t:new")})
    shop.edition = replace(shop.edition, number=2, since=la("2017-03-20T12:00"))
    shop.live(la("2017-03-20T12:00"), la("2017-03-21"))
    assert [p for p in shop.posts if "t:new" in p] == []


def test_taking_a_second_extension_back_is_no_extension():
    shop = deadline(moment("2017-03-24"))
    shop.change(la("2017-03-20T10:00"), extend(date(2017, 3, 31)))
    shop.change(la("2017-03-20T11:00"), extend(date(2017, 4, 7)))

    def undo():
        edition = shop.edition
        back = undoing(edition.event, edition.log[-1])
        entry = Amendment(3, "kim", shop.now(), "undo", back.effects, undoes=2)
        shop.edition = amended(edition, entry)

    shop.at(la("2017-03-20T12:00"), undo)
    shop.live(la("2017-03-20"), la("2017-03-21"))
    assert [p[3:60] for p in shop.posts] == [
        "10:00 t:call Submission deadline extended: now Friday, Ma",
        "11:00 t:call Submission deadline extended: now Friday, Ap",
        "12:00 t:call Correction: Submission deadline: Friday, Mar",
    ]


# -- talks, and several times of one session -------------------------------------------------


def timed():
    return session(
        "s1",
        during("10:00", "12:00", "a"),
        talks=[talk("one", "One", during("10:30", "11:00"), by=["ann"]), talk("two", "Two")],
    )


def test_a_talk_that_is_cancelled_or_moves_after_it_was_told_is_put_right():
    day = workshop(timed())
    one = RecordKey(Kind.TALK, "one")
    day.change(at("9:52"), lambda e: verbs.move(e, one, at("9:52"), start=at("11:20")))
    day.change(at("9:54"), lambda e: verbs.cancel(e, RecordKey(Kind.TALK, "two")))
    assert day.live(EVE, END).posts[1:] == [
        "02 09:52 t:general Correction: “One” starts at 11:20 CET (not 10:30).",
        "02 09:54 t:general Correction: “Two” is cancelled.",
    ]


def test_talks_that_move_with_their_session_are_not_told_one_by_one():
    day = workshop(timed())
    day.change(at("9:52"), lambda e: verbs.delay(e, S1, 30, at("9:52")))
    assert day.live(EVE, END).posts[1:] == [
        "02 09:52 t:general Correction: S1 starts at 10:30 CET (not 10:00), in A.",
        "02 10:20 t:general S1 starts in 10 minutes, at 10:30 CET, in A.",
    ]


def twice(*times):
    return replace(event(session("s1", *times)), reminders=(SOON, DAY))


FIRST, SECOND = during("9:00", "10:00"), during("15:00", "16:00")


def test_of_two_times_of_a_session_the_one_that_goes_is_told_and_the_other_stays():
    day = Workshop(twice(FIRST, SECOND))
    day.files(at("8:10"), twice(SECOND))
    assert day.live(EVE, END).posts == [
        "02 08:00 t:general Today at Small (Monday, March 2, 2026):",
        "02 08:10 t:general Correction: S1 doesn't take place at 09:00.",
        "02 14:50 t:general S1 starts in 10 minutes, at 15:00 CET.",
    ]


def test_times_that_stand_in_another_order_are_the_same():
    day = Workshop(twice(FIRST, SECOND))
    day.files(at("8:10"), twice(SECOND, FIRST))
    assert [p[:18] for p in day.live(EVE, END).posts] == [
        "02 08:00 t:general",
        "02 08:50 t:general",
        "02 14:50 t:general",
    ]


def test_what_lapsed_while_the_bot_was_down_and_matters_again_is_put_right():
    day = one_session().live(EVE, at("10:30"))
    change = verbs.move(day.edition.event, S1, at("9:40"), start=at("15:00"))
    entry = Amendment(1, "kim", at("10:40"), "", change.effects)
    day.edition = amended(day.edition, entry)
    day.live(at("11:05"), END)
    assert day.posts[1] == (
        "02 11:05 t:general Correction: S1 starts at 15:00 CET (not 10:00), in A."
    )


# -- bugs and stops --------------------------------------------------------------------------


def test_a_post_that_cannot_be_put_into_words_costs_no_other(monkeypatch):
    day = workshop(
        session("s1", during("10:00", "11:00")), session("s2", during("10:00", "11:00", "b"))
    )
    ahead = wording.session_ahead

    def sometimes(session_, *more):
        if session_.id == "s1":
            raise ZeroDivisionError("secret words")
        return ahead(session_, *more)

    monkeypatch.setattr(wording, "session_ahead", sometimes)
    posts = day.live(EVE, END).posts
    assert "02 09:50 t:general S2 starts in 10 minutes, at 10:00 CET, in B." in posts
    assert any("it could not be put into words (ZeroDivisionError at" in p for p in posts)
    assert "secret words" not in str(posts)


def test_told_to_stop_it_finishes_what_is_in_hand_and_begins_nothing_more():
    day = workshop(*[session(f"s{n}", during("10:00", "11:00", f"r{n}")) for n in range(5)])
    platform = day.platforms["t"]
    post = platform.post

    async def stopping(*args):
        for errand in day.courier._errands.values():
            errand.stop()
        day.courier._serve = nothing_more
        return await post(*args)

    async def nothing_more(_event):
        return False

    platform.post = stopping
    day.live(EVE, at("9:50") + timedelta(seconds=1))
    assert len(day.posts) == 1
    assert [str(d.state) for d in day.outbox.rows.values()].count("waiting") == 4
