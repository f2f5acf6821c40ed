"""How clocks, days, amounts and what stands before, after or between them are read."""

from functools import cache

import pytest

from bot.query import At, Clock, InPart, OnDay
from bot.question.names import Names
from bot.question.slots import slots
from bot.question.things import Thing
from bot.question.words import split
from tests.conftest import language
from tests.small import event, session, talk


@cache
def names():
    """Of a day with lunch, two sessions and a talk on tides."""
    return Names(
        event(
            session("lunch", title="Lunch", kind="meal"),
            session("s1", label="Session 1", talks=[talk("t1", "On Tides")]),
            session("s2", label="Session 2"),
        ),
        language(),
    )


def read(text):
    return slots(names().corrected(split(text, language().contractions)), language(), names())


def values(text, kind):
    return read(text).values(kind)


# -- clocks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("3pm", 15, 0),
        ("3 pm", 15, 0),
        ("3PM", 15, 0),
        ("at 3 p.m.", 15, 0),
        ("3:40pm", 15, 40),
        ("3:40 pm", 15, 40),
        ("3.40pm", 15, 40),
        ("3:40 p.m.", 15, 40),
        ("15:40", 15, 40),
        ("15h40", 15, 40),
        ("15.40", 15, 40),
        ("9am", 9, 0),
        ("11:59 am", 11, 59),
        ("12am", 0, 0),
        ("12 pm", 12, 0),
        ("12:30am", 0, 30),
        ("00:15", 0, 15),
        ("09:30", 9, 30),
        ("at 15", 15, 0),
        ("noon", 12, 0),
        ("midday", 12, 0),
        ("midnight", 0, 0),
        ("23:59", 23, 59),
    ],
)
def test_a_clock_that_can_mean_one_time_only_is_sure(text, hour, minute):
    assert values(text, "time") == [Clock(hour, minute, sure=True)]


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("3:40", 3, 40),
        ("9:30", 9, 30),
        ("12:15", 12, 15),
        ("at 3", 3, 0),
        ("at three", 3, 0),
        ("at three o'clock", 3, 0),
        ("at 12", 12, 0),
        ("around 4", 4, 0),
        ("till 5", 5, 0),
        ("by 6", 6, 0),
    ],
)
def test_a_clock_without_am_or_pm_stays_open(text, hour, minute):
    assert values(text, "time") == [Clock(hour, minute, sure=False)]


@pytest.mark.parametrize(
    "text", ["24:00", "25:00", "9:60", "3", "session 3", "at 24", "at 930", "3 pages"]
)
def test_what_is_no_time_of_day_is_not_read_as_one(text):
    assert values(text, "time") == []


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("half past three", 3, 30),
        ("at half past 3", 3, 30),
        ("quarter past three", 3, 15),
        ("quarter to four", 3, 45),
        ("3 o'clock", 3, 0),
    ],
)
def test_a_clock_may_be_told_in_words(text, hour, minute):
    assert values(text, "time") == [Clock(hour, minute, sure=False)]


# -- days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day", "month"),
    [
        ("August 21", 21, 8),
        ("21 August", 21, 8),
        ("aug 21st", 21, 8),
        ("21st of August", 21, 8),
        ("the 21st of august", 21, 8),
        ("8/21", 21, 8),
        ("21/8", 21, 8),
        ("3rd of may", 3, 5),
        ("may 3", 3, 5),
        ("the 21st", 21, 0),
        ("on the 13th", 13, 0),
    ],
)
def test_a_date_is_read_however_it_is_written(text, day, month):
    assert values(text, "on day") == [OnDay("date", day, month)]


@pytest.mark.parametrize("text", ["2017-08-21", "8/21/2017", "8/21/17", "August 21, 2017"])
def test_the_year_of_a_date_is_kept(text):
    assert values(text, "on day") == [OnDay("date", 21, 8, 2017)]


@pytest.mark.parametrize("text", ["March 2017", "august", "32 august", "13/13", "0/5", "second"])
def test_what_is_no_date_is_not_read_as_one(text):
    assert values(text, "on day") == []


@pytest.mark.parametrize(
    ("this", "other"),
    [("August 21, 2017", "August 21, 2018"), ("2017-08-21", "2018-08-21"), ("8/21/17", "8/21/18")],
)
def test_the_same_day_of_another_year_is_another_day(this, other):
    assert values(this, "on day") != values(other, "on day")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", OnDay("offset", 0)),
        ("tomorrow", OnDay("offset", 1)),
        ("tmrw", OnDay("offset", 1)),
        ("yesterday", OnDay("offset", -1)),
        ("monday", OnDay("weekday", 0)),
        ("on Tues", OnDay("weekday", 1)),
        ("Thursdays", OnDay("weekday", 3)),
        ("this sunday", OnDay("weekday", 6)),
        ("day 2", OnDay("nth", 2)),
    ],
)
def test_a_day_is_read_by_its_name_or_number(text, day):
    assert values(text, "on day") == [day]


def test_the_day_after_tomorrow_is_two_days_ahead():
    assert values("the day after tomorrow", "on day") == [OnDay("offset", 2)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("this morning", "morning"),
        ("in the afternoon", "afternoon"),
        ("this arvo", "afternoon"),
        ("this evening", "evening"),
        ("tonight", "evening"),
    ],
)
def test_parts_of_the_day(text, part):
    assert values(text, "in part") == [InPart(part)]


