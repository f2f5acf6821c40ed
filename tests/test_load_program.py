"""Mistakes in a program: in its records, in their times, and between them."""

import pytest

from bot.errors import BadData
from bot.load import load


EVENT = """\
id: small
name: Small Workshop
zone: America/Los_Angeles
days:
- date: 2017-08-21
- date: 2017-08-22
rooms:
- {id: hall, name: Hall}
- {id: attic, name: Attic}
"""

PEOPLE = """\
organizations:
- {id: acme, name: Acme}
people:
- {id: ann-lee, name: Ann Lee}
- {id: bob-ray, name: Bob Ray}
"""


@pytest.fixture
def mistakes_of(tmp_path):
    """Loads a program (one text, or several by name) with people and rooms: what is wrong."""

    def load_program(*programs, event=EVENT):
        (tmp_path / "event.yaml").write_text(event)
        (tmp_path / "people.yaml").write_text(PEOPLE)
        if len(programs) == 1:
            (tmp_path / "program.yaml").write_text(programs[0])
        else:
            (tmp_path / "program").mkdir()
            for number, program in enumerate(programs, 1):
                (tmp_path / "program" / f"{number}.yaml").write_text(program)
        try:
            load(tmp_path)
        except BadData as bad:
            return str(bad).splitlines()
        return []

    return load_program


def session(*lines):
    """A program of one session, whose keys begin in line 3."""
    return "".join(f"{line}\n" for line in ("sessions:", "- {id: s,", *lines, "  }"))


def talk(*lines, session="day: 2017-08-21, start: 9:00, end: 10:00"):
    """A program of one talk, whose keys begin in line 4."""
    head = ("sessions:", f"- {{id: s, title: S, kind: talks, {session}, talks: [", "  {id: t,")
    return "".join(f"{line}\n" for line in (*head, *lines, "  }]}"))


