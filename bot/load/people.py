"""people.yaml: organizations, people and committees; and who appears in what role, anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from bot.event import Appearance, Committee, Organization, Person, Role, Sector
from bot.load.door import Door, Shape
from bot.load.ids import Ids
from bot.load.values import Id, Line, Lines, OneOrMorePointers, Pointer, Records, Text, one_of
from bot.source import Mapping


_ON_THE_PROGRAM = frozenset(Role) - {Role.MEMBER, Role.CHAIR, Role.ORGANIZER}


class PeopleShape(Shape):
    """The top of people.yaml."""

    called: ClassVar = "people.yaml"

    organizations: Records = ()
    people: Records = ()
    committees: Records = ()


class OrganizationShape(Shape):
    """An organization."""

    called: ClassVar = "an organization"

    id: Id
    name: Line
    aliases: Lines = ()
    country: Line = ""
    sector: Annotated[Sector, one_of(Sector, "a sector")] = Sector.OTHER
    parent: Pointer | None = None


class PersonShape(Shape):
    """A person."""

    called: ClassVar = "a person"

    id: Id
    name: Line
    aliases: Lines = ()
    bio: Text = ""
    bio_summary: Text = ""


class CommitteeShape(Shape):
    """A committee."""

    called: ClassVar = "a committee"

    id: Id
    name: Line
    aliases: Lines = ()
    members: Records = ()


class AppearanceShape(Shape):
    """Somebody in a list of authors, chairs or the like."""

    called: ClassVar = "a person's entry"

    person: Pointer
    affiliation: OneOrMorePointers = ()


class MemberShape(AppearanceShape):
    """Somebody in a committee."""

    called: ClassVar = "a member"

    role: Annotated[Role, one_of(Role, "a role in a committee", but=_ON_THE_PROGRAM)] = Role.MEMBER


@dataclass(frozen=True, slots=True)
class People:
    """All that people.yaml holds, in the order of the files."""

    organizations: tuple[Organization, ...]
    people: tuple[Person, ...]
    committees: tuple[Committee, ...]


def read(door: Door, ids: Ids, tops: list[Mapping]) -> People:
    """Organizations, people and committees of all files."""
    for top in tops:
        door.admit(PeopleShape, top)
    return People(
        tuple(_organizations(door, ids, tops)),
        tuple(_people(door, tops)),
        tuple(_committees(door, ids, tops)),
    )


def _organizations(door: Door, ids: Ids, tops: list[Mapping]) -> Iterator[Organization]:
    parents: dict[str, str] = {}
    for top in tops:
        for node, shape in door.admitted(top, "organizations", OrganizationShape):
            parent = ids.refer("organization", shape.parent) if shape.parent else ""
            parents[shape.id] = parent
            if _leads_to(shape.id, parents):
                what = f'organization "{shape.id}" is its own parent, by way of "{parent}"'
                door.refuse(node["parent"], what, "parents that end somewhere")
            yield Organization(
                id=str(shape.id),
                name=shape.name,
                ref=f"{node.file}#{shape.id}",
                aliases=shape.aliases,
                country=shape.country,
                sector=shape.sector,
                parent=parent,
            )


def _leads_to(start: str, parents: dict[str, str]) -> bool:
    """Whether one comes back to an organization by going up from it.

    The one that closes a circle finds it, so the others can't yet be in one without it.
    """
    seen = {start}
    above = parents[start]
    while above and above not in seen:
        seen.add(above)
        above = parents.get(above, "")
    return above == start


def _people(door: Door, tops: list[Mapping]) -> Iterator[Person]:
    for top in tops:
        for node, shape in door.admitted(top, "people", PersonShape):
            yield Person(
                id=str(shape.id),
                name=shape.name,
                ref=f"{node.file}#{shape.id}",
                aliases=shape.aliases,
                bio=shape.bio,
                bio_summary=shape.bio_summary,
            )


def _committees(door: Door, ids: Ids, tops: list[Mapping]) -> Iterator[Committee]:
    for top in tops:
        for node, shape in door.children(top, "committees", CommitteeShape):
            members = tuple(
                _appearance(ids, member, member.role)
                for _, member in door.admitted(node, "members", MemberShape)
            )
            if shape is not None:
                ref = f"{node.file}#{shape.id}"
                yield Committee(str(shape.id), shape.name, ref, members, shape.aliases)


def appearances(door: Door, ids: Ids, node: Mapping, key: str, role: Role) -> Iterator[Appearance]:
    """Those listed under `key`, all in one role, in the printed order."""
    for _, shape in door.admitted(node, key, AppearanceShape):
        yield _appearance(ids, shape, role)


def _appearance(ids: Ids, shape: AppearanceShape, role: Role) -> Appearance:
    person = ids.refer("person", shape.person)
    return Appearance(person, role, ids.refer_all("organization", shape.affiliation))
