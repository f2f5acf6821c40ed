"""reminders.yaml: what the bot posts by itself, to whom and when."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict

from bot.event import (
    DayReminder,
    ExtensionReminder,
    MilestoneKind,
    MilestoneReminder,
    Reminder,
    Role,
    SessionKind,
    SessionReminder,
    SlotReminder,
)
from bot.load.door import Door, Shape
from bot.load.values import Clock, Id, OneOrMoreIds, Records, each_once, one_of, whole
from bot.source import Mapping


_MINUTES: Final = whole(7 * 24 * 60, "minutes")
_DAYS: Final = whole(365, "days")
_IN_NO_SLOT: Final = (Role.ORGANIZER, Role.MEMBER)


class About(StrEnum):
    """What a reminder can be about."""

    SESSIONS = "sessions"
    DAY = "day"
    MILESTONES = "milestones"
    EXTENSIONS = "extensions"
    PEOPLE = "people"


class RemindersShape(Shape):
    """The top of reminders.yaml."""

    called: ClassVar = "reminders.yaml"

    reminders: Records = ()


class ReminderShape(Shape):
    """A reminder; what it is about decides what else it has."""

    called: ClassVar = "a reminder"

    id: Id
    about: Annotated[About, one_of(About, "what a reminder can be about")]


class UnclearShape(ReminderShape):
    """A reminder that doesn't say what it is about, so that no key of it can be judged."""

    model_config = ConfigDict(extra="ignore")


class PostedShape(ReminderShape):
    """A reminder that is posted where many read."""

    to: OneOrMoreIds


class SessionsShape(PostedShape):
    """A reminder about sessions."""

    called: ClassVar = "a reminder about sessions"

    kinds: Annotated[tuple[SessionKind, ...], each_once(one_of(SessionKind, "a kind of session"))]
    minutes_before: Annotated[int, _MINUTES] = 0


class DayShape(PostedShape):
    """A reminder about the day."""

    called: ClassVar = "a reminder about the day"

    at: Clock


class MilestonesShape(PostedShape):
    """A reminder about milestones."""

    called: ClassVar = "a reminder about milestones"

    days_before: Annotated[tuple[int, ...], each_once(_DAYS)]
    at: Clock
    kinds: Annotated[
        tuple[MilestoneKind, ...],
        each_once(one_of(MilestoneKind, "a kind of milestone"), empty=True),
    ] = ()


class ExtensionsShape(PostedShape):
    """A reminder about extensions."""

    called: ClassVar = "a reminder about extensions"


class PeopleShape(ReminderShape):
    """A reminder about people, which goes to each of them alone."""

    called: ClassVar = "a reminder about people"

    roles: Annotated[
        tuple[Role, ...], each_once(one_of(Role, "a role on the program", but=_IN_NO_SLOT))
    ]
    minutes_before: Annotated[int, _MINUTES]


_SHAPES: Final[dict[str, type[ReminderShape]]] = {
    About.SESSIONS: SessionsShape,
    About.DAY: DayShape,
    About.MILESTONES: MilestonesShape,
    About.EXTENSIONS: ExtensionsShape,
    About.PEOPLE: PeopleShape,
}


def read(door: Door, tops: list[Mapping]) -> Iterator[Reminder]:
    """The reminders of all files."""
    for top in tops:
        door.admit(RemindersShape, top)
        for node in door.maps(top, "reminders", ReminderShape):
            shape = door.admit(_shape(node), node)
            if shape is not None:
                yield _reminder(shape, f"{node.file}#{shape.id}")


def _shape(node: Mapping) -> type[ReminderShape]:
    """The shape that a reminder must have, by what it says it is about."""
    about = node.get("about")
    return _SHAPES.get(about, UnclearShape) if isinstance(about, str) else UnclearShape


def _reminder(shape: ReminderShape, ref: str) -> Reminder:
    id_ = str(shape.id)
    to = tuple(map(str, shape.to)) if isinstance(shape, PostedShape) else ()
    match shape:
        case SessionsShape():
            before = timedelta(minutes=shape.minutes_before)
            return SessionReminder(id_, ref, to, shape.kinds, before)
        case DayShape():
            return DayReminder(id_, ref, to, shape.at)
        case MilestonesShape():
            days = tuple(sorted(shape.days_before, reverse=True))
            return MilestoneReminder(id_, ref, to, days, shape.at, shape.kinds)
        case ExtensionsShape():
            return ExtensionReminder(id_, ref, to)
        case PeopleShape():
            before = timedelta(minutes=shape.minutes_before)
            return SlotReminder(id_, ref, to, shape.roles, before)
        case _:
            raise AssertionError(shape)
