"""What no longer fits in an event: rooms, chairs and people needed twice, talks out of bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.event import Event, Occurrence, Session, Status, Talk


@dataclass(frozen=True, slots=True, order=True)
class Clash:
    """Two records that need the same thing at once, or one that doesn't fit.

    `room`: two sessions in one room. `person`: somebody needed in two sessions. `bounds`: a talk
    outside its session. `past midnight`: a session that ends on another day than it began, or is on none of the event's.
    """

    what: Literal["room", "person", "bounds", "past midnight"]
    first: str
    second: str = ""
    whose: str = ""


def clashes(event: Event, touched: Iterable[str] | None = None) -> tuple[Clash, ...]:
    """Every clash of an event, or those in which one of these sessions takes part."""
    wanted = None if touched is None else set(touched)
    rows = [(o, s) for o, s in event.timetable if s.status != Status.CANCELLED and o.end]
    found = {
        clash
        for (o, s), (p, t) in _pairs(rows, wanted)
        for clash in _between(event, (o, s), (p, t))
    }
    for o, s in rows:
        if wanted is None or s.id in wanted:
            found.update(_alone(event, o, s))
    return tuple(sorted(found))


_Row = tuple[Occurrence, Session]


def _pairs(rows: list[_Row], wanted: set[str] | None) -> Iterator[tuple[_Row, _Row]]:
    """Rows that overlap and of which one is wanted; the rows are sorted by start."""
    open_: list[_Row] = []
    for row in rows:
        open_ = [r for r in open_ if _end(r[0]) > row[0].start]
        for other in open_:
            if other[1].id != row[1].id and (wanted is None or {other[1].id, row[1].id} & wanted):
                yield other, row
        open_.append(row)


def _end(o: Occurrence) -> datetime:
    assert o.end is not None
    return o.end


def _between(event: Event, first: _Row, second: _Row) -> Iterator[Clash]:
    (o, s), (p, t) = first, second
    for room in sorted(set(o.rooms) & set(p.rooms)):
        yield Clash("room", s.id, t.id, room)
    for person in sorted(_needed(event, s) & _needed(event, t)):
        yield Clash("person", s.id, t.id, person)


def _needed(event: Event, session: Session) -> set[str]:
    """The people who must be in a session: its chairs, and whoever is known to stand in front.

    An author alone isn't: another of them may present.
    """
    talks = [event.talk_by_id[t] for t in session.talks]
    front = {
        a.person
        for t in talks
        if t.status != Status.CANCELLED
        for a in t.people
        if a.role.value != "author" or len(t.people) == 1
    }
    return {a.person for a in session.chairs} | front


def _alone(event: Event, o: Occurrence, session: Session) -> Iterator[Clash]:
    days = {d.date for d in event.days}
    if (o.end is not None and o.end.date() > o.start.date()) or (
        days and o.start.date() not in days
    ):
        yield Clash("past midnight", session.id)
    for talk_id in session.talks:
        talk = event.talk_by_id[talk_id]
        if talk.status != Status.CANCELLED and not _inside(talk, session):
            yield Clash("bounds", talk.id, session.id)


def _inside(talk: Talk, session: Session) -> bool:
    return all(
        any(
            s.start <= o.start and (o.end is None or s.end is None or o.end <= s.end)
            for s in session.occurrences
        )
        for o in talk.occurrences
    )
