"""What reaches a terminal: plain or styled, never a control character of somebody else's."""

import io
import re
from datetime import UTC, datetime

import pytest

from adapters.terminal.look import Look
from bot.answer import Action, Answer, Bullets, Link, Paragraph, Status, Strong, Time, clean


NOON = Time(datetime(2017, 8, 21, 12, tzinfo=UTC), "12:00 pm")
ANSWER = Answer(
    Status.ANSWERED,
    ("Lunch is at ", NOON, "."),
    (Bullets((("one",), (Strong("two"),))), Paragraph((Link("the page", "https://x.example"),))),
    ("program.yaml#lunch",),
    actions=(Action("Where?", "where is lunch?"),),
)


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def shown(answer, *, stream=None, **options):
    stream = stream or io.StringIO()
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


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of 40 columns with colours."""
    for name in ("NO_COLOR", "TERM", "COLORTERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "40")
    return Tty()


def test_a_terminal_gets_colours_and_the_same_words(terminal):
    styled = shown(ANSWER, stream=terminal)

    assert "\x1b[1mtwo" in styled
    assert "\x1b[2m[program.yaml#lunch]" in styled
    assert re.sub(r"\x1b\[[\d;]*m", "", styled) == shown(ANSWER)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_without_colours_gets_plain_text(terminal, monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    assert shown(ANSWER, stream=terminal) == shown(ANSWER)


def test_lines_are_broken_between_words_and_bullets_stand_out(terminal):
    answer = Answer(Status.ANSWERED, ("word " * 12,), (Bullets((("word " * 9,),)),))

    assert shown(answer, stream=terminal).replace("\x1b[36m", "").replace("\x1b[0m", "") == (
        "word word word word word word word word\n"
        "word word word word\n"
        "  • word word word word word word word\n"
        "    word word\n"
    )


def test_a_long_link_is_never_broken(terminal):
    link = "https://x.example/" + "a" * 60

    assert link in shown(Answer(Status.ANSWERED, ("See ", Link("", link))), stream=terminal)


HOSTILE = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "back\x08space",
    "\x9b31m",
    "\u202eturned",
    "\u2066isolated\u2069",
    "over\rwritten",
    "\x00\x7f\x85",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("colour", [False, True])
def test_nothing_from_data_steers_the_terminal(text, colour, terminal):
    answer = Answer(
        Status.ANSWERED,
        (text, Strong(text), Link(text, text)),
        (Paragraph((text,)), Bullets(((text,),))),
        (text,),
        actions=(Action(text),),
    )
    stream = terminal if colour else None
    seen = re.sub(r"\x1b\[[\d;]*m", "", shown(answer, stream=stream)) if colour else shown(answer)

    assert all(c.isprintable() or c == "\n" for c in seen)


@pytest.mark.parametrize("text", ["[bold]not markup[/bold]", "[/]", ":smile:", "https://x.example"])
def test_nothing_from_data_is_taken_for_markup(text, terminal):
    assert shown(Answer(Status.ANSWERED, (text,)), stream=terminal) == text + "\n"


def test_other_blanks_than_the_usual_still_part_words():
    assert clean("10\u00a0am\u202fto\t11") == "10 am to 11"


def test_what_is_copied_from_the_terminal_mentions_nobody():
    assert "@everyone" not in shown(Answer(Status.ANSWERED, ("Hello @everyone",)))


def test_a_stream_that_can_t_show_a_character_shows_a_question_mark():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    Look(stream).show(Answer(Status.ANSWERED, ("9–10",)))

    assert raw.getvalue() == b"9?10\n"
