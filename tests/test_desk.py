"""The desk: once for each question, follow-ups in their conversation, private facts in private."""

from datetime import datetime, timedelta

import pytest

import bot.conversations
import bot.reception
from bot.answer import Status, plain
from bot.chat import Asker, Place, Question
from bot.conversations import CONTEXT_LASTS
from bot.desk import Desk
from bot.engine import Engine
from bot.errors import TryLater
from tests.conftest import desk_of, language
from tests.front import Front


AT = datetime.fromisoformat("2017-08-21T11:00:00-07:00")
HERE = Place("kbnets17", "fake", "#general")


def said(text, number, *, asker="ann", place=HERE, at=AT):
    return Question(str(number), text, Asker(asker), place, at)


def fresh():
    return Front(Desk(Engine(desk_of("kbnets17").event, language())))


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


def test_the_same_id_on_another_platform_is_another_question():
    desk = fresh()
    desk.hear(said("when is lunch", 1))

    assert desk.hear(said("when is lunch", 1, place=Place("kbnets17", "b", "#general"))) is not None


def test_a_conversation_is_kept_by_the_place():
    desk = fresh()
    desk.hear(said("when is lunch", 1))
    elsewhere = Place("kbnets17", "fake", "#random")

    assert "Centennial" not in plain(desk.hear(said("and where?", 2, place=elsewhere)))


def test_a_conversation_that_goes_on_is_not_forgotten():
    desk = fresh()
    desk.hear(said("when is lunch", 1))
    desk.hear(said("where is it?", 2, at=AT + CONTEXT_LASTS))
    late = AT + 2 * CONTEXT_LASTS

    assert "12:30" in plain(desk.hear(said("and when?", 3, at=late)))


def test_of_conversations_that_ended_nothing_is_kept():
    desk = fresh()
    for number in range(50):
        desk.hear(said("when is lunch", number, asker=str(number)))
    desk.hear(said("hi", "last", at=AT + 2 * CONTEXT_LASTS))

    assert len(desk.reception._conversations) == 1


def test_of_very_many_conversations_the_oldest_are_forgotten(monkeypatch):
    monkeypatch.setattr(bot.conversations, "_MOST", 2)
    monkeypatch.setattr(bot.reception, "_MOST_HEARD", 2)
    desk = fresh()
    for number, asker in enumerate(("ann", "bob", "cyd")):
        desk.hear(said("when is lunch", number, asker=asker))

    assert "Centennial" in plain(desk.hear(said("and where?", 10, asker="bob")))
    assert "Centennial" not in plain(desk.hear(said("and where?", 11, asker="ann")))
    assert desk.hear(said("when is lunch", 0)) is not None


def test_private_facts_are_told_in_private_places_only():
    desk = Front(desk_of("tidal"))
    at = datetime.fromisoformat("2019-10-08T11:00:00+02:00")
    secrets = [f.text for f in desk.event.infos if f.audience == "private"]
    alone = Place(desk.event.id, "fake", "ann", private=True)
    aloud = Place(desk.event.id, "fake", "#general")
    told = plain(desk.hear(said("what is the wifi password", "a", place=alone, at=at)))
    hidden = plain(desk.hear(said("what is the wifi password", "b", place=aloud, at=at)))

    assert any(s in told for s in secrets)
    assert not any(s in hidden for s in secrets)


def test_a_question_that_breaks_the_bot_gets_a_plain_answer(monkeypatch, caplog):
    desk = fresh()

    def broken(text, *_args, **_kwargs):
        raise ValueError(text)

    monkeypatch.setattr(desk.desk, "ask", broken)
    answer = desk.hear(said("a secret question", 4711))

    assert answer.status == Status.UNKNOWN
    assert "4711" in caplog.text
    assert "ValueError at " in caplog.text
    assert "test_desk:" in caplog.text
    assert "a secret question" not in caplog.text


def test_after_a_question_that_broke_it_the_bot_goes_on(monkeypatch):
    desk = fresh()
    desk.hear(said("when is lunch", 1))
    with monkeypatch.context() as patch:
        patch.setattr(desk.desk, "ask", None)
        desk.hear(said("boom", 2))

    assert "Centennial" in plain(desk.hear(said("and where?", 3)))


def test_what_nothing_knows_is_said_to_be_left_aside():
    answer = desk_of("kbnets17").ask("when is the kubernetes lunch", AT).answer

    assert "I don't know “kubernetes”" in plain(answer)


# -- what goes out by itself -----------------------------------------------------------------


class Posts:
    """Notes what a desk wants done about posts; `broken` is a store that can't be reached."""

    def __init__(self, *, broken=False):
        self.done, self.broken = [], broken

    async def hold(self, event, by, now):
        self._note("hold", event, by)

    async def sample(self, event, place, now):
        self._note("sample", event, place)

    def _note(self, *what):
        if self.broken:
            raise TryLater
        self.done.append(what)


def ordered(posts, text, *, organizer=True):
    desk = Front(Desk(Engine(desk_of("kbnets17").event, language()), posts=posts))
    kim = Asker("kim", "Kim", organizer=organizer)
    answer = desk.hear(Question("1", text, kim, HERE, AT))
    assert answer is not None
    return plain(answer)


@pytest.mark.parametrize(
    ("text", "done", "told"),
    [
        ("hold", ("hold", "kbnets17", "Kim (fake:kim)"), "Held for KBNets'17: nothing goes out"),
        ("Resume", ("hold", "kbnets17", ""), "Posts of KBNets'17 go out again."),
        (
            "test slack:C1",
            ("sample", "kbnets17", "slack:C1"),
            "A sample of KBNets'17 goes to slack:C1",
        ),
    ],
)
def test_an_organizer_holds_resumes_and_tries_posts(text, done, told):
    posts = Posts()
    assert ordered(posts, text).startswith(told)
    assert posts.done == [done]


@pytest.mark.parametrize("text", ["hold", "resume", "test slack:C1"])
def test_nobody_else_does(text):
    posts = Posts()
    ordered(posts, text, organizer=False)
    assert posts.done == []


def test_what_only_sounds_like_it_is_a_question():
    posts = Posts()
    ordered(posts, "test of time award?")
    ordered(posts, "hold on, when is lunch")
    assert posts.done == []


def test_that_the_store_cannot_be_reached_is_said():
    assert ordered(Posts(broken=True), "hold").startswith("The store can't be reached")
