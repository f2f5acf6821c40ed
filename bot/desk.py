"""One event's information desk: a question or an organizer's command in, what is to be said out.

What it says may leave an order: what a yes to it does. Who remembers conversations, and whether
something came before, is the reception's business.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

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

Order: TypeAlias = dict[str, Any]
"""What a yes does, as JSON: a change to make (`preview`), or files to take into force (`files`)."""

_NO_TURN: Final = Turn(Query(Want.NOTHING), Of.EVENT)
_MOST_WAITING: Final = 5_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """What files would change, line by line, by what name, and what takes them into force.

    Nothing does if they are in force, can't be used, or are doubtful to somebody who wants to be sure.
    """

    told: tuple[str, ...]
    digest: str = ""
    accept: Callable[[], Awaitable[Edition]] | None = None


class Files(Protocol):
    """The event's files, as a desk sees them."""

    async def newer(self, edition: Edition) -> Edition | None:
        """The edition in force, if it is another one than this."""

    async def proposed(self, *, sure: bool = False) -> Proposed:
        """What they would change."""


class Posts(Protocol):
    """What goes out by itself, as a desk sees it; raises `TryLater` if it can't be reached."""

    async def hold(self, event: str, by: str, now: datetime) -> None:
        """Let nothing go out by itself; an empty `by` lets it go on."""

    async def sample(self, event: str, place: str, now: datetime) -> None:
        """Let a sample go to a place, by its address."""


Keep: TypeAlias = Callable[[Edition, Amendment, str], Awaitable[Edition]]
"""The edition behind one more amendment, once that is safely kept, together with the name of what
ordered it; raises `Overtaken` or `TryLater`."""


