"""The event as it stands: the accepted files, all that was changed since, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.amend.effects import Effect, Key, Kind, Value, applied, value
from bot.event import Event, Info, Person


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
    """One event as it stands, whole and immutable; the sequence number rises with every change."""

    number: int
    accepted: Event
    event: Event
    log: tuple[Amendment, ...] = ()

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


def replayed(number: int, accepted: Event, log: Iterable[Amendment]) -> Edition:
    """The edition that accepted files and a log give; it has the number given."""
    kept = tuple(log)
    event = applied(accepted, [e for amendment in kept for e in amendment.effects])
    return Edition(number, accepted, event, kept)


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
        held = []
        for e in amendment.effects:
            field = "occurrences" if e.field == "trace" else e.field
            if (e.key, field) in done:
                closed.append(e)
            elif value(event, e.key, e.field) == e.old:
                held.append(e)
            else:
                unfit.append(e)
        event = applied(event, held)
        if held:
            kept.append(replace(amendment, effects=tuple(held)))
    return Met(tuple(kept), tuple(closed), tuple(unfit))


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
    of its change; and nobody is taken away who appears somewhere else since.
    """
    back = [e.reverse for e in reversed(amendment.effects)]
    lost = {e for e in back if value(event, e.key, e.field) != e.old}
    if any(e.field == "talks" for e in lost):
        return Undone((), tuple(back))
    untimed = {e.key for e in lost if e.field == "occurrences"}
    lost |= {e for e in back if e.key in untimed and e.field in ("trace", "status")}
    after = applied(event, [e for e in back if e not in lost])
    lost |= {
        e
        for e in back
        if e.key.kind == Kind.PERSON and e.new is None and after.appearances.get(e.key.id)
    }
    return Undone(tuple(e for e in back if e not in lost), tuple(e for e in back if e in lost))
