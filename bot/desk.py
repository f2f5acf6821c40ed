"""The one door for questions and commands: what is said in, what is answered out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot import commands
from bot.amend import Amendment, Edition, amended
from bot.answer import Answer, plain
from bot.commands import Preview
from bot.engine import Engine, Reply
from bot.errors import BadData, Overtaken, TryLater, where
from bot.event import Event
from bot.query import Of, Query, Want
from bot.question import Reading
from bot.question.context import MOST_TURNS, Turn
from bot.wording import SORRY


if TYPE_CHECKING:
    from bot.chat import Question  # the command line asks without a chat, and starts faster

CONTEXT_LASTS = timedelta(minutes=30)
"""How long a conversation is remembered after its last question."""

Key = TypeVar("Key")
Value = TypeVar("Value")

_NO_TURN = Turn(Query(Want.NOTHING), Of.EVENT)
_MOST_CONVERSATIONS = 5_000
_MOST_HEARD = 10_000


class Files(Protocol):
    """The event's files, as a desk sees them."""

    def newer(self, edition: Edition) -> Edition | None:
        """The edition in force, if it is another one than this."""

    def proposed(
        self, *, sure: bool = False
    ) -> tuple[tuple[str, ...], Callable[[], Edition] | None]:
        """What they would change, line by line, and what takes them into force.

        Nothing does if they are in force, or can't be used; nor, if `sure`, if they are doubtful.
        """


class Posts(Protocol):
    """What goes out by itself, as a desk sees it; raises `TryLater` if it can't be reached."""

    def hold(self, event: str, by: str, now: datetime) -> None:
        """Let nothing go out by itself; an empty `by` lets it go on."""

    def sample(self, event: str, place: str, now: datetime) -> None:
        """Let a sample go to a place, by its address."""


@dataclass(slots=True)
class _Conversation:
    """The last turns of a thread or of a person in a place."""

    turns: tuple[Turn, ...]
    at: datetime


