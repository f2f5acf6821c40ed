"""What would go out, and what an edit changes about that; and why something did or didn't."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.amend import Edition
from bot.event import SessionKind, SessionReminder, Status
from bot.ledger import Books, entry
from bot.notices import Delivery, Key, Routes, State, differences, plan
from bot.ports import Service
from tests.small import MADRID, at, during, event, session


SOON = SessionReminder("soon", "", ("program",), (SessionKind.TALKS,), timedelta(minutes=10))
ROUTES = Routes({"program": ("slack:C1", "discord:7")})


def edition(*blocks, rules=(SOON,)):
    made = replace(event(*blocks), reminders=rules)
    return Edition(1, made, made)


MORNING = session("s1", during("10:00", "11:00"))
NOON = session("s2", during("12:00", "13:00"))


def test_a_plan_has_every_message_its_places_and_its_words():
    (first, second) = plan(edition(MORNING, NOON), ROUTES)
    assert (first.notice.due, first.places) == (at("9:50"), ("slack:C1", "discord:7"))
    assert first.text == "S1 starts in 10 minutes, at 10:00 CET."
    assert second.text == "S2 starts in 10 minutes, at 12:00 CET."


@pytest.mark.parametrize(
    ("start", "end", "subjects"),
    [
        (None, None, ["s1", "s2"]),
        (at("9:50"), at("11:50"), ["s1"]),
        (at("9:51"), None, ["s2"]),
        (at("12:00"), None, []),
    ],
)
def test_a_plan_can_be_of_a_part_of_the_time(start, end, subjects):
    found = plan(edition(MORNING, NOON), ROUTES, start, end)
    assert [p.notice.key.subject for p in found] == subjects


def test_an_edit_that_changes_nothing_that_is_said_makes_no_difference():
    assert differences(plan(edition(MORNING), ROUTES), plan(edition(MORNING), ROUTES)) == []


def difference(before, after):
    found = differences(plan(edition(*before), ROUTES), plan(edition(*after), ROUTES))
    return [
        (d.before and d.before.notice.key.subject, d.after and d.after.notice.key.subject)
        for d in found
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([MORNING], [MORNING, NOON], [(None, "s2")], id="one more"),
        pytest.param([MORNING, NOON], [NOON], [("s1", None)], id="one less"),
        pytest.param(
            [MORNING], [session("s1", during("10:30", "11:00"))], [("s1", "s1")], id="another time"
        ),
        pytest.param(
            [MORNING], [session("s1", during("10:00", "11:00", "a"))], [("s1", "s1")], id="a room"
        ),
    ],
)
def test_an_edit_shows_what_is_new_gone_or_otherwise(before, after, expected):
    assert difference(before, after) == expected


# -- the ledger ------------------------------------------------------------------------------

DUE = at("9:50")
SENT = Delivery(
    "small",
    "slack:C1",
    Key("soon", "s1", "2026-03-02T09:00+00:00"),
    DUE,
    at("10:00"),
    State.SENT,
    settled=DUE + timedelta(seconds=3),
    attempts=1,
)


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "sent at 09:50:03, in time"),
        ({"settled": at("9:57")}, "sent at 09:57:00, 7 min late"),
        ({"settled": at("13:00")}, "sent at 13:00:00, 3 h late"),
        ({"attempts": 3}, "sent at 09:50:03, in time after 3 attempts"),
        ({"withdrawn": True}, "sent at 09:50:03, in time; put right since"),
        ({"state": State.SKIPPED, "reason": "too late"}, "skipped: too late"),
        ({"state": State.FAILED, "reason": "gone", "attempts": 2}, "failed after 2 attempts: gone"),
        ({"state": State.WAITING}, "waiting"),
        (
            {"state": State.POSTING, "tried": at("9:51")},
            "in doubt since 09:51:00: it may have been posted",
        ),
    ],
)
def test_an_entry_says_what_became_of_it_and_how_late(more, line):
    assert entry(replace(SENT, **more), MADRID) == f"2026-03-02 09:50  slack:C1  soon s1: {line}"


def test_an_entry_of_a_later_round_says_so():
    again = replace(SENT, key=replace(SENT.key, round=1))
    assert entry(again, MADRID).split("  ")[2].startswith("soon s1 (round 2): sent")


def why(made, place="slack:C1", subjects=("s1",), entries=(), routes=ROUTES, service=None):
    service = service or Service(at("8:00"), at("9:00"))
    return [*Books(made, routes, service, tuple(entries)).why(place, subjects)]


def test_what_is_recorded_needs_no_more_words():
    assert why(edition(MORNING), entries=[SENT]) == []


@pytest.mark.parametrize(
    ("made", "more", "lines"),
    [
        pytest.param(
            edition(MORNING), {}, ["soon is due 2026-03-02 09:50 in slack:C1."], id="not due yet"
        ),
        pytest.param(
            edition(MORNING),
            {"place": "slack:C2"},
            [
                (
                    "soon (due 2026-03-02 09:50) goes to the audience program: slack:C1, discord:7;"
                    " not to slack:C2."
                )
            ],
            id="another place",
        ),
        pytest.param(
            edition(MORNING),
            {"routes": Routes()},
            [
                (
                    "soon (due 2026-03-02 09:50) goes to the audience program, for whom the"
                    " configuration names no place."
                )
            ],
            id="no place",
        ),
        pytest.param(
            edition(MORNING),
            {"service": Service(at("9:55"), at("9:55"))},
            [
                (
                    "soon was due 2026-03-02 09:50, before the bot was started for the first time"
                    " (2026-03-02 09:55)."
                )
            ],
            id="before the first start",
        ),
        pytest.param(
            edition(session("s1", during("10:00", "11:00"), status=Status.CANCELLED)),
            {},
            ["S1: cancelled, so nothing goes out."],
            id="cancelled",
        ),
        pytest.param(
            edition(MORNING, rules=()),
            {},
            ["No rule of reminders.yaml brings anything about it."],
            id="no rule",
        ),
    ],
)
def test_the_ledger_says_why_a_place_has_not_heard(made, more, lines):
    assert why(made, **more) == lines


def test_the_ledger_says_that_posts_are_held_and_by_whom():
    service = Service(at("8:00"), at("9:00"), held_by="Kim", held_at=at("9:10"))
    books = Books(edition(MORNING), ROUTES, service, (SENT,))
    assert next(iter(books.lines())) == "Posts are held by Kim since 2026-03-02 09:10."
