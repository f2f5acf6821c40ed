"""event.yaml: the event itself, its days and rooms; and links, wherever they stand."""

from datetime import datetime, time
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from bot.event import Audience, Day, Event, Link, Room, ZoneOrigin
from bot.load.door import Door, Shape
from bot.load.times import Calendar, check_weekday
from bot.load.values import (
    Date,
    Id,
    Language,
    Line,
    Lines,
    Records,
    Text,
    Url,
    Weekday,
    Zone,
    one_of,
)
from bot.load.zones import refusal
from bot.source import Mapping, Scalar


class EventShape(Shape):
    """The top of event.yaml."""

    called: ClassVar = "the event"

    id: Id
    name: Line
    zone: Zone
    zone_origin: Annotated[
        ZoneOrigin, one_of(ZoneOrigin, "an origin of the zone", but=(ZoneOrigin.NOT_STATED,))
    ] = ZoneOrigin.STATED
    short: Line = ""
    aliases: Lines = ()
    language: Language = "en"
    series: Line = ""
    parent: Line = ""
    venue: Line = ""
    city: Line = ""
    summary: Text = ""
    days: Records = ()
    rooms: Records = ()
    links: Records = ()


class DayShape(Shape):
    """A day of the event."""

    called: ClassVar = "a day"

    date: Date
    weekday: Weekday = ""
    label: Line = ""


class RoomShape(Shape):
    """A room."""

    called: ClassVar = "a room"

    id: Id
    name: Line
    building: Line = ""
    aliases: Lines = ()


class LinkShape(Shape):
    """A link of the event, a session or a talk."""

    called: ClassVar = "a link"

    kind: Id
    url: Url
    audience: Annotated[Audience, one_of(Audience, "an audience")] = Audience.EVERYONE
    valid_from: Date | None = None


def language(tops: list[Mapping]) -> str:
    """The language whose texts are shown, which is needed before anything else can be read."""
    given = tops[0].get("language") if tops else None
    return str(given) if isinstance(given, Scalar) and given else "en"


def read(door: Door, tops: list[Mapping]) -> tuple[Event | None, Calendar]:
    """The event without its other parts, and the calendar by which those are read.

    There is a calendar even if there are mistakes, for the sake of finding those in other files.
    """
    if not tops:
        return None, Calendar(ZoneInfo("UTC"), None)
    top = tops[0]
    shape = door.admit(EventShape, top)
    zone = _zone(top)
    rooms = _rooms(door, top)
    days, calendar = _days(door, top, zone)
    listed = links(door, top, top.file, zone)
    if shape is None:
        return None, calendar
    event = Event(
        id=str(shape.id),
        name=shape.name,
        short=shape.short or shape.name,
        zone=zone,
        zone_origin=shape.zone_origin,
        ref=top.file,
        series=shape.series,
        parent=shape.parent,
        venue=shape.venue,
        city=shape.city,
        aliases=shape.aliases,
        days=days,
        summary=shape.summary,
        rooms=rooms,
        links=listed,
    )
    return event, calendar


def links(door: Door, node: Mapping, ref: str, zone: ZoneInfo) -> tuple[Link, ...]:
    """The links of a record; one that is valid from a day on is so from its midnight."""
    found = []
    for _, shape in door.admitted(node, "links", LinkShape):
        day = shape.valid_from
        start = None if day is None else datetime.combine(day, time(), tzinfo=zone)
        found.append(Link(str(shape.kind), shape.url, ref, shape.audience, start))
    return tuple(found)


def _zone(top: Mapping) -> ZoneInfo:
    given = top.get("zone")
    known = isinstance(given, Scalar) and refusal(given) is None
    return ZoneInfo(str(given) if known else "UTC")


def _rooms(door: Door, top: Mapping) -> tuple[Room, ...]:
    return tuple(
        Room(str(shape.id), shape.name, f"{top.file}#{shape.id}", shape.building, shape.aliases)
        for _, shape in door.admitted(top, "rooms", RoomShape)
    )


def _days(door: Door, top: Mapping, zone: ZoneInfo) -> tuple[tuple[Day, ...], Calendar]:
    days: list[Day] = []
    whole = True
    for node, shape in door.children(top, "days", DayShape):
        if shape is None:
            whole = False
            continue
        check_weekday(door, shape.date, shape.weekday, node.get("weekday", node))
        if any(shape.date == day.date for day in days):
            door.refuse(node["date"], f"the day {shape.date} is given twice", "every day once")
        else:
            days.append(Day(shape.date, shape.label))
    dates = tuple(day.date for day in days)
    return tuple(days), Calendar(zone, dates if whole else None)
