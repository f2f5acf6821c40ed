"""What organizers can do to an event, as effects: delay, move, swap, cancel, restore and so on.

Nothing here decides whether a change is wise: `Change` says what it does to breaks, and `clashes`
what it does to rooms and people. What can't be done at all raises `Impossible`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

from bot.amend.effects import ADDED, WHOLE, Change, Effect, Key, Kind, effect, record
from bot.amend.wave import Moved, later, shifted, wave
from bot.errors import WorkshopBotError
from bot.event import (
    Appearance,
    Audience,
    Event,
    Info,
    Milestone,
    Occurrence,
    Person,
    Role,
    Session,
    Status,
    Talk,
    Trace,
)


MOST_MINUTES: Final = 12 * 60
"""A delay by more than that is a move to another time."""

_IN_FRONT = frozenset({Role.PRESENTER, Role.KEYNOTE, Role.PANELIST, Role.MODERATOR, Role.CHAIR})

FIELDS: Final = {
    Kind.SESSION: ("title", "label", "summary", "note"),
    Kind.TALK: ("title", "abstract", "summary", "note"),
    Kind.PERSON: ("name", "bio", "bio_summary"),
    Kind.MILESTONE: ("label",),
    Kind.RULE: ("text", "title"),
    Kind.INFO: ("text", "title"),
}
"""The fields of each kind of record that `correct` may set."""


class Impossible(WorkshopBotError):
    """What was asked for can't be done; `about` is the id or text that it fails on."""

    def __init__(
        self,
        why: Literal[
            "over", "no time", "no length", "too long", "same", "no such person", "no such field",
            "not ascending", "cancelled", "not cancelled", "nobody to replace",
        ],
        about: str = "",
    ) -> None:  # fmt: skip
        self.why = why
        self.about = about
        super().__init__(why, about)


# -- time ------------------------------------------------------------------------------------


def delay(event: Event, key: Key, minutes: int, now: datetime) -> Change:
    """A session, or a talk that has a time of its own, so many minutes later; what follows moves.

    A negative number of minutes moves it alone, and earlier.
    """
    if not 0 < abs(minutes) <= MOST_MINUTES:
        raise Impossible("too long", str(minutes))
    by = timedelta(minutes=minutes)
    match record(event, key):
        case Session() as session:
            return _delayed(event, session, _ahead(session.occurrences, now, session.id), by, now)
        case Talk() as talk:
            return _delayed_talk(event, talk, by, now)
        case _:
            raise Impossible("no time", key.id)


def delay_room(event: Event, room: str, minutes: int, now: datetime) -> Change:
    """All that is on in a room from now on, so many minutes later."""
    for o, session in event.timetable:
        if room in o.rooms and not o.over(now) and session.status != Status.CANCELLED:
            return delay(event, Key(Kind.SESSION, session.id), minutes, now)
    raise Impossible("over", room)


def move(
    event: Event, key: Key, now: datetime, *, start: datetime | None = None, room: str = ""
) -> Change:
    """A session or talk at another time, in another room, or both; it keeps its length."""
    found = record(event, key)
    if not isinstance(found, (Session, Talk)):
        raise Impossible("no time", key.id)
    at = _ahead(found.occurrences, now, found.id)
    old = found.occurrences[at]
    new = old
    if start is not None:
        new = shifted(old, start.astimezone(UTC) - old.start.astimezone(UTC))
    if room:
        new = replace(new, rooms=(room,))
    if new == old:
        raise Impossible("same", key.id)
    effects = [*_placed(event, found, at, new, now)]
    if isinstance(found, Session):
        effects += _talks_along(event, found, [(old, new)], now)
    return Change(tuple(effects))


def swap(event: Event, first: str, second: str, now: datetime) -> Change:
    """Two talks, each in the place of the other: session, order, and times where they have some."""
    if first == second:
        raise Impossible("same", first)
    one, two = event.talk_by_id[first], event.talk_by_id[second]
    effects: list[Effect] = []
    orders = {s: list(event.session_by_id[s].talks) for s in {one.session, two.session}}
    at_one, at_two = orders[one.session].index(first), orders[two.session].index(second)
    orders[one.session][at_one], orders[two.session][at_two] = second, first
    for session, order in sorted(orders.items()):
        effects.append(effect(event, Key(Kind.SESSION, session), "talks", tuple(order)))
    for talk, other in ((one, two), (two, one)):
        key = Key(Kind.TALK, talk.id)
        if talk.session != other.session:
            effects.append(effect(event, key, "session", other.session))
        was = talk.trace or Trace(talk.occurrences, now)
        if talk.occurrences != other.occurrences:
            effects += _rescheduled(event, talk, other.occurrences, now)
        effects = [e for e in effects if (e.key, e.field) != (key, "trace")]
        effects.append(effect(event, key, "trace", replace(was, at=now, swapped=not was.swapped)))
    return Change(tuple(effects))


