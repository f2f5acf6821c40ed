"""One edition of the event, indexed: reads questions about it, finds what they mean, words it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.answer import Answer, Heading, Line, Paragraph, Status, Strong, both
from bot.event import Event, Person, Session, Talk
from bot.event import Status as RowStatus
from bot.find import Finding, Register, Row, World, find, kind_of
from bot.passages import Passages
from bot.query import Want
from bot.question import Reader, Reading
from bot.question.context import MOST_TURNS, Turn
from bot.question.language import Language
from bot.question.names import nearest
from bot.wording import with_unread, word
from bot.wording.voice import time


if TYPE_CHECKING:
    from bot.chat import Occasion


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, how the question was read, and what a follow-up may lean on."""

    answer: Answer
    reading: Reading
    turn: Turn


class Engine:
    """Answers questions about one edition of an event."""

    def __init__(self, event: Event, language: Language) -> None:
        """Build the indexes that answers need."""
        self.event = event
        self.language = language
        self._reader = Reader(event, language)
        self._register = Register(event)
        self._passages = Passages(event, language)

    def ask(
        self, text: str, now: datetime, turns: Sequence[Turn] = (), *, private: bool = True
    ) -> Reply:
        """Answer a text at a moment (aware), after the earlier turns of the same person.

        `private` is whether only the asker will read the answer.
        """
        reading = self._reader.read(text, now, tuple(turns)[-MOST_TURNS:])
        world = self._world(now, private=private)
        finding = find(reading.query, world)
        answer = word(finding, world)
        if reading.second is not None:
            answer = both(answer, word(find(reading.second, world), world))
        answer = with_unread(answer, reading.query, reading.unread)
        return Reply(answer, reading, _turn(finding, answer, self.event))

    def home(self, now: datetime) -> Answer:
        """What somebody sees who looks in without a question: now and next, the day, the dates."""
        event = self.event
        here = now.astimezone(event.zone)
        days = {o.start.date() for o, _ in event.timetable}
        ends = [o.end or o.start for o, _ in event.timetable]
        asked: list[tuple[str, str]] = []
        if days and here <= max(ends):
            asked.append(("Now", "what's on now?"))
            if here.date() in days:
                asked.append(("Next", "what's next?"))
        if days:
            today = here.date() in days and here <= max(ends)
            asked.append(("Today", "today's program") if today else ("Program", "program"))
        if event.call and event.call.milestones:
            asked.append(("Deadlines", "upcoming deadlines"))
        asked.append(("How to ask", "help"))
        told = [(heading, self.ask(text, now, private=False).answer) for heading, text in asked]
        blocks = [
            block
            for heading, answer in told
            for block in (Heading(heading), Paragraph(answer.summary), *answer.blocks)
        ]
        as_of: Line = (Strong(event.name), ", as of ", time(here, zone=True), ".")
        return Answer(Status.ANSWERED, as_of, tuple(blocks))

    def agenda(self, now: datetime) -> Sequence[Occasion]:
        """The sessions with talks that are still to come and whose end is known, the next first."""
        from bot.chat import Occasion  # noqa: PLC0415 - the command line asks without a chat

        event, found = self.event, []
        for o, session in event.timetable:
            number = session.occurrences.index(o)
            gone = session.status == RowStatus.CANCELLED or not session.talks
            if o.end is None or o.start <= now or gone:
                continue
            rooms = (
                ", ".join(event.room_by_id[r].name for r in o.rooms) or event.venue or event.city
            )
            titles = [f"• {event.talk_by_id[t].title}" for t in session.talks]
            key = f"{event.id}/{session.id}/{number}"
            made = Occasion(key, session.name, "\n".join(titles), o.start, o.end, rooms)
            found.append(made)
        return sorted(found, key=lambda each: each.start)

    def complete(self, kind: str, typed: str, limit: int) -> Sequence[str]:
        """Names of a kind (`talk` or `person`) that somebody may be typing, the likeliest first."""
        match kind:
            case "talk":
                names = [t.title for t in self.event.talks]
            case "person":
                names = [p.name for p in self.event.people]
            case _:
                names = []
        return nearest(typed, names, limit)

    def names(self, now: datetime) -> Names:
        """What the edition's names mean at a moment."""
        return Names(self._reader, self._world(now, private=True))

    def _world(self, now: datetime, *, private: bool) -> World:
        return World(self.event, self._register, self._passages, now, private=private)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an edition, typed with typos or in other words."""

    reader: Reader
    world: World

    def records(self, name: str) -> tuple[Row, ...]:
        """The records that a name means; none if nothing fits."""
        finding = find(self.reader.read(name, self.world.now).query, self.world)
        return () if finding.missing else finding.rows

    def subjects(self, words: str) -> tuple[str, ...]:
        """The subjects that words speak of."""
        pieces = self.reader.read(words, self.world.now).pieces
        return tuple(dict.fromkeys(str(p.value) for p in pieces if p.kind == "subject"))


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
