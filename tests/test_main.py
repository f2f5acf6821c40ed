"""The command line as a person uses it."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from tests.conftest import FOLDERS


NOON = "2017-08-21T12:00"


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, list(arguments), input=stdin)


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_question_is_answered_with_its_record():
    result = run("ask", "--now", NOON, "when is lunch")

    assert result.exit_code == 0
    assert "12:30 pm–1:45 pm PDT" in result.stdout
    assert "[program.yaml#lunch]" in result.stdout


def test_words_need_no_quotes():
    assert (
        run("ask", "--now", NOON, "when", "is", "lunch").stdout
        == run("ask", "--now", NOON, "when is lunch").stdout
    )


def test_a_question_can_be_piped_in():
    assert "12:30 pm" in run("ask", "--now", NOON, "-", stdin="when is lunch\n").stdout


def test_without_a_moment_the_sample_event_is_over():
    assert "was Monday, August 21, 2017" in run("ask", "when is lunch").stdout


def test_no_question_at_all_is_a_mistake_with_a_hint():
    result = run("ask", stdin="")

    assert result.exit_code == 2
    assert "workshop-bot ask" in result.stderr


@pytest.mark.parametrize("moment", ["noon", "2017-13-01", "2017-08-21T25:00"])
def test_a_moment_that_is_none_is_refused_in_a_sentence(moment):
    result = run("ask", "--now", moment, "when is lunch")

    assert result.exit_code == 2
    assert "2017-08-21T10:05-07:00" in result.stderr


def test_json_holds_the_whole_answer():
    answer = json.loads(run("ask", "--now", NOON, "--json", "when is lunch").stdout)

    assert answer["status"] == "answered"
    assert answer["records"] == ["program.yaml#lunch"]
    assert {"time": "2017-08-21T12:30:00-07:00", "text": "12:30 pm"} in answer["summary"]


def test_explain_shows_how_it_was_read():
    shown = run("ask", "--now", NOON, "--explain", "when is teh luhnch, firestome?").stdout

    assert "read as:" in shown
    assert "mended: firestome -> firestone" in shown


def test_a_batch_answers_in_order_and_survives_bad_lines():
    good = {"id": 1, "now": "2017-08-21T12:00:00-07:00", "q": "when is lunch"}
    follow = {"id": 2, "now": good["now"], "history": ["when is lunch"], "q": "and where?"}
    text = "\n".join(
        [
            json.dumps(good),
            "not json",
            json.dumps({"id": "no question"}),
            json.dumps({"id": 4, "q": "when is lunch", "now": "soon"}),
            json.dumps({"id": 5, "q": "when is lunch", "history": "what"}),
            '{"id": 6, "q": "\\ud800 when is lunch", "now": "2017-08-21T12:00:00-07:00"}',
            "[1]",
            "",
            json.dumps(follow),
        ]
    )
    answers = lines(run("ask", "--batch", "-", stdin=text))

    assert [a["id"] for a in answers] == [1, None, "no question", 4, 5, 6, None, 2]
    assert answers[0]["status"] == "answered"
    assert answers[0]["records"] == ["program.yaml#lunch"]
    assert answers[0]["read_as"].startswith("when of session")
    assert answers[1]["error"].startswith("line 2: ")
    assert answers[2]["error"].startswith("line 3: ")
    assert "“now”" in answers[3]["error"]
    assert "“history”" in answers[4]["error"]
    assert answers[5]["status"] == "answered"
    assert answers[6]["error"].startswith("line 7: ")
    assert "Centennial Terrace" in answers[7]["text"]


def test_a_batch_that_is_not_there_is_a_sentence(tmp_path):
    result = run("ask", "--batch", str(tmp_path / "none.jsonl"))

    assert result.exit_code == 2
    assert "can't be read" in result.stderr


def test_a_batch_line_that_is_not_utf8_is_said_to_be(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b'{"id": 1, "q": "\xff"}\n')

    assert "UTF-8" in lines(run("ask", "--batch", str(path)))[0]["error"]


@pytest.mark.parametrize("event", FOLDERS)
def test_the_sample_events_pass_the_check(event):
    result = run("check", str(FOLDERS[event]))

    assert result.exit_code == 0
    assert "all is well" in result.stdout


def test_the_check_prints_every_mistake_with_its_line(tmp_path):
    (tmp_path / "event.yaml").write_text("id: x\nname: X\nshort: X\nzone: Mars/Base\nzune: y\n")
    result = run("check", str(tmp_path))

    assert result.exit_code == 1
    assert "event.yaml:4:" in result.stderr
    assert "event.yaml:5:" in result.stderr


def test_an_event_with_mistakes_is_never_asked(tmp_path):
    result = run("ask", "--event", str(tmp_path), "when is lunch")

    assert result.exit_code == 1
    assert "event.yaml:1:" in result.stderr


def test_a_chat_remembers_and_takes_choices_by_number():
    said = "when is lunch\nand where?\nhello\n1\nquit\nnever read\n"
    result = run("chat", "--now", NOON, stdin=said)

    assert "Centennial Terrace" in result.stdout
    assert "1 what's on now?" in result.stdout
    assert "Session 1" in result.stdout
    assert result.exit_code == 0


def test_the_demo_shows_answers_and_an_honest_i_dont_know():
    result = run("demo")

    assert result.exit_code == 0
    assert "Centennial" in result.stdout or "Foyer" in result.stdout
    assert "Sorry" in result.stdout


def test_the_version_is_told():
    assert run("--version").stdout.startswith("workshop-bot ")


def test_the_module_runs_and_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m bot demo | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)

    assert "Traceback" not in done.stderr
