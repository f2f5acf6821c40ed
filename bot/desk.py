"""The one door for questions: text in, answer out, with what the conversation remembers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import walk_tb
from typing import TYPE_CHECKING, TypeVar

from bot.answer import Answer, Reason, Status, both
from bot.event import Event, Person, Session, Talk
from bot.find import Finding, Register, World, find, kind_of
from bot.passages import Passages
from bot.query import Of, Query, Want
from bot.question import Reader, Reading
from bot.question.context import MOST_TURNS, Turn
from bot.question.language import Language
from bot.wording import with_unread, word


if TYPE_CHECKING:
    from bot.chat import Question  # the command line asks without a chat, and starts faster

CONTEXT_LASTS = timedelta(minutes=30)
"""How long a conversation is remembered after its last question."""

Key = TypeVar("Key")
Value = TypeVar("Value")

_SORRY = Answer(
    Status.UNKNOWN,
    ("Sorry, something went wrong with that question. Please put it in other words.",),
    reason=Reason.NOT_UNDERSTOOD,
)
_NO_TURN = Turn(Query(Want.NOTHING), Of.EVENT)
_MOST_CONVERSATIONS = 5_000
_MOST_HEARD = 10_000
_STEPS_LOGGED = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, how the question was read, and what a follow-up may lean on."""

    answer: Answer
    reading: Reading
    turn: Turn


@dataclass(slots=True)
class _Conversation:
    """The last turns of a thread or of a person in a place."""

    turns: tuple[Turn, ...]
    at: datetime


class Desk:
    """Answers questions about one event."""

    def __init__(self, event: Event, language: Language) -> None:
        """Build the indexes that answers need."""
        self.event = event
        self._reader = Reader(event, language)
        self._register = Register(event)
        self._passages = Passages(event, language)
        self._conversations: OrderedDict[tuple[str, ...], _Conversation] = OrderedDict()
        self._heard: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    def hear(self, question: Question) -> Answer | None:
        """Answer a question once, however often the platform delivers it.

        In a thread the conversation belongs to the thread, elsewhere to the person.
        """
        place = question.place
        seen = (place.platform, place.channel, question.id)
        if seen in self._heard:
            return None
        self._heard[seen] = None
        _forget_oldest(self._heard, _MOST_HEARD)
        key = (place.event, place.platform, place.channel, place.thread or question.asker.id)
        turns = self._turns(key, question.at)
        reply = self.attempt(
            f"{question.id} in {place.platform}",
            lambda: self.ask(question.text, question.at, turns, private=place.private),
        )
        kept = (*turns, reply.turn)[-MOST_TURNS:]
        self._conversations[key] = _Conversation(kept, question.at)
        self._conversations.move_to_end(key)
        _forget_oldest(self._conversations, _MOST_CONVERSATIONS)
        return reply.answer

    def _turns(self, key: tuple[str, ...], now: datetime) -> tuple[Turn, ...]:
        """What is remembered of a conversation; all that have ended are forgotten for good."""
        while self._conversations:
            oldest = next(iter(self._conversations))
            if now - self._conversations[oldest].at <= CONTEXT_LASTS:
                break
            del self._conversations[oldest]
        known = self._conversations.get(key)
        return known.turns if known and now - known.at <= CONTEXT_LASTS else ()

    def attempt(self, name: str, ask: Callable[[], Reply]) -> Reply:
        """What `ask` gives, or an apology: a bug costs one question and never the bot.

        Logged is the name of the question and where it broke; never its text, nor the message of
        the exception, which may hold some of it.
        """
        try:
            return ask()
        except Exception as error:  # noqa: BLE001 - one of the two places that may
            import logging  # noqa: PLC0415 - slow to import, and only bugs need it

            steps = [f"{f.f_globals['__name__']}:{n}" for f, n in walk_tb(error.__traceback__)]
            where = " > ".join(steps[-_STEPS_LOGGED:])
            log = logging.getLogger("workshop_bot")
            log.error("question %s broke: %s at %s", name, type(error).__name__, where)  # noqa: TRY400
            return Reply(_SORRY, Reading(Query(Want.NOTHING), "broken"), _NO_TURN)

    def ask(
        self, text: str, now: datetime, turns: Sequence[Turn] = (), *, private: bool = True
    ) -> Reply:
        """Answer a text at a moment (aware), after the earlier turns of the same person.

        `private` is whether only the asker will read the answer.
        """
        reading = self._reader.read(text, now, tuple(turns)[-MOST_TURNS:])
        world = World(self.event, self._register, self._passages, now, private=private)
        finding = find(reading.query, world)
        answer = word(finding, world)
        if reading.second is not None:
            answer = both(answer, word(find(reading.second, world), world))
        answer = with_unread(answer, reading.query, reading.unread)
        return Reply(answer, reading, _turn(finding, answer, self.event))

    def converse(self, history: Sequence[str], text: str, now: datetime) -> Reply:
        """Answer a text after earlier questions, oldest first, all asked at the same moment."""
        turns: list[Turn] = []
        for earlier in history[-MOST_TURNS:]:
            turns.append(self.ask(earlier, now, turns).turn)
        return self.ask(text, now, turns)


def _forget_oldest(kept: OrderedDict[Key, Value], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)


def _turn(finding: Finding, answer: Answer, event: Event) -> Turn:
    query = finding.query
    of = kind_of(finding.rows[0]) if finding.rows else query.ref.of
    rows = tuple(r.id for r in finding.rows)
    if answer.status == Status.CLARIFY:
        return Turn(query, of, rows)
    return Turn(query, of, rows, _people(finding, event))


def _people(finding: Finding, event: Event) -> tuple[str, ...]:
    """The people whom the answer named as such."""
    found: dict[str, None] = {}
    want = finding.query.want
    for row in finding.rows[:20]:
        match row:
            case Person():
                found[row.id] = None
            case Talk() if len(finding.rows) == 1 or want in (Want.AUTHORS, Want.WHO, Want.SPEAKER):
                found.update(dict.fromkeys(a.person for a in row.people))
            case Session() if want == Want.CHAIR:
                found.update(dict.fromkeys(a.person for a in row.chairs))
            case Session() if len(row.talks) == 1 and len(finding.rows) == 1:
                talk = event.talk_by_id[row.talks[0]]
                found.update(dict.fromkeys(a.person for a in talk.people))
            case _:
                pass
    return tuple(found)
