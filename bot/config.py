"""The bot's configuration: which events it serves, where their audiences read, where it keeps things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, field
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
from bot.load.values import Line, Reader, Records, YesNo, shown, whole, wrong
from bot.notices import ORGANIZERS, Routes
from bot.source import Mapping, Scalar, Sequence, Value


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
_LISTEN = re.compile(r"(?:\[([0-9a-fA-F:]+)\]|([^\s:/]+)):([0-9]{1,5})")
_SNOWFLAKE = re.compile(r"[0-9]{17,20}")
_DISCORD_PLACE = re.compile(r"discord:@?[0-9]{1,20}(?:/[0-9]{1,20})?")
_SLACK_ID = re.compile(r"[UWS][A-Z0-9]{1,20}")
_EXPECTED = (
    f"a platform ({', '.join(PLATFORMS)}) and a place of it, such as slack:C123, or slack:@U123 for a"
    " person"
)


_SLACK_PLACE = re.compile(r"slack:(?:[CGD][A-Z0-9]{1,20}(?:/[0-9.]+)?|@[UW][A-Z0-9]{1,20})")


def _address(value: Value) -> str:
    if isinstance(value, Scalar) and is_address(value):
        if value.startswith("slack:") and not _SLACK_PLACE.fullmatch(value):
            raise wrong(
                f"{shown(value)} is no place on Slack",
                "a channel's id (slack:C0123ABCD, at the bottom of its About), or a person's"
                " (slack:@U0123ABCD)",
                value,
            )
        if value.startswith("discord:") and not _DISCORD_PLACE.fullmatch(value):
            raise wrong(
                f"{shown(value)} is no place on Discord",
                "a channel's id (discord: and 17 to 20 digits, as Copy Channel ID gives them), or a"
                " person's behind an @",
                value,
            )
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


def _section(value: Value) -> Value:
    """A map of further keys, which comes through the door by itself; nothing stands for none."""
    if isinstance(value, Mapping) or value == "":
        return value
    raise wrong(f"{shown(value)} in place of a map", "keys and values")


Section = Annotated[object, Reader(plain(_section))]


def _listen(value: Value) -> tuple[str, int]:
    found = _LISTEN.fullmatch(value) if isinstance(value, Scalar) else None
    if found is None or not 0 < int(found[3]) < 2**16:
        raise wrong(f"{shown(value)} is nowhere to listen", "a host and a port: 127.0.0.1:3000")
    return found[1] or found[2], int(found[3])


def _command(value: Value) -> str:
    if isinstance(value, Scalar) and _COMMAND.fullmatch(value):
        return str(value)
    raise wrong(
        f"{shown(value)} is not a slash command",
        "a slash and at most 31 small letters, digits and hyphens: /kbnets",
    )


def _snowflake(value: Value) -> int:
    """An id of Discord's (discord-api-docs: snowflakes)."""
    if isinstance(value, Scalar) and _SNOWFLAKE.fullmatch(value):
        return int(value)
    raise wrong(
        f"{shown(value)} is no id of Discord's",
        "17 to 20 digits, as Copy ID gives them (Settings, Advanced, Developer Mode)",
        value,
    )


def _snowflakes(value: Value) -> tuple[int, ...]:
    listed = value if isinstance(value, Sequence) else [value]
    return tuple(dict.fromkeys(_snowflake(each) for each in listed))


def _pings(value: Value) -> dict[str, int]:
    return {name: _snowflake(given) for name, given in _names(value, "audiences with their roles")}


def _slack_ids(value: Value) -> tuple[str, ...]:
    listed = value if isinstance(value, Sequence) else [value]
    for each in listed:
        if not isinstance(each, Scalar) or not _SLACK_ID.fullmatch(each):
            raise wrong(
                f"{shown(each)} is no id of Slack's",
                "that of a person (U…) or of a user group (S…), as their profile's menu copies it",
                each,
            )
    return tuple(dict.fromkeys(str(each) for each in listed))


class ConfigShape(Shape):
    """The top of the configuration."""

    called: ClassVar = "the configuration"

    store: Line = "workshop-bot.sqlite"
    slack: Section = ""
    events: Records


class SlackShape(Shape):
    """How Slack is connected."""

    called: ClassVar = "slack"

    listen: Annotated[tuple[str, int] | None, Reader(plain(_listen), idle=True)] = None
    posts_per_minute: Annotated[int, whole(100_000, "posts")] = 300


class EventSlackShape(Shape):
    """What of Slack belongs to an event."""

    called: ClassVar = "the slack of an event"

    command: Annotated[str, Reader(plain(_command), idle=True)] = ""
    organizers: Annotated[tuple[str, ...], Reader(plain(_slack_ids), idle=True)] = ()


