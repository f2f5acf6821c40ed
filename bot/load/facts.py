"""What the rules of the call and the facts of info.yaml have in common."""

from typing import Annotated, Final

from bot.event import Audience
from bot.load.door import Door, Shape
from bot.load.values import Id, IdList, Lines, YesNo, one_of, shown
from bot.source import Mapping, Sequence


_NONE: Final = "none"
"""In place of a subject: what stands below a heading doesn't take over the heading's subjects."""


class FactShape(Shape):
    """One thing that can be told."""

    id: Id
    about: IdList = ()
    tags: Lines = ()
    permits: Lines = ()
    forbids: Lines = ()
    audience: Annotated[Audience | None, one_of(Audience, "an audience")] = None
    not_stated: YesNo = False


def check(door: Door, node: Mapping, shape: FactShape) -> None:
    """Refuse what contradicts itself in a fact, and warn of subjects that nobody can ask for."""
    _check_phrases(door, node, shape)
    for subject in shape.about if door.subjects else ():
        if subject not in door.subjects and subject != _NONE:
            what = f'unknown subject "{subject}"{_near(door, subject)}: no question asks for it'
            door.warn(subject, what, "a subject that data/README.md lists")


def _near(door: Door, subject: str) -> str:
    """The subject whose id or name comes nearest, as the tail of a sentence."""
    meant = {name: known for known, name in door.subjects.items()}
    meant |= {known: known for known in door.subjects}
    near = door.adviser.nearest(subject, meant)
    return f' (did you mean "{meant[near]}"?)' if near else ""


def _check_phrases(door: Door, node: Mapping, shape: FactShape) -> None:
    """Refuse phrases that are both permitted and forbidden: no question can be told yes and no."""
    permitted = {phrase.casefold() for phrase in shape.permits}
    for at, phrase in enumerate(shape.forbids):
        if phrase.casefold() in permitted:
            written = node["forbids"]
            assert isinstance(written, Sequence)
            what = f"{shown(phrase)} is both permitted and forbidden"
            door.refuse(written[at], what, "a phrase in permits or in forbids")
