"""When nothing fits: what there is instead, and what comes next."""

from __future__ import annotations

from datetime import datetime

from bot.answer import Answer, Line, Reason, Status
from bot.find import Finding, Row, World
from bot.query import (
    TIMES,
    About,
    Ahead,
    At,
    InRole,
    InRoom,
    Inside,
    Kinds,
    Near,
    Of,
    Query,
    Ref,
    Want,
)
from bot.wording import chat
from bot.wording.rows import ahead
from bot.wording.voice import (
    full_date,
    joined,
    program_files,
    time,
    title,
)


def nothing(finding: Finding, world: World) -> Answer:
    """No row fits: say what is so instead."""
    query = finding.query
    kinds = next((f for f in query.ref.filters if isinstance(f, Kinds) and f.sessions), None)
    named = tuple(f for f in query.ref.filters if f is kinds or (isinstance(f, About) and f.any))
    if kinds and not world.rows(Ref(Of.SESSION, named)):
        line = f"The program of {world.event.short} lists no {kinds.words.replace('-', ' ')}."
        return Answer(Status.UNKNOWN, (line,), records=program_files(world), reason=Reason.NO_SUCH)
    if kinds and query.ref.of == Of.SESSION and query.ref.first(Ahead):
        noun = kinds.words.replace("-", " ")
        line = f"No, there is no more {noun} in the program of {world.event.short}."
        return Answer(Status.ANSWERED, (line,), records=program_files(world))
    if query.ref.pick is not None or query.ref.of == Of.SESSION:
        return nothing_now(query, world)
    said = " ".join(str(f) for f in query.ref.filters if not isinstance(f, Kinds))
    noun = str(query.ref.first(Kinds) or query.ref.of)
    line = f"No, the program of {world.event.short} has no {noun} {said}".rstrip() + "."
    narrowing = [f for f in query.ref.filters if not isinstance(f, (Kinds, InRole))]
    sure = len(narrowing) < 2 and not any(isinstance(f, (About, Inside)) for f in narrowing)
    if sure or query.polar or query.plural or query.want in (Want.LIST, Want.COUNT):
        return Answer(Status.ANSWERED, (line,), records=program_files(world))
    return Answer(Status.UNKNOWN, (line,), records=program_files(world), reason=Reason.NO_SUCH)


def nothing_now(query: Query, world: World) -> Answer:
    """Nothing is on at the time asked for: the event is over, is still to come, or pauses."""
    table = [(o, s) for o, s in world.event.timetable if world.live(s)]
    name = world.event.short
    if not table:
        return chat.not_stated("what the program is", world)
    first, last = table[0][0], max((o for o, _ in table), key=lambda o: o.end or o.start)
    ended = last.end or last.start
    if world.now >= ended:
        line: Line = (
            f"{name} is over; it ended on {full_date(ended.date())} at ",
            time(ended, zone=True),
            ".",
        )
    elif world.now < first.start:
        line = (
            f"{name} hasn't started; it begins ",
            *ahead(first, world),
            f" with {table[0][1].name}.",
        )
    elif query.ref.pick == Near.NEXT and any(o.start > world.now for o, _ in table):
        return _nothing_then(query, world)
    elif query.ref.pick == Near.NEXT:
        on = [s.name for o, s in table if o.covers(world.now)]
        now = f"{joined(on)} is on now. " if len(on) == 1 else ""
        end: Line = ("Nothing more after this; the last session ends at ", time(ended, zone=True))
        line = (now, *end, ".")
    else:
        return _nothing_then(query, world)
    return Answer(Status.ANSWERED, line, records=program_files(world))


def _nothing_then(query: Query, world: World) -> Answer:
    """Nothing fits the time asked for: say what comes next of the same kind and place."""
    where = query.ref.first(InRoom)
    rest = tuple(f for f in query.ref.filters if not isinstance(f, TIMES))
    moment = next(
        (world.at(f.clock) for f in query.ref.filters if isinstance(f, At) and f.clock), world.now
    )
    rows = world.rows(Ref(query.ref.of if query.ref.of == Of.TALK else Of.SESSION, rest))
    starts = [
        (o.start, r)
        for r in rows
        for o in world.occurrences(r)
        if o.start > moment and world.live(r)
    ]
    place = (
        f" in {joined([world.event.room_by_id[r].full_name for r in where.rooms])}" if where else ""
    )
    line: Line = (f"Nothing is on{place} then.",)
    on = [s for o, s in world.event.timetable if o.covers(world.now) and world.live(s)]
    if on and query.ref.pick == Near.NOW and not where:
        line = (f"Not now: {joined([s.name for s in on])} is on.",)
    if starts:
        line = (*line, " Next is ", *_next_up(min(starts, key=lambda pair: pair[0]), world))
    return Answer(Status.ANSWERED, line, records=program_files(world))


def _next_up(ahead: tuple[datetime, Row], world: World) -> Line:
    start, row = ahead
    day = "" if start.date() == world.now.date() else f" on {full_date(start.date())}"
    return (title(row), " at ", time(start, zone=True), f"{day}.")
