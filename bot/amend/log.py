"""The event as it stands: the accepted files, all that was changed since, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.amend.effects import WHOLE, Effect, Key, Kind, Value, applied, record, value
from bot.event import Appearance, Event, Info, Person, Session, Status, Talk


@dataclass(frozen=True, slots=True)
class Amendment:
    """A verb that was confirmed: who said what when (aware), and what it did.

    `undoes` is the number of the amendment that it takes back; 0 if it is none.
    """

    number: int
    by: str
    at: datetime
    said: str
    effects: tuple[Effect, ...]
    undoes: int = 0


@dataclass(frozen=True)
class Edition:
    """One event as it stands, whole and immutable; the sequence number rises with every change.

    `since` (aware) is when its files were accepted, if they were.
    """

    number: int
    accepted: Event
    event: Event
    log: tuple[Amendment, ...] = ()
    since: datetime | None = None

    @property
    def next_amendment(self) -> int:
        """The number of the amendment that comes next."""
        return self.log[-1].number + 1 if self.log else 1


@dataclass(frozen=True, slots=True)
class Undone:
    """The effects that take an amendment back, and those of it that something overwrote since."""

    effects: tuple[Effect, ...]
    left: tuple[Effect, ...]


def amended(edition: Edition, amendment: Amendment) -> Edition:
    """The edition behind one more amendment."""
    return replace(
        edition,
        number=edition.number + 1,
        event=applied(edition.event, amendment.effects),
        log=(*edition.log, amendment),
    )


def replayed(
    number: int, accepted: Event, log: Iterable[Amendment], since: datetime | None = None
) -> Edition:
    """The edition that accepted files and a log give; it has the number given."""
    kept = tuple(log)
    event = applied(accepted, [e for amendment in kept for e in amendment.effects])
    return Edition(number, accepted, event, kept, since)


@dataclass(frozen=True, slots=True)
class Met:
    """What becomes of a log when new files come.

    `kept` are the amendments with the effects that still apply, `closed` the effects that the
    files have by now, `unfit` those whose field the files have changed in another way.
    """

    kept: tuple[Amendment, ...]
    closed: tuple[Effect, ...]
    unfit: tuple[Effect, ...]


def meeting(files: Event, log: Iterable[Amendment]) -> Met:
    """How a log meets new files: where they have the old value, a change stays in force.

    What tells of a new time goes with the time.
    """
    amendments = tuple(log)
    done = _in_files(files, amendments)
    event = files
    kept: list[Amendment] = []
    closed: list[Effect] = []
    unfit: list[Effect] = []
    for amendment in amendments:
        mine, here = _fitting(event, amendment.effects, done)
        whole = any(e.field == "talks" for e in amendment.effects)  # an order holds or falls whole
        missing = len(mine) + len(here) < len(amendment.effects)
        if (whole and mine and (missing or here)) or not sound(applied(event, mine)):
            unfit += mine
            mine = []
        closed += here
        unfit += [
            e for e in amendment.effects if e not in mine and e not in here and e not in unfit
        ]
        event = applied(event, mine)
        if mine:
            kept.append(replace(amendment, effects=tuple(mine)))
    return Met(tuple(kept), tuple(closed), tuple(unfit))


def _fitting(
    event: Event, effects: Iterable[Effect], done: set[tuple[Key, str]]
) -> tuple[list[Effect], list[Effect]]:
    """Of effects those that apply to an event, and those that its files have by now."""
    held: list[Effect] = []
    here: list[Effect] = []
    timed: dict[Key, list[Effect] | None] = {}
    for e in effects:
        fate: list[Effect] | None
        if e.field in ("trace", "status") and e.key in timed:
            fate = timed[e.key]
        elif (e.key, e.field) in done:
            fate = here
        elif e.field != WHOLE and record(event, e.key) is None:
            fate = None
        else:
            fate = held if value(event, e.key, e.field) == e.old else None
        if e.field in ("occurrences", "people", "chairs", "talks"):
            timed[e.key] = fate
        if fate is not None:
            fate.append(e)
    return held, here


def sound(event: Event) -> bool:
    """Whether all that an event's program points at is there, and every talk in one session."""
    listed = [t for s in event.sessions for t in s.talks]
    if sorted(listed) != sorted(t.id for t in event.talks):
        return False
    if any(t.id not in event.session_by_id[t.session].talks for t in event.talks):
        return False
    rows: list[Session | Talk] = [*event.sessions, *event.talks]
    rooms = {r for row in rows for o in row.occurrences for r in o.rooms}
    if not rooms <= event.room_by_id.keys():
        return False
    return event.appearances.keys() <= event.person_by_id.keys()


def _in_files(files: Event, log: Iterable[Amendment]) -> set[tuple[Key, str]]:
    """The fields of records that a log changes, and that files have as it leaves them."""
    first: dict[tuple[Key, str], Value] = {}
    last: dict[tuple[Key, str], Value] = {}
    for e in (e for amendment in log for e in amendment.effects):
        first.setdefault((e.key, e.field), e.old)
        last[e.key, e.field] = e.new
    return {
        (key, field)
        for (key, field), new in last.items()
        if new != first[key, field] and _alike(value(files, key, field), new)
    }


def _alike(one: Value, other: Value) -> bool:
    """Whether two values are the same, wherever the records that they may be stand."""
    if isinstance(one, (Person, Info)) and isinstance(other, (Person, Info)):
        return replace(one, ref="") == replace(other, ref="")
    return one == other


def _with_trace(event: Event, e: Effect) -> Effect:
    """The reverse of a cancellation, with the status that the record's trace calls for."""
    found = record(event, e.key)
    if e.field != "status" or e.old != Status.CANCELLED or not isinstance(found, (Session, Talk)):
        return e
    return replace(e, new=Status.MOVED if found.trace else Status.PLANNED)


def standing(log: Iterable[Amendment]) -> tuple[Amendment, ...]:
    """The amendments that nobody has taken back; one whose undoing was undone stands again."""
    back: set[int] = set()
    found = []
    for a in reversed(tuple(log)):
        if a.number not in back:
            found.append(a)
            if a.undoes:
                back.add(a.undoes)
    return tuple(reversed(found))


def undoing(event: Event, amendment: Amendment) -> Undone:
    """What takes an amendment back: its effects that are still in place, the last one first.

    What belongs together goes together: a time with what tells of it, an order of talks with all
    of its change; nobody is taken away who appears somewhere else since, nor brought back who is
    known no more.
    """
    back = [e.reverse for e in reversed(amendment.effects)]
    lost = {e for e in back if value(event, e.key, e.field) != e.old}
    if any(e.field == "talks" for e in lost):
        return Undone((), tuple(back))
    untimed = {e.key for e in lost if e.field == "occurrences"}
    lost |= {e for e in back if e.key in untimed and e.field in ("trace", "status")}
    back = [_with_trace(event, e) for e in back]
    after = applied(event, [e for e in back if e not in lost])
    lost |= {
        e
        for e in back
        if e.key.kind == Kind.PERSON and e.new is None and after.appearances.get(e.key.id)
    }
    lost |= {e for e in back if not _known(e) <= after.person_by_id.keys()}
    return Undone(tuple(e for e in back if e not in lost), tuple(e for e in back if e in lost))


def _known(e: Effect) -> set[str]:
    """The people who must be known for an effect."""
    new = e.new if isinstance(e.new, tuple) else ()
    return {a.person for a in new if isinstance(a, Appearance)}
