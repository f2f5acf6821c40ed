"""What a change does to an event: fields of records, each from an old value to a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, TypeVar, cast

from bot.event import (
    Appearance,
    Event,
    Info,
    Milestone,
    Moment,
    Occurrence,
    Person,
    Rule,
    Session,
    Status,
    Talk,
    Trace,
)


class Kind(StrEnum):
    """The kind of record that an effect changes."""

    SESSION = "session"
    TALK = "talk"
    PERSON = "person"
    MILESTONE = "milestone"
    RULE = "rule"
    INFO = "info"


Record: TypeAlias = Session | Talk | Person | Milestone | Rule | Info
Value: TypeAlias = (
    str
    | Status
    | tuple[str, ...]
    | tuple[Occurrence, ...]
    | tuple[Appearance, ...]
    | tuple[Moment, ...]
    | Trace
    | Person
    | Info
    | None
)


@dataclass(frozen=True, slots=True)
class Key:
    """Which record: ids are unique within a kind."""

    kind: Kind
    id: str


WHOLE = ""
"""The field of an effect that adds or takes away a whole record; absent, its value is `None`."""

ADDED = "amendments#"
"""How the `ref` of a record begins that no file has."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One field of one record, as it was and as it shall be."""

    key: Key
    field: str
    old: Value
    new: Value

    @property
    def reverse(self) -> Effect:
        """The effect that takes this one back."""
        return replace(self, old=self.new, new=self.old)


@dataclass(frozen=True, slots=True)
class Change:
    """All effects of one verb; none means that it would change nothing.

    `short` are the breaks of which less than half remains, `swallowed` those that are too short
    to take the delay up and move along whole.
    """

    effects: tuple[Effect, ...] = ()
    short: tuple[str, ...] = ()
    swallowed: tuple[str, ...] = ()


def record(event: Event, key: Key) -> Record | None:
    """The record of a key, or `None` if the event has no such record."""
    match key.kind:
        case Kind.SESSION:
            return event.session_by_id.get(key.id)
        case Kind.TALK:
            return event.talk_by_id.get(key.id)
        case Kind.PERSON:
            return event.person_by_id.get(key.id)
        case Kind.MILESTONE:
            milestones = event.call.milestones if event.call else ()
            return next((m for m in milestones if m.id == key.id), None)
        case Kind.RULE:
            rules = event.call.rules if event.call else ()
            return next((r for r in rules if r.id == key.id), None)
        case Kind.INFO:
            return next((i for i in event.infos if i.id == key.id), None)


def value(event: Event, key: Key, field: str) -> Value:
    """What a field of a record holds now; `None` if there is no such record."""
    found = record(event, key)
    if field == WHOLE or found is None:
        assert found is None or isinstance(found, (Person, Info))
        return found
    held: Value = getattr(found, field)
    return held


def effect(event: Event, key: Key, field: str, new: Value) -> Effect:
    """The effect that gives a field of a record a new value."""
    return Effect(key, field, value(event, key, field), new)


def applied(event: Event, effects: Iterable[Effect]) -> Event:
    """The event after effects, in their order; each sets its new value, whatever was there.

    Takes time in proportion to the event once, however many effects there are.
    """
    changed: dict[Kind, dict[str, dict[str, Value]]] = {}
    for e in effects:
        fields = changed.setdefault(e.key.kind, {}).setdefault(e.key.id, {})
        if e.field == WHOLE:
            fields.clear()
        fields[e.field] = e.new
    if not changed:
        return event
    fresh = replace(
        event,
        sessions=_set(event.sessions, changed.get(Kind.SESSION, {})),
        talks=_set(event.talks, changed.get(Kind.TALK, {})),
        people=_grown(event.people, changed.get(Kind.PERSON, {})),
        infos=_grown(event.infos, changed.get(Kind.INFO, {})),
    )
    if event.call is not None:
        milestones = _set(event.call.milestones, changed.get(Kind.MILESTONE, {}))
        rules = _set(event.call.rules, changed.get(Kind.RULE, {}))
        fresh = replace(fresh, call=replace(event.call, milestones=milestones, rules=rules))
    return fresh


_Fields: TypeAlias = Mapping[str, Mapping[str, Value]]
_Row = TypeVar("_Row", Session, Talk, Milestone, Rule)
_Added = TypeVar("_Added", Person, Info)


def _set(rows: tuple[_Row, ...], fields: _Fields) -> tuple[_Row, ...]:
    """Records with new values in the fields that are named for their ids."""
    if not fields:
        return rows
    return tuple(
        replace(r, **fields[r.id]) if r.id in fields else r  # type: ignore[arg-type]
        for r in rows
    )


def _grown(rows: tuple[_Added, ...], fields: _Fields) -> tuple[_Added, ...]:
    """The same, where whole records may come and go too; new ones stand last, by their ids."""
    if not fields:
        return rows
    known = {r.id for r in rows}
    found = [_grow(r, fields.get(r.id, {})) for r in rows]
    nothing: _Added | None = None
    found += [_grow(nothing, fields[i]) for i in sorted(fields.keys() - known)]
    kept = [r for r in found if r is not None]
    return tuple(sorted(kept, key=lambda r: r.id if r.ref.startswith(ADDED) else ""))


def _grow(row: _Added | None, fields: Mapping[str, Value]) -> _Added | None:
    whole = cast("_Added | None", fields.get(WHOLE, row))
    rest = {f: v for f, v in fields.items() if f != WHOLE}
    return replace(whole, **rest) if whole is not None and rest else whole  # type: ignore[arg-type]
