"""A conversation in the terminal, with and without a terminal behind it."""

import io
import os
import select
import sys
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from adapters.terminal.look import Look
from adapters.terminal.talk import Terminal
from bot.__main__ import app
from bot.answer import Action, Answer, Status
from tests.conftest import ROOT


AT = datetime(2017, 8, 21, 12, tzinfo=UTC)


class Echo:
    """A desk that remembers what it heard, and offers what it is told to."""

    def __init__(self, *offers):
        self.heard = []
        self.offers = list(offers)

    def hear(self, question):
        self.heard.append(question)
        actions = self.offers.pop(0) if self.offers else ()
        return Answer(Status.ANSWERED, (question.text,), actions=actions)


def talk(desk, *lines, ended=True):
    """What is written while the lines are said, each heard by the desk."""
    stream = io.StringIO()
    text = "\n".join(lines) + ("\n" if ended else "")
    Terminal("x", lambda: AT, io.StringIO(text), Look(stream)).run(desk.hear)
    return stream.getvalue()


def texts(desk):
    return [q.text for q in desk.heard]


def test_lines_are_answered_until_the_input_ends():
    desk = Echo()

    assert talk(desk, "when is lunch", "", "  and where? ", ended=False) == (
        "when is lunch\nand where?\n"
    )
    assert texts(desk) == ["when is lunch", "and where?"]


@pytest.mark.parametrize("farewell", ["quit", "exit", ":q", "QUIT "])
def test_a_farewell_ends_it(farewell):
    desk = Echo()
    talk(desk, "hi", farewell, "never heard")

    assert texts(desk) == ["hi"]


def test_a_question_has_its_own_id_its_moment_and_a_private_place():
    desk = Echo()
    talk(desk, "one", "two")

    assert len({q.id for q in desk.heard}) == 2
    assert {q.at for q in desk.heard} == {AT}
    assert all(q.place.private for q in desk.heard)


def test_a_number_asks_the_choice_that_it_stands_for():
    desk = Echo((Action("Where?", "where is lunch?"), Action("Who?", "who cooks?")))

    assert "  1 Where?\n  2 Who?\n" in talk(desk, "lunch", "2")
    assert texts(desk) == ["lunch", "who cooks?"]


@pytest.mark.parametrize("typed", ["0", "3", "-1", "٢", "²", "1.", "9" * 20, "1" * 4_301])
def test_what_is_no_choice_is_asked_as_it_is(typed):
    desk = Echo((Action("a", "first"), Action("b", "second")))
    talk(desk, "hi", typed)

    assert texts(desk) == ["hi", typed]


def test_choices_are_those_of_the_last_answer():
    desk = Echo((Action("a", "first"),), ())
    talk(desk, "hi", "hello", "1")

    assert texts(desk) == ["hi", "hello", "1"]


def test_an_answer_that_was_given_before_is_not_repeated():
    class Silent(Echo):
        def hear(self, question):
            super().hear(question)

    assert talk(Silent(), "hi") == ""


# -- the real desk ---------------------------------------------------------------------------


def test_a_chat_remembers_and_takes_choices_by_number():
    said = "when is lunch\nand where?\nhello\n1\nquit\nnever read\n"
    result = CliRunner().invoke(app, ["chat", "--now", "2017-08-21T12:00"], input=said)

    assert "Centennial Terrace" in result.stdout
    assert "1 what's on now?" in result.stdout
    assert "Session 1" in result.stdout
    assert ">" not in result.stdout
    assert result.exit_code == 0


def test_a_moment_that_is_none_is_a_sentence():
    result = CliRunner().invoke(app, ["chat", "--now", "later"], input="")

    assert result.exit_code == 2
    assert "later" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
@pytest.mark.parametrize(("end", "code"), [(b"quit\n", 0), (b"\x04", 0), (b"\x03", 130)])
def test_in_a_terminal_there_is_a_prompt_and_a_quiet_end(end, code):
    import pty  # noqa: PLC0415 - not on every system

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        command = [sys.executable, "-m", "bot", "chat", "--now", "2017-08-21T12:00"]
        os.execve(sys.executable, command, os.environ | {"TERM": "dumb", "COLUMNS": "200"})  # noqa: S606
    seen = read_until(terminal, b"> ")
    os.write(terminal, b"when is lunch\n")
    seen += read_until(terminal, b"> ")
    seen += read_to_end(terminal, end)
    _, status = os.waitpid(child, 0)
    os.close(terminal)

    assert "12:30 pm" in seen.decode()
    assert "Traceback" not in seen.decode()
    assert seen.endswith(b"\n")
    assert os.waitstatus_to_exitcode(status) == code


def read_until(terminal, mark):
    """What a terminal shows up to a mark."""
    seen = b""
    while not seen.endswith(mark):
        seen += os.read(terminal, 1)
    return seen


def read_to_end(terminal, said):
    """What a terminal shows from when something is said to the end.

    It is said again after a while: readline loses a Ctrl-C that comes just after its prompt.
    """
    seen = b""
    while True:
        os.write(terminal, said)
        while select.select([terminal], [], [], 1)[0]:
            try:
                more = os.read(terminal, 1000)
            except OSError:  # Linux says so when the other end is closed
                more = b""
            if not more:
                return seen
            seen += more
