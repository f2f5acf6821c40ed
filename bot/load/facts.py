"""What the rules of the call and the facts of info.yaml have in common."""

from typing import Annotated

from bot.event import Audience
from bot.load.door import Door, Shape
from bot.load.values import Id, IdList, Lines, YesNo, one_of, shown
from bot.source import Mapping, Sequence


class FactShape(Shape):
    """One thing that can be told. Whether its subjects exist is for the language file to say."""

    id: Id
    about: IdList = ()
    tags: Lines = ()
    permits: Lines = ()
    forbids: Lines = ()
    audience: Annotated[Audience | None, one_of(Audience, "an audience")] = None
    not_stated: YesNo = False


def check(door: Door, node: Mapping, shape: FactShape) -> None:
    """Refuse phrases that a fact both permits and forbids: a question can't be told yes and no."""
    permitted = {phrase.casefold() for phrase in shape.permits}
    for at, phrase in enumerate(shape.forbids):
        if phrase.casefold() in permitted:
            written = node["forbids"]
            assert isinstance(written, Sequence)
            what = f"{shown(phrase)} is both permitted and forbidden"
            door.refuse(written[at], what, "a phrase in permits or in forbids")
