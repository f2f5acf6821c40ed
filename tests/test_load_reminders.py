"""The rules by which the bot posts by itself: what the files say of them, and what is refused."""

import json
from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadData
from bot.event import (
    DayReminder,
    ExtensionReminder,
    MilestoneKind,
    MilestoneReminder,
    Role,
    SessionKind,
    SessionReminder,
    SlotReminder,
)
from bot.load import load
from tests.conftest import FOLDERS


EVENT = "id: small\nname: Small Workshop\nzone: America/Los_Angeles\n"
REF = "reminders.yaml#r"
TO = ("program",)


@pytest.fixture
def folder(tmp_path):
    """The folder of a valid event."""
    (tmp_path / "event.yaml").write_text(EVENT)
    return tmp_path


@pytest.fixture
def reminders_of(folder):
    """Loads an event with these lines below `reminders`, the first of which is line 2."""

    def load_lines(*lines):
        text = "".join(f"- {line}\n" for line in lines)
        (folder / "reminders.yaml").write_text(f"reminders:\n{text}", encoding="utf-8")
        return load(folder).reminders

    return load_lines


@pytest.fixture
def mistakes_of(reminders_of):
    """Loads them as well: what is wrong."""

    def refused(*lines):
        with pytest.raises(BadData) as caught:
            reminders_of(*lines)
        return [str(mistake) for mistake in caught.value.mistakes]

    return refused


# -- what is read ----------------------------------------------------------------------------


def test_an_event_without_the_file_has_no_reminders(folder):
    assert load(folder).reminders == ()


@pytest.mark.parametrize("text", ["", "reminders:\n", "reminders: []\n"])
def test_nor_has_one_with_nothing_in_it(folder, text):
    (folder / "reminders.yaml").write_text(text)

    assert load(folder).reminders == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "about: sessions, to: program, kinds: [talks, keynote], minutes_before: 10",
            SessionReminder(
                "r",
                REF,
                TO,
                (SessionKind.TALKS, SessionKind.KEYNOTE),
                timedelta(minutes=10),
            ),
        ),
        (
            "about: sessions, to: [program, hall-2], kinds: break, minutes_before: ",
            SessionReminder("r", REF, ("program", "hall-2"), (SessionKind.BREAK,), timedelta()),
        ),
        (
            "about: sessions, to: program, kinds: [meal], minutes_before: 010080",
            SessionReminder("r", REF, TO, (SessionKind.MEAL,), timedelta(days=7)),
        ),
        ("about: day, to: program, at: 8:00", DayReminder("r", REF, TO, time(8))),
        (
            "about: milestones, to: program, days_before: [3, 14, 0, 365, 1], at: 9:05",
            MilestoneReminder("r", REF, TO, (365, 14, 3, 1, 0), time(9, 5)),
        ),
        (
            "about: milestones, to: program, days_before: 0, at: 23:59, kinds: [abstract, other]",
            MilestoneReminder(
                "r", REF, TO, (0,), time(23, 59), (MilestoneKind.ABSTRACT, MilestoneKind.OTHER)
            ),
        ),
        (
            "about: milestones, to: program, days_before: [7], at: 0:00, kinds: []",
            MilestoneReminder("r", REF, TO, (7,), time(0)),
        ),
        ("about: extensions, to: [program]", ExtensionReminder("r", REF, TO)),
        (
            "about: people, roles: [chair, keynote, presenter], minutes_before: 30",
            SlotReminder(
                "r",
                REF,
                (),
                (Role.CHAIR, Role.KEYNOTE, Role.PRESENTER),
                timedelta(minutes=30),
            ),
        ),
        (
            "about: people, roles: [panelist, moderator, author], minutes_before: 0",
            SlotReminder("r", REF, (), (Role.PANELIST, Role.MODERATOR, Role.AUTHOR), timedelta()),
        ),
    ],
)
def test_a_reminder_as_it_is_written(reminders_of, line, expected):
    assert reminders_of(f"{{id: r, {line}}}") == (expected,)


def test_ids_and_audiences_are_plain_text(reminders_of):
    (found,) = reminders_of("{id: r, about: day, to: [program, hall-2], at: 8:00}")

    assert {type(text) for text in (found.id, found.ref, *found.to)} == {str}


