"""Organizers' commands, from a line of text to what it does, at the desk of KBNets'17."""

from datetime import datetime, timedelta

import pytest

from bot.answer import Status, plain
from bot.chat import Asker, Place, Question
from bot.commands import PREVIEW_LASTS, VERBS, is_command
from bot.desk import Desk
from bot.engine import Engine
from tests.conftest import desk_of, language
from tests.front import Front


AT = datetime.fromisoformat("2017-08-21T10:31:00-07:00")
HERE = Place("kbnets17", "fake", "#chairs")
KIM = Asker("kim", "Kim", organizer=True)


class Room:
    """A conversation with a desk of its own, in which everybody is heard in turn."""

    def __init__(self):
        self.desk = Desk(Engine(desk_of("kbnets17").event, language()))
        self.front = Front(self.desk)
        self.now = AT
        self.heard = 0

    def say(self, text, asker=KIM):
        self.heard += 1
        return self.front.hear(Question(str(self.heard), text, asker, HERE, self.now))

    def told(self, text, asker=KIM):
        return plain(self.say(text, asker))


@pytest.fixture
def room():
    return Room()


@pytest.mark.parametrize(
    ("said", "then_asked", "says"),
    [
        ("delay session 1 by 10", "when is session 1", "11:00 am–12:40 pm"),
        ("delay session 1 10 minutes", "when is lunch", "12:40 pm–1:45 pm"),
        ("Delay: the quic session 10", "when is session 1", "11:00 am"),
        ("delay laureate room by 5", "when does session 1 start", "10:55 am"),
        ("move session 3 to 16:20", "when is session 3", "4:20 pm–5:35 pm"),
        ("move lunch to the foyer", "where is lunch", "Foyer"),
        ("move lunch to the foyer at 12:45", "when is lunch", "12:45 pm–2:00 pm"),
        ("move session 3 to 4:20 pm", "when is session 3", "4:20 pm–5:35 pm"),
        ("move session 3 to 4:20", "when is session 3", "4:20 pm–5:35 pm"),
        ("move session 3 to 5pm", "when is session 3", "5:00 pm–6:15 pm"),
        ("move lunch to the foier", "where is lunch", "Foyer"),
        ("cancel the RoCE talk", "when is the roce talk", "it is cancelled"),
        (
            "correct title of How to Measure the Killer Microsecond to How to Measure",
            "what is how to measure about",
            "“How to Measure”",
        ),
        ("swap the quic talk with the virtio talk", "last talk in session 1", "VIRTIO-USER"),
        ("swap the quic talk with the roce talk", "first talk in session 2", "QUIC"),
        ("replace Daniel Firestone with Ann Lee in keynote 2", "who gives keynote 2", "Ann Lee"),
        ("replace raiciu with hongqiang liu in session 1", "who chairs session 1", "Hongqiang Liu"),
        ("extend the submission deadline to 2017-04-07", "submission deadline?", "April 7"),
        ("correct title of the quic talk to A QUIC Server", "who wrote a quic server", "Duan"),
        ("remember wifi: the network is called bypass", "wifi?", "called bypass"),
        (
            "correct text of the page limit to Papers have at most 7 pages.",
            "how many pages",
            "at most 7 pages",
        ),
    ],
)
def test_after_a_yes_the_next_question_is_answered_from_the_new_edition(
    room, said, then_asked, says
):
    preview = room.say(said)
    assert preview.status == Status.CLARIFY
    assert room.told("yes").startswith("Done:")

    assert says in room.told(then_asked)


def test_nothing_changes_before_the_yes_nor_after_a_no(room):
    room.say("delay session 1 by 10")
    assert "10:50 am" in room.told("when is session 1", Asker("ann"))

    assert room.told("no") == "Nothing was changed."
    assert "10:50 am" in room.told("when is session 1")
    assert room.told("yes") == "Nothing waits for a yes."


def test_a_preview_expires(room):
    room.say("delay session 1 by 10")
    room.now = AT + PREVIEW_LASTS + timedelta(seconds=1)

    assert "waited too long" in room.told("yes")
    assert "10:50 am" in room.told("when is session 1")


def test_a_yes_to_what_somebody_else_changed_meanwhile_does_nothing(room):
    lee = Asker("lee", "Lee", organizer=True)
    room.say("delay session 1 by 10")
    room.say("delay session 1 by 20", lee)
    room.say("yes", lee)

    assert "changed meanwhile" in room.told("yes")
    assert "11:10 am" in room.told("when is session 1")