def _ahead(all_: tuple[Occurrence, ...], now: datetime, id_: str) -> int:
    """The place of the occurrence that is on or comes next."""
    if not all_:
        raise Impossible("no time", id_)
    coming = [at for at, o in enumerate(all_) if not o.over(now)]
    if not coming:
        raise Impossible("over", id_)
    return min(coming, key=lambda at: all_[at].start)


def _delayed(event: Event, session: Session, at: int, by: timedelta, now: datetime) -> Change:
    if session.status == Status.CANCELLED:
        raise Impossible("cancelled", session.id)
    if by < timedelta():
        moved = (Moved(session, at, shifted(session.occurrences[at], by)),)
        return Change(tuple(_moved(event, moved, now)))
    first = session.occurrences[at]
    if first.end is None and first.start <= now:
        raise Impossible("no length", session.id)
    run = wave(event, session, at, by, now)
    return Change(tuple(_moved(event, run.moved, now)), run.short, run.swallowed)


def _delayed_talk(event: Event, talk: Talk, by: timedelta, now: datetime) -> Change:
    """A talk and those behind it in its session; if they need longer, so does the session."""
    if talk.status == Status.CANCELLED:
        raise Impossible("cancelled", talk.id)
    at = _ahead(talk.occurrences, now, talk.id)
    session = event.session_by_id[talk.session]
    first = talk.occurrences[at]
    begun = first.start <= now
    late = None if first.end is None else later(first.end, by)
    new = replace(first, end=late) if begun and by > timedelta() else shifted(first, by)
    effects = [*_placed(event, talk, at, new, now)]
    busy_until = new.end
    for o, each, place in _behind(event, session, talk, first) if by > timedelta() else ():
        if busy_until is None or o.start >= busy_until:
            break
        new = shifted(o, busy_until - o.start)
        effects += _placed(event, each, place, new, now)
        busy_until = new.end
    around = next((i for i, o in enumerate(session.occurrences) if o.covers(first.start)), None)
    end = session.occurrences[around].end if around is not None else None
    if around is None or end is None or busy_until is None or busy_until <= end:
        return Change(tuple(effects))
    run = wave(event, session, around, busy_until - end, session.occurrences[around].start)
    longer = [m for m in run.moved if m.session.id != session.id]
    kept = replace(session.occurrences[around], end=busy_until)
    effects += _placed(event, session, around, kept, now)
    effects += _moved(event, longer, now)
    return Change(tuple(effects), run.short, run.swallowed)


def _behind(
    event: Event, session: Session, talk: Talk, first: Occurrence
) -> list[tuple[Occurrence, Talk, int]]:
    """The other talks of a session from an occurrence on, in the same of its own, by time."""
    around = next((o for o in session.occurrences if o.covers(first.start)), None)
    found = [
        (o, each, place)
        for each in (event.talk_by_id[t] for t in session.talks if t != talk.id)
        if each.status != Status.CANCELLED
        for place, o in enumerate(each.occurrences)
        if o.start >= first.start and (around is None or around.covers(o.start))
    ]
    return sorted(found, key=lambda row: (row[0].start, row[1].id))


def _moved(event: Event, moved: Iterable[Moved], now: datetime) -> Iterable[Effect]:
    """Effects of sessions that move, with the talks inside them that have times of their own."""
    by_session: dict[str, list[Moved]] = {}
    for m in moved:
        by_session.setdefault(m.session.id, []).append(m)
    for changes in by_session.values():
        session = changes[0].session
        places = list(session.occurrences)
        for m in changes:
            places[m.at] = m.new
        yield from _rescheduled(event, session, tuple(places), now)
        yield from _talks_along(event, session, [(m.old, m.new) for m in changes], now)


def _talks_along(
    event: Event,
    session: Session,
    moves: Sequence[tuple[Occurrence, Occurrence]],
    now: datetime,
) -> Iterable[Effect]:
    """The talks with times of their own in occurrences of a session that move as a whole."""
    for talk_id in session.talks:
        talk = event.talk_by_id[talk_id]
        places = tuple(_along(o, moves, now) for o in talk.occurrences)
        if places != talk.occurrences:
            yield from _rescheduled(event, talk, places, now)


def _along(
    o: Occurrence, moves: Sequence[tuple[Occurrence, Occurrence]], now: datetime
) -> Occurrence:
    """A talk's occurrence, taken along by the one of the session's that it lies in.

    If that has begun and only ends later, what hasn't begun in it moves by as much.
    """
    for old, new in moves:
        within = old.start <= o.start and o.start.date() == old.start.date()
        if not within or (old.end is not None and o.start >= old.end):
            continue
        by = new.start - old.start
        if not by and old.end and new.end and o.start > now:
            by = new.end - old.end
        return replace(shifted(o, by), rooms=new.rooms if o.rooms == old.rooms else o.rooms)
    return o


def _placed(
    event: Event, found: Session | Talk, at: int, new: Occurrence, now: datetime
) -> Iterable[Effect]:
    places = (*found.occurrences[:at], new, *found.occurrences[at + 1 :])
    return _rescheduled(event, found, places, now)