def test_the_files_of_a_folder_are_joined_in_the_order_of_their_names(folder):
    (folder / "reminders").mkdir()
    (folder / "reminders" / "2-call.yaml").write_text(
        "reminders: [{id: later, about: extensions, to: authors}]"
    )
    (folder / "reminders" / "1-program.yaml").write_text(
        "reminders: [{id: today, about: day, to: program, at: 8:00}]"
    )

    assert [(found.id, found.ref) for found in load(folder).reminders] == [
        ("today", "reminders/1-program.yaml#today"),
        ("later", "reminders/2-call.yaml#later"),
    ]


def test_an_id_is_unique_over_all_files_of_the_folder(folder):
    (folder / "reminders").mkdir()
    for name in ("a", "b"):
        (folder / "reminders" / f"{name}.yaml").write_text(
            "reminders:\n- {id: today, about: day, to: program, at: 8:00}"
        )

    with pytest.raises(BadData) as refused:
        load(folder)

    assert [str(mistake) for mistake in refused.value.mistakes] == [
        'reminders/b.yaml:2: id "today" is already used in reminders/a.yaml:2; expected an id of its own'
    ]


def test_a_reminder_may_have_the_id_of_a_session(reminders_of, folder):
    (folder / "program.yaml").write_text("sessions: [{id: r, kind: talks, title: T}]")

    assert len(reminders_of("{id: r, about: day, to: program, at: 8:00}")) == 1


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            "kbnets17",
            [
                ("session-soon", SessionReminder, ("program",)),
                ("break-begins", SessionReminder, ("program",)),
                ("today", DayReminder, ("program",)),
                ("dates", MilestoneReminder, ("authors",)),
                ("extended", ExtensionReminder, ("authors",)),
            ],
        ),
        (
            "tidal",
            [
                ("session-soon", SessionReminder, ("program",)),
                ("social-soon", SessionReminder, ("program", "social")),
                ("break-begins", SessionReminder, ("program",)),
                ("today", DayReminder, ("program",)),
                ("your-turn", SlotReminder, ()),
            ],
        ),
        (
            "harbor",
            [
                ("deadlines", MilestoneReminder, ("authors",)),
                ("fees", MilestoneReminder, ("authors", "attendees")),
                ("decisions", MilestoneReminder, ("authors",)),
                ("extended", ExtensionReminder, ("authors",)),
                ("today", DayReminder, ("attendees",)),
            ],
        ),
    ],
)
def test_the_reminders_of_our_events(event, expected):
    assert [(r.id, type(r), r.to) for r in load(FOLDERS[event]).reminders] == expected


def test_reminding_people_is_left_to_the_organizers_of_the_sample_event(folder):
    text = (FOLDERS["kbnets17"] / "reminders.yaml").read_text()
    head, mark, tail = text.partition("  # - id: your-turn")
    (folder / "reminders.yaml").write_text(head + (mark + tail).replace("  # ", "  "))

    assert load(folder).reminders[-1] == SlotReminder(
        "your-turn",
        "reminders.yaml#your-turn",
        (),
        (Role.CHAIR, Role.KEYNOTE, Role.PRESENTER),
        timedelta(minutes=30),
    )


# -- what is refused -------------------------------------------------------------------------

SESSIONS = "{id: r, about: sessions, to: program, kinds: [talks]"
DAY = "{id: r, about: day, to: program, at: 8:00"
MILESTONES = "{id: r, about: milestones, to: program, days_before: [7], at: 9:00"
EXTENSIONS = "{id: r, about: extensions, to: program"
PEOPLE = "{id: r, about: people, roles: [chair], minutes_before: 30"


@pytest.mark.parametrize("line", [SESSIONS, DAY, MILESTONES, EXTENSIONS, PEOPLE])
def test_the_lines_that_the_tables_below_start_from_are_right(reminders_of, line):
    assert len(reminders_of(f"{line}}}")) == 1


