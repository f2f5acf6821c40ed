"""The bot's configuration: which events it serves, where their audiences read, where it keeps things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic_core.core_schema import no_info_plain_validator_function as plain

from bot.chat import PLATFORMS, is_address
from bot.errors import BadData, Mistake
from bot.event import Event, SlotReminder
from bot.load.door import Door, Shape
from bot.load.files import read
from bot.load.near import suggest
from bot.load.values import Line, Reader, Records, shown, wrong
from bot.notices import ORGANIZERS, Routes
from bot.source import Mapping, Scalar, Sequence, Value


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EXPECTED = (
    f"a platform ({', '.join(PLATFORMS)}) and a place of it, such as slack:C123, or slack:@U123 for a"
    " person"
)


def _address(value: Value) -> str:
    if isinstance(value, Scalar) and is_address(value):
        return str(value)
    raise wrong(f"{shown(value)} is not an address", _EXPECTED, value)


def _names(value: Value, called: str) -> Iterator[tuple[str, Value]]:
    if not isinstance(value, Mapping):
        raise wrong(f"{shown(value)} in place of {called}", f"a map of {called}")
    for name, given in value.items():
        if not _ID.fullmatch(name):
            raise wrong(
                f"{shown(name)} is not an id", "small letters, digits and single hyphens", given
            )
        yield name, given


def _audiences(value: Value) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, given in _names(value, "audiences with their places"):
        listed = given if isinstance(given, Sequence) else [given]
        found[name] = tuple(dict.fromkeys(_address(each) for each in listed))
    return found


def _people(value: Value) -> dict[str, str]:
    named = _names(value, "people with their addresses")
    return {name: _person(given) for name, given in named}


def _person(value: Value) -> str:
    address = _address(value)
    if ":@" not in address:
        raise wrong(
            f"{shown(value)} is not a person's address", "one with an @, such as slack:@U123", value
        )
    return address


class ConfigShape(Shape):
    """The top of the configuration."""

    called: ClassVar = "the configuration"

    store: Line = "workshop-bot.sqlite"
    events: Records


class EventShape(Shape):
    """An event that is served."""

    called: ClassVar = "an event of the configuration"

    folder: Line
    audiences: Annotated[dict[str, tuple[str, ...]], Reader(plain(_audiences), idle=True)] = Field(
        default_factory=dict
    )
    people: Annotated[dict[str, str], Reader(plain(_people), idle=True)] = Field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class Served:
    """An event that is served: its folder, and where what it brings goes."""

    folder: Path
    routes: Routes


@dataclass(frozen=True, slots=True)
class Config:
    """What the bot serves, and the store that it keeps everything in (a path or a URL)."""

    store: str
    events: tuple[Served, ...]


def configured(path: Path) -> Config:
    """The configuration of a file; paths in it are meant from its folder.

    Raises `BadData` with all that is wrong with it.
    """
    document = read(path, path.name)
    door = Door("en", list(document.mistakes))
    top = document.root
    if not isinstance(top, Mapping):
        if not door.mistakes:
            door.mistakes.append(Mistake(path.name, 1, "the file is not a map", "keys and values"))
        raise BadData(sorted(set(door.mistakes)))
    shape = door.admit(ConfigShape, top)
    here = path.parent
    events = tuple(
        Served(here / each.folder, Routes(each.audiences, each.people))
        for _, each in door.admitted(top, "events", EventShape)
    )
    if shape is not None and not events and not door.mistakes:
        door.refuse(top["events"], "no events", "at least one")
    if door.mistakes or shape is None:
        raise BadData(sorted(set(door.mistakes)))
    store = shape.store if "://" in shape.store else str(here / shape.store)
    return Config(store, events)


def unserved(event: Event, routes: Routes) -> Iterator[str]:
    """What an event's reminders and a configuration don't agree on, each as a sentence."""
    used = {audience for r in event.reminders for audience in r.to}
    for audience in sorted(used - routes.audiences.keys()):
        rules = ", ".join(r.id for r in event.reminders if audience in r.to)
        near = suggest(audience, routes.audiences)
        yield f"No place is named for the audience {audience}{near}, so {_goes(rules)} nowhere."
    for audience in sorted(routes.audiences.keys() - used - {ORGANIZERS}):
        yield f"No reminder goes to the audience {audience}."
    for person in sorted(routes.people.keys() - event.person_by_id.keys()):
        yield f"The event knows no person {person}{suggest(person, event.person_by_id)}."
    if routes.people and not any(isinstance(r, SlotReminder) for r in event.reminders):
        yield "People have addresses, but no reminder is about people."


def _goes(rules: str) -> str:
    return f"{rules} {'go' if ',' in rules else 'goes'}"
