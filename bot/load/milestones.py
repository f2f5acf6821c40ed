"""The dates of the call, each with its whole history."""

from collections.abc import Iterator
from datetime import date, time
from itertools import pairwise
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from bot.event import Milestone, MilestoneKind, Moment, ZoneOrigin
from bot.load.door import Door, Shape
from bot.load.ids import Ids
from bot.load.times import check_weekday, moment
from bot.load.values import (
    Clock,
    Date,
    DeadlineZone,
    Id,
    Line,
    Lines,
    Pointer,
    Pointers,
    Records,
    Text,
    Weekday,
    one_of,
)
from bot.load.zones import AOE
from bot.source import Mapping, Scalar, Sequence


class MilestoneShape(Shape):
    """A milestone."""

    called: ClassVar = "a milestone"

    id: Id
    kind: Annotated[MilestoneKind, one_of(MilestoneKind, "a kind of milestone")]
    label: Line
    dates: Records
    aliases: Lines = ()
    zone_origin: Annotated[ZoneOrigin | None, one_of(ZoneOrigin, "an origin of the zone")] = None
    tracks: Pointers = ()
    track: Pointer | None = None
    cycle: Pointer | None = None


class DateShape(Shape):
    """One date of a milestone's history."""

    called: ClassVar = "a milestone's date"

    date: Date
    weekday: Weekday = ""
    time: Clock | None = None
    zone: DeadlineZone = ""
    note: Text = ""


def milestones(door: Door, ids: Ids, tops: list[Mapping]) -> Iterator[Milestone]:
    """The milestones of all files."""
    for top in tops:
        for node, shape in door.children(top, "milestones", MilestoneShape):
            history = _history(door, node)
            if shape is not None:
                yield Milestone(
                    id=str(shape.id),
                    label=shape.label,
                    kind=shape.kind,
                    ref=f"{node.file}#{shape.id}",
                    history=history,
                    tracks=ids.refer_all("track", _tracks(door, node, shape)),
                    cycle=ids.refer("cycle", shape.cycle) if shape.cycle else "",
                    aliases=shape.aliases,
                    zone_origin=_zone_origin(door, node, shape.zone_origin, history),
                )


def _tracks(door: Door, node: Mapping, shape: MilestoneShape) -> tuple[Scalar, ...]:
    """The tracks of a milestone; one that has a single track may name just that."""
    if shape.track is None:
        return shape.tracks
    if shape.tracks:
        door.refuse(node.key("track"), "track beside tracks", "tracks to hold all of it")
    return (shape.track, *shape.tracks)


def _history(door: Door, node: Mapping) -> tuple[Moment, ...]:
    """The dates in their order, each later than the one it replaced."""
    dates = node.get("dates")
    if isinstance(dates, Sequence) and not dates:
        door.refuse(dates, "a milestone without dates", "at least one date")
    found = [
        (_moment(door, at, shape), at) for at, shape in door.admitted(node, "dates", DateShape)
    ]
    for (before, _), (after, at) in pairwise(found):
        if _order(after) <= _order(before):
            what = f"{_show(after)} does not come after {_show(before)}, which it replaces"
            door.refuse(at["date"], what, "dates that ascend; the last is the one in force")
    return tuple(moment for moment, _ in found)


def _moment(door: Door, at: Mapping, shape: DateShape) -> Moment:
    check_weekday(door, shape.date, shape.weekday, at.get("weekday", at))
    if shape.time is not None and shape.zone not in ("", AOE):
        moment(door, shape.date, shape.time, ZoneInfo(shape.zone), at["time"])
    return Moment(shape.date, shape.time, shape.zone, shape.note)


def _order(moment: Moment) -> tuple[date, time]:
    return moment.date, moment.time or time.max


def _show(moment: Moment) -> str:
    return f"{moment.date} {moment.time:%H:%M}" if moment.time else str(moment.date)


def _zone_origin(
    door: Door, node: Mapping, given: ZoneOrigin | None, history: tuple[Moment, ...]
) -> ZoneOrigin:
    """Where the zone is known from; a file that names one states it unless it says otherwise."""
    has_zone = any(moment.zone for moment in history)
    if given is None:
        return ZoneOrigin.STATED if has_zone else ZoneOrigin.NOT_STATED
    if history and has_zone == (given is ZoneOrigin.NOT_STATED):
        what = f'zone_origin is "{given}" and ' + (
            "a date has a zone" if has_zone else "no date has a zone"
        )
        door.refuse(node["zone_origin"], what, "a zone with an origin, or neither")
    return given