OF_SESSIONS = "id, about, to, kinds, minutes_before"
OF_THE_DAY = "id, about, to, at"
OF_MILESTONES = "id, about, to, days_before, at, kinds"
OF_EXTENSIONS = "id, about, to"
OF_PEOPLE = "id, about, roles, minutes_before"


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        (SESSIONS, "at: 9:00", f'"at" in a reminder about sessions; expected one of {OF_SESSIONS}'),
        (
            SESSIONS,
            "days_before: [1]",
            (
                '"days_before" in a reminder about sessions (did you mean "minutes_before"?); expected'
                f" one of {OF_SESSIONS}"
            ),
        ),
        (
            SESSIONS,
            "roles: [chair]",
            f'"roles" in a reminder about sessions; expected one of {OF_SESSIONS}',
        ),
        (
            DAY,
            "kinds: [talks]",
            f'"kinds" in a reminder about the day; expected one of {OF_THE_DAY}',
        ),
        (
            DAY,
            "minutes_before: 5",
            f'"minutes_before" in a reminder about the day; expected one of {OF_THE_DAY}',
        ),
        (
            DAY,
            "days_before: [1]",
            f'"days_before" in a reminder about the day; expected one of {OF_THE_DAY}',
        ),
        (
            DAY,
            "roles: [chair]",
            f'"roles" in a reminder about the day; expected one of {OF_THE_DAY}',
        ),
        (
            MILESTONES,
            "minutes_before: 5",
            (
                '"minutes_before" in a reminder about milestones (did you mean "days_before"?);'
                f" expected one of {OF_MILESTONES}"
            ),
        ),
        (
            MILESTONES,
            "roles: [chair]",
            f'"roles" in a reminder about milestones; expected one of {OF_MILESTONES}',
        ),
        (
            EXTENSIONS,
            "at: 9:00",
            f'"at" in a reminder about extensions; expected one of {OF_EXTENSIONS}',
        ),
        (
            EXTENSIONS,
            "kinds: [submission]",
            f'"kinds" in a reminder about extensions; expected one of {OF_EXTENSIONS}',
        ),
        (
            EXTENSIONS,
            "minutes_before: 5",
            f'"minutes_before" in a reminder about extensions; expected one of {OF_EXTENSIONS}',
        ),
        (
            EXTENSIONS,
            "days_before: [1]",
            f'"days_before" in a reminder about extensions; expected one of {OF_EXTENSIONS}',
        ),
        (
            EXTENSIONS,
            "roles: [chair]",
            f'"roles" in a reminder about extensions; expected one of {OF_EXTENSIONS}',
        ),
        (PEOPLE, "to: program", f'"to" in a reminder about people; expected one of {OF_PEOPLE}'),
        (PEOPLE, "at: 9:00", f'"at" in a reminder about people; expected one of {OF_PEOPLE}'),
        (
            PEOPLE,
            "kinds: [talks]",
            f'"kinds" in a reminder about people; expected one of {OF_PEOPLE}',
        ),
        (
            PEOPLE,
            "days_before: [1]",
            (
                '"days_before" in a reminder about people (did you mean "minutes_before"?); expected'
                f" one of {OF_PEOPLE}"
            ),
        ),
    ],
)
def test_what_it_is_about_decides_which_keys_it_may_have(mistakes_of, line, key, expected):
    assert mistakes_of(f"{line},\n   {key}}}") == [f"reminders.yaml:3: unknown key {expected}"]


@pytest.mark.parametrize(
    ("line", "missing", "expected"),
    [
        (
            SESSIONS,
            "id: r, ",
            '"id" in a reminder about sessions; expected at least id, about, to, kinds',
        ),
        (SESSIONS, "about: sessions, ", '"about" in a reminder; expected at least id, about'),
        (
            SESSIONS,
            "to: program, ",
            '"to" in a reminder about sessions; expected at least id, about, to, kinds',
        ),
        (
            SESSIONS,
            ", kinds: [talks]",
            '"kinds" in a reminder about sessions; expected at least id, about, to, kinds',
        ),
        (DAY, "to: program, ", f'"to" in a reminder about the day; expected at least {OF_THE_DAY}'),
        (DAY, ", at: 8:00", f'"at" in a reminder about the day; expected at least {OF_THE_DAY}'),
        (
            MILESTONES,
            "to: program, ",
            '"to" in a reminder about milestones; expected at least id, about, to, days_before, at',
        ),
        (
            MILESTONES,
            "days_before: [7], ",
            (
                '"days_before" in a reminder about milestones; expected at least id, about, to,'
                " days_before, at"
            ),
        ),
        (
            MILESTONES,
            ", at: 9:00",
            '"at" in a reminder about milestones; expected at least id, about, to, days_before, at',
        ),
        (
            EXTENSIONS,
            ", to: program",
            '"to" in a reminder about extensions; expected at least id, about, to',
        ),
        (
            PEOPLE,
            "roles: [chair], ",
            f'"roles" in a reminder about people; expected at least {OF_PEOPLE}',
        ),
        (
            PEOPLE,
            ", minutes_before: 30",
            f'"minutes_before" in a reminder about people; expected at least {OF_PEOPLE}',
        ),
    ],
)
def test_and_which_it_must_have(mistakes_of, line, missing, expected):
    assert missing in line
    assert mistakes_of(f"{line}}}".replace(missing, "")) == [
        f"reminders.yaml:2: missing key {expected}"
    ]