SESSION_KEYS = (
    "day, start, end, end_day, rooms, times, id, kind, label, title, chairs, summary, aliases,"
    " status, note, links, talks"
)
TALK_KEYS = (
    "day, start, end, end_day, rooms, times, id, kind, title, authors, presenters, speakers,"
    " panelists, moderators, abstract, summary, aliases, links, status, note"
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["title: S, kind: talks,", "titel: T"],
            '4: unknown key "titel" in a session (did you mean "title"?); expected one of '
            + SESSION_KEYS,
        ),
        (["title: S"], '2: missing key "kind" in a session; expected at least id, kind'),
        (["kind: talks"], "2: empty title in a session; expected a title, or just a label"),
        (
            ["kind: talks, label: Session 1,", "title: ''"],
            "4: empty title in a session; expected a title, or just a label",
        ),
        (
            ["title: S, kind: talk"],
            (
                '3: "talk" is not a kind of session (did you mean "talks"?); expected one of talks,'
                " keynote, panel, posters, demos, tutorial, break, meal, ceremony, social, registration"
            ),
        ),
        (
            ["title: S, kind: talks,", "status: canceled"],
            (
                '4: "canceled" is not a status (did you mean "cancelled"?); expected one of planned,'
                " moved, cancelled"
            ),
        ),
        (
            ["title: S, kind: talks, chairs: [{person: ann-lee},", "{person: anne-lee}]"],
            (
                '4: unknown person "anne-lee" (did you mean "ann-lee"?); expected the id of a person'
                " from people.yaml"
            ),
        ),
        (
            ["title: S, kind: talks, chairs: [", "{name: Ann}]"],
            (
                '4: missing key "person" in a person\'s entry; expected at least person\n'
                'program.yaml:4: unknown key "name" in a person\'s entry; expected one of person,'
                " affiliation"
            ),
        ),
        (
            ["title: S, kind: talks,", "links: {kind: x}"],
            "4: a map in place of a list; expected a list such as [a, b]",
        ),
    ],
)
def test_mistakes_in_a_session(mistakes_of, lines, expected):
    assert mistakes_of(session(*lines)) == f"program.yaml:{expected}".splitlines()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("start: 25:99", '"25:99" is not a time; expected HH:MM such as 9:30'),
        ("start: 24:00", '"24:00" is not a time; expected HH:MM such as 9:30'),
        ("start: 0930", '"0930" is not a time; expected HH:MM such as 9:30'),
        ("start: 9.30am", '"9.30am" is not a time; expected HH:MM such as 9:30'),
        ("end: [9:30]", "a list is not a time; expected HH:MM such as 9:30"),
        ("day: Monday", '"Monday" is not a date; expected YYYY-MM-DD such as 2017-08-21'),
        ("start: 9:30", "a start without a day; expected a day, for event.yaml lists several"),
        (
            "day: 2017-08-22",
            "day beside no start; expected a start, or none of it until that is known",
        ),
        (
            "rooms: [hall]",
            "rooms beside no start; expected a start, or none of it until that is known",
        ),
    ],
)
def test_mistakes_in_a_single_key_of_time(mistakes_of, key, expected):
    assert mistakes_of(session("title: S, kind: talks,", key)) == [f"program.yaml:4: {expected}"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            "start: 9:30,",
            "day: 2017-08-23",
            "2017-08-23 is not a day of the event; expected one of 2017-08-21, 2017-08-22",
        ),
        (
            "day: 2017-08-21, start: 10:30,",
            "end: 9:30",
            (
                "it starts at 10:30 and ends at 9:30; expected an end after the start, or end_day:"
                " 2017-08-22 if it ends after midnight"
            ),
        ),
        (
            "day: 2017-08-21, start: 9:30,",
            "end: 9:30",
            (
                "it starts at 9:30 and ends at 9:30; expected an end after the start, or end_day:"
                " 2017-08-22 if it ends after midnight"
            ),
        ),
        (
            "day: 2017-08-22, start: 9:30, end: 10:30,",
            "end_day: 2017-08-21",
            (
                "it starts at 9:30 and ends at 10:30 on 2017-08-21, its end_day; expected an end after"
                " the start"
            ),
        ),
        (
            "day: 2017-08-22, start: 9:30,",
            "end_day: 2017-08-23",
            "end_day without an end; expected an end such as 0:30",
        ),
        (
            "day: 2017-08-22, start: 9:30, rooms: [attic,",
            "halle]",
            'unknown room "halle" (did you mean "hall"?); expected the id of a room from event.yaml',
        ),
        (
            "times: [{start: 9:00,",
            "day: 2017-08-23}]",
            "2017-08-23 is not a day of the event; expected one of 2017-08-21, 2017-08-22",
        ),
        (
            "times: [",
            "{day: 2017-08-22}]",
            'missing key "start" in an entry of times; expected at least start',
        ),
        (
            "times: [{start: 9:00, day: 2017-08-22}],",
            "rooms: [hall]",
            "rooms beside times; expected times to hold all of it",
        ),
    ],
)
def test_mistakes_between_keys_of_time(mistakes_of, first, second, expected):
    program = session("title: S, kind: talks,", first, second)

    assert mistakes_of(program) == [f"program.yaml:5: {expected}"]


@pytest.mark.parametrize(
    ("rooms", "expected"),
    [
        (
            "Sala Trece Heroínas",
            'unknown room "Sala Trece Heroínas" (did you mean "sala-trece-heroinas"?)',
        ),
        (
            "sala-trece-hero-nas",
            'unknown room "sala-trece-hero-nas" (did you mean "sala-trece-heroinas"?)',
        ),
        ("The Hall", 'unknown room "The Hall" (did you mean "hall"?)'),
        ("Kitchen", 'unknown room "Kitchen"'),
    ],
)
def test_a_name_in_place_of_an_id_is_told_the_id_that_is_near(mistakes_of, rooms, expected):
    event = EVENT + "- {id: sala-trece-heroinas, name: Sala Trece Heroínas}\n"
    program = session(
        "title: S, kind: talks,", "day: 2017-08-21, start: 9:30,", f"rooms: [{rooms}]"
    )

    assert mistakes_of(program, event=event) == [
        f"program.yaml:5: {expected}; expected the id of a room from event.yaml"
    ]