def _rescheduled(
    event: Event, found: Session | Talk, places: tuple[Occurrence, ...], now: datetime
) -> Iterable[Effect]:
    """New occurrences, and what tells of it; back at its first ones, nothing is told any more."""
    key = Key(Kind.SESSION if isinstance(found, Session) else Kind.TALK, found.id)
    was = found.trace.was if found.trace else found.occurrences
    before = found.trace or Trace(was, now)
    back = places == was
    quiet = back and not before.instead and not before.swapped
    yield effect(event, key, "occurrences", places)
    yield effect(event, key, "trace", None if quiet else replace(before, at=now))
    status = Status.PLANNED if back else Status.MOVED
    if found.status in (Status.PLANNED, Status.MOVED) and found.status != status:
        yield effect(event, key, "status", status)


# -- whether and who -------------------------------------------------------------------------


def cancel(event: Event, key: Key) -> Change:
    """A session or talk that won't take place."""
    found = _session_or_talk(event, key)
    if found.status == Status.CANCELLED:
        raise Impossible("cancelled", key.id)
    return Change((effect(event, key, "status", Status.CANCELLED),))


def restore(event: Event, key: Key) -> Change:
    """A cancelled session or talk that takes place after all."""
    found = _session_or_talk(event, key)
    if found.status != Status.CANCELLED:
        raise Impossible("not cancelled", key.id)
    status = Status.MOVED if found.trace else Status.PLANNED
    return Change((effect(event, key, "status", status),))


def substitute(event: Event, key: Key, old: str, new: str | Person, now: datetime) -> Change:
    """Another person in the place of one who speaks, presents, moderates or chairs.

    `old` may be empty if there is only one such person. A `Person` is one whom the records don't
    know yet.
    """
    found = _session_or_talk(event, key)
    if isinstance(found, Session) and old not in {a.person for a in found.chairs}:
        talks = [event.talk_by_id[t] for t in found.talks]
        of_old = [t for t in talks if old in {a.person for a in t.people}]
        if old and len(of_old) == 1:  # a keynote is named by its session
            return substitute(event, Key(Kind.TALK, of_old[0].id), old, new, now)
    field = "people" if isinstance(found, Talk) else "chairs"
    people: tuple[Appearance, ...] = getattr(found, field)
    front = [a for a in people if a.role in _IN_FRONT] or [*people]
    meant = [a for a in front if a.person == old] if old else front
    if len(meant) != 1:
        raise Impossible("nobody to replace", old or key.id)
    effects: list[Effect] = []
    id_ = new.id if isinstance(new, Person) else new
    if id_ not in event.person_by_id:
        if not isinstance(new, Person):
            raise Impossible("no such person", new)
        stranger = replace(new, ref=f"{ADDED}{new.id}")
        effects.append(effect(event, Key(Kind.PERSON, new.id), WHOLE, stranger))
    if id_ in {a.person for a in people if a.role == meant[0].role}:
        raise Impossible("same", id_)
    known = next((a for a, _ in event.appearances.get(id_, ())), None)
    fresh = Appearance(id_, meant[0].role, known.affiliations if known else ())
    kept = tuple(fresh if a is meant[0] else a for a in people)
    was = found.trace or Trace(found.occurrences, now)
    name = event.person_by_id[meant[0].person].name
    told = replace(was, at=now, instead=(*(n for n in was.instead if n != name), name))
    return Change((*effects, effect(event, key, field, kept), effect(event, key, "trace", told)))


def _session_or_talk(event: Event, key: Key) -> Session | Talk:
    found = record(event, key)
    if not isinstance(found, (Session, Talk)):
        raise Impossible("no time", key.id)
    return found


# -- dates and words -------------------------------------------------------------------------


def extend(event: Event, milestone: str, day: date, clock: time | None = None) -> Change:
    """A date of the call, later than the one in force; the zone stays, the time unless given."""
    key = Key(Kind.MILESTONE, milestone)
    found = record(event, key)
    assert isinstance(found, Milestone)
    current = found.current
    new = replace(current, date=day, time=clock or current.time, note="extended")
    if (new.date, new.time or time.max) <= (current.date, current.time or time.max):
        raise Impossible("not ascending", milestone)
    return Change((effect(event, key, "history", (*found.history, new)),))


def correct(event: Event, key: Key, field: str, text: str) -> Change:
    """Another text in a field of a record."""
    if field not in FIELDS[key.kind]:
        raise Impossible("no such field", field)
    made = effect(event, key, field, text)
    if made.old == made.new:
        raise Impossible("same", key.id)
    return Change((made,))


def remember(
    event: Event,
    title: str,
    text: str,
    about: tuple[str, ...] = (),
    audience: Audience = Audience.EVERYONE,
) -> Change:
    """A new fact that attendees can ask for, on subjects (ids); its id is the next free one."""
    number = 1
    taken = {i.id for i in event.infos}
    while f"remembered-{number:03}" in taken:
        number += 1
    id_ = f"remembered-{number:03}"
    info = Info(id=id_, text=text, ref=f"{ADDED}{id_}", title=title, about=about, audience=audience)
    return Change((effect(event, Key(Kind.INFO, id_), WHOLE, info),))
