"""call.yaml: the call for papers."""

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from bot.event import Audience, Call, Label, Rule, Topic
from bot.load.door import Door, Shape
from bot.load.facts import FactShape, check
from bot.load.ids import Ids
from bot.load.milestones import milestones
from bot.load.values import Id, Line, Lines, Pointers, Records, Text, YesNo
from bot.source import Mapping


class CallShape(Shape):
    """The top of call.yaml."""

    called: ClassVar = "the call"

    scope: Text = ""
    tracks: Records = ()
    cycles: Records = ()
    milestones: Records = ()
    topics_open: YesNo = True
    topics: Records = ()
    rules: Records = ()


class LabelShape(Shape):
    """A track or a cycle."""

    called: ClassVar = "a track or cycle"

    id: Id
    name: Line
    aliases: Lines = ()


class TopicShape(Shape):
    """A topic of interest."""

    called: ClassVar = "a topic"

    id: Id
    text: Text
    tags: Lines = ()


class RuleShape(FactShape):
    """A rule."""

    called: ClassVar = "a rule"

    text: Text
    tracks: Pointers = ()


def read(door: Door, ids: Ids, tops: list[Mapping]) -> Call | None:
    """The call, if there is one; what several files list is joined."""
    if not tops:
        return None
    shapes = [door.admit(CallShape, top) for top in tops]
    scopes = [shape.scope for shape in shapes if shape and shape.scope]
    open_ = [
        shape.topics_open
        for top, shape in zip(tops, shapes, strict=True)
        if shape and "topics_open" in top
    ]
    _refuse_repeated(door, tops, "scope")
    _refuse_repeated(door, tops, "topics_open")
    return Call(
        ref=tops[0].file,
        scope=scopes[0] if scopes else "",
        topics=tuple(_topics(door, tops)),
        topics_open=open_[0] if open_ else True,
        milestones=tuple(milestones(door, ids, tops)),
        rules=tuple(_rules(door, ids, tops)),
        tracks=tuple(_labels(door, tops, "tracks")),
        cycles=tuple(_labels(door, tops, "cycles")),
    )


def _refuse_repeated(door: Door, tops: list[Mapping], key: str) -> None:
    """Lists of several files are joined, but of a single value there can be only one."""
    for first, again in pairwise([top.key(key) for top in tops if key in top]):
        what = f'key "{key}" is given again, after {first.file}:{first.line}'
        door.refuse(again, what, "it in one file only")


def _topics(door: Door, tops: list[Mapping]) -> Iterator[Topic]:
    for top in tops:
        for node, shape in door.admitted(top, "topics", TopicShape):
            yield Topic(str(shape.id), shape.text, f"{node.file}#{shape.id}", shape.tags)


def _labels(door: Door, tops: list[Mapping], key: str) -> Iterator[Label]:
    for top in tops:
        for node, shape in door.admitted(top, key, LabelShape):
            yield Label(str(shape.id), shape.name, f"{node.file}#{shape.id}", shape.aliases)


def _rules(door: Door, ids: Ids, tops: list[Mapping]) -> Iterator[Rule]:
    for top in tops:
        for node, shape in door.admitted(top, "rules", RuleShape):
            check(door, node, shape)
            yield Rule(
                id=str(shape.id),
                text=shape.text,
                ref=f"{node.file}#{shape.id}",
                about=tuple(map(str, shape.about)),
                tags=shape.tags,
                permits=shape.permits,
                forbids=shape.forbids,
                audience=shape.audience or Audience.EVERYONE,
                stated=not shape.not_stated,
                tracks=ids.refer_all("track", shape.tracks),
            )
