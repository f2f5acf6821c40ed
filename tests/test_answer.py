"""Answers as plain text and as JSON, and two answers in one."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import (
    Action,
    Answer,
    Bullets,
    Link,
    Paragraph,
    Reason,
    Status,
    Strong,
    Time,
    both,
    disarmed,
    from_json,
    plain,
    plain_line,
    to_json,
)


NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def answered(*line, **more):
    return Answer(Status.ANSWERED, line, **more)


def unknown(reason, *line, **more):
    return Answer(Status.UNKNOWN, line, reason=reason, **more)


# -- plain text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ((), ""),
        (("Lunch is on.",), "Lunch is on."),
        (("Lunch is at ", Time(NOON, "12:00 CET"), "."), "Lunch is at 12:00 CET."),
        ((Strong("Lunch"), " is on."), "Lunch is on."),
        (
            ("See ", Link("the site", "https://example.org/a?b=c#d")),
            "See the site (https://example.org/a?b=c#d)",
        ),
        ((Link("", "https://example.org"),), "https://example.org"),
    ],
)
def test_a_line_is_read_as_its_text(line, text):
    assert plain_line(line) == text


def test_the_blocks_stand_below_the_summary_a_line_each():
    answer = answered(
        "Two talks:",
        blocks=(
            Bullets((("One, ", Time(NOON, "12:00")), (Strong("Two"),))),
            Paragraph(("Both are short.",)),
        ),
    )

    assert plain(answer) == "Two talks:\n• One, 12:00\n• Two\nBoth are short."


def test_an_empty_line_leaves_no_gap():
    assert plain(answered(blocks=(Paragraph(()), Paragraph(("Only this.",))))) == "Only this."
    assert plain(answered()) == ""


def test_what_can_be_pressed_and_where_it_is_from_is_not_part_of_the_text():
    answer = answered("Yes.", records=("program.yaml#lunch",), actions=(Action("More", "more?"),))

    assert plain(answer) == "Yes."


# -- mentions --------------------------------------------------------------------------------

MENTION = re.compile(r"@(?:everyone|here|channel|[\w&!])|<[!#]")


@pytest.mark.parametrize(
    "text",
    [
        "@everyone look",
        "@here",
        "<!channel> and <!here|here>",
        "<@U024BE7LH>",
        "<@!80351110224678912>",
        "<@&165511591545143296>",
        "<#C024BE7LR|general>",
        "<!subteam^SAZ94GDB8>",
        "mail me@example.org",
        "@@everyone",
    ],
)
def test_nothing_in_plain_text_mentions_anybody(text):
    for answer in (
        answered(text),
        answered("Hi.", blocks=(Paragraph((Strong(text),)),)),
        answered("Hi.", blocks=(Bullets(((Link(text, "x"),),)),)),
        answered(Time(NOON, text)),
    ):
        assert MENTION.search(text)
        assert not MENTION.search(plain(answer))


def test_a_mention_cannot_be_put_together_from_parts():
    assert not MENTION.search(plain(answered("@", "everyone ", "<", "!channel>")))


def test_a_disarmed_text_reads_as_before():
    assert disarmed("a@b <!c> <#d> <@e>").replace("\u2060", "") == "a@b <!c> <#d> <@e>"
    assert "<@" not in disarmed("<@e>")
    assert disarmed("5 < 6 and 7 > 3 # not a channel!") == "5 < 6 and 7 > 3 # not a channel!"


@given(st.text())
def test_no_text_whatever_mentions_anybody(text):
    assert not MENTION.search(disarmed(text))


# -- JSON ------------------------------------------------------------------------------------

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
TEXTS = st.text(max_size=12)
INLINES = (
    TEXTS
    | st.builds(Time, st.datetimes(timezones=ZONES), TEXTS)
    | st.builds(Link, TEXTS, TEXTS)
    | st.builds(Strong, TEXTS)
)
LINES = st.lists(INLINES, max_size=4).map(tuple)
BLOCKS = st.builds(Paragraph, LINES) | st.builds(Bullets, st.lists(LINES, max_size=3).map(tuple))
ANSWERS = st.builds(
    Answer,
    st.sampled_from(Status),
    LINES,
    st.lists(BLOCKS, max_size=3).map(tuple),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.none() | st.sampled_from(Reason),
    st.lists(st.builds(Action, TEXTS, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
)


@given(ANSWERS)
def test_an_answer_comes_back_from_json_as_it_was(answer):
    text = json.dumps(to_json(answer))

    assert from_json(json.loads(text)) == answer


def test_an_instant_keeps_its_offset_in_json():
    moment = datetime(2017, 8, 21, 9, 15, tzinfo=timezone(timedelta(hours=-7)))

    raw = to_json(answered(Time(moment, "9:15 am PDT")))

    assert raw["summary"] == [{"time": "2017-08-21T09:15:00-07:00", "text": "9:15 am PDT"}]
    (back,) = from_json(raw).summary
    assert isinstance(back, Time)
    assert back.instant.utcoffset() == timedelta(hours=-7)


def test_json_names_the_status_the_reason_and_the_records():
    raw = to_json(unknown(Reason.NO_SUCH, "No.", records=("people.yaml#ann",)))

    assert (raw["status"], raw["reason"], raw["records"]) == (
        "unknown",
        "no_such",
        ["people.yaml#ann"],
    )
    assert to_json(answered("Yes."))["reason"] is None


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="perhaps"):
        from_json({**to_json(answered("Yes.")), "status": "perhaps"})


# -- two in one ------------------------------------------------------------------------------


def test_two_answers_are_told_one_after_the_other():
    first = answered("At nine.", blocks=(Paragraph(("In the hall.",)),), records=("a",))
    second = answered("Six pages.", blocks=(Bullets((("Eight with pictures",),)),), records=("b",))

    whole = both(first, second)

    assert plain(whole) == "At nine.\nIn the hall.\nSix pages.\n• Eight with pictures"
    assert whole.records == ("a", "b")
    assert (whole.status, whole.reason) == (Status.ANSWERED, None)


@pytest.mark.parametrize("turned", [False, True])
def test_one_half_that_is_settled_makes_the_whole_answered(turned):
    halves = answered("At nine."), unknown(Reason.NOT_STATED, "The fee isn't stated.")
    first, second = reversed(halves) if turned else halves

    whole = both(first, second)

    assert (whole.status, whole.reason) == (Status.ANSWERED, None)
    assert {"At nine.", "The fee isn't stated."} == set(plain(whole).splitlines())


def test_two_halves_that_nobody_knows_stay_unknown():
    whole = both(
        unknown(Reason.NO_SUCH, "No such talk."), unknown(Reason.NOT_STATED, "Not stated.")
    )

    assert (whole.status, whole.reason) == (Status.UNKNOWN, Reason.NO_SUCH)


def test_what_both_say_is_said_once():
    note = Paragraph(("Times are the venue's.",))

    whole = both(answered("One.", blocks=(note,)), answered("Two.", blocks=(note,)))

    assert plain(whole) == "One.\nTimes are the venue's.\nTwo."


def test_what_can_be_pressed_is_kept_from_both():
    whole = both(answered("One.", actions=(Action("a"),)), answered("Two.", actions=(Action("b"),)))

    assert [a.label for a in whole.actions] == ["a", "b"]
