"""Several rows as one answer: lists, counts, and lines put together."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.answer import (
    Action,
    Answer,
    Bullets,
    Inline,
    Line,
    Paragraph,
    Reason,
    Status,
    plain,
    plain_line,
)
from bot.event import Session, SessionKind, Talk, TalkKind, Trace
from bot.event import Status as RowStatus
from bot.find import Finding, Row, World
from bot.query import About, Want
from bot.wording.rows import overview
from bot.wording.voice import (
    Unstated,
    all_rooms,
    authors,
    counted,
    joined,
    names,
    noun_of,
    spans,
    spelt,
    title,
)


MOST_LISTED = 12
_LONGEST_LIST = 100
"""Rows of a list that is asked for; where that is long, the platform shows it in pages."""

MOST_CHOICES = 6


def assembled(lines: list[Line], rows: Sequence[Row], world: World | None = None) -> Answer:
    """The lines said of rows as one answer, equal ones once: a sentence, two, or a list.

    With a `world`, what was changed about the only talk of a session is told too. It is `unknown` if all that the lines say is that something isn't stated.
    """
    records = tuple(r.ref for r in rows)
    lines = list(dict.fromkeys(line for line in lines if line))
    noted = [*rows]
    if world is not None:
        alone = [r for r in rows if isinstance(r, Session) and len(r.talks) == 1]
        noted += [world.event.talk_by_id[r.talks[0]] for r in alone]
    notes = [status_note(r) for r in noted if status_note(r)]
    blocks: tuple[Bullets | Paragraph, ...] = tuple(Paragraph((n,)) for n in notes)
    if lines and all(isinstance(line, Unstated) for line in lines):
        rest = tuple(Paragraph(line) for line in lines[1:])
        return Answer(Status.UNKNOWN, lines[0], (*rest, *blocks), records, Reason.NOT_STATED)
    if len(lines) == 1:
        return Answer(Status.ANSWERED, lines[0], blocks, records, actions=follow_ups(rows))
    if lines and len(lines) == 2:
        return Answer(Status.ANSWERED, lines[0], (Paragraph(lines[1]), *blocks), records)
    head: Line = (_heading(rows),)
    return Answer(Status.ANSWERED, head, (Bullets(tuple(lines)), *blocks), records)


def with_more(answer: Answer, more: Sequence[Line]) -> Answer:
    """An answer, and behind it what else there is to say, as far as it stays short.

    Behind one that leaves something open nothing is said.
    """
    if answer.status != Status.ANSWERED:
        return answer
    text = plain(answer)
    room = _ROOM - len(text)
    told: list[Inline] = []
    for line in more:
        said = plain_line(line)
        if said and said not in text and len(said) <= room:
            told += [" ", *line] if told else line
            room -= len(said)
    return replace(answer, blocks=(*answer.blocks, Paragraph(tuple(told)))) if told else answer


def room_behind(answer: Answer, more: Sequence[Line]) -> int:
    """The characters that are left behind an answer and what else is said there already."""
    return _ROOM - len(plain(answer)) - sum(len(plain_line(line)) for line in more)


_ROOM = 640
"""Characters that an answer may have for something else to be said behind it."""


def _heading(rows: Sequence[Row]) -> str:
    return f"{_counted(rows)}:"


def _counted(rows: Sequence[Row]) -> str:
    what = noun(rows)
    return counted(len(rows), what, "entries" if what == "entry" else "")


def noun(rows: Sequence[Row]) -> str:
    """What to call these rows, in the singular."""
    kinds = {r.kind for r in rows if isinstance(r, Talk)}
    if len({type(r) for r in rows}) > 1:
        return "entry"
    if len(kinds) == 1:
        return noun_of(next(iter(kinds)))
    if kinds:
        return "talk"
    if all(
        isinstance(r, Session) and r.kind in (SessionKind.BREAK, SessionKind.MEAL) for r in rows
    ):
        return "break"
    if all(isinstance(r, Session) and r.kind == SessionKind.TALKS for r in rows):
        return "session"
    return "block" if all(isinstance(r, Session) for r in rows) else "entry"


def follow_ups(rows: Sequence[Row], told: AbstractSet[Want] = frozenset()) -> tuple[Action, ...]:
    """What to offer to ask next about a single row, besides what it was told about already."""
    if len(rows) != 1:
        return ()
    match rows[0]:
        case Talk(title=name):
            offers = [
                ("What is it about?", f"what is “{name}” about?", _ABOUT),
                ("When and where?", f"when and where is “{name}”?", _WHEN_AND_WHERE),
            ]
        case Session() as session:
            offers = []
            if len(session.talks) > 1:
                asks = f"which talks are in {session.name}?"
                offers.append(("Which talks?", asks, _ABOUT | {Want.TITLE, Want.AUTHORS}))
            if session.chairs:
                offers.append(("Who chairs it?", f"who chairs {session.name}?", _ABOUT | _CHAIRS))
        case _:
            offers = []
    return tuple(Action(label, asks) for label, asks, done in offers if not told & done)


_ABOUT = frozenset({Want.ABOUT, Want.ABSTRACT, Want.OVERVIEW})
_WHEN_AND_WHERE = frozenset({Want.WHEN, Want.WHERE, Want.START, Want.SESSION})
_CHAIRS = frozenset({Want.CHAIR, Want.WHO})


def status_note(row: Row) -> str:
    """That a row is cancelled or moved, and what the organizers note of it; else empty."""
    if isinstance(row, (Session, Talk)) and row.status != RowStatus.CANCELLED and row.trace:
        note = f" Note: {row.note}." if row.note else ""
        return " ".join(_changes(row, row.trace)) + note
    if isinstance(row, (Session, Talk)) and row.status != RowStatus.PLANNED:
        note = f" ({row.note})" if row.note else ""
        return f"Note: {title(row)} is {row.status}{note}."
    if isinstance(row, (Session, Talk)) and row.note:
        return f"Note: {row.note}."
    return ""


def _changes(row: Session | Talk, trace: Trace) -> list[str]:
    """What was changed about a row live."""
    told = [moved_note(row, trace)] if row.occurrences != trace.was else []
    if trace.instead:
        told.append(
            f"Note: {title(row)} was to have {joined(list(trace.instead))}, until {trace.at:%H:%M}."
        )
    if trace.swapped and not told:
        told.append(
            f"Note: {title(row)} has changed places with another talk, at {trace.at:%H:%M}."
        )
    return told


def moved_note(row: Session | Talk, trace: Trace) -> str:
    """When a row was to begin before it was moved live, if that changed, and when that was done."""
    pairs = zip(trace.was, row.occurrences, strict=False)
    told = [f"{was.start:%H:%M}" for was, now in pairs if was.start != now.start]
    ends = zip(trace.was, row.occurrences, strict=False)
    ended = [f"{was.end:%H:%M}" for was, now in ends if was.end and now.end and was.end != now.end]
    if not told and ended:
        return (
            f"Note: the end of {title(row)} was moved (from {joined(ended)}) at {trace.at:%H:%M}."
        )
    begin = f" (from {joined(told)})" if told else ""
    return f"Note: {title(row)} was moved{begin} at {trace.at:%H:%M}."


def listed(finding: Finding, world: World) -> Answer:
    """A list of rows."""
    rows = finding.rows
    shown = rows[:_LONGEST_LIST]
    mixed = len({type(r) for r in shown}) > 1
    items = tuple(_item(r, world, with_session=mixed) for r in shown)
    meanings = [
        spelt(world.passages.spelt_out[s])
        for f in finding.query.ref.filters
        if isinstance(f, About)
        for s in f.stems
        if s in world.passages.spelt_out
    ]
    if len(rows) == 1 and not finding.query.polar and not meanings:
        found = assembled([overview(rows[0], world)], rows, world)
        return with_more(found, [(text,) for text in finding.said])
    more = f", the first {len(shown)}" if len(shown) < len(rows) else ""
    head = f"{_counted(rows)}{more}:"
    notes = tuple(Paragraph((status_note(r),)) for r in shown if status_note(r))
    notes = (*notes, *(Paragraph((x,)) for x in meanings[:1]))
    return Answer(Status.ANSWERED, (head,), (Bullets(items), *notes), tuple(r.ref for r in shown))


def _item(row: Row, world: World, *, with_session: bool = False) -> Line:
    if isinstance(row, Session):
        where = all_rooms(world, row)
        several = len(world.days()) > 1 or not world.occurrences(row)
        tail = f" ({where})" if where else ""
        return (*spans(world, row, dated=several), f": {row.name}{tail}")
    if isinstance(row, Talk):
        by = f" ({names(world, authors(row))})" if row.people else ""
        if with_session:
            by += f", in {world.event.session_by_id[row.session].name}"
        return (f"{title(row)}{by}{'' if world.live(row) else ', cancelled'}",)
    return (title(row),)


def counted_rows(finding: Finding, world: World) -> Answer:
    """How many."""
    rows = tuple(r for r in finding.rows if world.live(r))
    gone = len(finding.rows) - len(rows)
    rows = rows or finding.rows
    what = noun(rows)
    detail = f", and {gone} cancelled" if gone else ""
    kinds = {r.kind for r in rows if isinstance(r, Talk)}
    if len(kinds) > 1:
        counts = [
            counted(sum(1 for r in rows if isinstance(r, Talk) and r.kind == k), noun_of(k))
            for k in TalkKind
            if k in kinds
        ]
        detail = f" ({joined(counts)}){detail}"
    items = tuple(_item(r, world) for r in rows) if 0 < len(rows) <= MOST_CHOICES else ()
    if sum(len(plain_line(item)) for item in items) > _ROOM:
        items = tuple((title(r),) for r in rows)
    blocks = (Bullets(items),) if items else ()
    line = f"{counted(len(rows), what)}{detail}{':' if items else '.'}"
    found = Answer(Status.ANSWERED, (line,), blocks, tuple(r.ref for r in rows[:MOST_LISTED]))
    return with_more(found, [(text,) for text in finding.said])