A_MINUTE = "a whole number from 0 to 10,080"
A_DAY = "a whole number from 0 to 365"
AN_ID = "small letters, digits and single hyphens"
A_ROLE = "one of author, presenter, keynote, chair, moderator, panelist"
A_SUBJECT = "one of sessions, day, milestones, extensions, people"


@pytest.mark.parametrize(
    ("line", "old", "new", "expected"),
    [
        # numbers
        (PEOPLE, "30", "ten", f'"ten" is not a number of minutes; expected {A_MINUTE}'),
        (PEOPLE, "30", "1.5", f'"1.5" is not a number of minutes; expected {A_MINUTE}'),
        (PEOPLE, "30", "-1", f'"-1" is not a number of minutes; expected {A_MINUTE}'),
        (PEOPLE, "30", "+1", f'"+1" is not a number of minutes; expected {A_MINUTE}'),
        (PEOPLE, "30", "1e3", f'"1e3" is not a number of minutes; expected {A_MINUTE}'),
        (PEOPLE, "30", "1_0", f'"1_0" is not a number of minutes; expected {A_MINUTE}'),
        (PEOPLE, "30", "0:30", f'"0:30" is not a number of minutes; expected {A_MINUTE}'),
        (PEOPLE, "30", "٣٠", f'"٣٠" is not a number of minutes; expected {A_MINUTE}'),
        (PEOPLE, "30", "[30]", f"a list is not a number of minutes; expected {A_MINUTE}"),
        (
            PEOPLE,
            "30",
            "",
            f"empty minutes_before in a reminder about people; expected {A_MINUTE}",
        ),
        (PEOPLE, "30", "10081", '"10081" is too many minutes; expected at most 10,080'),
        (
            PEOPLE,
            "30",
            "9" * 5000,
            f'"{"9" * 60}…" is too many minutes; expected at most 10,080',
        ),
        (MILESTONES, "[7]", "week", f'"week" is not a number of days; expected {A_DAY}'),
        (MILESTONES, "[7]", "[7, -1]", f'"-1" is not a number of days; expected {A_DAY}'),
        (MILESTONES, "[7]", "[366]", '"366" is too many days; expected at most 365'),
        (
            MILESTONES,
            "[7]",
            "[7, '']",
            f"empty entry of days_before in a reminder about milestones; expected {A_DAY}",
        ),
        # lists
        (MILESTONES, "[7]", "[7, 1, 07]", '"07" is given twice; expected each of them once'),
        (MILESTONES, "[7]", "[]", "an empty list; expected at least one"),
        (
            MILESTONES,
            "[7]",
            "{a: b}",
            "a map in place of a list; expected a list such as [a, b]",
        ),
        (
            SESSIONS,
            "[talks]",
            "[talks, meal, talks]",
            '"talks" is given twice; expected each of them once',
        ),
        (SESSIONS, "[talks]", "[]", "an empty list; expected at least one"),
        (
            SESSIONS,
            "[talks]",
            "",
            "empty kinds in a reminder about sessions; expected at least one",
        ),
        (
            PEOPLE,
            "[chair]",
            "[chair, chair]",
            '"chair" is given twice; expected each of them once',
        ),
        (PEOPLE, "[chair]", "[]", "an empty list; expected at least one"),
        (DAY, "program", "[a, b, a]", '"a" is given twice; expected each of them once'),
        (DAY, "program", "[]", "an empty list; expected at least one"),
        (DAY, "program", "", "empty to in a reminder about the day; expected at least one"),
        # words
        (
            DAY,
            "program",
            "'#program'",
            f'"#program" is not an id; expected {AN_ID}, such as program',
        ),
        (DAY, "program", "[a, Hall 2]", f'"Hall 2" is not an id; expected {AN_ID}, such as hall-2'),
        (DAY, "id: r", "id: R", f'"R" is not an id; expected {AN_ID}, such as r'),
        (
            SESSIONS,
            "[talks]",
            "[talk]",
            (
                '"talk" is not a kind of session (did you mean "talks"?); expected one of talks,'
                " keynote, panel, posters, demos, tutorial, break, meal, ceremony, social, registration"
            ),
        ),
        (
            MILESTONES,
            "9:00",
            "9:00, kinds: [talks]",
            (
                '"talks" is not a kind of milestone; expected one of abstract, submission, rebuttal,'
                " notification, camera-ready, registration, other"
            ),
        ),
        (
            PEOPLE,
            "[chair]",
            "[organizer]",
            f'"organizer" is not a role on the program; expected {A_ROLE}',
        ),
        (
            PEOPLE,
            "[chair]",
            "[member]",
            f'"member" is not a role on the program; expected {A_ROLE}',
        ),
        (
            PEOPLE,
            "[chair]",
            "[chairs]",
            f'"chairs" is not a role on the program (did you mean "chair"?); expected {A_ROLE}',
        ),
        (DAY, "8:00", "8", '"8" is not a time; expected HH:MM such as 9:30'),
        (MILESTONES, "9:00", "9 am", '"9 am" is not a time; expected HH:MM such as 9:30'),
        # what it is about
        (
            SESSIONS,
            "about: sessions",
            "about: session",
            (
                '"session" is not what a reminder can be about (did you mean "sessions"?); expected'
                f" {A_SUBJECT}"
            ),
        ),
        (
            DAY,
            "about: day",
            "about: [day]",
            f"a list is not what a reminder can be about; expected {A_SUBJECT}",
        ),
        (DAY, "about: day", "about: ", f"empty about in a reminder; expected {A_SUBJECT}"),
    ],
)
def test_mistakes_in_the_values_of_a_reminder(mistakes_of, line, old, new, expected):
    assert old in line
    assert mistakes_of(f"{line}}}".replace(old, new)) == [f"reminders.yaml:2: {expected}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "reminder: []",
            (
                '1: unknown key "reminder" in reminders.yaml (did you mean "reminders"?); expected one'
                " of reminders"
            ),
        ),
        (
            "reminders:\n  today: x",
            "2: a map in place of a list; expected a list such as [a, b]",
        ),
        (
            "reminders:\n- today",
            '2: "today" is not a reminder; expected the keys id, about',
        ),
    ],
)
def test_mistakes_in_the_file_as_a_whole(folder, text, expected):
    (folder / "reminders.yaml").write_text(text)

    with pytest.raises(BadData) as refused:
        load(folder)

    assert [str(mistake) for mistake in refused.value.mistakes] == [f"reminders.yaml:{expected}"]


