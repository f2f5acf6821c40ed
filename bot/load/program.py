"""program.yaml: sessions and the talks in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from bot.event import Appearance, Role, Session, SessionKind, Status, Talk, TalkKind
from bot.load.clashes import check_rooms, check_talks
from bot.load.door import Door, Shape
from bot.load.event import links
from bot.load.hours import check_hours
from bot.load.ids import Ids
from bot.load.people import appearances
from bot.load.times import Calendar
from bot.load.values import Id, Line, Lines, Records, Text, one_of
from bot.load.when import Placed, Planner, TimedShape, for_sessions, for_talks
from bot.source import Mapping


class ProgramShape(Shape):
    """The top of program.yaml."""

    called: ClassVar = "program.yaml"

    sessions: Records = ()


class SessionShape(TimedShape):
    """A session."""

    called: ClassVar = "a session"

    id: Id
    kind: Annotated[SessionKind, one_of(SessionKind, "a kind of session")]
    label: Line = ""
    title: Line = ""
    chairs: Records = ()
    summary: Text = ""
    aliases: Lines = ()
    status: Annotated[Status, one_of(Status, "a status")] = Status.PLANNED
    note: Text = ""
    links: Records = ()
    talks: Records = ()


class TalkShape(TimedShape):
    """A talk."""

    called: ClassVar = "a talk"

    id: Id
    kind: Annotated[TalkKind, one_of(TalkKind, "a kind of talk")]
    title: Line
    authors: Records = ()
    presenters: Records = ()
    speakers: Records = ()
    panelists: Records = ()
    moderators: Records = ()
    abstract: Text = ""
    summary: Text = ""
    aliases: Lines = ()
    links: Records = ()
    status: Annotated[Status, one_of(Status, "a status")] = Status.PLANNED
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Program:
    """The sessions, and the talks of all of them, in the order of the files."""

    sessions: tuple[Session, ...]
    talks: tuple[Talk, ...]


def read(door: Door, ids: Ids, calendar: Calendar, tops: list[Mapping]) -> Program:
    """The program, checked for clashes and for hours that are seldom meant."""
    planner = for_sessions(door, ids, calendar)
    sessions: list[tuple[Session, tuple[Placed, ...]]] = []
    talks: list[Talk] = []
    for top in tops:
        door.admit(ProgramShape, top)
        for node, shape in door.children(top, "sessions", SessionShape):
            placed = planner.plan(node, shape) if shape else ()
            inside = list(_talks(for_talks(planner, shape, placed), node))
            talks += [talk for talk, _ in inside]
            session = _session(planner, node, shape, placed, inside)
            if session is not None:
                sessions.append((session, placed))
                check_talks(door, session, inside)
    check_rooms(door, sessions)
    check_hours(door, sessions)
    return Program(tuple(session for session, _ in sessions), tuple(talks))


def _session(
    planner: Planner,
    node: Mapping,
    shape: SessionShape | None,
    placed: tuple[Placed, ...],
    talks: list[tuple[Talk, tuple[Placed, ...]]],
) -> Session | None:
    door = planner.door
    chairs = tuple(appearances(door, planner.ids, node, "chairs", Role.CHAIR))
    ref = f"{node.file}#{node.get('id', '')}"
    listed = links(door, node, ref, planner.zone)
    if shape is None:
        return None
    if node.get("title", "") == "" and ("title" in node or not shape.label):
        door.refuse(node.get("title", node), "empty title in a session", "a title, or just a label")
    return Session(
        id=str(shape.id),
        title=shape.title,
        kind=shape.kind,
        ref=ref,
        label=shape.label,
        occurrences=tuple(each.occurrence for each in placed),
        chairs=chairs,
        talks=tuple(talk.id for talk, _ in talks),
        summary=shape.summary,
        aliases=shape.aliases,
        links=listed,
        status=shape.status,
        note=shape.note,
    )


def _talks(planner: Planner, session: Mapping) -> Iterator[tuple[Talk, tuple[Placed, ...]]]:
    door = planner.door
    for node, shape in door.children(session, "talks", TalkShape):
        people = tuple(_people(planner, node))
        ref = f"{node.file}#{node.get('id', '')}"
        listed = links(door, node, ref, planner.zone)
        if shape is None:
            continue
        placed = planner.plan(node, shape)
        talk = Talk(
            id=str(shape.id),
            title=shape.title,
            kind=shape.kind,
            session=str(session.get("id", "")),
            ref=ref,
            people=people,
            occurrences=tuple(each.occurrence for each in placed),
            abstract=shape.abstract,
            summary=shape.summary,
            aliases=shape.aliases,
            links=listed,
            status=shape.status,
            note=shape.note,
        )
        yield talk, placed


def _people(planner: Planner, node: Mapping) -> Iterator[Appearance]:
    """Those who appear in a talk: its authors first, then who stands in front."""
    speakers = Role.KEYNOTE if node.get("kind") == TalkKind.KEYNOTE.value else Role.PRESENTER
    for key, role in (
        ("authors", Role.AUTHOR),
        ("presenters", Role.PRESENTER),
        ("speakers", speakers),
        ("panelists", Role.PANELIST),
        ("moderators", Role.MODERATOR),
    ):
        yield from appearances(planner.door, planner.ids, node, key, role)
