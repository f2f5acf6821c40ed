"""The door for everything that is said on any platform: once each, for the right event, with buttons.

What comes in is kept before the platform is told that it came; what an answer leaves (context, what
its buttons mean) is kept in one transaction with that it was dealt with, before the reply goes out:
a reply can be lost, and is asked for again, but nothing is done twice.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot import buttons, commands
from bot.amend.codec import Json
from bot.answer import Action, Answer, Paragraph, Reason, Status, from_json, plain
from bot.buttons import Row
from bot.chat import Asker, Does, Kind, Occasion, Place, Question, Said
from bot.conversations import Conversations
from bot.desk import Desk, Heard
from bot.errors import TryLater
from bot.keeping import Cabinet, Keeping
from bot.ports import Clock, Note, Unfinished
from bot.query import Want
from bot.question import codec


ANSWERED_WITHIN: Final = timedelta(minutes=2)
"""What is older than this when it is heard isn't answered any more: nobody stands there waiting."""

_AT_WORK: Final = timedelta(seconds=20)
"""How long whoever took something may be at work on it; an answer takes some milliseconds."""

_THREADS_LAST: Final = timedelta(days=14)
_EVENT_LASTS: Final = timedelta(minutes=30)
_MOST_HEARD: Final = 10_000
_LONGEST_QUOTE: Final = 200
_SOCIAL: Final = frozenset({Want.GREETING, Want.THANKS, Want.BYE, Want.HELP})
_THREAD, _EVENT = "thread", "event"


def _sorry(line: str) -> Answer:
    return Answer(Status.UNKNOWN, (line,), reason=Reason.NOT_UNDERSTOOD)