def test_attendees_give_no_commands(room):
    assert "Shall I" not in room.told("delay session 1 by 10", Asker("ann"))
    assert "10:50 am" in room.told("when is session 1")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("delay", "Say it like this: delay session 2 by 10"),
        ("delay session 1", "By how many minutes? Say it like this: delay session 1 by 10"),
        ("delay foo by 10", "I know nothing called “foo”."),
        ("delay session 9 by 10", "I know nothing called “session 9”."),
        ("delay session 1 by 800", "A delay is between 1 minute and 12 hours."),
        ("delay opening by 10", "Opening Remarks is over."),
        ("delay the quic talk by 10", "has no time of its own; delay or move its session."),
        ("delay attic room by 10", "I know nothing called “attic room”."),
        ("move lunch to the attic", "I know no room called “attic”."),
        ("move lunch to 25:00", "25:00 is no time of day."),
        ("move lunch to 12:30", "That is how it is already."),
        ("swap lunch with session 1", "Only talks can be swapped"),
        ("restore session 1", "Session 1: High Performance Networks & Apps isn't cancelled."),
        ("replace Jane Doe with Ann Lee in keynote 2", "I know nobody called “Jane Doe”."),
        ("extend the banquet to 2017-04-07", "Which date is “the banquet”?"),
        ("extend the submission deadline to 2017-02-30", "is no date."),
        ("extend the submission deadline to 2017-03-01", "can only be extended to a later date."),
        ("correct length of the quic talk to 3", "Of a talk I can correct: title, abstract"),
        ("remember nothing", "Say it like this: remember wifi:"),
        ("undo", "Nothing was changed."),
        ("undo 7", "There is no such change to take back."),
    ],
)
def test_what_is_unclear_or_impossible_gets_a_sentence_and_changes_nothing(room, said, says):
    assert says in room.told(said)
    assert room.told("changes") == "Nothing was changed."


def test_a_name_that_fits_several_is_asked_back_with_the_whole_command_to_choose(room):
    answer = room.say("cancel session")

    assert plain(answer).startswith("Which one is “session”?")
    assert [a.asks for a in answer.actions][:1] == ["cancel session-1"]


def test_a_preview_tells_what_moves_and_what_it_spoils(room):
    told = room.told("delay session 2 by 20")

    assert "Session 2: Congestion Control: 14:50–15:40" in told
    assert "→ 15:10–16:00" in told
    assert "Careful: Only less than half of Coffee Break remains." in told
    clash = room.told("move session 2 to 16:30")
    assert "are both in Laureate Room." in clash
    long = room.told("delay lunch by 90")
    assert "Careful: Coffee Break is too short to take that up, so it moves along whole." in long


def test_what_was_moved_says_from_when_and_since_when(room):
    room.say("delay session 1 by 10")
    room.say("yes")

    assert "was moved (from 10:50) at 10:31" in room.told("when is session 1")


def test_changes_are_listed_with_their_numbers_names_and_times(room):
    for said in ("delay session 1 by 10", "cancel the roce talk"):
        room.say(said)
        room.say("yes")

    assert room.told("changes").splitlines() == [
        "Changes to KBNets'17:",
        "• 1. Aug 21, 10:31 Kim (fake:kim): delay session 1 by 10",
        "• 2. Aug 21, 10:31 Kim (fake:kim): cancel the roce talk",
    ]


def test_undo_takes_back_the_latest_and_then_the_one_before(room):
    for said in ("delay session 1 by 10", "cancel the roce talk"):
        room.say(said)
        room.say("yes")
    for _ in range(2):
        room.say("undo")
        room.say("yes")

    assert "10:50 am" in room.told("when is session 1")
    assert "cancelled" not in room.told("when is the roce talk")
    assert "moved" not in room.told("when is session 1")


def test_an_undo_can_be_undone(room):
    for said in ("delay session 1 by 10", "undo", "undo 2"):
        room.say(said)
        room.say("yes")

    assert "11:00 am" in room.told("when is session 1")
    assert [line.endswith("(taken back)") for line in room.told("changes").splitlines()[1:]] == [
        False,
        True,
        False,
    ]


def test_an_undo_leaves_what_was_changed_since_and_says_so(room):
    for said in ("delay session 1 by 10", "move lunch to the foyer"):
        room.say(said)
        room.say("yes")

    assert "Careful: Lunch Break was changed again since and stays." in room.told("undo 1")
    room.say("yes")
    assert "Foyer" in room.told("where is lunch")
    assert room.told("undo 1") == "There is no such change to take back."


def test_every_verb_has_an_example_that_begins_with_it():
    for verb, example in VERBS.items():
        assert is_command(example)
        assert example.startswith(verb)
    assert not is_command("when is lunch")
    assert not is_command("")


def test_a_preview_waits_while_other_things_are_asked(room):
    room.say("delay session 1 by 10")
    assert "Hongqiang Liu" in room.told("who chairs session 2")

    assert room.told("yes").startswith("Done:")


def test_what_is_cancelled_is_neither_counted_nor_in_the_order(room):
    room.say("cancel the killer microsecond talk")
    room.say("yes")

    assert room.told("how many papers are in session 3").startswith("2 papers, and 1 cancelled")
    assert "first of two talks" in room.told("when is the rdma isolation talk")
    assert "Microsecond” (cancelled)" in room.told("tell me about session 3")


def test_a_session_that_runs_late_says_that_its_end_has_moved(room):
    room.now = datetime.fromisoformat("2017-08-21T09:20:00-07:00")
    room.say("delay keynote 1 by 10")
    room.say("yes")

    assert "the end of Keynote 1 was moved (from 10:20) at 09:20" in room.told("when is keynote 1")


