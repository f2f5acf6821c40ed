"""Amendments as JSON and back, for whoever keeps them: every value says what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.amend.effects import Effect, Key, Kind, Value
from bot.amend.log import Amendment
from bot.event import Appearance, Audience, Info, Moment, Occurrence, Person, Role, Status, Trace


Json: TypeAlias = Any
"""What `json` reads and writes: maps, lists, texts, numbers, truth values and `None`."""


def to_json(amendment: Amendment) -> dict[str, Json]:
    """An amendment as plain values; instants with their offset from UTC."""
    return {
        "number": amendment.number,
        "by": amendment.by,
        "at": amendment.at.isoformat(),
        "said": amendment.said,
        "undoes": amendment.undoes,
        "effects": [
            [e.key.kind.value, e.key.id, e.field, _plain(e.old), _plain(e.new)]
            for e in amendment.effects
        ],
    }


def from_json(raw: Mapping[str, Json], zone: ZoneInfo) -> Amendment:
    """The amendment that `to_json` made plain; its times are those of the event's zone."""
    return Amendment(
        number=raw["number"],
        by=raw["by"],
        at=_instant(raw["at"], zone),
        said=raw["said"],
        effects=tuple(
            Effect(Key(Kind(kind), id_), field, _value(old, zone), _value(new, zone))
            for kind, id_, field, old, new in raw["effects"]
        ),
        undoes=raw["undoes"],
    )


def _plain(value: Value) -> Json:
    match value:
        case None:
            return None
        case Status():
            return {"status": value.value}
        case str():
            return value
        case Trace(was, at, instead, swapped):
            return {"trace": [_plain(was), at.isoformat(), instead, swapped]}
        case Person():
            names = ("id", "name", "ref", "bio", "bio_summary")
            return {"person": {n: getattr(value, n) for n in names} | {"aliases": value.aliases}}
        case Info():
            texts = ("id", "text", "ref", "title", "parent")
            lists = ("about", "tags", "permits", "forbids")
            held = {n: getattr(value, n) for n in (*texts, *lists)}
            return {"info": held | {"audience": value.audience.value, "stated": value.stated}}
        case _:
            return [_item(v) for v in value]


def _item(item: str | Occurrence | Appearance | Moment) -> Json:
    match item:
        case str():
            return item
        case Occurrence(start, end, rooms):
            return {"from": start.isoformat(), "to": end and end.isoformat(), "rooms": rooms}
        case Appearance(person, role, affiliations):
            return {"person": person, "role": role.value, "affiliations": affiliations}
        case Moment(day, clock, zone, note):
            held = {"date": day.isoformat(), "time": clock and clock.isoformat()}
            return held | {"zone": zone, "note": note}


def _value(raw: Json, zone: ZoneInfo) -> Value:
    match raw:
        case None | str():
            return raw
        case {"status": status}:
            return Status(status)
        case {"trace": [was, at, instead, swapped]}:
            occurrences = tuple(_occurrence(o, zone) for o in was)
            return Trace(occurrences, _instant(at, zone), tuple(instead), swapped)
        case {"person": dict(held)}:
            return Person(**{k: _frozen(v) for k, v in held.items()})
        case {"info": dict(held)}:
            kept = {k: _frozen(v) for k, v in held.items()}
            return Info(**kept | {"audience": Audience(held["audience"])})
        case _:
            return _items(raw, zone)


def _items(raw: Sequence[Json], zone: ZoneInfo) -> Value:
    match raw:
        case [{"from": _}, *_]:
            return tuple(_occurrence(o, zone) for o in raw)
        case [{"person": _}, *_]:
            return tuple(
                Appearance(a["person"], Role(a["role"]), tuple(a["affiliations"])) for a in raw
            )
        case [{"date": _}, *_]:
            return tuple(
                Moment(
                    date.fromisoformat(m["date"]),
                    m["time"] and time.fromisoformat(m["time"]),
                    m["zone"],
                    m["note"],
                )
                for m in raw
            )
        case _:
            return tuple(raw)


def _occurrence(raw: Mapping[str, Json], zone: ZoneInfo) -> Occurrence:
    end = raw["to"] and _instant(raw["to"], zone)
    return Occurrence(_instant(raw["from"], zone), end, tuple(raw["rooms"]))


def _instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)


def _frozen(value: Json) -> Json:
    return tuple(value) if isinstance(value, list) else value