AWAY: Final = _sorry("Sorry, I was away when you asked that. Please ask again.")
TOO_OLD: Final = _sorry("That button is too old; please ask again.")
NOT_YOURS: Final = _sorry("Only whoever asked for that can press this.")
DONE_BEFORE: Final = _sorry("That was done already; changes lists it.")
LEFT_BEFORE: Final = _sorry("That was answered with no already.")
SHARED_BEFORE: Final = _sorry("That was shared already.")
NOT_FOR_ALL: Final = _sorry("That is for you alone, so I can't share it.")
NOT_REACHED: Final = _sorry("I can't look that up just now. Please try again in a moment.")


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
        cabinet: Cabinet | None = None,
        token: Callable[[], str] = lambda: "",
        changed: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`served` is by the events' ids; `token` gives a text that nobody can guess.

        Without a `cabinet` all is in memory, and buttons put their words again, as in a terminal.
        `changed` is told the id of an event that was changed here.
        """
        self._served = served
        self._clock = clock
        self._keeping = None if cabinet is None else Keeping(cabinet)
        self._token = token
        self._changed = changed
        self._conversations = Conversations(self._keeping)
        self._heard: OrderedDict[str, None] = OrderedDict()
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
        self._heard.update(dict.fromkeys(items))
        while len(self._heard) > _MOST_HEARD:
            self._heard.popitem(last=False)
        if self._keeping is None:
            return True
        event = self._event_at(question.place)
        try:
            return await self._keeping.begin(event, items, _to_json(question), question.at)
        except TryLater:
            return True
        except BaseException:
            for item in items:  # it wasn't kept, so it has to come again
                self._heard.pop(item, None)
            raise

    async def resumed(self) -> Sequence[Question]:
        """What was taken a while ago and never answered, by a process that is gone: it is ours now.

        Raises `TryLater` if the store can't be reached.
        """
        if self._keeping is None:
            return ()
        now = self._clock()
        await self._keeping.catch_up(now)
        found: list[Question] = []
        for left in await self._keeping.resume(now, now - _AT_WORK, _AT_WORK):
            question = _from_json(left)
            if question is None:  # of another version of the bot, or spoilt
                await self._keeping.finish(left.event, left.id, (), now)
            elif left.id not in self._heard:  # what this process took, it is at work on itself
                found.append(question)
        return found

    async def hear(self, question: Question) -> Said | None:
        """What is said to a question that was taken; `None` if nothing is."""
        leaves = _Leaves()
        place = replace(question.place, event=self._event_at(question.place))
        taken = replace(question, place=place)
        try:
            if self._keeping is not None and self._clock() - question.at > ANSWERED_WITHIN:
                return Said(AWAY, Does.WHISPER) if question.addressed else None
            if question.token:
                return await self._pressed(taken, leaves)
            answer = await self._asked(taken, question.text, leaves)
            return None if answer is None else Said(answer)
        finally:
            if self._keeping is not None:
                with suppress(TryLater):  # it is kept when the store is back
                    notes = leaves.notes
                    await self._keeping.finish(place.event, question.item, notes, self._clock())

    async def keep(self, place: Place, answer: Answer) -> str:
        """A token for an answer that is too long to be shown at once. Raises `TryLater`."""
        if self._keeping is None:
            return ""
        now = self._clock()
        there = replace(place, event=place.event or self._event_at(place))
        made = buttons.sheet(self._token(), there, [buttons.kept_row(answer)], now)
        await self._keeping.finish(there.event, "", [made.note(now + buttons.KEPT_LASTS)], now)
        return made.token(0)

    async def joined(self, place: Place) -> bool:
        """Whether the bot takes part in a thread."""
        return bool(await self._thread(place))

    async def complete(self, place: Place, kind: str, typed: str, limit: int) -> Sequence[str]:
        """Names that somebody may be typing; of all events if it can't be told which one is meant."""
        event = self._event_at(place)
        desks = (
            [self._served[event].desk]
            if event in self._served
            else [served.desk for served in self._served.values()]
        )
        found = [name for desk in desks for name in desk.engine.complete(kind, typed, limit)]
        return found[:limit]

    async def home(self, asker: Asker) -> Sequence[Answer]:  # noqa: ARG002 - the same for all, as yet
        """What somebody sees who opens the bot's own page."""
        now = self._clock()
        return [
            replace(served.desk.engine.home(now), edition=served.desk.edition.number)
            for served in self._served.values()
        ]

    def agenda(self, event: str) -> Sequence[Occasion]:
        """What of an event is still to come, the next first."""
        served = self._served.get(event)
        return () if served is None else served.desk.engine.agenda(self._clock())

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
        named = [id_ for id_, served in self._served.items() if _names(id_, served.desk, text)]
        if len(named) == 1:
            return named[0]
        if event := await self._thread(question.place):
            return event if event in self._served else ""
        last = await self._noted(_EVENT, _person(question))
        return str(last) if last in self._served else ""

    async def _thread(self, place: Place) -> str:
        """The event that a thread is about in which the bot takes part; empty if it doesn't."""
        known = await self._noted(_THREAD, _named(place)) if place.thread else None
        return known if isinstance(known, str) else ""

    async def _noted(self, kind: str, key: str) -> Json | None:
        """What is kept for all events; nothing if the store can't be reached."""
        if self._keeping is not None:
            with suppress(TryLater):
                return await self._keeping.noted("", kind, key, self._clock())
        return None

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
            return self._which(question, leaves) if question.addressed else None
        if not question.place.event:
            self._remember(question, event, leaves)
        served = self._served[event]
        question = self._of(question, event, text)
        turns = await self._conversations.turns(question)
        before = served.desk.edition
        heard = await served.desk.heard(question, turns)
        self._look_for_changes(served.desk, before.number)
        if not question.addressed and _not_for_us(question, heard):
            return None
        if heard.turn is not None:
            leaves.notes.append(self._conversations.went_on(question, turns, heard.turn))
        if question.place.thread and question.addressed:
            until = question.at + _THREADS_LAST
            leaves.notes.append(Note("", _THREAD, _named(question.place), event, until))
        answer = replace(heard.answer, edition=served.desk.edition.number)
        if self._keeping is None:
            return answer
        self._use_up(question, heard, leaves)
        rows = buttons.rows_for(answer, question, heard.order)
        if buttons.can_share(question, heard):
            share = Action("Share in channel", style="share")
            answer = replace(answer, actions=(*answer.actions, share))
            rows.append(buttons.share_row(question, turns))
        return self._dressed(answer, rows, question.place, leaves, heard)

    def _look_for_changes(self, desk: Desk, before: int) -> None:
        if desk.edition.number != before:
            self.changed(desk.event.id)
            self._changed(desk.event.id)

    def _use_up(self, question: Question, heard: Heard, leaves: _Leaves) -> None:
        """What was answered with a typed yes or no can't be pressed any more."""
        settled = heard.settled
        if settled is not None and (base := settled.get("base")):
            said = "no" if heard.answer == commands.LEFT else "yes"
            both = buttons.sheet(base, question.place, ({}, {}), question.at).used(said)
            leaves.notes.append(both.note(question.at + buttons.BUTTONS_LAST))

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

    def _dressed(
        self,
        answer: Answer,
        rows: Sequence[Json],
        place: Place,
        leaves: _Leaves,
        heard: Heard | None = None,
    ) -> Answer:
        """An answer whose actions have tokens, each of them for a row."""
        if not rows or self._keeping is None:
            return answer
        now = self._clock()
        made = buttons.sheet(self._token(), place, rows, now)
        if heard is not None and heard.order is not None:
            heard.order["base"] = made.base  # so that a typed yes can use the buttons up
        leaves.notes.append(made.note(now + buttons.BUTTONS_LAST))
        return buttons.dressed(answer, made)

    # -- buttons -----------------------------------------------------------------------------

    async def _pressed(self, question: Question, leaves: _Leaves) -> Said | None:
        """What is said to a press, or to a form that was filled in."""
        if self._keeping is None:
            return _whispered(TOO_OLD)
        base = question.token.partition(".")[0]
        try:
            found = await self._keeping.noted("", buttons.TOKEN, base, self._clock())
        except TryLater:
            return _whispered(NOT_REACHED)
        row = buttons.row_of(question.token, found)
        place = (question.place.platform, question.place.channel)
        if (
            row is None or row.sheet.place != place
        ):  # a token that somebody carried elsewhere is none
            return _whispered(TOO_OLD)
        if row.who and row.who != question.asker.id:
            return _whispered(NOT_YOURS)
        match row.means:
            case {"kept": dict(kept)}:
                return Said(from_json(kept), Does.PAGE)
            case {"used": str(said)}:
                return _whispered(_USED.get(said, TOO_OLD))
        event = row.means.get("event", row.sheet.event)
        if event not in self._served:
            return _whispered(TOO_OLD)
        if "event" in row.means:
            self._remember(question, event, leaves)
        asked = self._of(question, event, "")
        if row.organizers_only and not asked.asker.organizer:
            return _whispered(commands.ORGANIZERS_ONLY)
        return await self._meant(asked, row, self._served[event].desk, leaves)

    async def _meant(
        self, question: Question, row: Row, desk: Desk, leaves: _Leaves
    ) -> Said | None:
        """What a button's row means to whoever pressed it."""
        match row.means:
            case {"asks": str(text)}:
                answer = await self._asked(question, text, leaves)
                return None if answer is None else Said(answer)
            case {"order": order}:
                return await self._ordered(question, order, row, desk, leaves)
            case {"form": str(verb)}:
                return self._form(question, verb, leaves)
            case {"fills": str(verb)}:
                text = commands.filled(verb, dict(question.values))
                answer = await self._asked(question, text, leaves)
                return None if answer is None else Said(answer, Does.WHISPER)
            case {"share": _} if self._clock() - row.sheet.at <= buttons.SHARING_LASTS:
                return self._shared(question, row, desk, leaves)
            case _:
                return _whispered(TOO_OLD)

    async def _ordered(
        self, question: Question, order: Json, row: Row, desk: Desk, leaves: _Leaves
    ) -> Said:
        """A yes or a no to a preview."""
        desk.left(question)
        until = question.at + buttons.BUTTONS_LAST
        if order is None:
            leaves.notes.append(row.sheet.used("no").note(until))
            return Said(commands.LEFT, Does.REPLACE)
        before = desk.edition.number
        heard = await desk.obeyed(order, question)
        self._look_for_changes(desk, before)
        answer = replace(heard.answer, edition=desk.edition.number)
        if answer.status != Status.ANSWERED:
            return _whispered(answer)
        leaves.notes.append(row.sheet.used("yes").note(until))
        rows = buttons.rows_for(answer, question, None)
        return Said(self._dressed(answer, rows, question.place, leaves), Does.REPLACE)

    def _form(self, question: Question, verb: str, leaves: _Leaves) -> Said:
        form = commands.form(verb)
        if form is None:
            return _whispered(TOO_OLD)
        row = {"fills": verb, "who": question.asker.id, "organizer": True}
        line = f"Say it like this: {commands.VERBS[verb]}"
        asked = Answer(Status.CLARIFY, (line,), actions=(Action(form.title, style="form"),))
        token = self._dressed(asked, [row], question.place, leaves).actions[0].token
        shown = Answer(Status.CLARIFY, (line,), form=replace(form, token=token))
        return Said(shown, Does.WHISPER)

    def _shared(self, question: Question, row: Row, desk: Desk, leaves: _Leaves) -> Said:
        """What all may read of an answer that one person had."""
        text, turns = row.means["share"], codec.from_json(row.means["turns"])
        reply = desk.attempt(
            question.id, lambda: desk.ask(text, self._clock(), turns, private=False)
        )
        alone = desk.attempt(question.id, lambda: desk.ask(text, self._clock(), turns))
        if plain(reply.answer) != plain(alone.answer):
            return _whispered(NOT_FOR_ALL)
        used = row.sheet.used("share", row.number)
        leaves.notes.append(used.note(question.at + buttons.BUTTONS_LAST))
        who = question.asker.name or "somebody"
        asked = f", who asked “{text}”" if 0 < len(text) <= _LONGEST_QUOTE else ""
        by = Paragraph((f"Shared by {who}{asked}.",))
        answer = replace(reply.answer, blocks=(*reply.answer.blocks, by), actions=())
        return Said(replace(answer, edition=desk.edition.number), Does.SHARE)