def test_who_comes_in_whose_place_is_told(room):
    assert "Daniel Firestone → Danny Dolev" in room.told(
        "replace Daniel Firestone with Danny Dolev in keynote 2"
    )
    assert "Who is “Liu”?" in room.told("replace Daniel Firestone with Liu in keynote 2")


def test_a_choice_puts_the_whole_command_with_the_name_in_its_place(room):
    asked = room.say("delay session by 10")

    assert asked.actions[1].asks == "delay session-2 by 10"
    room.say(asked.actions[1].asks)
    room.say("yes")
    assert "3:00 pm" in room.told("when is session 2")


def test_two_strangers_are_two_people(room):
    for said in (
        "replace Daniel Firestone with 王伟 in keynote 2",
        "replace raiciu with 李娜 in session 1",
    ):
        room.say(said)
        room.say("yes")

    assert "王伟" in room.told("who gives keynote 2")
    assert "李娜" in room.told("who chairs session 1")


def test_a_question_that_begins_with_a_verb_is_a_question():
    assert not is_command("changes in the program?")
    assert not is_command("delay tolerant networks?")


@pytest.mark.parametrize(
    ("said", "asked", "says"),
    [
        (
            "replace Daniel Firestone with Danny Dolev in keynote 2",
            "who gives the second keynote",
            "was to have Daniel Firestone, until 10:31",
        ),
        (
            "replace raiciu with danny dolev in session 1",
            "who chairs session 1",
            "was to have Costin Raiciu, until 10:31",
        ),
        (
            "swap the quic talk with the virtio talk",
            "when is the quic talk",
            "has changed places with another talk, at 10:31",
        ),
        ("extend the submission deadline to 2017-04-07", "submission deadline", "extended from"),
    ],
)
def test_an_answer_about_what_was_changed_says_so_until_it_is_undone(room, said, asked, says):
    assert says not in room.told(asked) or says == "extended from"
    room.say(said)
    room.say("yes")
    assert says in room.told(asked)

    room.say("undo")
    room.say("yes")
    assert says not in room.told(asked) or says == "extended from"


def test_who_is_mistyped_is_found_or_offered(room):
    assert "Daniel Firestone → Ann Lee" in room.told(
        "replace Daniel Firestome with Ann Lee in keynote 2"
    )
    asked = room.say("replace Hongqiang Lu with Ann Lee in session 2")
    assert [a.asks for a in asked.actions] == ["replace Hongqiang Liu with Ann Lee in session 2"]


def test_a_day_that_ends_later_is_told(room):
    told = room.told("delay session 3 by 10")

    assert "Careful: The day ends at 17:35 instead of 17:25." in told


def test_a_private_fact_stands_in_no_list_of_changes(room):
    for line in ("remember privately wifi: password rdma17", "yes", "delay session 2 by 10", "yes"):
        room.say(line)

    assert "3. " not in room.told("changes")
    assert "remember privately wifi: …" in room.told("changes")
    assert "rdma17" not in room.told("changes")
    news = room.told("any changes?", Asker("ann"))
    assert "Session 2: Congestion Control: 14:50–15:40" in news
    assert "rdma17" not in news
    assert "(since 10:31)" in news


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("dely session 2 by 10", "delay session 2 by 10"),
        ("postpone lunch by 5", "delay lunch by 5"),
        ("cancle the quic talk", "cancel the quic talk"),
    ],
)
def test_a_mistyped_verb_is_asked_back(room, said, asked):
    answer = room.say(said)

    assert plain(answer) == f"Did you mean “{asked}”?"
    assert [a.asks for a in answer.actions] == [asked]


@pytest.mark.parametrize("said", ["please delay session 2 by 10", "delay session 2 by 10 pls!"])
def test_politeness_changes_nothing(room, said):
    assert room.told(said).startswith("delay session 2 by 10:")


def test_a_later_command_that_goes_wrong_drops_what_waited(room):
    room.say("cancel session 3")
    room.say("restore session 2")

    assert room.told("yes") == "Nothing waits for a yes."


def test_a_question_in_between_does_not(room):
    room.say("cancel session 3")
    room.say("when is session 3")

    assert room.told("yes").startswith("Done: cancel session 3.")


@pytest.mark.parametrize(
    "said", ["delay session 2 by 10", "cancel lunch", "undo", "remember wifi: x", "hold", "reload"]
)
def test_commands_of_attendees_are_refused(room, said):
    assert room.told(said, Asker("ann")) == "Only organizers can do that."


def test_a_fact_about_a_session_is_told_with_it_and_breaks_nothing(room):
    for line in ("remember lunch: vegan food is on the left table", "yes"):
        room.say(line)

    told = room.told("where is lunch", Asker("ann"))
    assert "Centennial Terrace" in told
    assert "Note: vegan food is on the left table." in told


def test_two_breaks_are_told_apart_by_their_times(room):
    answer = room.say("cancel the coffee break")

    assert [a.label for a in answer.actions] == ["Coffee Break, 10:20", "Coffee Break, 15:40"]
    assert room.told(answer.actions[1].asks).startswith("cancel break-2:")
