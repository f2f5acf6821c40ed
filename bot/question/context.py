"""Follow-ups: what earlier questions of the same person leave for the next one to lean on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.query import Ids, Of, Query, Ref


MOST_TURNS = 3
"""How many earlier questions are kept."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and what its answer was about.

    `rows` are the ids of the rows it spoke of, `people` those whom it named as the answer.
    """

    query: Query
    of: Of
    rows: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def ref(self) -> Ref | None:
        """A reference to exactly the rows of the turn."""
        return Ref(self.of, (Ids(self.rows, "it"),)) if self.rows else None

    @property
    def people_ref(self) -> Ref | None:
        """A reference to the people of the turn."""
        return Ref(Of.PERSON, (Ids(self.people, "they"),)) if self.people else None


def latest(turns: tuple[Turn, ...], *of: Of) -> Turn | None:
    """The latest turn that spoke of rows of one of these kinds (any, if none is given)."""
    for turn in reversed(turns):
        if turn.rows and (not of or turn.of in of):
            return turn
    return None


def latest_people(turns: tuple[Turn, ...]) -> Ref | None:
    """The people that the latest turn which named any spoke of."""
    for turn in reversed(turns):
        if turn.people:
            return turn.people_ref
        if turn.of == Of.PERSON and turn.rows:
            return turn.ref
    return None