@pytest.mark.parametrize(("day", "start"), [("2017-03-12", "2:30"), ("2018-03-11", "2:00")])
def test_a_time_that_clocks_skip_is_refused(mistakes_of, day, start):
    event = f"id: a\nname: A\nzone: America/Los_Angeles\ndays: [{{date: {day}}}]\n"

    assert mistakes_of(session("title: S, kind: talks,", f"start: {start}"), event=event) == [
        (
            f"program.yaml:4: {start} on {day} does not exist in America/Los_Angeles, where clocks go"
            " forward then; expected a time before or after the change"
        )
    ]


def test_an_event_without_days_needs_a_day_in_every_session(mistakes_of):
    program = session("title: S, kind: talks,", "start: 9:30")

    assert mistakes_of(program, event="id: a\nname: A\nzone: UTC\n") == [
        "program.yaml:4: a start without a day; expected a day, for event.yaml lists none"
    ]


def test_days_that_are_wrong_themselves_are_not_held_against_sessions(mistakes_of):
    event = "id: a\nname: A\nzone: UTC\ndays: [{date: x}]\n"

    assert mistakes_of(session("title: S, kind: talks,", "start: 9:30"), event=event) == [
        'event.yaml:4: "x" is not a date; expected YYYY-MM-DD such as 2017-08-21'
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["kind: paper,", "titel: T"],
            '3: missing key "title" in a talk; expected at least id, kind, title\n'
            'program.yaml:5: unknown key "titel" in a talk (did you mean "title"?); expected one of '
            + TALK_KEYS,
        ),
        (["kind: paper,", "title: "], "5: empty title in a talk; expected some text"),
        (
            ["title: T,", "kind: paperr"],
            (
                '5: "paperr" is not a kind of talk (did you mean "paper"?); expected one of paper,'
                " keynote, invited, talk, panel, poster, demo, tutorial"
            ),
        ),
        (
            [
                "title: T, kind: paper, authors: [{person: ann-lee, affiliation: acme},",
                "{person: bob-ray, affiliation: [acme, ",
                "acmee]}]",
            ],
            (
                '6: unknown organization "acmee" (did you mean "acme"?); expected the id of an'
                " organization from people.yaml"
            ),
        ),
        (
            ["title: T, kind: paper, start: 9:30,", "day: 2017-08-24"],
            (
                '4: talk "t" (2017-08-24 9:30) lies outside its session (2017-08-21 9:00–10:00);'
                " expected a time inside the session\n"
                "program.yaml:5: 2017-08-24 is not a day of the event; expected one of 2017-08-21,"
                " 2017-08-22"
            ),
        ),
    ],
)
def test_mistakes_in_a_talk(mistakes_of, lines, expected):
    assert mistakes_of(talk(*lines)) == f"program.yaml:{expected}".splitlines()


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        ("start: 9:50, end: 10:10", "9:50–10:10"),
        ("start: 8:50, end: 9:10", "8:50–9:10"),
        ("start: 8:59", "8:59"),
        ("start: 10:00", "10:00"),
        ("times: [{start: 8:00}, {day: 2017-08-22, start: 9:00}]", "8:00"),
    ],
)
def test_a_talk_outside_its_session_is_refused(mistakes_of, times, shown):
    assert mistakes_of(talk("title: T, kind: paper,", times)) == [
        (
            f'program.yaml:5: talk "t" (2017-08-21 {shown}) lies outside its session (2017-08-21'
            " 9:00–10:00); expected a time inside the session"
        )
    ]