class Desk:
    """Answers questions about one event, and changes it for its organizers."""

    def __init__(
        self,
        engine: Engine,
        edition: Edition | None = None,
        keep: Callable[[Edition, Amendment], Edition] = amended,
        files: Files | None = None,
        posts: Posts | None = None,
    ) -> None:
        """Serve the edition that an engine answers for: the first one, unless another is given.

        `keep` gives the edition behind one more amendment, once that is safely kept; it may raise
        `Overtaken` or `TryLater`.
        """
        self._edition = edition or Edition(1, engine.event, engine.event)
        self._engine = engine
        self._keep = keep
        self._files = files
        self._posts = posts
        self._hearing = self._due = False
        self._proposed: OrderedDict[tuple[str, ...], tuple[Callable[[], Edition], datetime]] = (
            OrderedDict()
        )
        self._waiting: OrderedDict[tuple[str, ...], Preview] = OrderedDict()
        self._conversations: OrderedDict[tuple[str, ...], _Conversation] = OrderedDict()
        self._heard: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    @property
    def event(self) -> Event:
        """The event as it stands."""
        return self._edition.event

    @property
    def edition(self) -> Edition:
        """The edition in force."""
        return self._edition

    @property
    def engine(self) -> Engine:
        """What answers for the event as it stands."""
        return self._engine

    def hear(self, question: Question) -> Answer | None:
        """Answer a question once, or carry out a command; what else was due comes behind it."""
        self._hearing = True
        try:
            self._look_again()
            return self._heard_once(question)
        finally:
            self._hearing = False
            if self._due:
                self._due = False
                self.reload()

    def _look_again(self) -> None:
        """Serve what somebody else brought into force meanwhile; what can't be seen, later."""
        if self._files is None:
            return
        with suppress(TryLater, BadData):
            newer = self._files.newer(self._edition)
            if newer is not None:
                self._edition = newer
                self._engine = Engine(newer.event, self._engine.language)

    def _heard_once(self, question: Question) -> Answer | None:
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
        if question.asker.organizer and (done := self._ordered(question, key)) is not None:
            return done
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

    def _ordered(self, question: Question, key: tuple[str, ...]) -> Answer | None:
        """The answer to an organizer's command, or to a yes or no; `None` if it is neither."""
        text, now = question.text.strip(), question.at.astimezone(self.event.zone)
        who = (*key, question.asker.id)
        waiting = self._waiting.get(who)
        if (answer := self._about_files(text, who, now)) is not None:
            return answer
        by = question.asker.name or question.asker.id
        if (answer := self._about_posts(text, by, now)) is not None:
            return answer
        if waiting is not None and text.casefold() in commands.YES | commands.NO:
            del self._waiting[who]
            if text.casefold() in commands.NO:
                return commands.LEFT
            return self._confirmed(waiting, by, now)
        if text.casefold() in commands.YES - {"ok"}:
            return commands.NOTHING_WAITS
        if text.casefold() == "changes":
            return commands.listed(self._edition)
        if not commands.is_command(text):
            return None
        if self._edition.number == 0:
            return commands.NOT_YET
        try:
            self._waiting[who] = commands.preview(text, self._edition, self._engine.names(now), now)
        except commands.Unclear as unclear:
            return unclear.answer(text)
        _forget_oldest(self._waiting, _MOST_CONVERSATIONS)
        return commands.shown(self._waiting[who], self.event)

    def _about_files(self, text: str, who: tuple[str, ...], now: datetime) -> Answer | None:
        """The answer to a reload, or to a yes or no to one."""
        said = text.casefold()
        accept = self._proposed.pop(who, None)
        if accept is not None and said in commands.YES:
            return self._reloaded(accept[0]) if now <= accept[1] else commands.EXPIRED
        if accept is not None and said in commands.NO:
            return commands.LEFT
        if said != "reload" or self._files is None:
            return None
        try:
            told, take = self._files.proposed()
        except TryLater:
            return commands.NOT_KEPT
        if take is not None:
            self._proposed[who] = take, now + commands.PREVIEW_LASTS
            _forget_oldest(self._proposed, _MOST_CONVERSATIONS)
        return commands.proposed(told, open_=take is not None)

    def _about_posts(self, text: str, by: str, now: datetime) -> Answer | None:
        """The answer to what stops, restarts or tries what goes out by itself."""
        said, event = text.casefold(), self.event.id
        place = commands.sampled(text)
        if self._posts is None:
            return None
        if said not in ("hold", "resume") and not place:
            return commands.WHERE_TO if commands.asks_for_a_sample(text) else None
        try:
            if place:
                self._posts.sample(event, place, now)
                return commands.sample_goes(place, self.event)
            self._posts.hold(event, by if said == "hold" else "", now)
        except TryLater:
            return commands.NOT_KEPT
        return commands.held(self.event) if said == "hold" else commands.resumed(self.event)

    def _confirmed(self, waiting: Preview, by: str, now: datetime) -> Answer:
        """What a yes does: it is in force when the next question comes."""
        if now > waiting.expires:
            return commands.EXPIRED
        if not waiting.fits(self.event):
            return commands.OVERTAKEN
        before = self._edition
        entry = Amendment(
            before.next_amendment, by, now, waiting.said, waiting.change.effects, waiting.undoes
        )
        try:
            self._edition = self._keep(before, entry)
        except Overtaken:
            return commands.OVERTAKEN
        except TryLater:
            return commands.NOT_KEPT
        self._engine = Engine(self._edition.event, self._engine.language)
        return commands.confirmed(entry, before.event)

    def reload(self) -> tuple[str, ...]:
        """Take the files into force if nothing about them is doubtful; what there is to say."""
        if self._files is None:
            return ()
        if self._hearing:  # a signal came in the middle of a question: behind it
            self._due = True
            return ()
        try:
            told, accept = self._files.proposed(sure=True)
        except TryLater:
            return (plain(commands.NOT_KEPT),)
        if accept is not None:
            self._reloaded(accept)
        return told

    def _reloaded(self, accept: Callable[[], Edition]) -> Answer:
        try:
            self._edition = accept()
        except Overtaken:
            return commands.OVERTAKEN
        except TryLater:
            return commands.NOT_KEPT
        self._engine = Engine(self._edition.event, self._engine.language)
        return commands.in_force(self._edition)

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

            log = logging.getLogger("workshop_bot")
            log.error("question %s broke: %s", name, where(error))  # noqa: TRY400
            return Reply(SORRY, Reading(Query(Want.NOTHING), "broken"), _NO_TURN)

    def ask(
        self, text: str, now: datetime, turns: Sequence[Turn] = (), *, private: bool = True
    ) -> Reply:
        """Answer a text at a moment (aware), after the earlier turns of the same person.

        `private` is whether only the asker will read the answer.
        """
        return self._engine.ask(text, now, turns, private=private)

    def converse(self, history: Sequence[str], text: str, now: datetime) -> Reply:
        """Answer a text after earlier questions, oldest first, all asked at the same moment."""
        turns: list[Turn] = []
        for earlier in history[-MOST_TURNS:]:
            turns.append(self.ask(earlier, now, turns).turn)
        return self.ask(text, now, turns)


def _forget_oldest(kept: OrderedDict[Key, Value], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
