"""Sentences about people and organizations."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer import Answer, Bullets, Inline, Line, Paragraph, Reason, Status
from bot.event import Appearance, Committee, Organization, Person, Role, Room, Session, Talk
from bot.find import Finding, World
from bot.query import From, Ids, InCommittee, InRole, InSector, Inside, Kinds, Query, Want
from bot.wording.lists import with_more
from bot.wording.texts import SHORT, about, abstract, beside, shortened
from bot.wording.voice import (
    ROLE_NOUNS,
    Unstated,
    affiliation,
    all_rooms,
    counted,
    joined,
    minutes,
    names,
    position,
    span,
    spans,
    title,
    unstated,
    verb,
)


_MOST_LISTED = 40
_MOST_NAMESAKES = 6


def answer(finding: Finding, world: World) -> Answer:
    """About the people that were found."""
    query = finding.query
    rows = tuple(r for r in finding.rows if isinstance(r, Person))
    records = tuple(dict.fromkeys(r.ref for r in rows))
    if query.nth_person and len(rows) > 1:
        rows = (rows[query.nth_person - (query.nth_person > 0)],)
    if query.want == Want.COUNT:
        return _count(rows, query, world, records)
    if query.polar and query.claims:
        return _claimed(finding, rows, world)
    if query.plural or query.want == Want.LIST:
        return _listed(rows, query, world, records)
    most = beside(finding.said) if finding.said else SHORT
    alone = len(rows) == 1
    lines = [_line(r, query, world, most, alone=alone) for r in rows[:_MOST_NAMESAKES]]
    if len(rows) == 1:
        left_open = isinstance(lines[0], Unstated)
        status = Status.UNKNOWN if left_open else Status.ANSWERED
        reason = Reason.NOT_STATED if left_open else None
        answered = Answer(status, lines[0], (), records, reason)
        return with_more(answered, [(text,) for text in finding.said])
    head = (
        f"{counted(len(rows), 'person', 'people')} could be meant:"
        if _namesakes(finding)
        else "They are:"
    )
    return Answer(Status.ANSWERED, (head,), (Bullets(tuple(lines)),), records)


def _namesakes(finding: Finding) -> bool:
    return finding.query.ref.pick is None and not finding.query.plural


def _line(person: Person, query: Query, world: World, most: int, *, alone: bool) -> Line:
    match query.want:
        case Want.AFFILIATION | Want.SECTOR:
            return _affiliation(person, world)
        case (
            Want.WHEN | Want.START | Want.END | Want.UNTIL | Want.DURATION | Want.DAY | Want.SESSION
        ):
            return _when(person, world)
        case Want.WHERE:
            return _where(person, world)
        case Want.COAUTHORS:
            return _coauthors(person, world)
        case Want.ABSTRACT if most == SHORT and (talk := _only_talk(person, world)):
            return abstract(talk, world)
        case Want.TITLE | Want.ABOUT | Want.ABSTRACT:
            return _talks(person, world, most)
        case Want.CHAIR:
            return _chairs(person, world)
        case Want.BIO:
            return _overview(person, world, min(_WHOLE_BIO, most + _WHOLE_BIO - SHORT))
        case Want.WHO if query.plural:
            return (_with_place(person, world),)
        case _:
            line = _overview(person, world, min(_BIO, most))
            return (*line, *_company(person, world)) if alone else line


def _rows(person: Person, world: World) -> Sequence[tuple[Appearance, Talk | Session | Committee]]:
    return world.event.appearances.get(person.id, ())


def places(person: Person, world: World) -> list[str]:
    """Every affiliation a person appears with, each once."""
    return list(
        dict.fromkeys(affiliation(world, a) for a, _ in _rows(person, world) if a.affiliations)
    )


def _with_place(person: Person, world: World) -> str:
    where = places(person, world)
    return f"{person.name} ({joined(where, 'or')})" if where else person.name


def _affiliation(person: Person, world: World) -> Line:
    by_place: dict[str, list[str]] = {}
    for a, record in _rows(person, world):
        if a.affiliations:
            by_place.setdefault(affiliation(world, a), []).append(
                title(record) if not isinstance(record, Committee) else record.name
            )
    if not by_place:
        return unstated(f"No affiliation of {person.name} is on record.")
    if len(by_place) == 1:
        place = next(iter(by_place))
        sector = _sector_of(person, world)
        return (f"{person.name} is from {place}{sector}.",)
    parts = [f"{place} ({joined(where)})" for place, where in by_place.items()]
    return (f"{person.name} is listed with {joined(parts)}.",)


def _sector_of(person: Person, world: World) -> str:
    ids = {o for a, _ in _rows(person, world) for o in a.affiliations}
    sectors = {world.event.organization_by_id[o].sector for o in ids}
    if len(sectors) == 1 and "other" not in sectors:
        return f" (a {next(iter(sectors))})"
    return ""


def _does(a: Appearance, record: Talk | Session | Committee, world: World) -> str:
    name = record.name if isinstance(record, (Session, Committee)) else title(record)
    if a.role == Role.ORGANIZER and isinstance(record, Committee):
        return f"is one of the {record.name}"
    if a.role == Role.CHAIR and isinstance(record, Committee):
        return f"chairs the {record.name}"
    if a.role == Role.AUTHOR:
        return f"is an author of {name}"
    past = not isinstance(record, Committee) and verb(world, record) == "was"
    return f"{(_PAST_VERBS if past else _VERBS)[a.role]} {name}"


_VERBS = {
    **ROLE_NOUNS,
    Role.AUTHOR: "is an author of",
    Role.PRESENTER: "presents",
    Role.KEYNOTE: "gives the keynote",
    Role.PANELIST: "is a panelist in",
    Role.MEMBER: "is a member of the",
}
_PAST_VERBS = {
    **_VERBS,
    Role.PRESENTER: "presented",
    Role.KEYNOTE: "gave the keynote",
    Role.CHAIR: "chaired",
    Role.MODERATOR: "moderated",
    Role.PANELIST: "was a panelist in",
}


_BIO = 420
"""Characters of a life in an answer that also tells of other things."""


_WHOLE_BIO = 620
"""The same where nothing else is asked for."""


def _overview(person: Person, world: World, longest: int = _BIO) -> Line:
    text = person.bio_summary or person.bio
    parts = [f"{_with_place(person, world)}"]
    does = [_does(a, r, world) for a, r in _rows(person, world)]
    nothing = f"has no part in the program of {world.event.short}"
    line = f"{parts[0]} {joined(list(dict.fromkeys(does))) or nothing}."
    if text:
        short = shortened(text, longest)
        line += f" In short: {short}" if person.bio_summary else f" “{short}”"
    return (line,)


def _company(person: Person, world: World) -> Line:
    """With whom somebody of whom nothing else is known wrote their only paper."""
    talk = _only_talk(person, world)
    if talk is None or person.bio_summary or person.bio:
        return ()
    others = [a for a in talk.people if a.person != person.id and a.role == Role.AUTHOR]
    return (f" Its other authors are {names(world, others)}.",) if others else ()


def _when(person: Person, world: World) -> Line:
    parts: list[Line] = []
    for a, record in _rows(person, world):
        if isinstance(record, Committee):
            continue
        lengths = [o.length for o in world.occurrences(record) if o.length is not None]
        alone = len(lengths) == 1 and not _shared(record, world)
        long = f" ({counted(minutes(lengths[0]), 'minute')})" if alone else ""
        if isinstance(record, Talk) and not record.occurrences:
            parts.append((f"{_does(a, record, world)}: ", *position(world, record), long))
        else:
            parts.append((f"{_does(a, record, world)}, ", *spans(world, record), long))
    if not parts:
        return (f"{person.name} has no slot in the program.",)
    line: list[Inline] = [f"{person.name} "]
    for i, p in enumerate(parts):
        line += ["; " if i else "", *p]
    return (*line, ".")


def _shared(record: Talk | Session, world: World) -> bool:
    """Whether the time of a talk is that of a session with other talks."""
    if isinstance(record, Session) or record.occurrences:
        return False
    return len(world.event.session_by_id[record.session].talks) > 1


def _where(person: Person, world: World) -> Line:
    parts = []
    for a, record in _rows(person, world):
        if not isinstance(record, Committee) and all_rooms(world, record):
            parts.append(f"{_does(a, record, world)} in {all_rooms(world, record)}")
    if not parts:
        return (f"No room is on record for {person.name}.",)
    return (f"{person.name} {joined(list(dict.fromkeys(parts)))}.",)


def _coauthors(person: Person, world: World) -> Line:
    parts = []
    for a, record in _rows(person, world):
        if isinstance(record, Talk) and a.role == Role.AUTHOR:
            others = [x for x in record.people if x.person != person.id and x.role == Role.AUTHOR]
            parts.append(
                f"{title(record)} with {names(world, others)}"
                if others
                else f"{title(record)} alone"
            )
    if not parts:
        return (f"{person.name} isn't an author of any paper here.",)
    return (f"{person.name} wrote {joined(parts)}.",)


def _only_talk(person: Person, world: World) -> Talk | None:
    talks = [r for _, r in _rows(person, world) if isinstance(r, Talk)]
    return talks[0] if len(talks) == 1 else None


def _talks(person: Person, world: World, most: int) -> Line:
    talks = [r for a, r in _rows(person, world) if isinstance(r, Talk)]
    if not talks:
        return _overview(person, world)
    if len(talks) == 1:
        return (f"{person.name}: ", *about(talks[0], world, most))
    return (f"{person.name}: {joined([title(t) for t in talks])}.",)


def _chairs(person: Person, world: World) -> Line:
    chaired = [r for a, r in _rows(person, world) if a.role in (Role.CHAIR, Role.MODERATOR)]
    if not chaired:
        return (f"No, {person.name} doesn't chair a session.",)
    over = all(not isinstance(r, Committee) and verb(world, r) == "was" for r in chaired)
    return (
        f"{person.name} {'chaired' if over else 'chairs'} {joined([title(r) if not isinstance(r, Committee) else r.name for r in chaired])}.",
    )


# -- several ---------------------------------------------------------------------------------


def _listed(rows: Sequence[Person], query: Query, world: World, records: tuple[str, ...]) -> Answer:
    shown = rows[:_MOST_LISTED]
    if len(rows) == 1:
        return Answer(Status.ANSWERED, _overview(rows[0], world), (), records)
    one_place = {tuple(places(p, world)) for p in shown}
    if len(one_place) == 1 and len(shown) > 1:
        where = joined(list(next(iter(one_place))), "or")
        named = joined([p.name for p in shown])
        return Answer(
            Status.ANSWERED,
            (
                f"{counted(len(rows), 'person', 'people')} from {where}: {named}.{_works(shown, world)}",
            ),
            (),
            records,
        )
    inside = any(isinstance(f, (Inside, InCommittee)) for f in query.ref.filters)
    items = tuple(
        (_with_place(p, world) if inside else f"{_with_place(p, world)}: {_short(p, world)}",)
        for p in shown
    )
    if len(shown) > 8:
        line = f"{counted(len(rows), 'person', 'people')}: {joined([_with_place(p, world) for p in shown])}."
        return Answer(Status.ANSWERED, (line,), (), records)
    return Answer(
        Status.ANSWERED, (f"{counted(len(rows), 'person', 'people')}:",), (Bullets(items),), records
    )


_FEW = 3
"""So many talks are told behind the names of the people whose talks they are."""


def _works(people: Sequence[Person], world: World) -> str:
    talks = dict.fromkeys(
        title(r) for p in people for _, r in _rows(p, world) if isinstance(r, Talk)
    )
    return f" In the program: {joined(list(talks))}." if 0 < len(talks) <= _FEW else ""


def _short(person: Person, world: World) -> str:
    return joined(list(dict.fromkeys(_does(a, r, world) for a, r in _rows(person, world))))


def _count(rows: Sequence[Person], query: Query, world: World, records: tuple[str, ...]) -> Answer:
    named = f": {joined([p.name for p in rows])}" if 0 < len(rows) <= 15 else ""
    chairs = _chairing(rows, query, world)
    of = f" ({counted(chairs, 'chair')} and {len(rows) - chairs} others)" if chairs else ""
    return Answer(
        Status.ANSWERED, (f"{counted(len(rows), 'person', 'people')}{of}{named}.",), (), records
    )


def _chairing(rows: Sequence[Person], query: Query, world: World) -> int:
    """How many people of a committee that is counted chair it."""
    of = query.ref.first(InCommittee)
    ids = of.committees if of else ()
    chairs = {
        a.person
        for c in world.event.committees
        if c.id in ids
        for a in c.members
        if a.role == Role.CHAIR
    }
    return sum(1 for p in rows if p.id in chairs)


def _claimed(finding: Finding, rows: Sequence[Person], world: World) -> Answer:
    query = finding.query
    roles = next((c.roles for c in query.claims if isinstance(c, InRole)), None)
    lines: list[Line] = []
    good = []
    for p in rows:
        if roles is not None:
            held = [r for a, r in _rows(p, world) if a.role in roles]
            if held:
                good.append(p)
    if roles is not None:
        if not good:
            who = joined([p.name for p in rows[:4]])
            more = "; ".join("".join(str(x) for x in _overview(p, world)[:1]) for p in rows[:1])
            return Answer(
                Status.ANSWERED,
                (f"No, {who} {'is' if len(rows) == 1 else 'are'} not. {more}",),
                records=tuple(p.ref for p in rows),
            )
        said = "; ".join(f"{p.name} {_short(p, world)}" for p in good)
        return Answer(Status.ANSWERED, (f"Yes: {said}.",), records=tuple(p.ref for p in good))
    known = [c for c in finding.claims if c is not None]
    head = "" if not known else "Yes. " if all(known) else "No. "
    time_claim = any(not isinstance(c, (From, InSector, Kinds, InRole)) for c in query.claims)
    lines = [(_when(p, world) if time_claim else _affiliation(p, world)) for p in rows[:3]]
    first = (head, *lines[0]) if head else lines[0]
    blocks = tuple(Paragraph(x) for x in lines[1:])
    return Answer(Status.ANSWERED, first, blocks, tuple(p.ref for p in rows))


# -- organizations and rooms -----------------------------------------------------------------


def places_of(world: World, organizations: set[str]) -> list[Person]:
    """The people who appear for an organization."""
    return [
        world.event.person_by_id[p]
        for p, rows in world.event.appearances.items()
        if any(set(a.affiliations) & organizations for a, _ in rows)
    ]


def organizations(finding: Finding, world: World) -> Answer:
    """What organizations have in the program."""
    rows = [r for r in finding.rows if isinstance(r, Organization)]
    ids = {r.id for r in rows}
    if not any(isinstance(f, Ids) for f in finding.query.ref.filters):
        present = [r for r in rows if places_of(world, {r.id})]
        names_ = joined([r.name for r in present])
        kind = "organization"
        line = f"{counted(len(present), kind)}: {names_}." if present else "None."
        return Answer(Status.ANSWERED, (line,), records=tuple(r.ref for r in present[:12]))
    talks = [t for t in world.register.talks if any(set(a.affiliations) & ids for a in t.people)]
    chairs = [(a, s) for s in world.event.sessions for a in s.chairs if set(a.affiliations) & ids]
    members = [
        (a, c) for c in world.event.committees for a in c.members if set(a.affiliations) & ids
    ]
    items: list[Line] = [
        (f"{title(t)} ({names(world, [a for a in t.people if set(a.affiliations) & ids])})",)
        for t in talks
    ]
    items += [(f"{world.event.person_by_id[a.person].name} chairs {s.name}",) for a, s in chairs]
    items += [(f"{world.event.person_by_id[a.person].name}: {c.name}",) for a, c in members]
    name = joined([r.name for r in rows if r.parent not in ids])
    records = tuple(dict.fromkeys([*(t.ref for t in talks), *(s.ref for _, s in chairs)]))
    if not items:
        return Answer(
            Status.ANSWERED,
            (f"No one from {name} is in the program.",),
            records=tuple(r.ref for r in rows),
        )
    return Answer(Status.ANSWERED, (f"{name}:",), (Bullets(tuple(items)),), records)


def places_(finding: Finding, world: World) -> Answer:
    """What is in a room."""
    rooms = [r for r in finding.rows if isinstance(r, Room)]
    ids = {r.id for r in rooms}
    items = tuple(
        (*span(world, o), f": {s.name}")
        for o, s in world.event.timetable
        if (set(o.rooms) & ids and (o.end or o.start) > world.now)
        or (set(o.rooms) & ids and len(rooms) == 1 and finding.query.ref.pick is None)
    )
    name = joined([r.full_name for r in rooms])
    if not items:
        return Answer(
            Status.ANSWERED,
            (f"Nothing is planned in {name}.",),
            records=tuple(r.ref for r in rooms),
        )
    return Answer(
        Status.ANSWERED, (f"{name}:",), (Bullets(items[:12]),), tuple(r.ref for r in rooms)
    )


def rows_of_places(finding: Finding, world: World) -> Answer:
    """Organizations or rooms."""
    if any(isinstance(r, Room) for r in finding.rows):
        return places_(finding, world)
    return organizations(finding, world)
