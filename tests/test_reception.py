"""The reception: once each, for the right event, with what an answer leaves kept with it."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.answer import Answer, Status, plain
from bot.chat import Asker, Kind, Place, Question
from bot.desk import Desk
from bot.engine import Engine
from bot.errors import TryLater
from bot.reception import AtDesk, Reception
from tests.conftest import desk_of, language
from tests.fakes import MemoryEditions


AT = datetime.fromisoformat("2017-08-21T11:00:00-07:00")
ANN, KIM = Asker("ann", "Ann"), Asker("kim", "Kim")
ALONE = Place("", "chat", "@ann", private=True)
CHANNEL = Place("", "chat", "general")


class Front:
    """A reception for some events; what is said there, and what is kept."""

    def __init__(self, *events, keeping=None):
        self.now, self.number, self.tokens = AT, 0, 0
        self.keeping = keeping or MemoryEditions()
        self.changed: list[str] = []
        self.served = served = {}
        for name in events or ("kbnets17",):
            desk = Desk(Engine(desk_of(name).event, language()))
            served[desk.event.id] = AtDesk(
                desk, frozenset({f"chat:{name}"}), frozenset({"chat:kim", "chat:chairs"})
            )
        self.desks = {id_: each.desk for id_, each in served.items()}
        self.reception = Reception(
            served, lambda: self.now, self.keeping, self._token, self.changed.append
        )

    def _token(self):
        self.tokens += 1
        return f"t{self.tokens}"

    def question(self, text, asker=ANN, place=ALONE, **more):
        self.number += 1
        return Question(f"q{self.number}", text, asker, place, self.now, **more)

    async def hear(self, question):
        assert await self.reception.take(question)
        said = await self.reception.hear(question)
        return said and said.answer

    async def ask(self, text, asker=ANN, place=ALONE, **more):
        answer = await self.hear(self.question(text, asker, place, **more))
        assert answer is not None
        return answer

    async def press(self, answer, label, asker=ANN, place=ALONE):
        action = next(a for a in answer.actions if a.label == label)
        return await self.ask("", asker, place, kind=Kind.PRESS, token=action.token)

    def notes(self, kind):
        return [key for (_, of, key), _ in self.keeping.notes.items() if of == kind]


def test_what_came_before_is_not_taken_again_under_either_of_its_ids():
    async def scenario():
        front = Front()
        first = front.question("when is lunch?", twin="general/1")
        assert await front.reception.take(first)
        again = [
            await front.reception.take(first),
            await front.reception.take(replace(first, id="another")),
        ]
        other = Front(keeping=front.keeping)  # another process on the same store
        return [*again, await other.reception.take(replace(first, id="another"))]

    assert asyncio.run(scenario()) == [False, False, False]


def test_what_was_said_is_kept_until_it_is_answered_and_no_longer():
    async def scenario():
        front = Front()
        question = front.question("when is lunch?")
        await front.reception.take(question)
        taken = await front.keeping.unfinished(front.now + timedelta(seconds=1))
        await front.reception.hear(question)
        return taken, await front.keeping.unfinished(front.now + timedelta(seconds=1))

    taken, left = asyncio.run(scenario())
    assert [each.payload["text"] for each in taken] == ["when is lunch?"]
    assert left == []


def test_what_is_left_by_a_process_that_is_gone_comes_back_as_it_was():
    async def scenario():
        front = Front()
        question = front.question(
            "x", twin="y", kind=Kind.FORM, token="t", values=(("a", "b"),), back="there"
        )
        question = replace(question, asker=Asker("ann", "Ann", groups=frozenset({"chairs"})))
        await front.reception.take(question)
        other = Front(keeping=front.keeping)
        early = await other.reception.resumed()
        other.now = front.now = front.now + timedelta(seconds=30)
        mine = await front.reception.resumed()
        other.now += timedelta(seconds=30)
        return question, [*early, *mine], await other.reception.resumed()

    question, early, late = asyncio.run(scenario())
    assert early == []
    assert late == [replace(question, place=replace(question.place, event=""))]


def test_buttons_have_tokens_and_each_answer_one_row():
    async def scenario():
        front = Front()
        answer = await front.ask("keynote abstract")
        return [a.token for a in answer.actions], front.notes("token")

    assert asyncio.run(scenario()) == (["t1.0", "t1.1"], ["t1"])


def test_an_answer_without_buttons_leaves_no_row():
    async def scenario():
        front = Front()
        await front.ask("when is lunch?")
        return front.notes("token")

    assert asyncio.run(scenario()) == []


@pytest.mark.parametrize("token", ["", "t1", "t1.9", "t1.-1", "t1.x", "t9.0", "t1.0.0", ".", "é.0"])
def test_a_token_that_was_never_given_gets_a_word(token):
    async def scenario():
        front = Front()
        await front.ask("keynote abstract")
        question = front.question("", kind=Kind.PRESS, token=token or "-")
        return plain(await front.hear(question))

    assert asyncio.run(scenario()) == "That button is too old; please ask again."


def test_a_press_is_heard_where_it_is_made_so_that_private_facts_stay_private():
    async def scenario():
        front = Front("tidal")
        front.now = datetime.fromisoformat("2019-10-08T11:00:00+02:00")
        alone = replace(CHANNEL, private=True)
        answer = await front.ask("what is the wifi password", place=alone, kind=Kind.COMMAND)
        shared = await front.press(answer, "Share in channel", place=CHANNEL)
        desk = next(iter(front.desks.values()))
        return (
            plain(answer),
            plain(shared),
            [f.text for f in desk.event.infos if f.audience == "private"],
        )

    answer, shared, secrets = asyncio.run(scenario())
    assert any(s in answer for s in secrets)
    assert not any(s in shared for s in secrets)


def test_who_is_an_organizer_is_said_by_the_configuration_also_by_group():
    async def scenario():
        front = Front()
        by_id = await front.ask("delay session 2 by 10", KIM)
        by_group = await front.ask(
            "delay session 2 by 10", replace(ANN, groups=frozenset({"chairs"}))
        )
        nobody = await front.ask("delay session 2 by 10", ANN)
        elsewhere = await front.ask(
            "delay session 2 by 10", KIM, Place("", "other", "@kim", private=True)
        )
        return [[a.label for a in x.actions][:2] for x in (by_id, by_group, nobody, elsewhere)]

    by_id, by_group, nobody, elsewhere = asyncio.run(scenario())
    assert by_id == by_group == ["Yes", "No"]
    assert "Yes" not in nobody + elsewhere


def test_a_yes_is_to_the_preview_that_it_stands_under():
    async def scenario():
        front = Front()
        first = await front.ask("delay session 2 by 10", KIM)
        await front.ask("cancel lunch", KIM)
        done = await front.press(first, "Yes", KIM)
        return plain(done), [a.said for a in front.desks["kbnets17"].edition.log], front.changed

    done, said, changed = asyncio.run(scenario())
    assert done.startswith("Done: delay session 2 by 10.")
    assert said == ["delay session 2 by 10"]
    assert changed == ["kbnets17"]


def test_a_yes_that_was_overtaken_is_refused():
    async def scenario():
        front = Front()
        first = await front.ask("delay session 2 by 10", KIM)
        second = await front.ask("delay session 2 by 20", KIM)
        await front.press(second, "Yes", KIM)
        return plain(await front.press(first, "Yes", KIM))

    assert asyncio.run(scenario()).startswith("The program was changed meanwhile")


def test_an_organizer_who_is_none_any_more_cannot_press_an_old_yes():
    async def scenario():
        front = Front()
        shown = await front.ask("delay session 2 by 10", KIM)
        front.served["kbnets17"] = replace(front.served["kbnets17"], organizers=frozenset())
        return plain(await front.press(shown, "Yes", KIM))

    assert asyncio.run(scenario()) == "Only organizers can do that."


def test_a_form_has_its_fields_and_fills_a_command():
    async def scenario():
        front = Front()
        shown = await front.ask("move", KIM)
        opened = await front.press(shown, "Fill in a form", KIM)
        assert opened.form is not None
        preview = await front.ask(
            "",
            KIM,
            kind=Kind.FORM,
            token=opened.form.token,
            values=(("what", "session 2"), ("where", "15:00")),
        )
        return [f.label for f in opened.form.fields], plain(preview)

    fields, preview = asyncio.run(scenario())
    assert fields == ["Session or talk", "Time, room, or both"]
    assert preview.startswith("move session 2 to 15:00:")


def test_a_form_of_somebody_else_is_refused():
    async def scenario():
        front = Front()
        shown = await front.ask("move", KIM)
        opened = await front.press(shown, "Fill in a form", KIM)
        assert opened.form is not None
        chair = replace(ANN, groups=frozenset({"chairs"}))
        return plain(await front.ask("", chair, kind=Kind.FORM, token=opened.form.token))

    assert asyncio.run(scenario()) == "Only whoever asked for that can press this."


def test_a_kept_answer_is_heard_again_by_its_token():
    async def scenario():
        front = Front()
        long = Answer(Status.ANSWERED, ("Long.",), edition=3)
        token = await front.reception.keep(CHANNEL, long)
        return await front.ask("", place=CHANNEL, kind=Kind.PRESS, token=token), long

    heard, kept = asyncio.run(scenario())
    assert heard == kept


def test_a_thread_in_which_it_was_asked_is_one_that_it_takes_part_in():
    async def scenario():
        front = Front()
        thread = replace(CHANNEL, thread="7")
        before = await front.reception.joined(thread)
        await front.ask("when is lunch?", place=thread)
        other = await front.reception.joined(replace(CHANNEL, thread="8"))
        return before, await front.reception.joined(thread), other

    assert asyncio.run(scenario()) == (False, True, False)


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("and where?", True),
        ("when does session 2 start", True),
        ("do you like cheese?", False),
        ("thanks", False),
        ("hello", False),
        ("lol ok see you there", False),
    ],
)
def test_what_is_not_addressed_to_it_is_answered_only_if_it_is_a_question(text, answered):
    async def scenario():
        front = Front()
        thread = replace(CHANNEL, thread="7")
        await front.ask("when is lunch?", place=thread)
        return await front.hear(front.question(text, place=thread, addressed=False))

    assert (asyncio.run(scenario()) is not None) == answered


# -- several events --------------------------------------------------------------------------


def test_in_an_event_s_own_place_that_event_is_meant():
    async def scenario():
        front = Front("kbnets17", "tidal")
        return plain(await front.ask("what is this event?", place=Place("", "chat", "kbnets17")))

    assert "KBNets'17" in asyncio.run(scenario())


def test_where_several_events_may_be_meant_it_asks_once_and_remembers():
    async def scenario():
        front = Front("kbnets17", "tidal")
        asked = await front.ask("when is lunch?")
        chosen = await front.press(asked, "KBNets'17")
        return plain(asked), plain(chosen), plain(await front.ask("who chairs session 2?"))

    asked, chosen, then = asyncio.run(scenario())
    assert asked == "Which event do you mean?"
    assert "12:30 pm" in chosen
    assert "Hongqiang Liu" in then


def test_an_event_that_is_named_is_meant():
    async def scenario():
        front = Front("kbnets17", "tidal")
        return plain(await front.ask("when is lunch at KBNets'17?"))

    assert "12:30 pm" in asyncio.run(scenario())


# -- when the store is away ------------------------------------------------------------------


class Away(MemoryEditions):
    """A store that can't be reached."""

    async def begin(self, *args):
        raise TryLater

    async def finish(self, *args):
        raise TryLater

    async def noted(self, *args):
        raise TryLater


