"""What goes out by itself, from the command line: plan, ledger, hold, resume, test, run."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from tests.conftest import FOLDERS, ROOT


CONFIG = """\
store: kept.sqlite
events:
  - folder: ev
    audiences:
      program: [terminal:general, "slack:C1"]
      authors: terminal:call
      organizers: terminal:team
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in, with the sample event as `ev` and a configuration."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(FOLDERS["kbnets17"], tmp_path / "ev")
    Path("bot.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [*arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_the_plan_has_each_message_with_its_time_place_and_words(here):
    told = run(
        "plan", "--config", "bot.yaml", "--from", "2017-08-21T14:00", "--to", "2017-08-21T15:00"
    )
    assert told.splitlines()[:3] == [
        "2017-08-21 14:40  terminal:general, slack:C1  [session-soon session-2]",
        (
            "Session 2: Congestion Control starts in 10 minutes, at 2:50 pm PDT, in Laureate Room"
            " (Luskin Center)."
        ),
        "Chair: Hongqiang Liu (Microsoft Research)",
    ]
    assert told.splitlines()[-1] == "1 message by the reminders of KBNets'17."


def test_the_plan_is_json_for_programs(here):
    rows = json.loads(run("plan", "--event", "ev", "--to", "2017-03-25", "--json"))
    assert [(r["rule"], r["subject"], r["due"], r["to"], r["places"]) for r in rows] == [
        ("dates/14", "submission", "2017-03-17T16:00:00+00:00", ["authors"], []),
        ("dates/7", "submission", "2017-03-24T16:00:00+00:00", ["authors"], []),
    ]
    assert rows[0]["text"].startswith("Submission deadline: 14 days left")


def test_the_plan_shows_what_an_edit_of_the_program_changes(here):
    shutil.copytree("ev", "edited")
    program = Path("edited/program.yaml")
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("start: 16:10", "start: 16:20"), encoding="utf-8")
    told = run("plan", "--event", "ev", "--diff", "edited")
    assert "other 2017-08-21 16:00 -> 2017-08-21 16:10  [session-soon session-3]" in told
    assert told.count("[") == 4  # that and the day's program, each with its records
    assert run("plan", "--event", "ev", "--diff", "ev") == "Both would say the same.\n"


def test_before_the_first_start_the_ledger_says_so(here):
    assert run("ledger", "--config", "bot.yaml") == (
        "The bot wasn't started yet for this event, so nothing has gone out.\n"
    )


def test_organizers_hold_and_resume_posts_and_the_ledger_says_by_whom(here):
    options = (
        "--event",
        "ev",
        "--store",
        "kept.sqlite",
        "--as",
        "Kim",
        "--now",
        "2017-08-21T10:00",
    )
    assert run("hold", *options).startswith("Held for KBNets'17: nothing goes out by itself")
    assert "Posts are held by Kim since 2017-08-21 10:00." in run("ledger", "--config", "bot.yaml")
    assert run("resume", *options).startswith("Posts of KBNets'17 go out again.")
    assert "held" not in run("ledger", "--config", "bot.yaml")


def test_the_ledger_answers_why_a_place_was_not_reminded(here):
    options = ("--event", "ev", "--store", "kept.sqlite")
    run("hold", *options, "--now", "2017-08-20T10:00")
    told = run("ledger", "--config", "bot.yaml", "--place", "slack:C1", "--subject", "session 2")
    assert "session-soon is due 2017-08-21 14:40 in slack:C1." in told
    told = run(
        "ledger", "--config", "bot.yaml", "--place", "terminal:call", "--subject", "session 2"
    )
    assert "not to terminal:call." in told


def test_a_configuration_of_several_events_shows_all_and_changes_the_one_that_is_named(here):
    shutil.copytree(FOLDERS["harbor"], "other")
    Path("bot.yaml").write_text(CONFIG + "  - folder: other\n", encoding="utf-8")
    told = run("plan", "--config", "bot.yaml")
    assert "by the reminders of KBNets'17." in told
    assert told.count("by the reminders of") == 2
    assert "several events; name one of" in run("hold", "--config", "bot.yaml", code=2)
    assert run("hold", "--config", "bot.yaml", "--event", "ev").startswith("Held for KBNets'17")
    assert "Posts are held" in run("ledger", "--config", "bot.yaml")