class EventDiscordShape(Shape):
    """What of Discord belongs to an event."""

    called: ClassVar = "the discord of an event"

    server: Annotated[int, Reader(plain(_snowflake))]
    organizers: Annotated[tuple[int, ...], Reader(plain(_snowflakes), idle=True)] = ()
    pings: Annotated[dict[str, int], Reader(plain(_pings), idle=True)] = Field(default_factory=dict)
    scheduled_events: YesNo = False


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
    slack: Section = ""
    discord: Section = ""


@dataclass(frozen=True, slots=True)
class DiscordServed:
    """What of Discord belongs to an event: its server, and the roles that posts of a channel ping.

    `scheduled` is whether its sessions stand among the server's events.
    """

    server: int
    pings: Mapping_[str, int] = field(default_factory=dict)
    scheduled: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """An event that is served: its folder, and where what it brings goes.

    `commands` are its slash commands by platform; its `organizers` are addresses of people and of
    groups, such as `slack:U123`.
    """

    folder: Path
    routes: Routes
    commands: Mapping_[str, str] = field(default_factory=dict)
    organizers: frozenset[str] = frozenset()
    discord: DiscordServed | None = None

    @property
    def places(self) -> frozenset[str]:
        """The addresses where the event is at home."""
        return frozenset(a for places in self.routes.audiences.values() for a in places)


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """How Slack is connected: by HTTP where something may `listen`, else by a socket."""

    listen: tuple[str, int] | None = None
    posts_per_minute: int = 300


@dataclass(frozen=True, slots=True)
class Config:
    """What the bot serves, and the store that it keeps everything in (a path or a URL)."""

    store: str
    events: tuple[Served, ...]
    slack: SlackConfig | None = None


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
        _served(here, node, each, door) for node, each in door.admitted(top, "events", EventShape)
    )
    _told_apart(top, events, door)
    slack = _slack(top, door)
    if slack is None and any("slack" in each.commands for each in events):
        slack = SlackConfig()
    if shape is not None and not events and not door.mistakes:
        door.refuse(top["events"], "no events", "at least one")
    if door.mistakes or shape is None:
        raise BadData(sorted(set(door.mistakes)))
    store = shape.store if "://" in shape.store else str(here / shape.store)
    return Config(store, events, slack)


def _served(here: Path, node: Mapping, shape: EventShape, door: Door) -> Served:
    routes = Routes(shape.audiences, shape.people)
    inner = node.get("slack")
    slack = door.admit(EventSlackShape, inner) if isinstance(inner, Mapping) else None
    commands = {"slack": slack.command} if slack and slack.command else {}
    organizers = {f"slack:{id_}" for id_ in slack.organizers} if slack else set()
    discord, roles = _discord(node, shape, door)
    organizers |= {f"discord:{role}" for role in roles}
    return Served(here / shape.folder, routes, commands, frozenset(organizers), discord)


def _discord(
    node: Mapping, event: EventShape, door: Door
) -> tuple[DiscordServed | None, tuple[int, ...]]:
    """What of Discord belongs to an event, and the roles of its organizers."""
    inner = node.get("discord")
    shape = door.admit(EventDiscordShape, inner) if isinstance(inner, Mapping) else None
    if shape is None or not isinstance(inner, Mapping):
        return None, ()
    pings: dict[str, int] = {}
    for audience, role in shape.pings.items():
        places = [a for a in event.audiences.get(audience, ()) if a.startswith("discord:")]
        if not places:
            what = f"the audience {audience} reads nowhere on Discord"
            door.refuse(inner["pings"], what, "one of this event's audiences that does")
        pings |= {a.removeprefix("discord:").partition("/")[0]: role for a in places}
    return DiscordServed(shape.server, pings, shape.scheduled_events), shape.organizers


def _told_apart(top: Mapping, events: tuple[Served, ...], door: Door) -> None:
    """Refuse a slash command of two events: nobody could tell which one is meant."""
    given = [each.commands["slack"] for each in events if "slack" in each.commands]
    for command in {c for c in given if given.count(c) > 1}:
        door.refuse(top["events"], f"{command} is the command of two events", "one for each")


def _slack(top: Mapping, door: Door) -> SlackConfig | None:
    node = top.get("slack")
    if "slack" not in top:
        return None
    if not isinstance(node, Mapping):
        return SlackConfig()
    shape = door.admit(SlackShape, node)
    if shape is None:
        return None
    if shape.posts_per_minute == 0:
        door.refuse(node["posts_per_minute"], "no posts a minute", "at least 1")
    return SlackConfig(shape.listen, shape.posts_per_minute)


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
