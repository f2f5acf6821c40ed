"""info.yaml: whatever else can be told, a tree of headings and facts."""

from collections.abc import Iterator
from typing import ClassVar

from bot.event import Audience, Info
from bot.load.door import Door, Shape
from bot.load.facts import FactShape, check
from bot.load.values import Line, Records, Text
from bot.source import Mapping


_STRICTNESS = (Audience.EVERYONE, Audience.PRIVATE, Audience.ORGANIZERS)


class InfoFileShape(Shape):
    """The top of info.yaml."""

    called: ClassVar = "info.yaml"

    info: Records = ()


class InfoShape(FactShape):
    """A heading, a fact or both."""

    called: ClassVar = "an info"

    title: Line = ""
    text: Text = ""
    info: Records = ()


def read(door: Door, tops: list[Mapping]) -> Iterator[Info]:
    """All infos of all files, each before those below it."""
    for top in tops:
        door.admit(InfoFileShape, top)
        yield from _below(door, top, "", Audience.EVERYONE)


def _below(door: Door, node: Mapping, parent: str, audience: Audience) -> Iterator[Info]:
    """The infos below a heading, and those below them; the reader bounds how deep that goes."""
    for child, shape in door.children(node, "info", InfoShape):
        if shape is None:
            yield from _below(door, child, parent, audience)
            continue
        check(door, child, shape)
        allowed = _audience(door, child, shape, audience)
        if not child.get("title") and not child.get("text"):
            door.refuse(child, "an info without title and text", "one of them or both")
        yield Info(
            id=str(shape.id),
            text=shape.text,
            ref=f"{child.file}#{shape.id}",
            title=shape.title,
            about=tuple(map(str, shape.about)),
            tags=shape.tags,
            permits=shape.permits,
            forbids=shape.forbids,
            audience=allowed,
            stated=not shape.not_stated,
            parent=parent,
        )
        yield from _below(door, child, str(shape.id), allowed)


def _audience(door: Door, node: Mapping, shape: InfoShape, above: Audience) -> Audience:
    """The info's own audience, or that of what is above it, which it may only narrow."""
    own = shape.audience or above
    if _STRICTNESS.index(own) < _STRICTNESS.index(above):
        allowed = " or ".join(_STRICTNESS[_STRICTNESS.index(above) :])
        what = f'audience "{own}" below an info for "{above}"'
        door.refuse(node["audience"], what, f"{allowed}: never more public than what it is below")
    return own