async def unkept(edition: Edition, amendment: Amendment, item: str) -> Edition:  # noqa: ARG001
    """The edition behind one more amendment, which is kept nowhere."""
    return amended(edition, amendment)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said, what a follow-up may lean on, and what a yes does, if it asks for one.

    `settled` is the order that was answered with this.
    """

    answer: Answer
    turn: Turn | None = None
    order: Order | None = None
    settled: Order | None = None


class Desk:
    """Answers questions about one event, and changes it for its organizers."""

    def __init__(
        self,
        engine: Engine,
        edition: Edition | None = None,
        keep: Keep = unkept,
        files: Files | None = None,
        posts: Posts | None = None,
    ) -> None:
        """Serve the edition that an engine answers for: the first one, unless another is given."""
        self._edition = edition or Edition(1, engine.event, engine.event)
        self._engine = engine
        self._keep = keep
        self._files = files
        self._posts = posts
        self._waiting: OrderedDict[tuple[str, ...], Order] = OrderedDict()

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

    async def heard(self, question: Question, turns: Sequence[Turn] = ()) -> Heard:
        """Answer a question after earlier turns, or carry out an organizer's command."""
        if question.addressed and (done := await self._ordered(question)) is not None:
            return done
        if question.text.strip(" ?!.").casefold() in commands.ASKS_FOR_NEWS:
            return Heard(commands.news(self._edition, question.at.astimezone(self.event.zone)))
        reply = self.attempt(
            f"{question.id} in {question.place.platform}",
            lambda: self.ask(question.text, question.at, turns, private=question.place.private),
        )
        return Heard(reply.answer, reply.turn)

    # -- organizers --------------------------------------------------------------------------

    async def _ordered(self, question: Question) -> Heard | None:
        """What is said to a command, or to a yes or no to one; `None` if it is neither.

        A yes is to the last command, whatever was asked since, but not if that went wrong.
        """
        text = commands.plainly(question.text)
        said = text.casefold()
        now = question.at.astimezone(self.event.zone)
        if not question.asker.organizer:
            return Heard(commands.ORGANIZERS_ONLY) if commands.is_meant(text) else None
        who = _who(question)
        waiting = self._waiting.get(who)
        if waiting is not None and said in commands.YES | commands.NO:
            del self._waiting[who]
            if said in commands.NO:
                return Heard(commands.LEFT, settled=waiting)
            return replace(await self.obeyed(waiting, question), settled=waiting)
        if said in commands.YES - {"ok", "sure"}:
            return Heard(commands.NOTHING_WAITS)
        await self.look_again()
        if said == "reload" and self._files is not None:
            return self._kept_waiting(who, await self._about_files(self._files, now))
        if (answer := await self._about_posts(text, question, now)) is not None:
            return Heard(answer)
        if said == "changes":
            return Heard(commands.listed(self._edition))
        if said in commands.ASKS_FOR_VERBS:
            return Heard(commands.verbs_shown())
        if not commands.is_command(text):
            near = commands.mistyped(text)
            return None if near is None else self._kept_waiting(who, Heard(near))
        if self._edition.number == 0:
            return Heard(commands.NOT_YET)
        try:
            preview = commands.preview(text, self._edition, self._engine.names(now), now)
        except commands.Unclear as unclear:
            return self._kept_waiting(who, Heard(unclear.answer(text)))
        order: Order = {"preview": preview.to_json(now)}
        return self._kept_waiting(who, Heard(commands.shown(preview, self.event), None, order))

    def _kept_waiting(self, who: tuple[str, ...], heard: Heard) -> Heard:
        """The same; what it asks a yes for waits for one that is typed, and nothing older does."""
        self._waiting.pop(who, None)
        if heard.order is not None:
            self._waiting[who] = heard.order
            while len(self._waiting) > _MOST_WAITING:
                self._waiting.popitem(last=False)
        return heard

    def left(self, question: Question) -> None:
        """Let what waits for a typed yes of the same person go: it was answered otherwise."""
        self._waiting.pop(_who(question), None)

    async def obeyed(self, order: Order, question: Question) -> Heard:
        """Carry out what was ordered: it is in force when the next question comes."""
        now = question.at.astimezone(self.event.zone)
        await self.look_again()
        match order:
            case {"preview": raw}:
                preview = Preview.from_json(raw, self.event.zone)
                return Heard(await self._changed(preview, question, now))
            case {"files": str(digest), "expires": str(expires)}:
                return Heard(await self._taken(digest, datetime.fromisoformat(expires), now))
            case _:  # of another version of the bot
                return Heard(commands.EXPIRED)

    async def _changed(self, preview: Preview, question: Question, now: datetime) -> Answer:
        if now > preview.expires:
            return commands.EXPIRED
        if not preview.fits(self.event):
            return commands.OVERTAKEN
        before, by = self._edition, _by(question)
        entry = Amendment(
            before.next_amendment, by, now, preview.said, preview.change.effects, preview.undoes
        )
        try:
            after = await self._keep(before, entry, question.item)
        except Overtaken:
            return commands.OVERTAKEN
        except TryLater:
            return commands.NOT_KEPT
        self.serve(after)
        return commands.confirmed(entry, before.event)

    async def _about_files(self, files: Files, now: datetime) -> Heard:
        try:
            found = await files.proposed()
        except TryLater:
            return Heard(commands.NOT_KEPT)
        if found.accept is None:
            return Heard(commands.proposed(found.told, open_=False))
        expires = (now + commands.PREVIEW_LASTS).isoformat()
        order: Order = {"files": found.digest, "expires": expires}
        return Heard(commands.proposed(found.told, open_=True), None, order)

    async def _taken(self, digest: str, expires: datetime, now: datetime) -> Answer:
        """Take files into force that are still those that somebody said yes to."""
        if now > expires or self._files is None:
            return commands.EXPIRED
        try:
            found = await self._files.proposed()
            if found.accept is None or found.digest != digest:
                return commands.OVERTAKEN
            return await self._reloaded(found.accept)
        except TryLater:
            return commands.NOT_KEPT

    async def _about_posts(self, text: str, question: Question, now: datetime) -> Answer | None:
        """The answer to what stops, restarts or tries what goes out by itself."""
        said, event = text.casefold(), self.event.id
        place = commands.sampled(text)
        if self._posts is None:
            return None
        if said not in ("hold", "resume") and not place:
            return commands.WHERE_TO if commands.asks_for_a_sample(text) else None
        by = _by(question)
        try:
            if place:
                await self._posts.sample(event, place, now)
                return commands.sample_goes(place, self.event)
            await self._posts.hold(event, by if said == "hold" else "", now)
        except TryLater:
            return commands.NOT_KEPT
        return commands.held(self.event) if said == "hold" else commands.resumed(self.event)

    # -- editions ----------------------------------------------------------------------------

    def serve(self, edition: Edition) -> None:
        """Answer from another edition of the event."""
        self._use(edition, Engine(edition.event, self._engine.language))

    async def follow(self, edition: Edition) -> None:
        """The same, with the work done aside: others are answered meanwhile, from the old one."""
        engine = await asyncio.to_thread(Engine, edition.event, self._engine.language)
        if edition.number >= self._edition.number:
            self._use(edition, engine)

    def _use(self, edition: Edition, engine: Engine) -> None:
        self._edition, self._engine = edition, engine

    async def look_again(self) -> None:
        """Serve what somebody else brought into force meanwhile; what can't be seen, later."""
        if self._files is None:
            return
        with suppress(TryLater, BadData):
            newer = await self._files.newer(self._edition)
            if newer is not None:
                self.serve(newer)

    async def reload(self) -> tuple[str, ...]:
        """Take the files into force if nothing about them is doubtful; what there is to say."""
        if self._files is None:
            return ()
        try:
            found = await self._files.proposed(sure=True)
            if found.accept is not None:
                await self._reloaded(found.accept)
        except TryLater:
            return (plain(commands.NOT_KEPT),)
        return found.told

    async def _reloaded(self, accept: Callable[[], Awaitable[Edition]]) -> Answer:
        try:
            self.serve(await accept())
        except Overtaken:
            return commands.OVERTAKEN
        except TryLater:
            return commands.NOT_KEPT
        return commands.in_force(self._edition)

    # -- questions ---------------------------------------------------------------------------

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


def _by(question: Question) -> str:
    """Who does something, as it is kept: by name, and by the id that a platform knows them by."""
    asker, platform = question.asker, question.place.platform
    if not asker.name or asker.name == asker.id or platform == "terminal":
        return asker.name or f"{platform}:{asker.id}"
    return f"{asker.name} ({platform}:{asker.id})"


def _who(question: Question) -> tuple[str, ...]:
    """Whose yes it would be: one person's in one conversation."""
    place = question.place
    return (place.platform, place.channel, place.thread, question.asker.id)
