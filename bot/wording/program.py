"""Sentences about sessions and talks: when, where, who, what, how many, which first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.answer import Action, Answer, Bullets, Inline, Line, Paragraph, Reason, Status, Strong
from bot.event import Occurrence, Person, Role, Session, SessionKind, Talk, TalkKind
from bot.event import Status as RowStatus
from bot.find import Finding, Row, World
from bot.query import TIMES, About, At, Beside, InRoom, Kinds, Near, Of, OnDay, Query, Ref, Want
from bot.wording import chat, people
from bot.wording.texts import about, abstract
from bot.wording.voice import (
    affiliation,
    all_rooms,
    authors,
    counted,
    days_between,
    duration,
    full_date,
    joined,
    minutes,
    names,
    noun_of,
    over,
    people_with_places,
    position,
    short_date,
    span,
    spans,
    speakers,
    time,
    title,
    verb,
)


COMPARISONS = frozenset({Want.LONGER, Want.EARLIER, Want.GAP, Want.BOTH})
_MOST_LISTED = 12
_MOST_CHOICES = 6


def answer(finding: Finding, world: World) -> Answer:
    """About the sessions or talks that were found."""
    query, rows = finding.query, finding.rows
    if query.want == Want.COUNT:
        return counted_rows(finding, world)
    if query.want == Want.ROOMS:
        return same_room(rows, world)
    if query.want == Want.OVER:
        return whether_over(finding, world)
    if query.want in (Want.LIST, Want.AGENDA) or (query.want == Want.OVERVIEW and len(rows) > 1):
        if query.ref.pick is None or len(rows) > 1:
            return listed(finding, world)
    if query.claims:
        return claimed(finding, world)
    if len(rows) > 1 and _one_meant(query, rows):
        return which(finding, world)
    wants = [query.want, *(w for w in query.also if w in _SAYERS and w != query.want)]
    lines: list[Line] = []
    for want in dict.fromkeys(wants):
        if want in _COVERED_BY and _COVERED_BY[want] & set(wants[: wants.index(want)]):
            continue
        sayer = _SAYERS.get(want, _overview)
        lines += [sayer(row, world) for row in rows[:_MOST_LISTED]]
    return _assembled(lines, rows)


_COVERED_BY = {
    Want.START: {Want.WHEN},
    Want.END: {Want.WHEN},
    Want.WHEN: {Want.START, Want.END, Want.UNTIL},
    Want.WHO: {Want.CHAIR, Want.AUTHORS, Want.SPEAKER, Want.AFFILIATION},
    Want.LIST: set(Want),
}


def _assembled(lines: list[Line], rows: Sequence[Row]) -> Answer:
    records = tuple(r.ref for r in rows)
    lines = list(dict.fromkeys(line for line in lines if line))
    notes = [_status_note(r) for r in rows if _status_note(r)]
    blocks: tuple[Bullets | Paragraph, ...] = tuple(Paragraph((n,)) for n in notes)
    if len(lines) == 1:
        return Answer(Status.ANSWERED, lines[0], blocks, records, actions=_follow_ups(rows))
    if lines and len(lines) == 2:
        return Answer(Status.ANSWERED, lines[0], (Paragraph(lines[1]), *blocks), records)
    head: Line = (_heading(rows),)
    return Answer(Status.ANSWERED, head, (Bullets(tuple(lines)), *blocks), records)


def _heading(rows: Sequence[Row]) -> str:
    return f"{counted(len(rows), _noun(rows))}:"


def _noun(rows: Sequence[Row]) -> str:
    kinds = {r.kind for r in rows if isinstance(r, Talk)}
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


def _follow_ups(rows: Sequence[Row]) -> tuple[Action, ...]:
    if len(rows) != 1:
        return ()
    row = rows[0]
    if isinstance(row, Talk):
        return (
            Action("What is it about?", f"what is “{row.title}” about?"),
            Action("When and where?", f"when and where is “{row.title}”?"),
        )
    return ()


def _status_note(row: Row) -> str:
    if isinstance(row, (Session, Talk)) and row.status != RowStatus.PLANNED:
        note = f" ({row.note})" if row.note else ""
        return f"Note: {title(row)} is {row.status}{note}."
    if isinstance(row, (Session, Talk)) and row.note:
        return f"Note: {row.note}."
    return ""


def _one_meant(query: Query, rows: Sequence[Row]) -> bool:
    """Whether a single row was meant though several fit."""
    if query.plural or query.ref.pick is not None:
        return False
    if len(rows) <= 3 and query.want in (
        Want.WHEN,
        Want.WHERE,
        Want.START,
        Want.END,
        Want.DURATION,
    ):
        return False
    return all(isinstance(r, Talk) for r in rows) or len(rows) > _MOST_LISTED


def which(finding: Finding, world: World) -> Answer:
    """Several fit where one was meant."""
    rows = finding.rows[:_MOST_CHOICES]
    choices = tuple(_choice(r, world) for r in rows)
    more = f" ({len(finding.rows)} fit)" if len(finding.rows) > len(rows) else ""
    return chat.clarify(f"Which one do you mean?{more}", choices)


def _choice(row: Row, world: World) -> str:
    if isinstance(row, Talk) and row.people:
        return f"{title(row)} by {names(world, authors(row)[:1])}{' et al.' if len(authors(row)) > 1 else ''}"
    return title(row)


# -- one row, one want -----------------------------------------------------------------------


def _when(row: Row, world: World) -> Line:
    if not world.live(row):
        return (f"{_subject(row)} was planned for ", *spans(world, row), ", but it is cancelled.")
    if isinstance(row, Talk) and not row.occurrences:
        return (f"{_subject(row)} {verb(world, row)} ", *position(world, row), ".")
    return (_subject(row), f" {verb(world, row)} ", *spans(world, row), ".")


def _subject(row: Row) -> str:
    if isinstance(row, Talk) and row.kind == TalkKind.KEYNOTE:
        return f"The keynote {title(row)}"
    return title(row)


def _start(row: Row, world: World) -> Line:
    return _edge(row, world, end=False)


def _end(row: Row, world: World) -> Line:
    return _edge(row, world, end=True)


def _edge(row: Row, world: World, *, end: bool) -> Line:
    found = world.occurrences(row)
    if isinstance(row, Talk) and not row.occurrences and _crowded(row, world):
        return _when(row, world)
    if len(found) != 1:
        return _when(row, world)
    o = found[0]
    past = (o.end or o.start) <= world.now
    verbs = (
        ("ended" if past else "ends") if end else ("started" if o.start <= world.now else "starts")
    )
    instant = o.end if end else o.start
    if instant is None:
        return (
            f"The end of {_subject(row)} isn't stated; it starts at ",
            time(o.start, zone=True),
            ".",
        )
    day = f" on {full_date(instant.date())}" if instant.date() != world.now.date() else ""
    return (_subject(row), f" {verbs} at ", time(instant, zone=True), f"{day}.")


def _crowded(talk: Talk, world: World) -> bool:
    return len(world.event.session_by_id[talk.session].talks) > 1


def _duration(row: Row, world: World) -> Line:
    if isinstance(row, Talk) and not row.occurrences and _crowded(row, world):
        session = world.event.session_by_id[row.session]
        o = next(iter(session.occurrences), None)
        if o is None or o.length is None:
            return (f"How long {title(row)} takes isn't stated.",)
        count = len(session.talks)
        each = minutes(o.length) // count
        return (
            (
                f"How long single talks take isn't published; {session.label or session.title} has"
                f" {duration(o.length)} for {count} talks, so about {each} minutes each."
            ),
        )
    found = world.occurrences(row)
    lengths = list(dict.fromkeys(o.length for o in found if o.length is not None))
    if not lengths:
        return (f"How long {_subject(row)} takes isn't stated.",)
    first = found[0]
    return (
        f"{_subject(row)} {'took' if verb(world, row) == 'was' else 'takes'} ",
        joined([duration(x) for x in lengths]),
        " (",
        *span(world, first, dated=False),
        ").",
    )


def _until(row: Row, world: World) -> Line:
    ahead = [o for o in world.occurrences(row) if o.start > world.now]
    if not ahead:
        running = [o for o in world.occurrences(row) if o.covers(world.now)]
        if running and running[0].end:
            left = duration(running[0].end - world.now)
            return (
                f"{_subject(row)} is on now; {left} left, until ",
                time(running[0].end, zone=True),
                ".",
            )
        return _when(row, world)
    o = min(ahead, key=lambda o: o.start)
    return (f"{_subject(row)} starts ", *_ahead(o, world), ".")


def _ahead(o: Occurrence, world: World) -> Line:
    days = days_between(world.now.date(), o.start.date())
    if days == 0:
        return (f"in {duration(o.start - world.now)}, at ", time(o.start, zone=True))
    weeks = f" ({_weeks(days)})" if days >= 14 else ""
    return (
        f"in {counted(days, 'day')}{weeks}, on {full_date(o.start.date())} at ",
        time(o.start, zone=True),
    )


def _weeks(days: int) -> str:
    weeks, rest = divmod(days, 7)
    if rest >= 4:
        return f"almost {counted(weeks + 1, 'week')}"
    return ("just over " if rest else "") + counted(weeks, "week")


def _where(row: Row, world: World) -> Line:
    where = all_rooms(world, row)
    if not where and isinstance(row, Session) and row.summary:
        return (f"No room is stated for {_subject(row)}. {row.summary}",)
    if not where:
        return (f"The room of {_subject(row)} isn't stated.",)
    return (f"{_subject(row)} {verb(world, row)} in {where}.",)


def _chair(row: Row, world: World) -> Line:
    session = world.event.session_by_id[row.session] if isinstance(row, Talk) else row
    if not isinstance(session, Session):
        return ()
    chairs = session.chairs or tuple(
        a for a in world.appearances_on(row) if a.role == Role.MODERATOR
    )
    if not chairs:
        return (f"No chair is stated for {session.name}.",)
    named = people_with_places(world, chairs)
    moderators = all(a.role == Role.MODERATOR for a in chairs)
    verb_ = "moderates" if moderators else "chairs"
    return (f"{named} {verb_ if len(chairs) == 1 else verb_[:-1]} {session.name}.",)


def _authors(row: Row, world: World) -> Line:
    if isinstance(row, Talk):
        who = authors(row)
        if not who:
            return (f"The records don't say who {_subject(row)} is by.",)
        return (f"{_subject(row)} is by {people_with_places(world, who)}.",)
    return _speakers(row, world)


def _speakers(row: Row, world: World) -> Line:
    if isinstance(row, Talk):
        front = speakers(row)
        if front:
            verb_ = {TalkKind.PANEL: "The panelists of {} are {}."}.get(row.kind, "{1} gives {0}.")
            return (verb_.format(title(row), people_with_places(world, front)),)
        who = people_with_places(world, authors(row))
        if not who:
            return (f"The records don't say who presents {title(row)}.",)
        return (f"Who presents {title(row)} isn't stated; its authors are {who}.",)
    if isinstance(row, Session):
        talks = [world.event.talk_by_id[t] for t in row.talks]
        if not talks:
            return (f"{row.name} has no speakers listed.",)
        if len(talks) == 1:
            return (f"{row.name}: ", *_speakers(talks[0], world))
        heads = [f"{title(t)} ({names(world, authors(t))})" for t in talks]
        return (f"{row.name}: {'; '.join(heads)}.",)
    return ()


def _who(row: Row, world: World) -> Line:
    if isinstance(row, Talk):
        return _authors(row, world)
    if isinstance(row, Session) and row.kind == SessionKind.TALKS and not row.talks:
        return _chair(row, world)
    return _speakers(row, world)


def _affiliation(row: Row, world: World) -> Line:
    if not isinstance(row, Talk):
        return _speakers(row, world)
    who = authors(row)
    places = list(dict.fromkeys(affiliation(world, a) for a in who if a.affiliations))
    if len(places) == 1:
        return (
            f"All authors of {title(row)} are from {places[0]}: {names(world, who)}."
            if len(who) > 1
            else f"{names(world, who)} ({title(row)}) is from {places[0]}.",
        )
    if not places:
        return (f"No affiliations are stated for {title(row)}.",)
    return (f"{title(row)} is by {people_with_places(world, who)}.",)


def _title(row: Row, world: World) -> Line:
    if isinstance(row, Session) and len(row.talks) == 1 and row.kind == SessionKind.KEYNOTE:
        return _title(world.event.talk_by_id[row.talks[0]], world)
    if isinstance(row, Talk):
        session = world.event.session_by_id[row.session]
        label = f"{session.label}: " if row.kind == TalkKind.KEYNOTE and session.label else ""
        return (label, Strong(f"“{row.title}”"), "." if not label else "")
    return (Strong(title(row)),)


def _session(row: Row, world: World) -> Line:
    if isinstance(row, Talk):
        session = world.event.session_by_id[row.session]
        place = position(world, row)
        return (f"{_subject(row)} is in {session.name}: ", *place, ".")
    return (title(row), " is ", *spans(world, row), ".")


def _day(row: Row, world: World) -> Line:
    days = list(dict.fromkeys(o.start.date() for o in world.occurrences(row)))
    return (f"{_subject(row)} {verb(world, row)} on {joined([full_date(d) for d in days])}.",)


def _overview(row: Row, world: World) -> Line:
    if isinstance(row, Session):
        return _session_overview(row, world)
    if isinstance(row, Talk):
        by = f" by {people_with_places(world, authors(row))}" if row.people else ""
        where = all_rooms(world, row)
        place = position(world, row) if not row.occurrences else spans(world, row)
        room = f", {where}" if where else ""
        return (f"{_subject(row)}{by}: ", *place, f"{room}.")
    return (title(row),)


def _session_overview(row: Session, world: World) -> Line:
    parts: list[Inline] = [Strong(row.name), ", ", *spans(world, row)]
    where = all_rooms(world, row)
    if where:
        parts.append(f", {where}")
    parts.append(".")
    if row.chairs:
        parts.append(f" Chair: {people_with_places(world, row.chairs)}.")
    talks = [world.event.talk_by_id[t] for t in row.talks]
    if len(talks) == 1:
        talk = talks[0]
        parts.append(f" {title(talk)} by {people_with_places(world, authors(talk))}.")
    elif talks and len(talks) <= 8:
        parts.append(f" Talks: {'; '.join(title(t) for t in talks)}.")
    elif talks:
        parts.append(f" {len(talks)} talks.")
    return tuple(parts)


_SAYERS = {
    Want.WHEN: _when,
    Want.START: _start,
    Want.END: _end,
    Want.DURATION: _duration,
    Want.UNTIL: _until,
    Want.WHERE: _where,
    Want.WHO: _who,
    Want.AUTHORS: _authors,
    Want.SPEAKER: _speakers,
    Want.CHAIR: _chair,
    Want.AFFILIATION: _affiliation,
    Want.SECTOR: _affiliation,
    Want.TITLE: _title,
    Want.ABOUT: about,
    Want.ABSTRACT: abstract,
    Want.SESSION: _session,
    Want.DAY: _day,
    Want.OVERVIEW: _overview,
}


# -- several rows ----------------------------------------------------------------------------


def listed(finding: Finding, world: World) -> Answer:
    """A list of rows."""
    rows = finding.rows
    shown = rows[:_MOST_LISTED]
    items = tuple(_item(r, world) for r in shown)
    spelt = [
        f"{world.passages.spelt_out[s]}."
        for f in finding.query.ref.filters
        if isinstance(f, About)
        for s in f.stems
        if s in world.passages.spelt_out
    ]
    if len(rows) == 1 and not finding.query.polar and not spelt:
        return _assembled([_overview(rows[0], world)], rows)
    more = f", the first {len(shown)}" if len(shown) < len(rows) else ""
    head = f"{counted(len(rows), _noun(rows))}{more}:"
    notes = tuple(Paragraph((_status_note(r),)) for r in shown if _status_note(r))
    notes = (*notes, *(Paragraph((x,)) for x in spelt[:1]))
    return Answer(Status.ANSWERED, (head,), (Bullets(items), *notes), tuple(r.ref for r in shown))


def _item(row: Row, world: World) -> Line:
    if isinstance(row, Session):
        where = all_rooms(world, row)
        several = len(world.days()) > 1 or not world.occurrences(row)
        tail = f" ({where})" if where else ""
        return (*spans(world, row, dated=several), f": {row.name}{tail}")
    if isinstance(row, Talk):
        return (f"{title(row)} ({names(world, authors(row))})" if row.people else title(row),)
    return (title(row),)


def counted_rows(finding: Finding, world: World) -> Answer:
    """How many."""
    rows = finding.rows
    noun = _noun(rows)
    detail = ""
    kinds = {r.kind for r in rows if isinstance(r, Talk)}
    if len(kinds) > 1:
        counts = [
            counted(sum(1 for r in rows if isinstance(r, Talk) and r.kind == k), noun_of(k))
            for k in TalkKind
            if k in kinds
        ]
        detail = f" ({joined(counts)})"
    items = tuple(_item(r, world) for r in rows) if 0 < len(rows) <= _MOST_CHOICES else ()
    blocks = (Bullets(items),) if items else ()
    line = f"{counted(len(rows), noun)}{detail}{':' if items else '.'}"
    return Answer(Status.ANSWERED, (line,), blocks, tuple(r.ref for r in rows[:_MOST_LISTED]))


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
    return Answer(Status.ANSWERED, (line,), blocks, tuple(r.ref for r in busy[:_MOST_LISTED]))


def whether_over(finding: Finding, world: World) -> Answer:
    """Whether something has begun, is on, or is over."""
    lines: list[Line] = []
    for row in finding.rows[:_MOST_CHOICES]:
        found = world.occurrences(row)
        if not found:
            continue
        if all((o.end or o.start) <= world.now for o in found):
            o = found[-1]
            lines.append((f"Yes, {_subject(row)} is over; it was ", *span(world, o), "."))
        elif any(o.covers(world.now) for o in found):
            o = next(o for o in found if o.covers(world.now))
            lines.append(
                (
                    f"{_subject(row)} is on right now: it started at ",
                    time(o.start),
                    " and ends at ",
                    time(o.end or o.start, zone=True),
                    ".",
                )
            )
        else:
            o = min((o for o in found if o.start > world.now), key=lambda o: o.start)
            lines.append(
                (f"No, {_subject(row)} hasn't started yet; it starts ", *_ahead(o, world), ".")
            )
    return _assembled(lines, finding.rows)


def claimed(finding: Finding, world: World) -> Answer:
    """Yes or no, and the fact."""
    rows = finding.rows[:3]
    lines = [_claim_line(row, finding, world) for row in rows]
    lines[0] = (_verdict(finding, world), *lines[0])
    return _assembled(lines, rows)


def _verdict(finding: Finding, world: World) -> str:
    if not any(world.live(r) for r in finding.rows):
        return "No. "
    known = [c for c in finding.claims if c is not None]
    if not known or not finding.query.polar:
        return ""
    return "Yes. " if all(known) else "No. "


def _claim_line(row: Row, finding: Finding, world: World) -> Line:
    query = finding.query
    want = query.want if query.want in _SAYERS and query.want != Want.OVERVIEW else Want.WHEN
    for claim, holds in zip(query.claims, finding.claims, strict=True):
        if isinstance(claim, Beside) and want == Want.WHEN:
            comes = "after" if claim.after == bool(holds) else "before"
            return (f"{_subject(row)} comes {comes} that: ", *_when(row, world))
    return _SAYERS[want](row, world)


# -- nothing there ---------------------------------------------------------------------------


def nothing(finding: Finding, world: World) -> Answer:
    """No row fits: say what is so instead."""
    query = finding.query
    kinds = next((f for f in query.ref.filters if isinstance(f, Kinds) and f.sessions), None)
    if kinds and not any(s.kind in kinds.sessions for s in world.event.sessions):
        line = f"The program of {world.event.short} lists no {kinds.words.replace('-', ' ')}."
        return Answer(Status.UNKNOWN, (line,), records=("program.yaml",), reason=Reason.NO_SUCH)
    if query.ref.pick is not None or query.ref.of == Of.SESSION:
        return _nothing_now(query, world)
    said = " ".join(str(f) for f in query.ref.filters if not isinstance(f, Kinds))
    noun = next((str(f) for f in query.ref.filters if isinstance(f, Kinds)), str(query.ref.of))
    line = f"No, the program of {world.event.short} has no {noun} {said}".rstrip() + "."
    return Answer(Status.ANSWERED, (line,), records=("program.yaml",))


def _nothing_now(query: Query, world: World) -> Answer:
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
            *_ahead(first, world),
            f" with {table[0][1].name}.",
        )
    elif query.ref.pick == Near.NEXT:
        line = ("Nothing more after this; the last session ends at ", time(ended, zone=True), ".")
    else:
        return _nothing_then(query, world)
    return Answer(Status.ANSWERED, line, records=("program.yaml",))


def _nothing_then(query: Query, world: World) -> Answer:
    """Nothing fits the time asked for: say what comes next of the same kind and place."""
    where = next((f for f in query.ref.filters if isinstance(f, InRoom)), None)
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
    if starts:
        line = (*line, " Next is ", *_next_up(min(starts, key=lambda pair: pair[0]), world))
    return Answer(Status.ANSWERED, line, records=("program.yaml",))


def _next_up(ahead: tuple[datetime, Row], world: World) -> Line:
    start, row = ahead
    day = "" if start.date() == world.now.date() else f" on {full_date(start.date())}"
    return (title(row), " at ", time(start, zone=True), f"{day}.")


# -- content ---------------------------------------------------------------------------------


def detail(finding: Finding, world: World) -> Answer:
    """A sentence of a record that answers a question about its content."""
    query, rows = finding.query, finding.rows
    if not finding.said and rows and not query.words and not query.details and len(rows) == 1:
        wants = [w for w in query.also if w in _SAYERS] or [Want.ABOUT]
        return _assembled([_SAYERS[w](rows[0], world) for w in wants[:1]], rows)
    if finding.said and rows:
        row = rows[0]
        lead = f"{title(row)}: " if isinstance(row, Talk) else ""
        own = isinstance(row, Talk) and not row.summary
        text = " ".join(finding.said)
        said = f"“{text}”" if own else text
        return Answer(
            Status.ANSWERED,
            (f"{lead}{said}",),
            records=tuple(r.ref for r in rows[:1]),
            actions=_follow_ups(rows),
        )
    if not rows:
        if finding.missing and query.absent:
            return chat.not_understood(query, world)
        return chat.not_understood(query, world)
    if len(rows) > 1:
        if any(isinstance(r, Person) for r in rows):
            return people.answer(finding, world)
        return which(finding, world)
    return chat.not_stated(f"that about {title(rows[0])}", world, records=(rows[0].ref,))


# -- two things ------------------------------------------------------------------------------


def compared(finding: Finding, world: World) -> Answer:
    """Two rows side by side."""
    query = finding.query
    if query.want == Want.LONGER:
        return _longer(finding, world)
    if query.want == Want.BOTH and finding.rows:
        rows = (*finding.rows, *finding.other)[:3]
        return _assembled([about(r, world) for r in rows], rows)
    if not finding.rows or not finding.other:
        return nothing(finding, world)
    a, b = finding.rows[0], finding.other[0]
    first, second = world.occurrences(a)[:1], world.occurrences(b)[:1]
    if not first or not second:
        return chat.not_stated("when both of them are", world)
    if query.want == Want.EARLIER:
        early, late = sorted((a, b), key=lambda r: world.occurrences(r)[0].start)
        line: Line = (
            f"{_subject(early)} comes first, at ",
            time(world.occurrences(early)[0].start),
            f"; {title(late)} starts at ",
            time(world.occurrences(late)[0].start, zone=True),
            ".",
        )
        return Answer(Status.ANSWERED, line, records=(a.ref, b.ref))
    return _gap(a, b, world)


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
    ranked = sorted(known, key=lambda pair: pair[1], reverse=True)
    records = tuple(r.ref for r, _ in ranked)
    if ranked[0][1] == ranked[-1][1]:
        return Answer(
            Status.ANSWERED,
            (f"They are equally long: {duration(ranked[0][1])} each.",),
            records=records,
        )
    parts = [f"{title(r)} takes {duration(x)}" for r, x in ranked[:_MOST_CHOICES]]
    return Answer(
        Status.ANSWERED, (f"{title(ranked[0][0])} is longer: {joined(parts)}.",), records=records
    )


# -- the event itself ------------------------------------------------------------------------


def event(finding: Finding, world: World) -> Answer:
    """About the workshop as a whole."""
    query, e = finding.query, world.event
    table = [(o, s) for o, s in e.timetable if world.live(s)]
    records = (e.ref, "program.yaml") if table else (e.ref,)
    if query.want in (Want.LIST, Want.AGENDA, Want.COUNT) and table:
        rows = tuple(dict.fromkeys(s for _, s in table))
        return listed(Finding(query, rows), world)
    if query.want == Want.WHERE:
        places = [p for p in (e.venue, e.city) if p]
        used = list(
            dict.fromkeys(all_rooms(world, s) for _, s in table if s.talks and all_rooms(world, s))
        )
        where = joined(places, ",") if places else "an unstated place"
        room = f" Talks are in {joined(used)}." if used else ""
        return Answer(
            Status.ANSWERED, (f"{e.short} {_tense(world)} in {where}.{room}",), records=records
        )
    if not table:
        days = [d.date for d in e.days]
        if days:
            return Answer(
                Status.ANSWERED,
                (f"{e.short} is on {joined([full_date(d) for d in days])}.",),
                records=records,
            )
        return chat.not_stated("when the event is", world)
    return _event_times(query, world, records, [o for o, _ in table])


def _tense(world: World) -> str:
    return "was" if over(world) else "is"


def _event_times(
    query: Query, world: World, records: tuple[str, ...], table: list[Occurrence]
) -> Answer:
    e = world.event
    first = table[0]
    days = world.days()
    asked_day = next((world.day(f) for f in query.ref.filters if isinstance(f, OnDay)), None)
    wanted = asked_day or world.reference_day()
    today = [o for o in table if o.start.date() == wanted]
    if asked_day is not None and not today:
        when = joined([full_date(d) for d in days])
        nothing_then = (
            f"Nothing of {e.short} is on {full_date(asked_day)}; it {_tense(world)} on {when}."
        )
        return Answer(Status.ANSWERED, (nothing_then,), records=records)
    today = today or table
    begin, stop = today[0], max(today, key=lambda o: o.end or o.start)
    end = stop.end or stop.start
    day = full_date(begin.start.date())
    whole: Line = (time(begin.start), "–", time(end, zone=True))
    match query.want:
        case Want.DURATION:
            line: Line = (f"The day lasts {duration(end - begin.start)}: ", *whole, f" on {day}.")
        case Want.START:
            line = (
                f"{e.short} {'started' if begin.start <= world.now else 'starts'} at ",
                time(begin.start, zone=True),
                f" on {day}.",
            )
        case Want.END:
            line = (
                f"{e.short} {'ended' if end <= world.now else 'ends'} at ",
                time(end, zone=True),
                f" on {day}.",
            )
        case Want.UNTIL if world.now < first.start:
            line = (f"{e.short} starts ", *_ahead(first, world), ".")
        case Want.UNTIL if world.now < end:
            line = (f"{duration(end - world.now)} until the end at ", time(end, zone=True), ".")
        case Want.OVER if world.now < end:
            return (
                _nothing_now(query, world)
                if world.now < first.start
                else Answer(
                    Status.ANSWERED,
                    (f"No, {e.short} runs until ", time(end, zone=True), "."),
                    records=records,
                )
            )
        case Want.OVER:
            line = (
                f"Yes, {e.short} is over; it ended on {full_date(end.date())} at ",
                time(end, zone=True),
                ".",
            )
        case Want.DAY:
            line = (f"{e.short} {_tense(world)} on {joined([full_date(d) for d in days])}.",)
        case Want.ABOUT | Want.OVERVIEW | Want.BIO if e.summary:
            line = (f"In short: {e.summary}",)
        case Want.TITLE:
            line = (f"{e.name}" + (f", part of {e.parent}" if e.parent else "") + ".",)
        case _:
            span_ = day if len(days) == 1 else f"{short_date(days[0])} to {full_date(days[-1])}"
            line = (
                f"{e.short} {_tense(world)} on {span_}, ",
                *whole,
                "." if len(days) == 1 else f" on {day}.",
            )
    return Answer(Status.ANSWERED, line, records=records)