def test_a_day_and_its_part_are_two_things():
    assert values("tomorrow morning", "on day") == [OnDay("offset", 1)]
    assert values("tomorrow morning", "in part") == [InPart("morning")]


@pytest.mark.parametrize(
    "text",
    [
        "25:99",
        "24:00",
        "2017-99-99",
        "2017-02-30",
        "february 30",
        "31 june",
        "the 32 of may",
    ],
)
def test_a_time_or_date_that_can_t_be_is_noticed(text):
    assert read(text).has("impossible")


@pytest.mark.parametrize("text", ["February 29", "may 60 pages", "0.99", "1.75x", "29/2", "23:59"])
def test_what_can_be_is_not_taken_for_impossible(text):
    assert not read(text).has("impossible")


# -- amounts and places in an order ----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("30 minutes", (30, "minute")),
        ("30min", (30, "minute")),
        ("45 mins", (45, "minute")),
        ("an hour", (60, "minute")),
        ("half an hour", (30, "minute")),
        ("an hour and a half", (90, "minute")),
        ("a quarter of an hour", (15, "minute")),
        ("2 hours", (2, "hour")),
        ("2hrs", (2, "hour")),
        ("two hours", (2, "hour")),
        ("3 days", (3, "day")),
        ("2 weeks", (2, "week")),
        ("12 pages", (12, "page")),
        ("twelve pages", (12, "page")),
        ("3 reviewers", (3, "review")),
    ],
)
def test_an_amount_is_a_number_and_its_unit(text, amount):
    assert values(text, "quantity") == [amount]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("in an hour", 60),
        ("in half an hour", 30),
        ("in 20 minutes", 20),
        ("in two hours", 120),
        ("within 2 hours", 120),
    ],
)
def test_in_an_amount_of_time_is_so_many_minutes_from_now(text, minutes):
    assert values(text, "from now") == [At(minutes=minutes)]


@pytest.mark.parametrize("text", ["in 3 days", "in 12 pages", "in 2 sessions"])
def test_in_other_amounts_is_no_time_of_day(text):
    assert values(text, "from now") == []


@pytest.mark.parametrize(
    ("text", "minutes"), [("an hour from now", 60), ("20 minutes from now", 20)]
)
def test_an_amount_of_time_from_now_is_the_same(text, minutes):
    assert values(text, "from now") == [At(minutes=minutes)]


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("the first", "1"),
        ("1st", "1"),
        ("2nd", "2"),
        ("second", "2"),
        ("third", "3"),
        ("11th", "11"),
        ("last", "-1"),
        ("the final", "-1"),
        ("last but one", "-2"),
        ("second to last", "-2"),
        ("penultimate", "-2"),
    ],
)
def test_a_place_in_an_order(text, n):
    assert values(text, "ordinal") == [n]


# -- before, after, between ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "relation", "clock"),
    [
        ("before 14:00", "before", Clock(14, sure=True)),
        ("after 3pm", "after", Clock(15, sure=True)),
        ("right after 3:30", "after", Clock(3, 30)),
        ("earlier than noon", "before", Clock(12, sure=True)),
    ],
)
def test_before_and_after_a_clock(text, relation, clock):
    assert values(text, "beside") == [(relation, clock)]


def test_a_bare_number_behind_before_or_after_is_an_hour():
    assert values("after 3", "beside clock") == [("after", Clock(3))]
    assert values("before 11", "beside clock") == [("before", Clock(11))]
    assert values("after 25", "beside clock") == []


@pytest.mark.parametrize(
    ("text", "relation", "what"),
    [
        ("after lunch", "after", ("lunch",)),
        ("before the lunch", "before", ("lunch",)),
        ("immediately after session 1", "after", ("s1",)),
        ("prior to session 2", "before", ("s2",)),
        ("after on tides", "after", ("t1",)),
        ("before the coffee break", "before", Thing("coffee")),
    ],
)
def test_before_and_after_what_is_in_the_program(text, relation, what):
    assert values(text, "beside") == [(relation, what)]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("between 13:00 and 15:00", Clock(13, sure=True), Clock(15, sure=True)),
        ("between 1pm and 3pm", Clock(13, sure=True), Clock(15, sure=True)),
        ("between session 1 and session 2", ("s1",), ("s2",)),
        ("between session 1 and lunch", ("s1",), ("lunch",)),
        ("between lunch and 5pm", ("lunch",), Clock(17, sure=True)),
        ("between sessions 1 and 2", Thing("session", "1"), Thing("session", "2")),
        ("between the breaks", Thing("break", nth=1), Thing("break", nth=2)),
    ],
)
def test_between_two_things(text, first, second):
    assert values(text, "between") == [(first, second)]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("between 2 and 3pm", Clock(2), Clock(15, sure=True)),
        ("between 2 and 4", Clock(2), Clock(4)),
    ],
)
def test_between_two_bare_hours(text, first, second):
    assert values(text, "between") == [(first, second)]


def test_two_relations_stand_side_by_side():
    assert values("after session 1 and before lunch", "beside") == [
        ("after", ("s1",)),
        ("before", ("lunch",)),
    ]