def test_a_folder_that_isnt_there_is_not_held(here):
    run("hold", "--event", "ev", "--store", "kept.sqlite")
    told = run("resume", "--event", "nowhere", "--store", "kept.sqlite", code=2)
    assert "There is no folder nowhere." in told


def test_a_subject_that_nobody_knows_is_told(here):
    run("hold", "--event", "ev", "--store", "kept.sqlite")
    told = run("ledger", "--config", "bot.yaml", "--subject", "quantum gravity", code=2)
    assert "nothing called 'quantum gravity'" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '"slack:C1"',
            "C1",
            (
                'bot.yaml:5: "C1" is not an address; expected a platform (terminal, slack, discord) and a place of it, such as'
                " slack:C123, or slack:@U123 for a person"
            ),
        ),
        (
            "store:",
            "stores:",
            'bot.yaml:1: unknown key "stores" in the configuration (did you mean',
        ),
        ("  - folder: ev", "  - folder: ", "bot.yaml:3: empty folder in an event"),
        ("folder: ev", "folder: nowhere", "there is no such folder"),
        ("terminal:call", "[]", None),
    ],
)
def test_a_bad_configuration_is_told_with_its_line(here, old, new, told):
    Path("bot.yaml").write_text(CONFIG.replace(old, new), encoding="utf-8")
    said = run("plan", "--config", "bot.yaml", code=1 if told else 0)
    assert (told or "") in said


# -- running ---------------------------------------------------------------------------------


class Running:
    """A bot that runs, as a process of its own, and what it has written so far."""

    def __init__(self, folder):
        self.out, self.err = folder / "out.txt", folder / "err.txt"
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--config", "bot.yaml"],
                stdout=out,
                stderr=err,
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )

    def wait_for(self, text, where="out"):
        """Wait until something was written; it fails after 20 seconds."""
        path = getattr(self, where)
        for _ in range(200):
            if text in path.read_text(encoding="utf-8"):
                return
            time.sleep(0.1)
        told = self.out.read_text(encoding="utf-8") + self.err.read_text(encoding="utf-8")
        raise AssertionError(f"{text!r} is not in {told!r}")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


@pytest.fixture
def running(here):
    started = Running(here)
    yield started
    started.process.kill()
    started.process.wait()


def test_the_bot_runs_posts_a_sample_and_stops_when_it_is_told(running, here):
    running.wait_for("slack isn't connected", "err")
    told = run("test", "terminal:general", "--event", "ev", "--store", "kept.sqlite")
    assert told.startswith("A sample of KBNets'17 goes to terminal:general as soon as")
    running.wait_for("in general:\nThis is a test: posts of the bot reach this place.")
    assert running.stop() == 0
    assert "Sample terminal:general" in run("ledger", "--config", "bot.yaml")
    assert "sent at" in run("ledger", "--config", "bot.yaml", "--place", "general")


def test_a_reload_by_signal_is_noticed(running, here):
    running.wait_for("slack isn't connected", "err")
    program = here / "ev" / "program.yaml"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("start: 16:10", "start: 16:20"), encoding="utf-8")
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("The files changed: 9 sessions, 11 talks.", "err")
    assert running.stop(signal.SIGINT) == 0


def test_a_bot_that_finds_bad_files_and_keeps_nothing_says_so_and_ends(here):
    (here / "ev" / "program.yaml").write_text("sessions: 7\n", encoding="utf-8")
    started = Running(here)
    assert started.process.wait(timeout=20) == 1
    told = started.err.read_text(encoding="utf-8")
    assert "program.yaml:1" in told
    assert "Traceback" not in told


def test_a_store_that_is_none_is_told_in_a_sentence(here):
    Path("kept.sqlite").write_bytes(b"not a database at all, but a text of some length" * 40)
    started = Running(here)
    assert started.process.wait(timeout=20) == 2
    told = started.err.read_text(encoding="utf-8")
    assert "this is no store of the bot's" in told
    assert "Traceback" not in told


def test_a_store_that_is_deleted_in_use_ends_the_bot_with_a_sentence(running, here):
    running.wait_for("slack isn't connected", "err")
    for path in here.glob("kept.sqlite*"):
        path.unlink()
    running.process.send_signal(signal.SIGHUP)  # so that it looks at once
    assert running.process.wait(timeout=20) == 2
    running.wait_for("was deleted while it was in use", "err")
