"""What may be meant as it is but seldom is: told with its line, and the event passes."""

import pytest

from bot.errors import BadData
from bot.load import load, load_with_warnings


EVENT = """\
id: small
name: Small Workshop
zone: Europe/Berlin
days:
- date: 2017-08-21
- date: 2017-08-22
"""

SUBJECTS = {"fee": "fees", "best-paper": "awards", "wifi": "wifi", "page-limit": "page limit"}


@pytest.fixture
def folder(tmp_path):
    """The folder of a valid event."""
    (tmp_path / "event.yaml").write_text(EVENT)
    return tmp_path


def warnings(folder):
    return [str(warning) for warning in load_with_warnings(folder, SUBJECTS)[1]]


# -- subjects --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "near"),
    [
        ("fees", ' (did you mean "fee"?)'),
        ("wi-fi", ' (did you mean "wifi"?)'),
        ("award", ' (did you mean "best-paper"?)'),
        ("unstated-number", ""),
    ],
)
def test_a_subject_that_no_language_knows_is_told_with_the_nearest(folder, about, near):
    text = f"\n- id: a\n  text: T\n  about: [wifi,\n  {about}]\n"
    (folder / "call.yaml").write_text(f"rules:{text}")
    (folder / "info.yaml").write_text(f"info:{text}")

    assert warnings(folder) == [
        (
            f'{file}:5: warning: unknown subject "{about}"{near}: no question asks for it; expected a'
            " subject that data/README.md lists"
        )
        for file in ("call.yaml", "info.yaml")
    ]


def test_a_subject_below_a_heading_is_judged_too(folder):
    (folder / "info.yaml").write_text(
        "info:\n- id: a\n  title: A\n  info:\n  - {id: b, text: B, about: [lodging]}\n"
    )

    assert [warning.partition(";")[0] for warning in warnings(folder)] == [
        'info.yaml:5: warning: unknown subject "lodging": no question asks for it'
    ]


def test_none_in_place_of_a_subject_is_meant(folder):
    (folder / "info.yaml").write_text("info: [{id: a, text: T, about: [none]}]")

    assert warnings(folder) == []


def test_an_event_with_warnings_is_the_event_all_the_same(folder):
    (folder / "info.yaml").write_text("info: [{id: a, text: T, about: [fees]}]")

    event, (warning,) = load_with_warnings(folder, SUBJECTS)

    assert event == load(folder)
    assert event.infos[0].about == ("fees",)
    assert warning.warning


def test_warnings_stand_among_the_mistakes_in_the_order_of_their_lines(folder):
    (folder / "info.yaml").write_text(
        "info:\n- {id: a}\n- {id: b, text: T, about: [fees]}\n- {id: B, text: T}\n"
    )

    with pytest.raises(BadData) as refused:
        load_with_warnings(folder, SUBJECTS)

    assert [str(mistake).partition(";")[0] for mistake in refused.value.mistakes] == [
        "info.yaml:2: an info without title and text",
        'info.yaml:3: warning: unknown subject "fees" (did you mean "fee"?): no question asks for it',
        'info.yaml:4: "B" is not an id',
    ]


def test_warnings_never_refuse_an_event_however_many_there_are(folder):
    facts = "".join(f"- {{id: f{n}, text: T, about: [x{n}]}}\n" for n in range(10_500))
    (folder / "info.yaml").write_text(f"info:\n{facts}")

    assert len(warnings(folder)) == 10_000


# -- hours -----------------------------------------------------------------------------------


def program(*times):
    """A program of one session a line from line 2 on, at these times of the first day."""
    rows = (
        f"- {{id: s{n}, kind: talks, title: S, day: 2017-08-21, {time}}}\n"
        for n, time in enumerate(times, 1)
    )
    return f"sessions:\n{''.join(rows)}"


def night(line, start, first, afternoon):
    return (
        f'program.yaml:{line}: warning: session "s{line - 1}" starts at {start} in the night, and the'
        f" program of 2017-08-21 at {first}; expected {afternoon} if it is in the afternoon"
    )


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (("start: 9:00", "start: 1:30, end: 3:00"), [night(3, "1:30", "9:00", "13:30")]),
        (("start: 5:59", "start: 8:00"), [night(2, "5:59", "8:00", "17:59")]),
        (
            ("start: 10:30", "start: 1:00", "start: 12:00", "start: 02:05"),
            [night(3, "1:00", "10:30", "13:00"), night(5, "2:05", "10:30", "14:05")],
        ),
        (("start: 9:00", "status: cancelled, start: 2:00"), [night(3, "2:00", "9:00", "14:00")]),
    ],
)
def test_a_session_in_the_night_of_a_day_that_starts_in_the_morning_is_told(
    folder, times, expected
):
    (folder / "program.yaml").write_text(program(*times))

    assert warnings(folder) == expected


@pytest.mark.parametrize(
    "times",
    [
        ("start: 2:00",),
        ("start: 2:00", "start: 3:30"),
        ("start: 5:30", "start: 7:30", "start: 9:00"),
        ("start: 6:00", "start: 9:00"),
        ("start: 9:00", "start: 0:30"),
        ("start: 9:00", "start: 22:00, end: 2:00, end_day: 2017-08-22"),
    ],
)
def test_hours_that_can_be_meant_are_not_told(folder, times):
    (folder / "program.yaml").write_text(program(*times))

    assert warnings(folder) == []


def test_each_day_has_hours_of_its_own(folder):
    other_day = "- {id: x, kind: talks, title: X, day: 2017-08-22, start: 2:00}\n"
    (folder / "program.yaml").write_text(program("start: 9:00") + other_day)

    assert warnings(folder) == []


def test_of_several_times_the_one_in_the_night_is_told(folder):
    (folder / "program.yaml").write_text(
        "sessions:\n- id: s1\n  kind: break\n  title: B\n  times:\n"
        "  - {day: 2017-08-21, start: 10:00}\n  - {day: 2017-08-21, start: 3:00}\n"
    )

    assert warnings(folder) == [night(2, "3:00", "10:00", "15:00").replace("yaml:2", "yaml:7")]