class Flaky(MemoryEditions):
    """A store that can't finish anything while it is `away`."""

    away = False

    async def finish(self, *args):
        if self.away:
            raise TryLater
        await super().finish(*args)


def test_without_the_store_questions_are_answered_once_by_this_process():
    async def scenario():
        front = Front(keeping=Away())
        question = front.question("when is lunch?")
        answer = await front.hear(question)
        further = await front.ask("and where?")
        return plain(answer), await front.reception.take(question), plain(further)

    answer, again, further = asyncio.run(scenario())
    assert "12:30 pm" in answer
    assert not again
    assert "Centennial" in further


def test_without_the_store_a_button_cannot_be_looked_up():
    async def scenario():
        front = Front(keeping=Away())
        return plain(await front.ask("", kind=Kind.PRESS, token="t1.0"))

    assert asyncio.run(scenario()).startswith("I can't look that up just now.")


def test_what_was_answered_while_the_store_was_away_is_finished_when_it_is_back():
    async def scenario():
        keeping = Flaky()
        front = Front(keeping=keeping)
        keeping.away = True
        await front.ask("when is lunch?")
        keeping.away = False
        assert front.reception._keeping is not None
        front.reception._keeping._rests_until = 0.0
        await front.ask("and where?")
        return await keeping.unfinished(front.now + timedelta(days=1))

    assert asyncio.run(scenario()) == []
