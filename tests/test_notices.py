"""Which notices an edition brings, when each is open, what it says, and what is to be put right."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.amend import Amendment, Edition, Kind, amended, verbs
from bot.amend import Key as RecordKey
from bot.answer import plain
from bot.event import (
    DayReminder,
    ExtensionReminder,
    MilestoneReminder,
    Role,
    SessionKind,
    SessionReminder,
    SlotReminder,
    Status,
)
from bot.find import Calendar, Register
from bot.notices import (
    Board,
    Delivery,
    Key,
    Notice,
    State,
    Tick,
    Timeline,
    believed,
    corrections,
    fresh,
    judged,
    mend,
    post,
    put_right,
    superseding,
    timeline,
    withdrawn,
)
from bot.told import date_told, slot_told
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
    room,
    session,
    talk,
)


SOON = SessionReminder(
    "soon", "", ("program",), (SessionKind.TALKS, SessionKind.KEYNOTE), timedelta(minutes=10)
)
NOW = SessionReminder("now", "", ("program",), (SessionKind.BREAK,), timedelta())
DAY = DayReminder("day", "", ("program",), time(8))
ALERT = MilestoneReminder("alert", "", ("authors",), (14, 7, 3, 1, 0), time(9))
EXTENDED = ExtensionReminder("extended", "", ("authors",))
OWN = SlotReminder("own", "", (), (Role.CHAIR, Role.PRESENTER), timedelta(minutes=30))
RULES = (SOON, NOW, DAY, ALERT, EXTENDED, OWN)

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def edition(*blocks, rules=RULES, since=None, **more):
    made = replace(event(*blocks, **more), reminders=rules)
    return Edition(1, made, made, (), since)


def planned(made, *, rule=""):
    """Each notice as (rule, subject, due at the venue)."""
    zone = made.event.zone
    return [
        (n.key.rule, n.key.subject, f"{n.due.astimezone(zone):%d %H:%M}")
        for n in timeline(made).notices
        if not rule or n.key.rule.split("/")[0] == rule
    ]


def said(made, notice, now, told=None):
    world = Calendar(made.event, Register(made.event), now)
    return plain(post(notice, world, told).answer)


def the(made, rule, subject=""):
    """The only notice of a rule (and subject)."""
    found = [
        n
        for n in timeline(made).notices
        if n.key.rule == rule and n.key.subject == (subject or n.key.subject)
    ]
    assert len(found) == 1
    return found[0]


def changed(made, *effects_of):
    """The edition after verbs; each is a function of an event that gives a change."""
    for verb in effects_of:
        change = verb(made.event)
        made = amended(made, Amendment(made.next_amendment, "kim", at("8:00"), "", change.effects))
    return made


# -- the program -----------------------------------------------------------------------------


def test_each_session_of_the_kinds_is_announced_so_long_before_its_start():
    made = edition(
        session("s1", during("10:00", "11:00")),
        session("coffee", during("11:00", "11:30"), kind=SessionKind.BREAK),
        session("s2", during("11:30", "12:30")),
        rules=(SOON, NOW),
    )
    assert planned(made) == [
        ("soon", "s1", "02 09:50"),
        ("now", "coffee", "02 11:00"),
        ("soon", "s2", "02 11:20"),
    ]


def test_a_cancelled_session_is_never_announced():
    made = edition(session("s1", during("10:00", "11:00"), status=Status.CANCELLED), rules=(SOON,))
    assert planned(made) == []


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([during("9:00", "10:00", "a", "b")], id="one happening in two rooms"),
        pytest.param(
            [during("9:00", "10:00", "a"), during("9:00", "10:00", "b")], id="two, a room each"
        ),
    ],
)
def test_a_plenary_in_two_rooms_is_announced_once_with_both(times):
    made = edition(session("s1", *times), rules=(SOON,))
    assert planned(made) == [("soon", "s1", "02 08:50")]
    assert said(made, the(made, "soon"), at("8:50")) == (
        "S1 starts in 10 minutes, at 09:00 CET, in A and B."
    )


def test_a_session_that_is_given_twice_is_announced_twice():
    made = edition(session("s1", during("9:00", "10:00"), during("15:00", "16:00")), rules=(SOON,))
    assert planned(made) == [("soon", "s1", "02 08:50"), ("soon", "s1", "02 14:50")]


def test_sessions_side_by_side_are_announced_each():
    made = edition(
        session("a", during("9:00", "10:00", "x")),
        session("b", during("9:00", "10:00", "y")),
        rules=(SOON,),
    )
    assert planned(made) == [("soon", "a", "02 08:50"), ("soon", "b", "02 08:50")]


def test_forty_sessions_at_one_minute_are_forty_notices():
    made = edition(*[session(f"s{n}", during("9:00", "10:00", f"r{n}")) for n in range(40)])
    line = timeline(made)
    assert len([n for n in line.open_at(at("8:55")) if n.key.rule == "soon"]) == 40


@pytest.mark.parametrize(
    ("zone", "day", "clock", "due"),
    [
        ("America/Los_Angeles", MONDAY, "19:30", "2026-03-03T03:20:00+00:00"),
        ("Pacific/Honolulu", MONDAY, "23:30", "2026-03-03T09:20:00+00:00"),
        ("Pacific/Kiritimati", MONDAY, "0:05", "2026-03-01T09:55:00+00:00"),
        # Madrid's clocks go from 2:00 to 3:00 that night: ten minutes before 3:05 is 1:55.
        ("Europe/Madrid", date(2026, 3, 29), "3:05", "2026-03-29T00:55:00+00:00"),
        # They go back from 3:00 to 2:00 that night.
        ("Europe/Madrid", date(2026, 10, 25), "3:05", "2026-10-25T01:55:00+00:00"),
    ],
)
def test_a_notice_is_due_by_the_clock_of_the_universe(zone, day, clock, due):
    where = ZoneInfo(zone)
    made = edition(
        session("s1", during(clock, "23:59", day=day, zone=where)),
        rules=(SOON,),
        days=(day,),
        zone=where,
    )
    assert [n.due.isoformat() for n in timeline(made).notices] == [due]


def test_the_days_program_has_what_begins_past_midnight_and_comes_each_day():
    made = edition(
        session("dinner", during("20:00", "23:00")),
        session("night", during("0:30", "1:30", day=TUESDAY)),
        session("s1", during("9:00", "10:00", day=TUESDAY)),
        rules=(DAY,),
        days=(MONDAY, TUESDAY),
    )
    assert planned(made) == [("day", "day", "02 08:00"), ("day", "day", "03 08:00")]
    first, second = timeline(made).notices
    assert said(made, first, at("8:00")) == (
        "Today at Small (Monday, March 2, 2026):\n• 20:00–23:00 Dinner\n• 00:30–01:30 Night"
    )
    assert "Night" not in said(made, second, at("8:00", TUESDAY))


def test_the_days_program_that_comes_late_tells_what_is_still_to_come():
    made = edition(
        session("s1", during("9:00", "10:00")),
        session("s2", during("11:00", "12:00")),
        rules=(DAY,),
    )
    assert said(made, the(made, "day"), at("10:15")) == (
        "The rest of today at Small (Monday, March 2, 2026):\n• 11:00–12:00 S2"
    )


def test_speakers_and_chairs_are_reminded_alone_each_of_their_own_part():
    made = edition(
        session(
            "s1",
            during("9:00", "10:00", "a"),
            chairs=(as_chair("eve"),),
            talks=[
                talk("early", "Early", during("9:00", "9:30"), by=[as_presenter("ann")]),
                talk("late", "Late", during("9:30", "10:00"), by=[as_presenter("bob"), "cy"]),
            ],
        ),
        rules=(OWN,),
    )
    assert planned(made) == [
        ("own/ann", "early", "02 08:30"),
        ("own/eve", "s1", "02 08:30"),
        ("own/bob", "late", "02 09:00"),
    ]
    notices = {n.person: n for n in timeline(made).notices}
    assert {n.to for n in notices.values()} == {()}
    assert (
        said(made, notices["eve"], at("8:30")) == "You chair S1 in 30 minutes, at 09:00 CET, in A."
    )
    assert said(made, notices["bob"], at("9:10")).startswith(
        "You present “Late” in 20 minutes, at 09:30 CET, in A."
    )


def as_presenter(person):
    return replace(as_chair(person), role=Role.PRESENTER)


# -- what is open ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "open_"),
    [
        ("9:49", []),
        ("9:50", ["soon"]),
        ("9:59", ["soon"]),
        ("10:00", []),  # it starts: a reminder helps no more
        ("10:59", []),
        ("11:00", ["now"]),
        ("11:09", ["now"]),
        ("11:10", []),
    ],
)
def test_a_notice_is_open_from_when_it_is_due_until_it_helps_no_more(clock, open_):
    made = edition(
        session("s1", during("10:00", "11:00")),
        session("coffee", during("11:00", "11:30"), kind=SessionKind.BREAK),
        rules=(SOON, NOW),
    )
    assert [n.key.rule for n in timeline(made).open_at(at(clock))] == open_


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=40)


@given(spans, st.integers(0, 100))
def test_what_is_open_is_just_what_has_begun_and_not_expired(rows, minute):
    start = at("0:00")
    notices = [
        Notice(
            Key("r", str(n), ""),
            SOON,
            start + timedelta(minutes=due),
            start + timedelta(minutes=due + length),
            (),
        )
        for n, (due, length) in enumerate(rows)
    ]
    now = start + timedelta(minutes=minute)
    expected = {n.key for n in notices if n.due <= now < n.expires}
    found = [n.key for n in Timeline(notices).open_at(now)]
    assert set(found) == expected
    assert len(found) == len(expected)


@given(spans, st.integers(0, 100))
def test_the_next_one_is_the_first_that_is_due_later(rows, minute):
    start = at("0:00")
    dues = [start + timedelta(minutes=due) for due, _ in rows]
    notices = [
        Notice(Key("r", str(n), ""), SOON, due, due + HOUR, ()) for n, due in enumerate(dues)
    ]
    now = start + timedelta(minutes=minute)
    assert Timeline(notices).next_after(now) == min((d for d in dues if d > now), default=None)


# -- what is said ----------------------------------------------------------------------------


def paper_session():
    return session(
        "s1",
        during("10:00", "11:00", "a"),
        label="Session 1",
        title="Fast Paths",
        chairs=(as_chair("eve-roe"),),
        talks=[
            talk("one", "One Way", by=["ann-lee", "bob-ray"]),
            talk("two", "Two Ways", by=["cy-poe"], status=Status.CANCELLED),
        ],
    )


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        (at("9:50"), "Session 1: Fast Paths starts in 10 minutes, at 10:00 CET, in A.", ""),
        (
            at("9:55") + SECOND,
            "Session 1: Fast Paths starts in 5 minutes, at 10:00 CET, in A.",
            "This comes 6 minutes late.",
        ),
        (
            at("9:59") + 30 * SECOND,
            "Session 1: Fast Paths starts in 1 minute, at 10:00 CET, in A.",
            "",
        ),
    ],
)
def test_a_reminder_says_the_minutes_that_are_really_left(now, first, last):
    made = edition(paper_session(), rules=(SOON,))
    lines = said(made, the(made, "soon"), now).splitlines()
    assert lines[0] == first
    assert lines[1:4] == [
        "Chair: Eve Roe",
        "• “One Way” by Ann Lee and Bob Ray",
        "• “Two Ways” by Cy Poe (cancelled)",
    ]
    if last:
        assert lines[-1] == last


def test_a_break_says_until_when_and_where():
    made = edition(
        session("coffee", during("11:00", "11:30", "foyer"), kind=SessionKind.BREAK), rules=(NOW,)
    )
    notice = the(made, "now")
    assert said(made, notice, at("11:00")) == "Coffee starts now, until 11:30 CET, in Foyer."
    assert said(made, notice, at("11:05")) == (
        "Coffee started at 11:00, until 11:30 CET, in Foyer.\nThis comes 5 minutes late."
    )


# -- dates of the call -----------------------------------------------------------------------

LA = ZoneInfo("America/Los_Angeles")
SEOUL = ZoneInfo("Asia/Seoul")


def deadline(*moments, zone=LA, rules=(ALERT, EXTENDED), since=None):
    return edition(
        rules=rules, zone=zone, days=(), since=since, call=call(milestone("submission", *moments))
    )


@pytest.mark.parametrize(
    ("when", "zone", "dues"),
    [
        (
            moment("2017-03-31"),
            LA,
            ["17 09:00", "24 09:00", "28 09:00", "30 09:00", "31 09:00"],
        ),
        (
            moment("2017-03-31", "", "AoE"),
            LA,
            ["17 09:00", "24 09:00", "28 09:00", "30 09:00", "31 09:00"],
        ),
        (
            moment("2017-03-31", "", "AoE"),
            SEOUL,
            ["17 09:00", "24 09:00", "28 09:00", "30 09:00", "31 09:00"],
        ),
        # 10:00 of the 31st in Seoul is 18:00 of the 30th in Los Angeles.
        (
            moment("2017-03-31", "10:00", "Asia/Seoul"),
            LA,
            ["16 09:00", "23 09:00", "27 09:00", "29 09:00", "30 09:00"],
        ),
        # At 9:00 of its last day it would be over, so the day before is the last to say so.
        (
            moment("2017-03-31", "08:00", "America/Los_Angeles"),
            LA,
            ["16 09:00", "23 09:00", "27 09:00", "29 09:00", "30 09:00"],
        ),
    ],
)
def test_alerts_come_on_days_before_a_date_at_nine_by_the_venues_clocks(when, zone, dues):
    made = deadline(when, zone=zone)
    assert [due for _, _, due in planned(made)] == dues


@pytest.mark.parametrize(
    ("when", "now", "text"),
    [
        (
            moment("2017-03-31"),
            "2017-03-24T09:00",
            (
                "Submission deadline: 7 days left, until Friday, March 31, 2017.\n"
                "The time of day isn't stated."
            ),
        ),
        (
            moment("2017-03-31"),
            "2017-03-31T09:00",
            (
                "Submission deadline: today is the last day. It is Friday, March 31, 2017.\n"
                "The time of day isn't stated."
            ),
        ),
        (
            moment("2017-03-31", "23:59"),
            "2017-03-30T09:00",
            (
                "Submission deadline: 1 day left, until Friday, March 31, 2017, 23:59.\n"
                "The time zone isn't stated."
            ),
        ),
        (
            moment("2017-03-31", "", "AoE"),
            "2017-03-24T09:00",
            (
                "Submission deadline: 7 days left, until Friday, March 31, 2017 AoE, which is Saturday,"
                " April 1, 4:59 am PDT at the venue."
            ),
        ),
        (
            moment("2017-03-31", "", "AoE"),
            "2017-03-31T09:00",
            (
                "Submission deadline: today is the last day. It is Friday, March 31, 2017 AoE, which is"
                " Saturday, April 1, 4:59 am PDT at the venue, in 19 hours."
            ),
        ),
    ],
)
def test_an_alert_says_the_days_left_and_what_is_known_of_the_time(when, now, text):
    made = deadline(when)
    here = datetime.fromisoformat(now).replace(tzinfo=LA)
    (*_, notice) = [n for n in timeline(made).notices if n.due <= here]
    assert said(made, notice, here) == text


def test_in_the_far_east_the_last_day_is_the_printed_one_and_the_instant_stands_beside_it():
    made = deadline(moment("2017-03-31", "", "AoE"), zone=SEOUL)
    here = datetime(2017, 3, 31, 9, tzinfo=SEOUL)
    *_, last = timeline(made).notices
    assert last.due == here
    assert said(made, last, here) == (
        "Submission deadline: today is the last day. It is Friday, March 31, 2017 AoE, which is"
        " Saturday, April 1, 20:59 KST at the venue, in 35 hours."
    )


def test_an_extension_withdraws_the_alerts_of_the_old_date_and_is_announced():
    before = deadline(moment("2017-03-24"), since=datetime(2017, 1, 1, tzinfo=UTC))
    change = verbs.extend(before.event, "submission", date(2017, 3, 31))
    when = datetime(2017, 3, 22, 12, tzinfo=LA)
    after = amended(before, Amendment(1, "kim", when, "", change.effects))

    old = {n.key for n in timeline(before).notices if n.key.rule != "extended"}
    new = {n.key for n in timeline(after).notices}
    assert not old & new
    notice = the(after, "extended")
    assert (notice.due, notice.expires) == (when, when + timedelta(days=3))
    assert said(after, notice, when) == (
        "Submission deadline extended: now Friday, March 31, 2017, instead of Friday, March 24.\n"
        "The time of day isn't stated."
    )


def test_an_extension_that_the_files_bring_is_due_when_they_are_accepted():
    since = datetime(2017, 3, 20, tzinfo=UTC)
    made = deadline(moment("2017-03-24"), moment("2017-03-31"), since=since)
    assert the(made, "extended").due == since


def test_without_knowing_since_when_a_date_holds_no_extension_is_announced():
    made = deadline(moment("2017-03-24"), moment("2017-03-31"))
    assert planned(made, rule="extended") == []


def test_of_several_open_alerts_the_latest_due_makes_the_others_needless():
    made = deadline(moment("2017-03-31"))
    here = datetime(2017, 3, 29, tzinfo=LA)
    open_ = list(timeline(made).open_at(here))
    assert [n.key.rule for n in open_] == ["alert/14", "alert/7", "alert/3"]
    needless = superseding((n, n.due) for n in open_)
    assert {k.rule: v.key.rule for k, v in needless.items()} == {
        "alert/14": "alert/3",
        "alert/7": "alert/3",
    }


# -- what is new -----------------------------------------------------------------------------

HERE = "t:general"
SINCE = at("0:00")


def everywhere(_notice):
    return (HERE,)


def sent(made, notice, now, place=HERE):
    """The delivery of a notice that was posted at a moment."""
    world = Calendar(made.event, Register(made.event), now)
    told = post(notice, world).told
    until = max(t.until(made.event.zone) for t in told)
    return Delivery(
        "small",
        place,
        notice.key,
        notice.due,
        notice.expires,
        State.SENT,
        id=1,
        settled=now,
        told=told,
        until=until,
    )


def board(made):
    return Board(timeline(made), everywhere)


def tick(clock, **more):
    return Tick(at(clock), SINCE, more.pop("upto", SINCE), **more)


def states(made, due, known=()):
    now = tick("9:55")
    new = fresh("small", due, board(made), known, now)
    return [(d.key.rule, d.key.round, str(judged(d, now, "").state)) for d in new]


def test_what_is_known_is_not_new():
    made = edition(session("s1", during("10:00", "11:00")), rules=(SOON,))
    open_ = list(timeline(made).open_at(at("9:55")))
    assert states(made, open_) == [("soon", 0, "waiting")]
    assert states(made, open_, [sent(made, open_[0], at("9:51"))]) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"withdrawn": True}, [("soon", 1, "waiting")]),
        ({"state": State.CANCELLED}, [("soon", 1, "waiting")]),
        ({"state": State.FAILED}, []),
        ({"state": State.SKIPPED}, []),
    ],
)
def test_what_was_withdrawn_or_cancelled_comes_again_in_a_new_round(more, expected):
    made = edition(session("s1", during("10:00", "11:00")), rules=(SOON,))
    open_ = list(timeline(made).open_at(at("9:55")))
    before = replace(sent(made, open_[0], at("9:51")), **more)
    assert states(made, open_, [before]) == expected


def test_what_was_due_before_the_first_start_is_skipped():
    made = edition(session("s1", during("10:00", "11:00")), rules=(SOON,))
    open_ = list(timeline(made).open_at(at("9:55")))
    first = Tick(at("9:55"), at("9:52"), at("9:52"), first=True)
    (new,) = fresh("small", open_, board(made), (), first)
    found = judged(new, first, "")
    assert (found.state, found.reason) == (
        State.SKIPPED,
        "it was due before the bot was started for the first time",
    )


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ("", "it no longer helped by the time it could be posted (the bot wasn't running)"),
        (
            "posts were held by Kim",
            "it no longer helped by the time it could be posted (posts were held by Kim)",
        ),
    ],
)
def test_what_was_missed_and_helps_no_more_is_skipped_with_the_reason(held, reason):
    made = edition(session("s1", during("10:00", "11:00")), rules=(SOON,))
    missed_ = timeline(made).between(at("9:00"), at("10:05"))
    late = tick("10:05")
    (new,) = fresh("small", missed_, board(made), (), late)
    found = judged(new, late, held)
    assert (found.state, found.reason, found.settled) == (State.SKIPPED, reason, at("10:05"))


# -- what is put right -----------------------------------------------------------------------


def test_a_session_that_moves_after_its_reminder_is_put_right_once():
    made = edition(paper_session(), rules=(SOON,))
    posted = sent(made, the(made, "soon"), at("9:50"))
    moved = changed(made, lambda e: verbs.delay(e, RecordKey(Kind.SESSION, "s1"), 30, at("9:52")))

    changes = mend(moved.event, believed([posted]).values(), at("9:52"))
    world = Calendar(moved.event, Register(moved.event), at("9:52"))
    right = put_right(changes, world)
    assert plain(right.answer) == (
        "Correction: Session 1: Fast Paths starts at 10:30 CET (not 10:00), in A."
    )
    (delivery,) = corrections(moved.event, "2", [posted], at("9:52"))
    assert (delivery.place, delivery.key) == (HERE, Key("Correction", "program", "2"))

    after = replace(posted, id=2, told=right.told, settled=at("9:52") + SECOND)
    assert corrections(moved.event, "2", [posted, after], at("9:53")) == []
    assert withdrawn(right.told) == (("s1", "2026-03-02T09:00+00:00"),)


def test_what_moves_back_is_told_by_its_reminder_again():
    made = edition(paper_session(), rules=(SOON,))
    notice = the(made, "soon")
    s1 = made.event.sessions[0]
    other = replace(slot_told(made.event, s1, s1.occurrences[0]), start=at("10:30"))
    told = {("s1", other.instant): other}
    assert said(made, notice, at("9:54"), told).splitlines()[-1] == (
        "Session 1: Fast Paths starts at 10:00 CET (not 10:30), in A."
    )


@pytest.mark.parametrize(
    ("verb", "text"),
    [
        (
            lambda e: verbs.cancel(e, RecordKey(Kind.SESSION, "s1")),
            "Correction: Session 1: Fast Paths, announced for 10:00, is cancelled.",
        ),
        (
            lambda e: verbs.move(e, RecordKey(Kind.SESSION, "s1"), at("9:52"), room="b"),
            "Correction: Session 1: Fast Paths is in B (not A).",
        ),
        (
            lambda e: verbs.substitute(
                e, RecordKey(Kind.SESSION, "s1"), "eve-roe", "ann-lee", at("9:52")
            ),
            "Correction: Session 1: Fast Paths is with Ann Lee (not Eve Roe).",
        ),
    ],
)
def test_a_correction_says_what_is_otherwise_than_it_was_told(verb, text):
    made = edition(paper_session(), rules=(SOON,), rooms=(room("a"), room("b")))
    posted = sent(made, the(made, "soon"), at("9:50"))
    after = changed(made, verb)
    changes = mend(after.event, believed([posted]).values(), at("9:52"))
    world = Calendar(after.event, Register(after.event), at("9:52"))
    assert plain(put_right(changes, world).answer) == text


def test_what_takes_place_after_all_is_said_to_and_reminded_again():
    made = edition(paper_session(), rules=(SOON,))
    posted = sent(made, the(made, "soon"), at("9:50"))
    off = changed(made, lambda e: verbs.cancel(e, RecordKey(Kind.SESSION, "s1")))
    world = Calendar(off.event, Register(off.event), at("9:52"))
    right = put_right(mend(off.event, believed([posted]).values(), at("9:52")), world)
    assert ("s1", "2026-03-02T09:00+00:00") in withdrawn(right.told)

    told = replace(posted, id=2, told=right.told, settled=at("9:52"))
    changes = mend(made.event, believed([posted, told]).values(), at("9:53"))
    again = Calendar(made.event, Register(made.event), at("9:53"))
    assert plain(put_right(changes, again).answer) == (
        "Correction: Session 1: Fast Paths takes place after all, at 10:00 CET, in A."
    )


def test_what_nobody_waits_for_any_more_is_not_put_right():
    made = edition(paper_session(), rules=(SOON,))
    posted = sent(made, the(made, "soon"), at("9:50"))
    off = changed(made, lambda e: verbs.cancel(e, RecordKey(Kind.SESSION, "s1")))
    assert corrections(off.event, "2", [posted], at("11:00")) == []


def test_all_that_a_delay_moves_is_one_correction_in_a_place():
    made = edition(
        session("s1", during("10:00", "11:00", "a")),
        session("s2", during("11:00", "12:00", "a")),
        rules=(DAY,),
    )
    posted = sent(made, the(made, "day"), at("8:00"))
    after = changed(made, lambda e: verbs.delay(e, RecordKey(Kind.SESSION, "s1"), 10, at("9:00")))
    world = Calendar(after.event, Register(after.event), at("9:00"))
    right = put_right(mend(after.event, believed([posted]).values(), at("9:00")), world)
    assert plain(right.answer) == (
        "The program has changed:\n"
        "• S1 starts at 10:10 CET (not 10:00), in A.\n"
        "• S2 starts at 11:10 CET (not 11:00), in A."
    )


def test_a_date_that_is_taken_back_is_put_right_where_it_was_told():
    made = deadline(moment("2017-03-24"))
    later = date_told(milestone("submission", moment("2017-03-31")))
    here = datetime(2017, 3, 22, tzinfo=LA)
    changes = mend(made.event, [later], here)
    world = Calendar(made.event, Register(made.event), here)
    assert plain(put_right(changes, world).answer) == (
        "Correction: Submission deadline: Friday, March 24, 2017, not Friday, March 31."
    )
