"""Which rows have the most or the fewest of something: papers by person, authors by paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.event import Role, Talk
from bot.find.finding import Finding
from bot.find.register import Row
from bot.find.world import World
from bot.query import Of, Query, Ref, Want


def ranking(query: Query, tally: Ref, world: World) -> Finding:
    """The rows of a query that have any of what `tally` counts, the wanted end first.

    Of two rows that are named, one may have none.
    """
    rows: list[Row] = list(world.rows(query.ref, plural=True))
    if query.other is not None:
        rows += world.rows(query.other, plural=True)
    counts = _counts(tally, rows, world)
    kept = [r for r in rows if counts[r.id] or query.other is not None]
    most = query.want == Want.MOST
    ordered = sorted(kept, key=lambda r: counts[r.id], reverse=most)
    return Finding(query, tuple(ordered), counts=tuple(counts[r.id] for r in ordered))


def _counts(tally: Ref, rows: Sequence[Row], world: World) -> Counter[str]:
    """How many of what is counted each row has, by the row's id."""
    talks = [r for r in world.rows(tally, plural=True) if isinstance(r, Talk)]
    talks = talks if tally.of == Of.TALK else list(world.register.talks)
    wanted = {r.id for r in rows}
    held: dict[str, dict[str, None]] = {}
    for talk in talks:
        for owner, counted in _pairs(talk, tally.of):
            if owner in wanted:
                held.setdefault(owner, {})[counted] = None
    return Counter({owner: len(counted) for owner, counted in held.items()})


def _pairs(talk: Talk, of: Of) -> Iterator[tuple[str, str]]:
    """(id of a row, id of what it has) as far as one talk tells of both."""
    for a in talk.people:
        counted = talk.id if of == Of.TALK else a.person
        if of == Of.PERSON and a.role != Role.AUTHOR:
            continue
        yield talk.id, counted
        yield talk.session, counted
        yield a.person, counted
        for organization in a.affiliations:
            yield organization, counted
