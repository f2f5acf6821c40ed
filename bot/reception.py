"""The door for everything that is said on any platform: once each, for the right event, with buttons.

What comes in is kept before the platform is told that it came; what an answer leaves (context, what
its buttons mean) is kept in one transaction with that it was dealt with, before the reply goes out:
a reply can be lost, and is asked for again, but nothing is done twice.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot import commands
from bot.amend.codec import Json
from bot.answer import Action, Answer, Paragraph, Reason, Status, from_json, to_json
from bot.chat import Asker, Kind, Place, Question
from bot.conversations import Conversations
from bot.desk import Desk, Heard, Order
from bot.errors import TryLater
from bot.ports import Clock, Inbox, Note, Notes, Unfinished
from bot.query import Want
from bot.question import codec
from bot.question.context import Turn


ANSWERED_WITHIN: Final = timedelta(minutes=2)
"""What is older than this when it is heard isn't answered any more: nobody stands there waiting."""

_AT_WORK: Final = timedelta(seconds=20)
"""How long whoever took something may be at work on it; an answer takes some milliseconds."""

_TAKEN_WITHIN: Final = 2.0  # seconds; platforms want to know within three that something came
_BUTTONS_LAST: Final = timedelta(hours=24)
_SHARING_LASTS: Final = timedelta(minutes=30)
_POSTED_LASTS: Final = timedelta(days=14)
_THREADS_LAST: Final = timedelta(days=14)
_EVENT_LASTS: Final = timedelta(minutes=30)
_MOST_HEARD: Final = 10_000
_SOCIAL: Final = frozenset({Want.GREETING, Want.THANKS, Want.BYE})
_TOKEN, _THREAD, _EVENT = "token", "thread", "event"


def _sorry(line: str) -> Answer:
    return Answer(Status.UNKNOWN, (line,), reason=Reason.NOT_UNDERSTOOD)


AWAY: Final = _sorry("Sorry, I was away when you asked that. Please ask again.")
TOO_OLD: Final = _sorry("That button is too old; please ask again.")
NOT_YOURS: Final = _sorry("Only whoever asked for that can press this.")
DONE_BEFORE: Final = _sorry("That was done already; changes lists it.")
ORGANIZERS_ONLY: Final = _sorry("Only organizers can do that.")
NOT_REACHED: Final = _sorry("I can't look that up just now. Please try again in a moment.")


class Keeping(Inbox, Notes, Protocol):
    """Where what comes in and what it leaves is kept."""


@dataclass(frozen=True, slots=True)
class AtDesk:
    """An event at the reception: its desk, the addresses where it is talked of, and its organizers.

    An organizer is the address of a person or of a group of a platform, such as `slack:U123`.
    """

    desk: Desk
    places: frozenset[str] = frozenset()
    organizers: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Leaves:
    """What an answer leaves to be kept."""

    notes: list[Note] = field(default_factory=list)


