"""What the rules of the call and the facts of info.yaml have in common."""

from typing import Annotated

from bot.event import Audience
from bot.load.door import Shape
from bot.load.values import Id, IdList, Lines, YesNo, one_of


class FactShape(Shape):
    """One thing that can be told. Whether its subjects exist is for the language file to say."""

    id: Id
    about: IdList = ()
    tags: Lines = ()
    permits: Lines = ()
    forbids: Lines = ()
    audience: Annotated[Audience | None, one_of(Audience, "an audience")] = None
    not_stated: YesNo = False
