"""Which edition is in force: what is kept, what the files propose, what becomes of changes."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from typer.testing import CliRunner

from bot import desk
from bot.__main__ import _VERBS, app
from bot.amend import Amendment, Edition, Key, Kind
from bot.amend.verbs import cancel, correct, delay
from bot.answer import plain
from bot.chat import Asker, Place, Question
from bot.commands import VERBS
from bot.desk import Desk
from bot.editions import accepted, doubts, kept, opened
from bot.engine import Engine
from bot.errors import BadData, Mistake, Overtaken
from bot.load.language import load_language
from bot.opening import office
from tests.conftest import FOLDERS, ROOT, language
from tests.fakes import MemoryEditions
from tests.front import Front
from tests.small import at, during, event, session, talk


NOW = at("8:00")


def day(title="One", start="9:00", **more):
    return event(
        session("a", during(start, "10:00", "hall"), talks=[talk("one", title)], **more),
        session("b", during("10:30", "12:00", "hall")),
        session("c", during("13:00", "14:00", "hall")),
    )


class Proposed:
    """Files that each hold a word, and the events that words stand for."""

    def __init__(self, word, **events):
        self.word = word
        self.events = events

    def read(self):
        if self.word == "bad":
            raise BadData([Mistake("program.yaml", 3, "no end", "an end")])
        return {"event.yaml": self.word}

    def load(self, files):
        return self.events[files["event.yaml"]]


def entry(edition, change):
    return Amendment(edition.next_amendment, "kim", NOW, "…", change.effects)


async def proposed(editions, loader):
    """The edition in force, and the proposal that there must be."""
    found = await opened(editions, loader)
    assert found.proposal is not None
    return found.edition, found.proposal


async def started(editions, loader):
    edition, proposal = await proposed(editions, loader)
    return await accepted(editions, edition, proposal, NOW)


def story(told):
    asyncio.run(told())


def test_the_first_files_are_proposed_and_once_accepted_in_force():
    async def told():
        editions, loader = MemoryEditions(), Proposed("first", first=day())
        edition, proposal = await proposed(editions, loader)
        assert (edition.number, proposal.doubts) == (0, ())

        await accepted(editions, edition, proposal, NOW)
        again = await opened(editions, loader)
        assert (again.edition, again.proposal) == (Edition(1, day(), day(), since=NOW), None)

    story(told)


def test_a_change_that_is_kept_is_in_force_after_a_restart():
    async def told():
        editions, loader = MemoryEditions(), Proposed("first", first=day())
        edition = await started(editions, loader)
        change = delay(edition.event, Key(Kind.SESSION, "a"), 10, NOW)
        edition = await kept(editions, edition, entry(edition, change))

        assert (await opened(editions, loader)).edition == edition
        with pytest.raises(Overtaken):
            await editions.amend("small", 2, {}, NOW)

    story(told)


def test_new_files_meet_the_changes_kept_closed_or_no_longer_fitting():
    async def told():
        editions = MemoryEditions()
        loader = Proposed(
            "first", first=day(), second=day(title="Two", status="cancelled"), other=day("Three")
        )
        edition = await started(editions, loader)
        for change in (
            correct(edition.event, Key(Kind.TALK, "one"), "title", "Two"),
            cancel(edition.event, Key(Kind.SESSION, "b")),
        ):
            edition = await kept(editions, edition, entry(edition, change))

        loader.word = "second"
        _, proposal = await proposed(editions, loader)
        met = proposal.met
        assert [a.number for a in met.kept] == [2]
        assert [(e.key.id, e.new) for e in met.closed] == [("one", "Two")]
        assert met.unfit == ()

        loader.word = "other"
        edition, proposal = await proposed(editions, loader)
        assert [e.key.id for e in proposal.met.unfit] == ["one"]
        edition = await accepted(editions, edition, proposal, NOW)
        assert edition.event.talk_by_id["one"].title == "Three"
        assert (await opened(editions, loader)).edition == edition

    story(told)


def test_with_bad_files_the_kept_edition_is_served_and_without_one_nothing_is():
    async def told():
        editions, loader = MemoryEditions(), Proposed("bad", first=day())
        with pytest.raises(BadData):
            await opened(editions, loader)
        loader.word = "first"
        await started(editions, loader)

        loader.word = "bad"
        served = await opened(editions, loader)
        assert served.edition.event == day()
        assert "program.yaml:3: no end; expected an end" in str(served.bad)

    story(told)


def test_doubtful_are_files_that_lose_a_third_of_the_sessions_or_move_all_alike():
    whole = day()
    fewer = event(session("a", during("9:00", "10:00")), session("b", during("10:30", "12:00")))
    later = event(
        *(session(s.id, *(during(*_clocks(o, 1)) for o in s.occurrences)) for s in whole.sessions)
    )

    assert doubts(whole, whole) == ()
    assert doubts(whole, fewer) == ("sessions gone",)
    assert doubts(whole, later) == ("all moved",)


def _clocks(o, hours):
    return [f"{t + timedelta(hours=hours):%H:%M}" for t in (o.start, o.end)]


# -- on the command line ---------------------------------------------------------------------


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """The command line in a folder with a copy of the sample event in `ev`."""
    shutil.copytree(FOLDERS["kbnets17"], tmp_path / "ev")
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=None, now=("--now", "2017-08-21T10:05")):
        return CliRunner().invoke(app, [*arguments, "--event", "ev", *now], input=stdin)

    return run


def test_a_verb_asks_for_a_yes_and_the_next_question_knows(shell):
    done = shell("delay", "session", "2", "by", "20", "--as", "Kim", stdin="yes\n")

    assert done.exit_code == 0
    assert "Careful: Only less than half of Coffee Break remains." in done.stdout
    assert "3:10 pm–4:00 pm" in shell("ask", "when is session 2").stdout
    assert "1. Aug 21, 10:05 Kim: delay session 2 by 20" in shell("changes").stdout


def test_a_no_or_nothing_changes_nothing_and_a_flag_asks_for_none(shell):
    assert "Nothing was changed." in shell("cancel", "lunch", stdin="no\n").stdout
    assert "Nothing was changed." in shell("cancel", "lunch").stdout
    assert shell("cancel", "lunch", "--yes").exit_code == 0
    assert "cancelled" in shell("ask", "when is lunch").stdout
    assert shell("undo", "--yes").exit_code == 0
    assert "cancelled" not in shell("ask", "when is lunch").stdout


def test_what_is_unclear_fails_with_its_sentence(shell):
    result = shell("delay", "foo", "by", "10")

    assert (result.exit_code, "I know nothing called “foo”." in result.stdout) == (1, True)


def test_a_chat_of_an_organizer_lasts(shell):
    shell("chat", "--organizer", stdin="cancel lunch\nyes\nquit\n")

    assert "cancelled" in shell("ask", "when is lunch").stdout


def test_reload_takes_the_files_into_force_and_keeps_the_changes(shell, tmp_path):
    shell("delay", "session", "2", "by", "10", "--yes")
    program = tmp_path / "ev" / "program.yaml"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("RoCE Rocks without", "RoCE Rolls without"), encoding="utf-8")

    done = shell("reload", now=())
    assert "Changes that stay in force: 1." in done.stdout
    assert "In force: edition 3 of KBNets'17." in done.stdout
    answer = shell("ask", "what is in session 2").stdout
    assert "RoCE Rolls" in answer
    assert "3:00 pm" in answer
    assert shell("reload", now=()).stdout == "The files are those in force.\n"


def test_what_a_change_did_is_closed_once_the_files_have_it(shell, tmp_path):
    shell("correct", "title", "of", "the", "quic", "talk", "to", "A QUIC Server", "--yes")
    program = tmp_path / "ev" / "program.yaml"
    text = program.read_text(encoding="utf-8")
    new = text.replace("Towards a Scalable Modular QUIC Server", "A QUIC Server")
    program.write_text(new, encoding="utf-8")

    assert "Now in the files: cquic." in shell("reload", now=()).stdout
    assert "Nothing was changed." in shell("changes").stdout


def test_doubtful_files_wait_for_a_yes(shell, tmp_path):
    shell("cancel", "lunch", "--yes")
    file = tmp_path / "ev" / "event.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("id: kbnets17", "id: kbnets18"), encoding="utf-8"
    )

    refused = shell("reload", stdin="no\n", now=())
    assert refused.exit_code == 1
    assert "none with the id of these files" in refused.stdout
    assert shell("reload", "--yes", now=()).exit_code == 0


def test_bad_files_are_told_and_the_kept_edition_is_served(shell, tmp_path):
    shell("cancel", "lunch", "--yes")
    (tmp_path / "ev" / "program.yaml").write_text("sessions: [}", encoding="utf-8")

    assert "cancelled" in shell("ask", "when is lunch").stdout
    reloaded = shell("reload", now=())
    assert (reloaded.exit_code, "program.yaml:1: not YAML" in reloaded.stderr) == (1, True)
    changed = shell("undo", "--yes")
    assert "is served instead of these files" in changed.stderr
    assert changed.exit_code == 0


def test_a_store_that_cannot_be_used_is_told_in_a_sentence(shell):
    assert (
        "--store: the store's URL begins with 'mysql'"
        in shell("changes", "--store", "mysql://x").stderr
    )
    assert (
        "there is no folder 'no/such' to keep the store in"
        in shell("changes", "--store", "no/such/x.db").stderr
    )


def test_without_a_store_that_can_be_used_the_files_answer_and_it_is_told(shell, tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"no database, but a text that is long enough" * 40)

    answered = shell("ask", "when is lunch", "--store", "notes.txt")

    assert "12:30 pm" in answered.stdout
    assert "The store isn't used (this is no store of the bot's" in answered.stderr


def test_every_verb_of_a_chat_is_a_command():
    assert list(_VERBS) == [*VERBS, "hold", "resume", "test"]


def test_a_start_of_an_organizer_s_chat_takes_sound_files_into_force(shell, tmp_path):
    shell("cancel", "lunch", "--yes")
    program = tmp_path / "ev" / "program.yaml"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("RoCE Rocks without", "RoCE Rolls without"), encoding="utf-8")

    assert "those in force" in shell("chat", "--organizer", stdin="reload\nquit\n").stdout
    assert "RoCE Rolls" in shell("ask", "what is in session 2").stdout


class Proposing:
    """Files that were changed, by hand."""

    def __init__(self, edition, *, doubtful=False):
        self.edition, self.doubtful = edition, doubtful

    async def newer(self, edition):
        return None

    async def proposed(self, *, sure=False):
        open_ = not (sure and self.doubtful)
        return desk.Proposed(("The files changed.",), "a digest", self._accept if open_ else None)

    async def _accept(self):
        return self.edition


def told(front, text, number):
    kim = Asker("kim", "Kim", organizer=True)
    place = Place("small", "fake", "#chairs")
    return plain(front.hear(Question(str(number), text, kim, place, NOW)))


def test_a_reload_waits_for_a_yes_and_a_signal_does_not():
    engine = Engine(day(), language())
    front = Front(Desk(engine, files=Proposing(Edition(7, day("Two"), day("Two")))))

    assert "Shall I take them into force?" in told(front, "reload", 1)
    assert told(front, "no", 2) == "Nothing was changed."
    told(front, "reload", 3)
    assert told(front, "yes", 4) == "In force: edition 7 of Small."
    assert front.event.talk_by_id["one"].title == "Two"

    doubtful = Desk(engine, files=Proposing(Edition(7, day("Two"), day("Two")), doubtful=True))
    assert asyncio.run(doubtful.reload()) == ("The files changed.",)
    assert doubtful.event == day()
    sure = Desk(engine, files=Proposing(Edition(7, day("Two"), day("Two"))))
    asyncio.run(sure.reload())
    assert sure.event == day("Two")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_a_hangup_takes_changed_files_into_force_while_a_chat_goes_on(tmp_path):
    shutil.copytree(FOLDERS["kbnets17"], tmp_path / "ev")
    command = [sys.executable, "-m", "bot", "chat", "--organizer", "--event", "ev"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write("hello\n")
        running.stdin.flush()
        assert running.stdout.readline()
        program = tmp_path / "ev" / "program.yaml"
        text = program.read_text(encoding="utf-8")
        program.write_text(text.replace("RoCE Rocks", "RoCE Rolls"), encoding="utf-8")
        running.send_signal(signal.SIGHUP)
        assert "The files changed" in running.stderr.readline()
        output, _ = running.communicate("what is in session 2\nquit\n", timeout=20)

    assert "RoCE Rolls" in output


def test_what_was_exported_passes_the_check_and_its_reload_closes_the_changes(shell, tmp_path):
    shell("delay", "session", "2", "by", "10", "--yes")
    shell("remember", "wifi:", "the", "network", "is", "bypass", "--yes")

    assert "Written to out: event.yaml" in shell("export", "out", now=()).stdout
    assert shell("export", "out", now=()).exit_code == 2
    assert CliRunner().invoke(app, ["check", "out"]).exit_code == 0
    shutil.rmtree(tmp_path / "ev")
    (tmp_path / "out").rename(tmp_path / "ev")
    assert "Now in the files: session-2, break-2, remembered-001." in shell("reload", now=()).stdout
    assert shell("changes").stdout == "Nothing was changed.\n"
    assert "3:00 pm" in shell("ask", "when is session 2").stdout


def test_a_chat_sees_what_somebody_else_changed_and_can_go_on(shell, tmp_path):
    shell("delay", "session", "1", "by", "5", "--yes")
    words = load_language(ROOT / "data" / "language")
    now = datetime.fromisoformat("2017-08-21T10:05:00-07:00")
    with office(tmp_path / "ev", "workshop-bot.sqlite", lambda: now) as here:
        front = Front(here.desk(words, now, lasting=True)[0])
        kim, place = Asker("kim", "Kim", organizer=True), Place("kbnets17", "fake", "#chairs")

        def say(number, text):
            question = Question(str(number), text, kim, place, now)
            return plain(here.run(front.heard(question)))

        say(1, "cancel lunch")
        shell("delay", "session", "2", "by", "10", "--yes")
        assert "3:00 pm" in say(2, "when is session 2")
        assert say(3, "yes").startswith("Done:")
        assert "2. Aug 21, 10:05" in say(4, "changes")
        assert "3. Aug 21, 10:05 Kim (fake:kim): cancel lunch" in say(5, "changes")
