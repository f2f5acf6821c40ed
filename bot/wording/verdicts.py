"""Whether something is so: the same room, over already, before or after, yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer import Answer, Line, Paragraph, Status
from bot.event import Session, SessionKind, Talk
from bot.find import Finding, Row, World
from bot.query import Beside, InPart, Want
from bot.wording.cards import rest
from bot.wording.lists import MOST_CHOICES, MOST_LISTED, assembled, with_more
from bot.wording.rows import SAYERS, ahead, subject, when
from bot.wording.voice import (
    all_rooms,
    joined,
    position,
    span,
    time,
)


def same_room(rows: Sequence[Row], world: World) -> Answer:
    """Whether one has to change rooms."""
    busy = [
        r for r in rows if isinstance(r, Session) and (r.talks or r.kind == SessionKind.CEREMONY)
    ]
    rest = [r for r in rows if isinstance(r, Session) and r not in busy]
    used = list(dict.fromkeys(all_rooms(world, r) for r in busy if all_rooms(world, r)))
    line = (
        f"All sessions with talks are in {used[0]}."
        if len(used) == 1
        else f"The sessions use {len(used)} rooms: {joined(used)}."
    )
    places = [f"{r.name}: {all_rooms(world, r)}" for r in rest if all_rooms(world, r)]
    blocks = (Paragraph((f"Elsewhere: {'; '.join(dict.fromkeys(places))}.",)),) if places else ()
    return Answer(Status.ANSWERED, (line,), blocks, tuple(r.ref for r in busy[:MOST_LISTED]))


def whether_over(finding: Finding, world: World) -> Answer:
    """Whether something has begun, is on, or is over."""
    lines: list[Line] = []
    for row in finding.rows[:MOST_CHOICES]:
        found = world.occurrences(row)
        if not found:
            continue
        if not world.live(row):
            lines.append(when(row, world))
        elif all(o.over(world.now) for o in found):
            o = found[-1]
            lead = "No" if finding.query.still else "Yes"
            lines.append((f"{lead}, {subject(row)} is over; it was ", *span(world, o), "."))
        elif (listed := _listed_in(row, world)) is not None:
            lines.append(listed)
        elif any(o.covers(world.now) for o in found):
            o = next(o for o in found if o.covers(world.now))
            lines.append(
                (
                    f"{subject(row)} is on right now: it started at ",
                    time(o.start),
                    " and ends at ",
                    time(o.end or o.start, zone=True),
                    ".",
                )
            )
        elif all(o.start <= world.now for o in found):
            o = found[-1]
            line = (
                f"{subject(row)} started at ",
                time(o.start, zone=True),
                "; its end isn't stated.",
            )
            lines.append(line)
        else:
            o = min((o for o in found if o.start > world.now), key=lambda o: o.start)
            lines.append(
                (f"No, {subject(row)} hasn't started yet; it starts ", *ahead(o, world), ".")
            )
    more = [rest(finding.rows[0], {Want.OVER}, world)] if len(finding.rows) == 1 else []
    return with_more(assembled(lines, finding.rows), more)


def _listed_in(row: Row, world: World) -> Line | None:
    """Of a talk without a time of its own: that its session is on, and which in it it is."""
    if not isinstance(row, Talk) or row.occurrences:
        return None
    session = world.event.session_by_id[row.session]
    running = next((o for o in session.occurrences if o.covers(world.now)), None)
    if running is None or running.end is None or len(session.talks) < 2:
        return None
    until = (f"{session.label or session.title} is on until ", time(running.end, zone=True))
    return (*until, f"; {subject(row)} is ", *position(world, row), ".")


def claimed(finding: Finding, world: World) -> Answer:
    """Yes or no, and the fact."""
    rows = finding.rows[:3]
    lines = [_claim_line(row, finding, world) for row in rows]
    lines[0] = (_verdict(finding, world), *lines[0])
    more = [rest(rows[0], {finding.query.want}, world)] if len(rows) == 1 else []
    return with_more(assembled(lines, rows), more)


def _verdict(finding: Finding, world: World) -> str:
    if not any(world.live(r) for r in finding.rows):
        return "No. "
    known = [c for c in finding.claims if c is not None]
    claims = zip(finding.query.claims, finding.claims, strict=True)
    which = [str(c) for c, holds in claims if isinstance(c, InPart) and holds]
    if not finding.query.polar and len(known) > 1 and len(which) == 1:
        return f"{which[0].capitalize()}. "
    if not known or not finding.query.polar:
        return ""
    return "Yes. " if all(known) else "No. "


def _claim_line(row: Row, finding: Finding, world: World) -> Line:
    query = finding.query
    want = query.want if query.want in SAYERS and query.want != Want.OVERVIEW else Want.WHEN
    for claim, holds in zip(query.claims, finding.claims, strict=True):
        if isinstance(claim, Beside) and want == Want.WHEN:
            comes = "after" if claim.after == bool(holds) else "before"
            return (f"{subject(row)} comes {comes} that: ", *when(row, world))
    return SAYERS[want](row, world)
