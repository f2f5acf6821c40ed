"""What reaches a terminal: plain or styled, never a control character of somebody else's."""

import io
from datetime import UTC, datetime

import pytest

from adapters.terminal import Look, Terminal
from adapters.terminal.look import clean
from bot.answer import Action, Answer, Bullets, Link, Paragraph, Status, Strong, Time


NOON = Time(datetime(2017, 8, 21, 12, tzinfo=UTC), "12:00 pm")
ANSWER = Answer(
    Status.ANSWERED,
    ("Lunch is at ", NOON, "."),
    (Bullets((("one",), (Strong("two"),))), Paragraph((Link("the page", "https://x.example"),))),
    ("program.yaml#lunch",),
    actions=(Action("Where?", "where is lunch?"),),
)


def shown(answer, **options):
    stream = io.StringIO()
    Look(stream, **options).show(answer, choices=True)
    return stream.getvalue()


def test_without_a_terminal_an_answer_is_plain_text():
    assert shown(ANSWER) == (
        "Lunch is at 12:00 pm.\n"
        "  • one\n"
        "  • two\n"
        "the page (https://x.example)\n"
        "[program.yaml#lunch]\n"
        "  1 Where?\n"
    )


def test_with_colours_the_words_are_the_same(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    styled = shown(ANSWER, colour=True)

    assert "Lunch is at" in styled
    assert "\x1b[" in styled


@pytest.mark.parametrize(
    "text",
    ["\x1b[31mred", "bell\x07", "back\x08space", "\u202eturned", "\x9b31m", "[bold]not markup"],
)
def test_nothing_from_data_steers_the_terminal(text):
    seen = shown(Answer(Status.ANSWERED, (text,)))

    assert "\x1b" not in seen
    assert "\x07" not in seen
    assert "\x9b" not in seen
    assert "\u202e" not in seen
    assert clean("[bold]x") == "[bold]x"


class Echo:
    """A desk that answers with what it heard."""

    def __init__(self):
        self.heard = []

    def hear(self, question):
        self.heard.append(question.text)
        return ANSWER


def test_a_number_asks_the_choice_that_it_stands_for():
    desk = Echo()
    lines = io.StringIO("\nwhen is lunch\n1\n9\nquit\n")
    Terminal("x", lambda: NOON.instant, lines, Look(io.StringIO())).run(desk)

    assert desk.heard == ["when is lunch", "where is lunch?", "9"]