class Reception:
    """All events' desks behind one door."""

    def __init__(
        self,
        served: Mapping[str, AtDesk],
        clock: Clock,
        keeping: Keeping | None = None,
        token: Callable[[], str] = lambda: "",
        changed: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`served` is by the events' ids; `token` gives a text that nobody can guess.

        Without `keeping` all is in memory, and buttons put their words again, as in a terminal.
        `changed` is told the id of an event that was changed here.
        """
        self._served = served
        self._clock = clock
        self._keeping = keeping
        self._token = token
        self._changed = changed
        self._conversations = Conversations(keeping)
        self._heard: OrderedDict[str, None] = OrderedDict()
        self._behind: list[tuple[str, str]] = []  # done, but the store couldn't be told yet
        self._listeners: set[asyncio.Queue[str]] = set()

    # -- what comes in -----------------------------------------------------------------------

    async def take(self, question: Question) -> bool:
        """Keep what came in; `False` if it came before.

        If the store can't be reached, or not soon enough, this process alone remembers it.
        """
        items = [question.item]
        if question.twin:
            items.append(f"{question.place.platform}:{question.twin}")
        if any(item in self._heard for item in items):
            return False
        for item in items:
            self._heard[item] = None
        while len(self._heard) > _MOST_HEARD:
            self._heard.popitem(last=False)
        if self._keeping is None:
            return True
        event = self._event_at(question.place)
        begun = asyncio.ensure_future(
            self._keeping.begin(event, items, _to_json(question), question.at)
        )
        done, _ = await asyncio.wait({begun}, timeout=_TAKEN_WITHIN)
        if not done:  # it goes on, and may still be kept; what it comes to is of no use any more
            begun.add_done_callback(lambda task: task.cancelled() or task.exception())
            return True
        with suppress(TryLater):
            return begun.result()
        return True

    async def resumed(self) -> Sequence[Question]:
        """What was taken a while ago and never answered, by a process that is gone: it is ours now."""
        if self._keeping is None:
            return ()
        now = self._clock()
        left = await self._keeping.resume(now, now - _AT_WORK, _AT_WORK)
        return [_from_json(item) for item in left]

    async def hear(self, question: Question) -> Answer | None:
        """What is said to a question that was taken; `None` if nothing is."""
        leaves = _Leaves()
        taken = replace(
            question, place=replace(question.place, event=self._event_at(question.place))
        )
        if self._keeping is not None and self._clock() - question.at > ANSWERED_WITHIN:
            answer: Answer | None = AWAY if question.addressed else None
        elif question.token:
            answer = await self._pressed(taken, leaves)
        else:
            answer = await self._asked(taken, question.text, leaves)
        await self._finish(taken, leaves)
        return answer

    async def keep(self, place: Place, answer: Answer) -> str:
        """A token for an answer that is too long to be shown at once."""
        if self._keeping is None:
            return ""
        base = self._token()
        event = place.event or self._event_at(place)
        row = {"kept": to_json(answer)}
        note = Note("", _TOKEN, base, row, self._clock() + _POSTED_LASTS)
        await self._keeping.finish(event, "", [note], self._clock())
        return f"{base}.0"

    async def joined(self, place: Place) -> bool:
        """Whether the bot takes part in a thread."""
        if self._keeping is None:
            return False
        event = self._event_at(place)
        with suppress(TryLater):
            return (
                await self._keeping.noted(event, _THREAD, _thread(place), self._clock()) is not None
            )
        return False

    async def home(self, asker: Asker) -> Sequence[Answer]:  # noqa: ARG002 - the same for all, as yet
        """What somebody sees who opens the bot's own page."""
        now = self._clock()
        return [
            replace(served.desk.engine.home(now), edition=served.desk.edition.number)
            for served in self._served.values()
        ]

    async def changes(self) -> AsyncIterator[str]:
        """The id of an event each time that another edition of it comes into force."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.discard(queue)

    def changed(self, event: str) -> None:
        """Tell all who listen that another edition of an event is in force."""
        for queue in self._listeners:
            queue.put_nowait(event)

    # -- which event -------------------------------------------------------------------------

    def _event_at(self, place: Place) -> str:
        """The event that a place is for; empty if it may be for several."""
        if place.event or len(self._served) == 1:
            return place.event or next(iter(self._served))
        address = f"{place.platform}:{place.channel}"
        found = [id_ for id_, served in self._served.items() if address in served.places]
        return found[0] if len(found) == 1 else ""

    async def _chosen(self, question: Question) -> str:
        """The event that somebody speaks of where several may be meant; empty if it can't be told."""
        text = question.text.casefold()
        named = [
            id_
            for id_, served in self._served.items()
            if any(n and n.casefold() in text for n in _names(id_, served.desk))
        ]
        if len(named) == 1:
            return named[0]
        if self._keeping is not None:
            with suppress(TryLater):
                last = await self._keeping.noted("", _EVENT, _person(question), self._clock())
                return str(last) if last in self._served else ""
        return ""

    def _remember(self, question: Question, event: str, leaves: _Leaves) -> None:
        """Keep which event somebody speaks of in a place that may be for several."""
        until = question.at + _EVENT_LASTS
        leaves.notes.append(Note("", _EVENT, _person(question), event, until))

    def _which(self, question: Question, leaves: _Leaves) -> Answer:
        """Asks which event is meant."""
        actions = tuple(Action(s.desk.event.short, question.text) for s in self._served.values())
        answer = Answer(Status.CLARIFY, ("Which event do you mean?",), actions=actions)
        rows = [{"asks": question.text, "event": id_} for id_ in self._served]
        return self._dressed(answer, rows, replace(question.place, event=""), leaves)

    # -- questions ---------------------------------------------------------------------------

    async def _asked(self, question: Question, text: str, leaves: _Leaves) -> Answer | None:
        """The answer to words, wherever they come from."""
        event = question.place.event or await self._chosen(question)
        if event not in self._served:
            return self._which(question, leaves)
        if not question.place.event:
            self._remember(question, event, leaves)
        served = self._served[event]
        question = self._of(question, event, text)
        turns = await self._conversations.turns(question)
        before = served.desk.edition
        heard = await served.desk.heard(question, turns)
        if served.desk.edition is not before:
            self.changed(event)
            self._changed(event)
        if not question.addressed and _not_for_us(question, heard):
            return None
        if heard.turn is not None:
            leaves.notes.append(self._conversations.went_on(question, turns, heard.turn))
        if question.place.thread and question.addressed:
            self._join(question, leaves)
        return self._told(question, heard, turns, served.desk, leaves)

    def _of(self, question: Question, event: str, text: str) -> Question:
        """A question to an event, with whether its asker is one of the event's organizers."""
        asker, platform = question.asker, question.place.platform
        known = {f"{platform}:{id_}" for id_ in (asker.id, *asker.groups)}
        organizer = asker.organizer or not known.isdisjoint(self._served[event].organizers)
        return replace(
            question,
            text=text,
            asker=replace(asker, organizer=organizer),
            place=replace(question.place, event=event),
        )

    def _join(self, question: Question, leaves: _Leaves) -> None:
        place = question.place
        until = question.at + _THREADS_LAST
        leaves.notes.append(Note(place.event, _THREAD, _thread(place), True, until))

    def _told(
        self, question: Question, heard: Heard, turns: tuple[Turn, ...], desk: Desk, leaves: _Leaves
    ) -> Answer:
        """An answer with its edition, and with rows behind its buttons."""
        answer = replace(heard.answer, edition=desk.edition.number)
        if self._keeping is None:
            return answer
        rows: list[Json] = [_row(a, heard.order, question.asker) for a in answer.actions]
        if _can_share(question, heard):
            answer = replace(
                answer, actions=(*answer.actions, Action("Share in channel", style="share"))
            )
            rows.append({"share": question.text, "turns": codec.to_json(turns)})
        return self._dressed(answer, rows, question.place, leaves)

    def _dressed(
        self, answer: Answer, rows: Sequence[Json], place: Place, leaves: _Leaves
    ) -> Answer:
        """An answer whose actions have tokens, each of them for a row."""
        if not rows or self._keeping is None:
            return answer
        base, now = self._token(), self._clock()
        row = {"event": place.event, "rows": list(rows), "at": now.isoformat()}
        leaves.notes.append(Note("", _TOKEN, base, row, now + _BUTTONS_LAST))
        actions = tuple(
            replace(action, token=f"{base}.{number}")
            for number, action in enumerate(answer.actions)
        )
        return replace(answer, actions=actions)

    # -- buttons -----------------------------------------------------------------------------

    async def _pressed(self, question: Question, leaves: _Leaves) -> Answer | None:
        """The answer to a press, or to a form that was filled in."""
        if self._keeping is None:
            return TOO_OLD
        base, _, number = question.token.partition(".")
        try:
            found = await self._keeping.noted("", _TOKEN, base, self._clock())
        except TryLater:
            return NOT_REACHED
        match found:
            case {"done": True}:
                return DONE_BEFORE
            case {"kept": dict(kept)}:
                return from_json(kept)
            case {"rows": list(rows), "event": str(event), "at": str(at)}:
                row = rows[int(number)] if number in map(str, range(len(rows))) else {}
                return await self._meant(question, event, row, datetime.fromisoformat(at), leaves)
            case _:
                return TOO_OLD

    async def _meant(
        self, question: Question, event: str, row: Json, at: datetime, leaves: _Leaves
    ) -> Answer | None:
        """What a button's row means to whoever pressed it."""
        if row.get("who", question.asker.id) != question.asker.id:
            return NOT_YOURS
        if "event" in row:
            event = row["event"]
            self._remember(question, event, leaves)
        if event not in self._served:
            return TOO_OLD
        asked = self._of(question, event, "")
        desk = self._served[event].desk
        if row.get("organizer") and not asked.asker.organizer:
            return ORGANIZERS_ONLY
        match row:
            case {"asks": str(text)}:
                return await self._asked(asked, text, leaves)
            case {"order": order}:
                return await self._ordered(asked, order, desk, leaves)
            case {"form": str(verb)}:
                return self._form(asked, verb, leaves)
            case {"fills": str(verb)}:
                text = commands.filled(verb, dict(question.values))
                return await self._asked(asked, text, leaves)
            case {"share": str(text), "turns": turns} if self._clock() - at <= _SHARING_LASTS:
                return self._shared(asked, text, codec.from_json(turns), desk)
            case _:
                return TOO_OLD

    async def _ordered(
        self, question: Question, order: Order | None, desk: Desk, leaves: _Leaves
    ) -> Answer:
        """A yes or a no to a preview."""
        desk.left(question)
        if order is None:
            return commands.LEFT
        before = desk.edition
        answer = await desk.obeyed(order, question)
        if desk.edition is not before:
            base = question.token.partition(".")[0]
            leaves.notes.append(Note("", _TOKEN, base, {"done": True}, question.at + _BUTTONS_LAST))
            self.changed(question.place.event)
            self._changed(question.place.event)
        return self._told(question, Heard(answer), (), desk, leaves)

    def _form(self, question: Question, verb: str, leaves: _Leaves) -> Answer:
        form = commands.form(verb)
        if form is None:
            return TOO_OLD
        row = {"fills": verb, "who": question.asker.id, "organizer": True}
        line = f"Say it like this: {commands.VERBS[verb]}"
        asked = Answer(Status.CLARIFY, (line,), actions=(Action(form.title, style="form"),))
        token = self._dressed(asked, [row], question.place, leaves).actions[0].token
        return Answer(Status.CLARIFY, (line,), form=replace(form, token=token))

    def _shared(self, question: Question, text: str, turns: tuple[Turn, ...], desk: Desk) -> Answer:
        """What all may read of an answer that one person had."""
        reply = desk.attempt(
            question.id, lambda: desk.ask(text, self._clock(), turns, private=False)
        )
        who = question.asker.name
        by = (Paragraph((f"Shared by {who}.",)),) if who else ()
        answer = replace(reply.answer, blocks=(*reply.answer.blocks, *by), actions=())
        return replace(answer, edition=desk.edition.number)

    # -- what is kept ------------------------------------------------------------------------

    async def _finish(self, question: Question, leaves: _Leaves) -> None:
        """Keep what an answer leaves, and that its question is done with; what can't be, later."""
        if self._keeping is None:
            return
        item = question.item
        behind, self._behind = self._behind, []
        now = self._clock()
        try:
            await self._keeping.finish(question.place.event, item, leaves.notes, now)
        except TryLater:
            self._behind = [*behind, (question.place.event, item)][-_MOST_HEARD:]
            return
        for event, old in behind:
            try:
                await self._keeping.finish(event, old, (), now)
            except TryLater:
                self._behind.append((event, old))


def _row(action: Action, order: Order | None, asker: Asker) -> Json:
    """What stands behind a button."""
    verb = action.asks.removeprefix("form ") if action.style == "form" else ""
    if verb:
        return {"form": verb, "who": asker.id, "organizer": True}
    if order is not None and action.asks in ("yes", "no"):
        meant = order if action.asks == "yes" else None
        return {"order": meant, "who": asker.id, "organizer": True}
    if asker.organizer and commands.is_command(action.asks):
        return {"asks": action.asks, "who": asker.id, "organizer": True}
    return {"asks": action.asks}


def _can_share(question: Question, heard: Heard) -> bool:
    """Whether an answer that one person has may be of use to the others in a channel."""
    place = question.place
    alone = place.private and not place.channel.startswith("@")
    return (
        alone
        and question.kind != Kind.TEXT
        and heard.turn is not None
        and heard.answer.status == Status.ANSWERED
        and bool(heard.answer.records)
    )


def _not_for_us(question: Question, heard: Heard) -> bool:
    """Whether what somebody said in a thread, not to the bot by name, is better left alone.

    People talk to each other there: what isn't understood is answered only if it asks something.
    """
    if heard.turn is not None and heard.turn.query.want in _SOCIAL:
        return True
    lost = heard.answer.reason in (Reason.NOT_UNDERSTOOD, Reason.OFF_TOPIC)
    return lost and "?" not in question.text


def _names(id_: str, desk: Desk) -> tuple[str, ...]:
    return id_, desk.event.short, desk.event.name


def _thread(place: Place) -> str:
    return f"{place.platform}/{place.channel}/{place.thread}"


def _person(question: Question) -> str:
    return f"{question.place.platform}/{question.place.channel}/{question.asker.id}"


# -- questions as JSON -----------------------------------------------------------------------


def _to_json(question: Question) -> dict[str, Json]:
    place, asker = question.place, question.asker
    return {
        "id": question.id,
        "text": question.text,
        "asker": [asker.id, asker.name, sorted(asker.groups)],
        "place": [place.event, place.platform, place.channel, place.thread, place.private],
        "at": question.at.isoformat(),
        "kind": str(question.kind),
        "token": question.token,
        "twin": question.twin,
        "values": [list(pair) for pair in question.values],
        "addressed": question.addressed,
        "back": question.back,
    }


def _from_json(item: Unfinished) -> Question:
    raw = item.payload
    id_, name, groups = raw["asker"]
    event, platform, channel, thread, private = raw["place"]
    return Question(
        raw["id"],
        raw["text"],
        Asker(id_, name, groups=frozenset(groups)),
        Place(event, platform, channel, thread, private),
        datetime.fromisoformat(raw["at"]),
        Kind(raw["kind"]),
        raw["token"],
        raw["twin"],
        tuple((n, v) for n, v in raw["values"]),
        raw["addressed"],
        back=raw["back"],
    )