def test_a_talk_after_midnight_is_told_how_to_say_so(mistakes_of):
    evening = "day: 2017-08-21, start: 22:00, end: 2:00, end_day: 2017-08-22"

    assert mistakes_of(talk("title: T, kind: talk, start: 1:00", session=evening)) == [
        (
            'program.yaml:4: talk "t" (2017-08-21 1:00) lies outside its session (2017-08-21'
            " 22:00–2:00); expected a time inside the session, with day: 2017-08-22 if it is after"
            " midnight"
        )
    ]


def test_a_talk_of_a_session_on_several_days_names_its_day(mistakes_of):
    twice = "times: [{day: 2017-08-21, start: 9:00}, {day: 2017-08-22, start: 9:00}]"

    assert mistakes_of(talk("title: T, kind: talk,", "start: 9:10", session=twice)) == [
        "program.yaml:5: a start without a day; expected a day, for its session is on several"
    ]


def test_a_cancelled_talk_may_lie_anywhere(mistakes_of):
    assert mistakes_of(talk("title: T, kind: talk, start: 19:00, status: cancelled")) == []


def test_the_times_of_talks_are_not_held_against_a_session_that_is_refused(mistakes_of):
    program = talk("title: T, kind: talk, start: 9:10", session="start: 9:99, day: 2017-08-21")

    assert mistakes_of(program) == [
        'program.yaml:2: "9:99" is not a time; expected HH:MM such as 9:30'
    ]


ROW = "kind: talks, title: T, day: 2017-08-21"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("start: 9:00, end: 10:00, rooms: [hall]", "start: 9:59, end: 11:00, rooms: [hall]"),
        ("start: 9:00, end: 10:00, rooms: [hall]", "start: 9:30, rooms: [hall]"),
        ("start: 9:00, rooms: [hall]", "start: 9:00, end: 9:30, rooms: [hall]"),
        ("start: 9:00, end: 10:00, rooms: [hall, attic]", "start: 9:00, end: 9:30, rooms: [hall]"),
    ],
)
def test_two_sessions_in_one_room_are_refused(mistakes_of, first, second):
    program = f"sessions:\n- {{id: a, {ROW}, {first}}}\n- {{id: b, {ROW},\n   {second}}}\n"

    (mistake,) = mistakes_of(program)

    assert mistake.startswith('program.yaml:4: session "b" (2017-08-21 ')
    assert mistake.endswith('in room "hall"; expected one session at a time in a room')


def test_a_clash_names_both_sessions_and_is_found_across_files(mistakes_of):
    first = f"sessions: [{{id: a, {ROW}, rooms: [hall], start: 9:00, end: 10:00}}]"
    second = f"sessions: [{{id: b, {ROW}, rooms: [hall], start: 8:00, end: 9:30}}]"

    assert mistakes_of(first, second) == [
        (
            'program/1.yaml:1: session "a" (2017-08-21 9:00–10:00) overlaps session "b" (2017-08-21'
            ' 8:00–9:30) in room "hall"; expected one session at a time in a room'
        )
    ]


def test_a_session_clashes_with_the_one_before_it_that_lasts_longest(mistakes_of):
    program = f"""\
sessions:
- {{id: a, {ROW}, rooms: [hall], start: 9:00, end: 12:00}}
- {{id: b, {ROW}, rooms: [hall], start: 9:00, end: 10:00}}
- {{id: c, {ROW}, rooms: [hall], start: 11:00, end: 13:00}}
- {{id: d, {ROW}, rooms: [hall], start: 12:30, end: 13:00}}
"""

    assert [mistake.split(" in room")[0] for mistake in mistakes_of(program)] == [
        (
            'program.yaml:3: session "b" (2017-08-21 9:00–10:00) overlaps session "a" (2017-08-21'
            " 9:00–12:00)"
        ),
        (
            'program.yaml:4: session "c" (2017-08-21 11:00–13:00) overlaps session "a" (2017-08-21'
            " 9:00–12:00)"
        ),
        (
            'program.yaml:5: session "d" (2017-08-21 12:30–13:00) overlaps session "c" (2017-08-21'
            " 11:00–13:00)"
        ),
    ]
