"""Two rows side by side: which is longer, which is first, what lies between."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer import Answer, Line, Status
from bot.find import Finding, Row, World
from bot.query import Want
from bot.wording import chat
from bot.wording.gaps import nothing
from bot.wording.lists import MOST_CHOICES, assembled
from bot.wording.rows import subject
from bot.wording.texts import about
from bot.wording.voice import (
    duration,
    joined,
    span,
    time,
    title,
)


COMPARISONS = frozenset({Want.LONGER, Want.SHORTER, Want.EARLIER, Want.GAP, Want.BOTH})


def compared(finding: Finding, world: World) -> Answer:
    """Two rows side by side."""
    query = finding.query
    if query.want in (Want.LONGER, Want.SHORTER):
        return _longer(finding, world)
    if query.want == Want.BOTH and finding.rows:
        rows = (*finding.rows, *finding.other)[:3]
        return assembled([about(r, world) for r in rows], rows)
    if not finding.rows or not finding.other:
        return nothing(finding, world)
    a = finding.rows[0]
    b = _behind(a, finding.other, world) if query.want == Want.GAP else finding.other[0]
    first, second = world.occurrences(a)[:1], world.occurrences(b)[:1]
    if not first or not second:
        return chat.not_stated("when both of them are", world)
    if query.want == Want.EARLIER:
        early, late = sorted((a, b), key=lambda r: world.occurrences(r)[0].start)
        line: Line = (
            f"{subject(early)} comes first, at ",
            time(world.occurrences(early)[0].start),
            f"; {title(late)} starts at ",
            time(world.occurrences(late)[0].start, zone=True),
            ".",
        )
        return Answer(Status.ANSWERED, line, records=(a.ref, b.ref))
    return _gap(a, b, world)


def _behind(a: Row, others: Sequence[Row], world: World) -> Row:
    """Of several rows that may be meant the first that comes behind another; else the first."""
    ends = [o.end or o.start for o in world.occurrences(a)[:1]]
    later = [r for r in others for o in world.occurrences(r)[:1] if ends and o.start >= ends[0]]
    return (later or list(others))[0]


def _gap(a: Row, b: Row, world: World) -> Answer:
    (early, first), (late, second) = sorted(
        ((r, world.occurrences(r)[0]) for r in (a, b)), key=lambda pair: pair[1].start
    )
    records = (early.ref, late.ref)
    end = first.end
    if end is None:
        return chat.not_stated(f"when {title(early)} ends", world, records=records)
    if end > second.start:
        shared = min(end, second.end or end) - second.start
        line: Line = (
            f"Yes, they overlap by {duration(shared)}: {title(early)} is ",
            *span(world, first, dated=False),
            f", {title(late)} is ",
            *span(world, second, dated=False),
            ".",
        )
        return Answer(Status.ANSWERED, line, records=records)
    if end == second.start:
        line = (
            f"No gap: {title(early)} ends at ",
            time(end),
            f" and {title(late)} starts right then.",
        )
        return Answer(Status.ANSWERED, line, records=records)
    between = [
        s for o, s in world.event.timetable if end <= o.start < second.start and world.live(s)
    ]
    what = f", with {joined([s.name for s in between[:4]])} in between" if between else ""
    line = (
        f"{duration(second.start - end)} between them: {title(early)} ends at ",
        time(end),
        f", {title(late)} starts at ",
        time(second.start, zone=True),
        f"{what}.",
    )
    return Answer(Status.ANSWERED, line, records=records)


def _longer(finding: Finding, world: World) -> Answer:
    rows = [*finding.rows, *finding.other]
    lengths = [(r, world.occurrences(r)[0].length) for r in rows if world.occurrences(r)]
    known = [(r, x) for r, x in lengths if x is not None]
    if len(known) < 2:
        return chat.not_stated("how long each of them takes", world)
    longer = finding.query.want == Want.LONGER
    ranked = sorted(known, key=lambda pair: pair[1], reverse=longer)
    records = tuple(r.ref for r, _ in ranked)
    if ranked[0][1] == ranked[-1][1]:
        return Answer(
            Status.ANSWERED,
            (f"They are equally long: {duration(ranked[0][1])} each.",),
            records=records,
        )
    parts = [f"{title(r)} takes {duration(x)}" for r, x in ranked[:MOST_CHOICES]]
    word = "long" if longer else "short"
    is_it = f"is {word}er" if len(ranked) == 2 else f"is the {word}est"
    if len(ranked) > 2 and ranked[0][1] == ranked[1][1]:
        is_it = f"is among the {word}est"
    line = f"{title(ranked[0][0])} {is_it}: {joined(parts)}."
    return Answer(Status.ANSWERED, (line,), records=records)
