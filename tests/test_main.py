"""The command line as a person uses it."""

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.desk import Desk
from tests.conftest import FOLDERS, ROOT


NOON = "2017-08-21T12:00"
QUICK = "10000000"
"""So many times as fast as it was, a day is over at once."""


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, list(arguments), input=stdin)


def process(*arguments, stdin=None, **environment):
    """A run of its own, in bytes as they come: for encodings, pipes and signals."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=os.environ | environment,
    )


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


def test_a_question_in_no_known_encoding_is_answered():
    done = process("ask", "--now", NOON, stdin=b"when is \xff\xfe lunch")

    assert b"12:30" in done.stdout
    assert done.stderr == b""


def test_an_argument_in_no_known_encoding_is_answered():
    done = process("ask", "--explain", "--now", NOON, b"wh\xff when is lunch")

    assert b"12:30" in done.stdout
    assert done.stderr == b""


def test_a_narrow_output_shows_question_marks_but_json_stays_utf8():
    plain = process("ask", "--now", NOON, "when is lunch", PYTHONIOENCODING="ascii")
    as_json = process("ask", "--now", NOON, "--json", "when is lunch", PYTHONIOENCODING="ascii")

    assert b"12:30 pm?1:45 pm PDT" in plain.stdout
    assert "–" in json.loads(as_json.stdout)["summary"]


def test_without_a_moment_the_sample_event_is_over():
    assert "was Monday, August 21, 2017" in run("ask", "when is lunch").stdout


def test_no_question_at_all_is_a_mistake_with_a_hint():
    result = run("ask", stdin="")

    assert result.exit_code == 2
    assert "workshop-bot ask" in result.stderr


@pytest.mark.parametrize(
    "moment", ["noon", "2017-13-01", "2017-08-21T25:00", "", "0001-01-01", "9999-12-31T23:59-12:00"]
)
def test_a_moment_that_is_none_is_refused_in_a_sentence(moment):
    result = run("ask", "--now", moment, "when is lunch")

    assert result.exit_code == 2
    assert "2017-08-21T10:05-07:00" in result.stderr


def test_a_moment_without_a_zone_is_the_event_s():
    at_the_venue = run("ask", "--now", "2017-08-21T10:05-07:00", "what comes next").stdout

    assert run("ask", "--now", "2017-08-21T10:05", "what comes next").stdout == at_the_venue
    assert run("ask", "--now", "2017-08-21T17:05Z", "what comes next").stdout == at_the_venue


def test_json_holds_the_whole_answer():
    answer = json.loads(run("ask", "--now", NOON, "--json", "when is lunch").stdout)

    assert answer["status"] == "answered"
    assert answer["records"] == ["program.yaml#lunch"]
    assert {"time": "2017-08-21T12:30:00-07:00", "text": "12:30 pm"} in answer["summary"]


def test_explain_shows_how_it_was_read():
    shown = run("ask", "--now", NOON, "--explain", "when is teh luhnch, firestome?").stdout

    assert "read as:" in shown
    assert "mended: firestome -> firestone" in shown
    assert "“when” want: when (rule: phrase)" in shown


def test_explain_shows_what_a_piece_was_made_from():
    shown = run("ask", "--now", NOON, "--explain", "papers from michigan").stdout.splitlines()
    whole = next(i for i, line in enumerate(shown) if "“papers from michigan”" in line)

    assert any(line.startswith("    “michigan”") for line in shown[whole + 1 :])


def test_json_may_hold_the_explanation_too():
    answer = json.loads(run("ask", "--now", NOON, "--json", "--explain", "when is lunch").stdout)

    assert answer["explained"][0].startswith("read as: when of session")


# -- batches ---------------------------------------------------------------------------------


LUNCH = {"id": 1, "now": "2017-08-21T12:00:00-07:00", "q": "when is lunch"}


def batch(*items):
    """The answers to lines of a batch, each given as JSON or as what JSON can spell."""
    text = "\n".join(i if isinstance(i, str) else json.dumps(i) for i in items)
    result = run("ask", "--batch", "-", stdin=text)
    assert result.exit_code == 0
    return lines(result)


def test_a_batch_answers_every_line_in_order():
    first, second = batch(LUNCH, {**LUNCH, "id": "b", "history": ["when is lunch"], "q": "where?"})

    assert first["id"] == 1
    assert first["status"] == "answered"
    assert first["reason"] is None
    assert "12:30 pm" in first["text"]
    assert first["records"] == ["program.yaml#lunch"]
    assert first["read_as"].startswith("when of session")
    assert second["id"] == "b"
    assert "Centennial Terrace" in second["text"]


@pytest.mark.parametrize(
    ("line", "known", "said"),
    [
        ("not json", None, "JSON"),
        ("[" * 100_000, None, "JSON"),
        ("[1]", None, "object"),
        ('{"id": 7}', 7, "“q”"),
        ('{"id": 7, "q": 3}', 7, "“q”"),
        ('{"id": 7, "q": " "}', 7, "“q”"),
        ('{"id": 7, "q": "hi", "now": "soon"}', 7, "“now”"),
        ('{"id": 7, "q": "hi", "now": ""}', 7, "“now”"),
        ('{"id": 7, "q": "hi", "now": 20170821}', 7, "“now”"),
        ('{"id": 7, "q": "hi", "now": "0001-01-01T00:00+14:00"}', 7, "“now”"),
        ('{"id": 7, "q": "hi", "history": "what"}', 7, "“history”"),
        ('{"id": 7, "q": "hi", "history": [1]}', 7, "“history”"),
        ('{"id": 7, "q": "\\ud800 when is lunch"}', 7, "“q”"),
        ('{"id": 7, "q": "hi", "history": ["\\udfff"]}', 7, "“history”"),
        ('{"id": "\\ud800", "q": "hi"}', None, "“id”"),
        ('{"id": NaN, "q": "hi"}', None, "“id”"),
        ('{"id": 1e999, "q": "hi"}', None, "“id”"),
        ('{"id": true, "q": "hi"}', None, "“id”"),
        ('{"id": {"a": 1}, "q": "hi"}', None, "“id”"),
    ],
)
def test_a_bad_line_is_told_and_the_rest_go_on(line, known, said):
    bad, good = batch("", line, LUNCH)

    assert bad["id"] == known
    assert bad["error"].startswith("line 2: ")
    assert said in bad["error"]
    assert good["status"] == "answered"


def test_a_batch_line_that_is_not_utf8_is_said_to_be(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b'{"id": 1, "q": "\xff"}\n')

    assert "UTF-8" in lines(run("ask", "--batch", str(path)))[0]["error"]


def test_a_batch_may_begin_with_a_byte_order_mark_and_end_lines_as_windows_does(tmp_path):
    path = tmp_path / "windows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(LUNCH).encode() + b"\r\n\r\n")

    assert [a["status"] for a in lines(run("ask", "--batch", str(path)))] == ["answered"]


def test_a_line_without_a_moment_is_asked_at_the_given_one_or_now():
    line = json.dumps({"q": "when is lunch"})

    assert " is " in lines(run("ask", "--batch", "-", "--now", NOON, stdin=line))[0]["text"]
    assert " was " in lines(run("ask", "--batch", "-", stdin=line))[0]["text"]


def test_a_bug_in_one_question_leaves_the_others_alone(monkeypatch):
    good = Desk.ask

    def broken(desk, text, *rest, **more):
        if text == "boom":
            raise RecursionError
        return good(desk, text, *rest, **more)

    monkeypatch.setattr(Desk, "ask", broken)
    bug, fine = batch({"id": 1, "q": "boom"}, LUNCH)

    assert (bug["status"], bug["reason"]) == ("unknown", "not_understood")
    assert fine["status"] == "answered"


@pytest.mark.parametrize("path", ["none.jsonl", "."])
def test_a_batch_that_can_t_be_read_is_a_sentence(path, tmp_path):
    result = run("ask", "--batch", str(tmp_path / path))

    assert result.exit_code == 2
    assert "--batch" in result.stderr


def test_a_batch_takes_no_question_of_its_own():
    assert run("ask", "--batch", "-", "when is lunch", stdin="").exit_code == 2


def test_a_batch_answers_each_line_as_it_comes_and_ends_quietly_when_interrupted():
    command = [sys.executable, "-m", "bot", "ask", "--batch", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write(json.dumps(LUNCH).encode() + b"\n")
        running.stdin.flush()
        answer = json.loads(running.stdout.readline())  # while the input is still open
        running.send_signal(signal.SIGINT)
        _, complaints = running.communicate()

    assert answer["status"] == "answered"
    assert running.returncode == 130
    assert complaints == b""


# -- events ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", ["data/kbnets17", "kbnets17", FOLDERS["kbnets17"], FOLDERS["kbnets17"] / "event.yaml"]
)
def test_an_event_is_its_folder_its_file_or_a_sample_s_name(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert "12:30 pm" in run("ask", "--event", str(given), "when is lunch").stdout


def test_another_event_answers_for_itself():
    result = run("ask", "--event", str(FOLDERS["harbor"]), "when is the deadline")

    assert result.exit_code == 0
    assert "call.yaml" in result.stdout


@pytest.mark.parametrize("event", FOLDERS)
def test_the_sample_events_pass_the_check(event):
    result = run("check", str(FOLDERS[event]))

    assert result.exit_code == 0
    assert "all is well" in result.stdout


def test_the_check_prints_every_mistake_with_its_line(tmp_path):
    (tmp_path / "event.yaml").write_text("id: x\nname: X\nshort: X\nzone: Mars/Base\nzune: y\n")
    result = run("check", str(tmp_path))

    assert result.exit_code == 1
    assert "event.yaml:4:" in result.stdout
    assert "event.yaml:5:" in result.stdout


def test_the_check_prints_warnings_and_passes(tmp_path):
    (tmp_path / "event.yaml").write_text("id: x\nname: X\nzone: Europe/Berlin\n")
    (tmp_path / "info.yaml").write_text("info:\n- {id: a, text: A, about: [fees, wifi]}\n")
    result = run("check", str(tmp_path))

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        (
            'info.yaml:2: warning: unknown subject "fees" (did you mean "fee"?): no question asks for'
            " it; expected a subject that data/README.md lists"
        ),
        "X: no mistakes, 1 warning (0 sessions, 0 talks, 0 people, 0 milestones, 0 rules, 1 fact)",
    ]


def test_the_name_of_a_folder_can_t_steer_the_terminal():
    result = run("check", "\x1b[31mnone")

    assert result.exit_code == 1
    assert "\x1b" not in result.output


def test_the_check_counts_in_words(tmp_path):
    (tmp_path / "event.yaml").write_text("id: x\nname: X\nzone: Europe/Berlin\n")
    (tmp_path / "people.yaml").write_text("people: [{id: ann, name: Ann}]\n")

    assert "0 talks, 1 person, 0 milestones" in run("check", str(tmp_path)).stdout


def test_an_event_with_mistakes_is_never_asked(tmp_path):
    result = run("ask", "--event", str(tmp_path), "when is lunch")

    assert result.exit_code == 1
    assert "event.yaml:1:" in result.stderr


# -- the rest --------------------------------------------------------------------------------


def test_the_demo_shows_answers_and_an_honest_i_dont_know():
    before = logging.getLogger("workshop_bot").level
    result = run("demo", "--speed", QUICK)
    assert logging.getLogger("workshop_bot").level == before

    assert result.exit_code == 0
    assert "Foyer" in result.stdout
    assert "Sorry" in result.stdout
    assert "workshop-bot chat" in result.stdout


def test_a_mistyped_command_is_told_what_was_meant():
    result = run("dealy", "session 2", "by", "10")

    assert result.exit_code == 2
    assert (
        "Error: there is no command 'dealy' (did you mean \"delay\"?); see --help." in result.output
    )


def test_the_version_is_told():
    assert run("--version").stdout.startswith("workshop-bot ")


@pytest.mark.parametrize("command", ["ask", "check", "chat", "demo"])
def test_every_command_has_help(command):
    result = run(command, "--help")

    assert result.exit_code == 0
    assert "Usage" in result.stdout


@pytest.mark.parametrize("arguments", [["frobnicate"], ["ask", "--colour"], ["check", "a", "b"]])
def test_a_mistyped_command_is_a_sentence(arguments):
    result = run(*arguments)

    assert result.exit_code == 2
    assert "Error: " in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has another shell")
@pytest.mark.parametrize("arguments", [f"demo --speed {QUICK}", "ask --batch -"])
def test_a_closed_pipe_is_no_error(arguments):
    many = "\n".join([json.dumps(LUNCH)] * 500)
    command = f"{sys.executable} -m bot {arguments} | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], input=many, capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="has another shell")
def test_without_standard_streams_there_is_no_traceback():
    command = f"{sys.executable} -m bot ask --now {NOON} <&- ; {sys.executable} -m bot demo --speed {QUICK} >&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, cwd=ROOT)

    assert b"There is no question" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["check"], ["ask", "next", "--event"]])
def test_a_folder_with_too_long_a_name_is_a_sentence(command):
    result = run(*command, "a" * 300)

    assert result.exit_code == 1
    assert "can't be read" in result.output
    assert isinstance(result.exception, SystemExit)


def test_a_line_of_a_batch_without_an_end_is_not_kept():
    line = b'{"q": "' + b"a" * 2_500_000 + b'"}\n' + json.dumps(LUNCH).encode()
    bad, good = lines(run("ask", "--batch", "-", stdin=line))

    assert bad["error"] == "line 1: longer than 1,000,000 bytes"
    assert good["status"] == "answered"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize(
    "command", [["ask", "when is lunch"], ["ask", "--json", "hi"], ["demo", "--speed", QUICK]]
)
def test_a_full_disk_is_a_sentence(command):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )

    assert done.returncode == 1
    assert done.stderr == "The output can't be written (No space left on device).\n"


def test_json_holds_no_live_mention(tmp_path):
    (tmp_path / "event.yaml").write_text(
        "id: x\nname: '@everyone <!channel> <@U1>'\nshort: '@everyone <@U1>'\nzone: Europe/Berlin\n"
    )
    found = run("ask", "--json", "--event", str(tmp_path), "hello").stdout

    assert "everyone" in json.loads(found)["summary"][0]
    assert "@everyone" not in found
    assert "<@" not in found