_USED: Final = {"yes": DONE_BEFORE, "no": LEFT_BEFORE, "share": SHARED_BEFORE}


def _whispered(answer: Answer) -> Said:
    return Said(answer, Does.WHISPER)


_ASKING: Final = re.compile(
    r"(?:(?:and|but|so|ok|hey|hi|pls|please)[\s,]+)*"
    r"(?:who|whos|whose|what|whats|when|whens|where|wheres|which|how|why|is|are|does|do|did|was|were"
    r"|can|could|will|any|tell|show|list)\b",
    re.IGNORECASE,
)
"""How questions begin that have no question mark."""


def _not_for_us(question: Question, heard: Heard) -> bool:
    """Whether what somebody said in a thread, not to the bot by name, is better left alone.

    People talk to each other there: only what asks something is answered, and only if it can be.
    """
    if heard.turn is not None and heard.turn.query.want in _SOCIAL:
        return True
    marked = "?" in question.text
    if not marked and not _ASKING.match(question.text):
        return True
    answer = heard.answer
    open_ = answer.status == Status.UNKNOWN and answer.reason != Reason.NOT_STATED
    return open_ or (answer.status == Status.UNKNOWN and not marked)


def _names(id_: str, desk: Desk, text: str) -> bool:
    """Whether a text names an event."""
    names = (n.casefold() for n in (id_, desk.event.short, desk.event.name) if n)
    return any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text) for n in names)


def _named(place: Place) -> str:
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


def _from_json(item: Unfinished) -> Question | None:
    """The question that `_to_json` made this of; `None` if it is none."""
    match item.payload:
        case {
            "id": str(id_),
            "text": str(text),
            "asker": [str(asker), str(name), list(groups)],
            "place": [str(event), str(platform), str(channel), str(thread), bool(private)],
            "at": str(at),
            "kind": str(kind),
            "token": str(token),
            "twin": str(twin),
            "values": list(values),
            "addressed": bool(addressed),
            "back": str(back),
        } if kind in {*Kind}:
            return Question(
                id_,
                text,
                Asker(asker, name, groups=frozenset(map(str, groups))),
                Place(event, platform, channel, thread, private),
                datetime.fromisoformat(at),
                Kind(kind),
                token,
                twin,
                tuple((str(n), str(v)) for n, v in values),
                addressed,
                back=back,
            )
        case _:
            return None