def test_a_mistake_is_told_with_the_line_that_it_stands_in(mistakes_of):
    assert mistakes_of(
        "id: r\n  about: milestones\n  to:\n  - authors\n  - authors\n  at: 9:00\n  days_before:\n"
        "  - 7\n  - seven\n  kinds:\n  - submission\n  - deadline"
    ) == [
        'reminders.yaml:6: "authors" is given twice; expected each of them once',
        f'reminders.yaml:10: "seven" is not a number of days; expected {A_DAY}',
        (
            'reminders.yaml:13: "deadline" is not a kind of milestone; expected one of abstract,'
            " submission, rebuttal, notification, camera-ready, registration, other"
        ),
    ]


def test_a_reminder_that_is_refused_hides_none_of_the_others_mistakes(mistakes_of):
    found = mistakes_of(
        f"{SESSIONS}, at: 9:00, minutes_before: x}}", "nothing", f"{DAY}, kinds: [x]}}", "{id: R}"
    )

    assert [mistake.partition(";")[0] for mistake in found] == [
        'reminders.yaml:2: "x" is not a number of minutes',
        'reminders.yaml:2: unknown key "at" in a reminder about sessions',
        'reminders.yaml:3: "nothing" is not a reminder',
        'reminders.yaml:4: id "r" is already used in reminders.yaml:2',
        'reminders.yaml:4: unknown key "kinds" in a reminder about the day',
        'reminders.yaml:5: "R" is not an id',
        'reminders.yaml:5: missing key "about" in a reminder',
    ]


KEYS = ["id", "about", "to", "kinds", "minutes_before", "days_before", "at", "roles", "x"]
WORDS = [
    *("r", "sessions", "day", "milestones", "extensions", "people", "program", "talks", "other"),
    *("registration", "chair", "member", "9:00", "0", "10", "400", "99999", "-1", "", "~"),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(
        st.sampled_from(WORDS)
        | st.dictionaries(
            st.sampled_from(KEYS),
            st.recursive(
                st.sampled_from(WORDS) | st.text(max_size=3),
                lambda values: (
                    st.lists(values, max_size=3)
                    | st.dictionaries(st.sampled_from(KEYS), values, max_size=2)
                ),
                max_leaves=4,
            ),
        ),
        max_size=3,
    )
)
def test_any_data_is_loaded_or_refused(folder, entries):
    (folder / "reminders.yaml").write_text(json.dumps({"reminders": entries}))
    try:
        found = load(folder).reminders
    except BadData:
        return

    assert len(found) == len(entries)
