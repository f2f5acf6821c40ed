"""The desk: once for each question, follow-ups in their conversation, private facts in private."""

from datetime import datetime, timedelta

from bot.answer import Status, plain
from bot.chat import Asker, Place, Question
from bot.desk import CONTEXT_LASTS, Desk
from tests.conftest import desk_of, language


AT = datetime.fromisoformat("2017-08-21T11:00:00-07:00")
HERE = Place("kbnets17", "fake", "#general")


def said(text, number, *, asker="ann", place=HERE, at=AT):
    return Question(str(number), text, Asker(asker), place, at)


def fresh():
    return Desk(desk_of("kbnets17").event, language())


def test_a_redelivered_question_is_answered_once():
    desk = fresh()

    assert desk.hear(said("when is lunch", 1)) is not None
    assert desk.hear(said("when is lunch", 1)) is None


def test_a_follow_up_leans_on_the_same_person_s_question():
    desk = fresh()
    desk.hear(said("when is lunch", 1))

    assert "Centennial Terrace" in plain(desk.hear(said("and where?", 2)))


def test_another_person_s_question_is_not_leant_on():
    desk = fresh()
    desk.hear(said("when is lunch", 1))

    assert "Centennial" not in plain(desk.hear(said("and where?", 2, asker="bob")))


def test_in_a_thread_everybody_shares_the_conversation():
    desk = fresh()
    thread = Place("kbnets17", "fake", "#general", thread="7")
    desk.hear(said("when is lunch", 1, place=thread))

    assert "Centennial" in plain(desk.hear(said("and where?", 2, asker="bob", place=thread)))


def test_a_conversation_is_forgotten_after_half_an_hour():
    desk = fresh()
    desk.hear(said("when is lunch", 1))
    later = AT + CONTEXT_LASTS + timedelta(seconds=1)

    assert "Centennial" not in plain(desk.hear(said("and where?", 2, at=later)))


def test_private_facts_are_told_in_private_only():
    event = desk_of("tidal")
    now = datetime.fromisoformat("2019-10-08T11:00:00+02:00")
    alone = event.ask("what is the wifi password", now, private=True).answer
    aloud = event.ask("what is the wifi password", now, private=False).answer
    secrets = [f.text for f in event.event.infos if f.audience == "private"]

    assert any(s in plain(alone) for s in secrets)
    assert not any(s in plain(aloud) for s in secrets)
    assert "in private only" in plain(aloud)


def test_what_is_for_organizers_is_told_to_nobody():
    event = desk_of("harbor")
    now = datetime.fromisoformat("2026-10-08T11:00:00-03:00")
    hidden = [f for f in event.event.infos if f.audience == "organizers"]

    assert hidden
    for fact in hidden:
        for text in (fact.title, fact.text, *fact.tags):
            assert fact.text not in plain(event.ask(text, now).answer)


def test_a_question_that_breaks_the_bot_gets_a_plain_answer(monkeypatch, caplog):
    desk = fresh()

    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(desk, "ask", broken)
    answer = desk.hear(said("a secret question", 1))

    assert answer.status == Status.UNKNOWN
    assert "a secret question" not in caplog.text


def test_what_nothing_knows_is_said_to_be_left_aside():
    answer = desk_of("kbnets17").ask("when is the kubernetes lunch", AT).answer

    assert "I don't know “kubernetes”" in plain(answer)
