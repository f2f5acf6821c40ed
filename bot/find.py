"""Query x event x now -> Finding: which rows a query gives, and how firmly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from bot.event import (
    Appearance,
    Audience,
    Committee,
    Event,
    Fact,
    Link,
    Milestone,
    Occurrence,
    Organization,
    Person,
    Role,
    Room,
    Rule,
    Sector,
    Session,
    Status,
    Talk,
    TalkKind,
    Topic,
)
from bot.passages import Passages, Sentence
from bot.query import (
    About,
    Ahead,
    At,
    Beside,
    Between,
    Clock,
    Filter,
    From,
    Ids,
    InCommittee,
    InPart,
    InRole,
    InRoom,
    InSector,
    Inside,
    Kinds,
    Like,
    Milestones,
    Near,
    Nth,
    Numbered,
    Of,
    OnDay,
    Query,
    Ref,
    Subjects,
    Track,
    Want,
    With,
)
from bot.question.words import fold, text_stems


Row = Session | Talk | Person | Organization | Room | Milestone | Fact | Topic | Event

_SMALL_HOURS = 5
"""A time of day before this hour belongs to the evening before."""

_CLOSE = 0.8
"""A record that scores this share of the best one's score is as good as the best."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a query gives.

    `rows` in their natural order; `ambiguous` if one was meant and several fit; `missing` says in
    the asker's words what the records don't have; `near` are names that come close; `claims` tell
    for each claim of the query whether it holds (None: the records leave it open); `said` are
    sentences that answer a question about content; `other` are the rows of the second reference;
    `withheld` if something that fits may only be told in private.
    """

    query: Query
    rows: tuple[Row, ...] = ()
    other: tuple[Row, ...] = ()
    ambiguous: bool = False
    missing: str = ""
    near: tuple[str, ...] = ()
    claims: tuple[bool | None, ...] = ()
    said: tuple[str, ...] = ()
    verdict: bool | None = None
    withheld: bool = False


class Missing(Exception):
    """No row can be what the words mean."""

    def __init__(self, what: str, near: Sequence[str] = ()) -> None:
        """`what` in the asker's words; `near` are names that come close."""
        super().__init__(what)
        self.what = what
        self.near = tuple(near)


class World:
    """An event with its indexes, seen at a moment."""

    def __init__(
        self, event: Event, passages: Passages, now: datetime, *, private: bool = True
    ) -> None:
        """`now` is aware and looked at in the event's zone; `private` if one person listens."""
        self.private = private
        self.event = event
        self.passages = passages
        self.now = now.astimezone(event.zone)

    def may_tell(self, record: Fact | Link) -> bool:
        """Whether a record may be told to those who listen."""
        if record.audience == Audience.ORGANIZERS:
            return False
        return self.private or record.audience == Audience.EVERYONE

    # -- rows of a reference -----------------------------------------------------------------

    def rows(self, ref: Ref, *, plural: bool = False) -> list[Row]:
        """The rows of a reference, in their order; raises `Missing` where a name is nobody's."""
        rows = self._all(ref.of)
        filters = _simplest_first(ref.filters)
        for f in filters:
            if isinstance(f, About) and ref.of == Of.TALK:
                continue
            rows = self.passing(rows, f, ref)
        words = [f for f in filters if isinstance(f, About)]
        if ref.of == Of.TALK:
            for f in words:
                rows = self._about(rows, f, plural=plural or ref.pick is not None)
        if ref.pick is None or ref.of == Of.MILESTONE:
            return rows
        return self._picked(rows, ref)

    def _all(self, of: Of) -> list[Row]:
        event = self.event
        match of:
            case Of.SESSION:
                timed = dict.fromkeys(s for _, s in event.timetable)
                return [*timed, *(s for s in event.sessions if not s.occurrences)]
            case Of.TALK:
                return list(self.talks_in_order)
            case Of.PERSON:
                return [event.person_by_id[p] for p in event.appearances]
            case Of.ORGANIZATION:
                return list(event.organizations)
            case Of.ROOM:
                return list(event.rooms)
            case Of.MILESTONE:
                return list(event.call.milestones) if event.call else []
            case Of.TOPIC:
                return list(event.call.topics) if event.call else []
            case Of.FACT:
                return list(self.passages.fact_by_id.values())
            case Of.EVENT:
                return [event]

    @cached_property
    def talks_in_order(self) -> tuple[Talk, ...]:
        """Talks by the start of their session, then by their place in it."""
        by_id = self.event.talk_by_id
        rows: list[Row] = self._all(Of.SESSION)
        return tuple(by_id[t] for s in rows if isinstance(s, Session) for t in s.talks)

    def passing(self, rows: list[Row], f: Filter, ref: Ref) -> list[Row]:
        """Those of the rows that pass a filter of a reference."""
        match f:
            case Ids(ids, words):
                if not ids:
                    raise Missing(words, self._near_names(words))
                wanted = set(ids)
                return [r for r in rows if _id(r) in wanted]
            case Numbered():
                return [self._numbered(rows, f)]
            case Between() | Beside() | At() | OnDay() | InPart() | Ahead():
                return self._timed(rows, f, ref)
            case About() if ref.of == Of.SESSION:
                return self._sessions_about(rows, f)
            case About() if ref.of == Of.PERSON:
                return self._people_about(rows, f)
            case About():
                return rows
            case Inside(inner):
                roles = next((g.roles for g in ref.filters if isinstance(g, InRole)), None)
                return self._inside(rows, inner, roles)
            case _:
                return [r for r in rows if self._passes(r, f)]

    def _passes(self, row: Row, f: Filter) -> bool:
        match f:
            case Kinds(sessions, talks):
                if isinstance(row, Session):
                    return row.kind in sessions or (not sessions and self._holds_kind(row, talks))
                return isinstance(row, Talk) and row.kind in talks
            case With(people):
                return bool({a.person for a in self.appearances_on(row)} & set(people))
            case From(organizations):
                return self._from(row, set(organizations))
            case InSector(sector, only):
                return self._in_sector(row, sector, only=only)
            case InRole(roles):
                return self._in_role(row, roles)
            case InRoom(rooms):
                return any(set(o.rooms) & set(rooms) for o in self.occurrences(row))
            case Milestones(kinds):
                return isinstance(row, Milestone) and row.kind in kinds
            case Track(ids):
                return self.of_track(row, set(ids))
            case Like(ids, besides):
                return self._like(row, set(ids)) and not (besides and row.id in ids)
            case InCommittee(committees):
                return isinstance(row, Person) and any(
                    isinstance(c, Committee) and c.id in committees
                    for _, c in self.event.appearances.get(row.id, ())
                )
            case Subjects() | _:
                return True

    def of_track(self, row: Row, ids: set[str]) -> bool:
        """Whether a date or rule of the call holds for one of these tracks and cycles."""
        call = self.event.call
        if call is None:
            return True
        tracks = ids & {t.id for t in call.tracks}
        cycles = ids & {c.id for c in call.cycles}
        match row:
            case Milestone():
                right = not tracks or not row.track or row.track in tracks
                return right and (not cycles or not row.cycle or row.cycle in cycles)
            case Rule():
                return not tracks or not row.tracks or bool(set(row.tracks) & tracks)
            case _:
                return True

    def _like(self, row: Row, ids: set[str]) -> bool:
        sessions = [s for s in self.event.sessions if s.id in ids]
        talks = [t for t in self.event.talks if t.id in ids]
        if isinstance(row, Session):
            labels = {s.label.rstrip("0123456789 ") for s in sessions}
            same = row.label.rstrip("0123456789 ") in labels
            return row.kind in {s.kind for s in sessions} and same
        return isinstance(row, Talk) and row.kind in {t.kind for t in talks}

    def _holds_kind(self, session: Session, talks: frozenset[TalkKind]) -> bool:
        return any(self.event.talk_by_id[t].kind in talks for t in session.talks)

    def _from(self, row: Row, organizations: set[str]) -> bool:
        if isinstance(row, Organization):
            return row.id in organizations
        return any(set(a.affiliations) & organizations for a in self.appearances_on(row))

    def _in_sector(self, row: Row, sector: Sector, *, only: bool) -> bool:
        by_id = self.event.organization_by_id
        if isinstance(row, Organization):
            return row.sector == sector
        sectors = {by_id[o].sector for a in self.appearances_on(row) for o in a.affiliations}
        return sectors == {sector} if only else sector in sectors

    def _in_role(self, row: Row, roles: frozenset[Role]) -> bool:
        if isinstance(row, Person):
            return any(a.role in roles for a, _ in self.event.appearances.get(row.id, ()))
        return any(a.role in roles for a in self.appearances_on(row))

    def _near_names(self, words: str) -> list[str]:
        """People a part of whose name is among the words."""
        wanted = {fold(w) for w in words.split()}
        people = self.event.people
        return [p.name for p in people if wanted & set(fold(p.name).split())][:4]

    def _numbered(self, rows: list[Row], f: Numbered) -> Row:
        """By the printed number, else by the order if nothing is numbered."""
        label = f"{f.noun} {f.number}".casefold()
        labelled = [r for r in rows if isinstance(r, Session) and r.label]
        for row in self._all(Of.SESSION):
            if isinstance(row, Session) and row.label.casefold() == label:
                if all(isinstance(r, Talk) for r in rows) and row.talks:
                    return self.event.talk_by_id[row.talks[0]]
                return row
        same_noun = [r for r in labelled if r.label.casefold().startswith(f.noun)]
        if not same_noun and f.number.isdigit() and 0 < int(f.number) <= len(rows):
            return rows[int(f.number) - 1]
        raise Missing(
            f"{f.noun} {f.number}", [r.label for r in same_noun if isinstance(r, Session)]
        )

    # -- time --------------------------------------------------------------------------------

    def occurrences(self, row: Row) -> tuple[Occurrence, ...]:
        """When and where a row happens; a talk without times has those of its session."""
        match row:
            case Session():
                return row.occurrences
            case Talk():
                return self.passages.times(row)
            case Person():
                found: list[Occurrence] = []
                for appearance, record in self.event.appearances.get(row.id, ()):
                    if not isinstance(record, Committee) and appearance.role != Role.CHAIR:
                        found += self.occurrences(record)
                if not found:
                    for _, record in self.event.appearances.get(row.id, ()):
                        if not isinstance(record, Committee):
                            found += self.occurrences(record)
                return tuple(dict.fromkeys(found))
            case _:
                return ()

    def live(self, row: Row) -> bool:
        """Whether a row takes place at all."""
        if isinstance(row, (Session, Talk)) and row.status == Status.CANCELLED:
            return False
        if isinstance(row, Talk):
            return self.event.session_by_id[row.session].status != Status.CANCELLED
        return True

    def days(self) -> tuple[date, ...]:
        """The days of the program."""
        stated = tuple(d.date for d in self.event.days)
        return stated or tuple(sorted({o.start.date() for o, _ in self.event.timetable}))

    def day(self, f: OnDay) -> date | None:
        """The date that a day filter means."""
        today, days = self.now.date(), self.days()
        match f.form:
            case "offset":
                return today + timedelta(days=f.value)
            case "weekday":
                later = [d for d in days if d.weekday() == f.value and d >= today]
                any_ = [d for d in days if d.weekday() == f.value]
                ahead = today + timedelta(days=(f.value - today.weekday()) % 7)
                return (later or any_ or [ahead])[0]
            case "nth":
                inside = -len(days) <= f.value - (f.value > 0) < len(days)
                return days[f.value - (f.value > 0)] if days and inside else None
            case _:
                return self._dated(f.value, f.month)

    def _dated(self, day: int, month: int) -> date | None:
        """A day and perhaps a month, in the year that fits the event best."""
        known = [*self.days()]
        if self.event.call:
            known += [m.date for s in self.event.call.milestones for m in s.history]
        for d in known:
            if d.day == day and month in (0, d.month):
                return d
        year = known[0].year if known else self.now.year
        try:
            return date(year, month or self.now.month, day)
        except ValueError:
            return None

    def reference_day(self) -> date:
        """The day that a bare time of day is on: today if it is one of the event's, else the next."""
        days, today = self.days(), self._program_day()
        if today in days or not days:
            return today
        return next((d for d in days if d > today), days[-1])

    def _program_day(self) -> date:
        """Today; in the small hours while something runs, the day that it began on."""
        for o, _ in self.event.timetable:
            if o.covers(self.now):
                return o.start.date()
        return self.now.date()

    def at(self, clock: Clock, day: date | None = None) -> datetime:
        """A time of day as an instant; without am/pm, the one inside the program."""
        day = day or self.reference_day()
        if clock.hour < _SMALL_HOURS and clock.sure:
            day += timedelta(days=1)
        first = datetime(
            day.year, day.month, day.day, clock.hour, clock.minute, tzinfo=self.now.tzinfo
        )
        if clock.sure or clock.hour >= 12:
            return first
        second = first + timedelta(hours=12)
        spans = [o for o, _ in self.event.timetable if o.start.date() == day]
        if not spans:
            return first
        begin = min(o.start for o in spans)
        stop = max(o.end or o.start for o in spans)
        return second if not begin <= first <= stop and begin <= second <= stop else first

    def _timed(self, rows: list[Row], f: Filter, ref: Ref) -> list[Row]:
        match f:
            case Ahead(past):
                return [r for r in rows if self.live(r) and self._lies(r, past=past)]
            case OnDay():
                day = self.day(f)
                return [r for r in rows if any(o.start.date() == day for o in self.occurrences(r))]
            case InPart(part):
                return self._in_part(rows, part)
            case At(None, minutes):
                moment = self.now + timedelta(minutes=minutes)
                return self._running(rows, moment)
            case At(Clock() as clock, _):
                return self._running(rows, self.at(clock, self._day_in(ref)))
            case Beside(after, anchor):
                return self._beside(rows, anchor, ref, after=after)
            case Between(first, second):
                return self._between(rows, first, second, ref)
            case _:
                return rows

    def _lies(self, row: Row, *, past: bool) -> bool:
        """Whether a row is over, or still ahead."""
        if past:
            return any((o.end or o.start) <= self.now for o in self.occurrences(row))
        return any(o.start > self.now for o in self.occurrences(row))

    def _day_in(self, ref: Ref) -> date | None:
        return next((self.day(f) for f in ref.filters if isinstance(f, OnDay)), None)

    def _in_part(self, rows: list[Row], part: str) -> list[Row]:
        begin, stop = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 30)}[part]
        day_given = self.reference_day() if len(self.days()) > 1 else None
        found = []
        for r in rows:
            for o in self.occurrences(r):
                hour = o.start.hour + o.start.minute / 60
                if begin <= hour < stop and (day_given is None or o.start.date() == day_given):
                    found.append(r)
                    break
        if not found and day_given is not None:
            return [
                r for r in rows for o in self.occurrences(r)[:1] if begin <= o.start.hour < stop
            ]
        return found

    def _running(self, rows: list[Row], moment: datetime) -> list[Row]:
        return [
            r for r in rows if self.live(r) and any(o.covers(moment) for o in self.occurrences(r))
        ]

    def _edges(self, anchor: Clock | Ref, ref: Ref) -> tuple[datetime, datetime]:
        """Start and end of what "before" and "after" lean on."""
        if isinstance(anchor, Clock):
            moment = self.at(anchor, self._day_in(ref))
            return moment, moment
        rows = self.rows(anchor)
        spans = [o for r in rows for o in self.occurrences(r)]
        today = [o for o in spans if o.start.date() == self.reference_day()]
        if not spans:
            raise Missing(str(anchor))
        chosen = (today or spans)[0]
        if anchor.pick is None and len(today) > 1:
            ahead = [o for o in today if (o.end or o.start) > self.now]
            chosen = (ahead or today)[0]
        return chosen.start, chosen.end or chosen.start

    def _beside(self, rows: list[Row], anchor: Clock | Ref, ref: Ref, *, after: bool) -> list[Row]:
        if rows and isinstance(rows[0], Talk) and isinstance(anchor, Ref) and anchor.of == Of.TALK:
            return self._beside_talk(rows, anchor, after=after)
        start, end = self._edges(anchor, ref)
        day = start.date()
        if after:
            return [
                r
                for r in rows
                if any(o.start >= end and o.start.date() == day for o in self.occurrences(r))
            ]
        return [
            r
            for r in rows
            if any(
                (o.end or o.start) <= start and o.start.date() == day for o in self.occurrences(r)
            )
        ]

    def _beside_talk(self, rows: list[Row], anchor: Ref, *, after: bool) -> list[Row]:
        """Talks before or after another in the order of the program, the nearest first."""
        marks = [r for r in self.rows(anchor) if isinstance(r, Talk)]
        if not marks:
            return []
        ahead = [
            t for t in marks if any((o.end or o.start) > self.now for o in self.occurrences(t))
        ]
        at = self.talks_in_order.index((ahead or marks)[0])
        order = self.talks_in_order[at + 1 :] if after else self.talks_in_order[:at][::-1]
        return [t for t in order if t in rows]

    def _between(
        self, rows: list[Row], first: Clock | Ref, second: Clock | Ref, ref: Ref
    ) -> list[Row]:
        edges = sorted([self._edges(first, ref), self._edges(second, ref)])
        begin, stop = edges[0][1], edges[1][0]
        return [
            r
            for r in rows
            if any(o.start < stop and (o.end or o.start) > begin for o in self.occurrences(r))
        ]

    def _picked(self, rows: list[Row], ref: Ref) -> list[Row]:
        match ref.pick:
            case Nth(n):
                if not rows:
                    return []
                if -len(rows) <= n - (n > 0) < len(rows):
                    return [rows[n - (n > 0)]]
                raise Missing(f"number {n} of {len(rows)}")
            case Near.NOW:
                return self._running(rows, self.now)
            case Near.NEXT:
                ahead = [
                    (o.start, r)
                    for r in rows
                    if self.live(r)
                    for o in self.occurrences(r)
                    if o.start > self.now
                ]
                first = min((s for s, _ in ahead), default=None)
                return list(dict.fromkeys(r for s, r in ahead if s == first))
            case Near.PREVIOUS:
                past = [
                    (o.end or o.start, r)
                    for r in rows
                    if self.live(r)
                    for o in self.occurrences(r)
                    if (o.end or o.start) <= self.now
                ]
                last = max((s for s, _ in past), default=None)
                return list(dict.fromkeys(r for s, r in past if s == last))
        return rows

    # -- words -------------------------------------------------------------------------------

    def _about(self, rows: list[Row], f: About, *, plural: bool) -> list[Row]:
        shelf = self.passages.talks
        among = {r.id for r in rows if isinstance(r, Talk)}
        unknown = [w for s, w in zip(f.stems, f.words, strict=False) if not shelf.has(s)]
        stems = [s for s in f.stems if shelf.has(s)]
        if not stems:
            raise Missing(" ".join(unknown) or " ".join(f.words))
        ranked = shelf.rank(stems, among)
        if not ranked:
            return []
        if f.any:
            kept = {r.id for r in ranked}
        elif plural:
            most = max(len(r.hits) for r in ranked)
            kept = {r.id for r in ranked if len(r.hits) == most}
            if most < len(set(f.stems)) / 2:
                raise Missing(" ".join(f.words))
        else:
            best = ranked[0].score
            kept = {r.id for r in ranked if r.score >= best * _CLOSE}
        return [r for r in rows if isinstance(r, Talk) and r.id in kept]

    def _sessions_about(self, rows: list[Row], f: About) -> list[Row]:
        """Sessions whose own title has the words, else those whose talks have."""
        wanted = set(f.stems)
        own: list[Row] = [
            r
            for r in rows
            if isinstance(r, Session)
            and (wanted & self._session_stems(r) if f.any else wanted <= self._session_stems(r))
        ]
        if own or f.any:
            return own
        talks = self._about(list(self.talks_in_order), f, plural=False)
        ids = {t.session for t in talks if isinstance(t, Talk)}
        return [r for r in rows if isinstance(r, Session) and r.id in ids]

    def _session_stems(self, session: Session) -> set[str]:
        return {s for t in (session.title, session.label, *session.aliases) for s in text_stems(t)}

    def _people_about(self, rows: list[Row], f: About) -> list[Row]:
        """People whose bios, or whose talks, have the words."""
        wanted = set(f.stems)
        by_bio: list[Row] = [
            r
            for r in rows
            if isinstance(r, Person)
            and wanted <= {s for sentence in self.passages.of(r) for s in sentence.stems}
        ]
        if by_bio:
            return by_bio
        talks = self._about(list(self.talks_in_order), f, plural=False)
        people = {a.person for t in talks for a in self.appearances_on(t)}
        return [r for r in rows if isinstance(r, Person) and r.id in people]

    def _inside(self, rows: list[Row], inner: Ref, roles: frozenset[Role] | None) -> list[Row]:
        outer = self.rows(inner)
        if rows and isinstance(rows[0], Person):
            order = {
                a.person: None
                for o in outer
                for a in self.appearances_on(o)
                if roles is None or a.role in roles
            }
            held = {r.id for r in rows}
            return [self.event.person_by_id[p] for p in order if p in held]
        return [r for r in rows if any(self._belongs(r, o) for o in outer)]

    def _belongs(self, row: Row, outer: Row) -> bool:
        match row, outer:
            case (Talk(), Session()):
                return row.session == outer.id
            case (Organization(), Session() | Talk()):
                return any(row.id in a.affiliations for a in self.appearances_on(outer))
            case (Person(), Session() | Talk()):
                return row.id in {a.person for a in self.appearances_on(outer)}
            case _:
                return row == outer

    # -- people ------------------------------------------------------------------------------

    def appearances_on(self, row: Row) -> tuple[Appearance, ...]:
        """The people of a talk, or of a session (its chairs, then those of its talks)."""
        match row:
            case Talk():
                return row.people
            case Session():
                inner = [a for t in row.talks for a in self.event.talk_by_id[t].people]
                return (*row.chairs, *inner)
            case Person():
                return tuple(a for a, _ in self.event.appearances.get(row.id, ()))
            case _:
                return ()


def _simplest_first(filters: tuple[Filter, ...]) -> list[Filter]:
    order: tuple[type, ...] = (Ids, Kinds, Inside, With, From, Numbered)
    return sorted(filters, key=lambda f: order.index(type(f)) if type(f) in order else len(order))


def _id(row: Row) -> str:
    return row.id


# -- finding ---------------------------------------------------------------------------------


def find(query: Query, world: World) -> Finding:
    """The rows of a query, or what is missing."""
    try:
        return _found(query, world)
    except Missing as missing:
        return Finding(query, missing=missing.what, near=missing.near)


def _found(query: Query, world: World) -> Finding:
    if query.ref.of == Of.FACT:
        return _facts(query, world)
    if query.ref.of == Of.TOPIC:
        return _topics(query, world)
    if query.want in _WORDLESS:
        return Finding(query)
    if query.want == Want.DETAIL:
        return _detail(query, world)
    if query.absent and query.plural and _only_nouns(query.ref):
        raise Missing(" ".join(query.absent))
    rows = world.rows(query.ref, plural=query.plural)
    rows = _running_talks(rows, query, world)
    rows = _one_session(rows, query, world)
    if query.want == Want.OVER:
        rows = [r for p in rows for r in (_talks_of([p], Query(Want.OVER, Ref(Of.TALK)), world))]
    if query.want in _ABOUT_TALKS and len(rows) > 1 and all(isinstance(r, Person) for r in rows):
        rows = _talks_of(rows, query, world)
    other = world.rows(query.other) if query.other else []
    if query.other:
        side = replace(query, want=Want.WHEN)
        rows, other = _one_session(rows, side, world), _one_session(other, side, world)
    finding = Finding(query, tuple(rows), tuple(other))
    if query.claims:
        finding = replace(finding, claims=tuple(_holds(c, rows, world) for c in query.claims))
    return finding


_WORDLESS = frozenset(
    {Want.HELP, Want.GREETING, Want.THANKS, Want.BYE, Want.DECLINE, Want.CLARIFY, Want.NOTHING}
)


def _running_talks(rows: list[Row], query: Query, world: World) -> list[Row]:
    """Instead of sessions on now, their talks on now, where talks have times of their own."""
    if query.ref.pick != Near.NOW or query.want in (Want.CHAIR, Want.SESSION, Want.COUNT):
        return rows
    found: list[Row] = []
    for row in rows:
        talks = [world.event.talk_by_id[t] for t in row.talks] if isinstance(row, Session) else []
        now = [t for t in talks if any(o.covers(world.now) for o in t.occurrences)]
        found += now or [row]
    return found


def _one_session(rows: list[Row], query: Query, world: World) -> list[Row]:
    """Instead of many talks without times, the session that all of them are in."""
    talks = [r for r in rows if isinstance(r, Talk)]
    if query.want in (Want.CHAIR, Want.SESSION) and len(rows) > 1 and len(talks) == len(rows):
        if len({r.session for r in talks}) == 1:
            return [world.event.session_by_id[talks[0].session]]
    timeless = [r for r in rows if isinstance(r, Talk) and not r.occurrences]
    if query.want not in (Want.WHEN, Want.WHERE, Want.START, Want.END, Want.DURATION):
        return rows
    few = 4 if query.other is None else 2
    if len(timeless) < few or len(timeless) != len(rows):
        return rows
    sessions = {r.session for r in timeless}
    return [world.event.session_by_id[s] for s in sessions] if len(sessions) == 1 else rows


def _only_nouns(ref: Ref) -> bool:
    return ref.pick is None and all(isinstance(f, (Kinds, InRole)) for f in ref.filters)


_ABOUT_TALKS = frozenset(
    {
        Want.WHEN,
        Want.START,
        Want.END,
        Want.UNTIL,
        Want.DURATION,
        Want.OVER,
        Want.TITLE,
        Want.ABOUT,
        Want.ABSTRACT,
        Want.CHAIR,
        Want.SESSION,
    }
)


def _talks_of(rows: list[Row], query: Query, world: World) -> list[Row]:
    """The talks of several people, where it is the talks that are asked about."""
    people = {r.id for r in rows if isinstance(r, Person)}
    if not people or any(isinstance(f, Ids) for f in query.ref.filters):
        return rows
    talks: list[Row] = [t for t in world.talks_in_order if people & {a.person for a in t.people}]
    return talks or rows


def _holds(claim: Filter, rows: list[Row], world: World) -> bool | None:
    """Whether a claim is true of the rows."""
    if not rows:
        return None
    if isinstance(claim, Kinds) and all(isinstance(r, Person) for r in rows):
        return None
    ref = Ref(kind_of(rows[0]), (claim,))
    kept = world.passing(list(rows), claim, ref)
    return bool(kept)


def kind_of(row: Row) -> Of:
    """The kind of a row."""
    return next((of for cls, of in _KINDS if isinstance(row, cls)), Of.EVENT)


_KINDS: tuple[tuple[type, Of], ...] = (
    (Session, Of.SESSION),
    (Talk, Of.TALK),
    (Person, Of.PERSON),
    (Organization, Of.ORGANIZATION),
    (Room, Of.ROOM),
    (Milestone, Of.MILESTONE),
    (Fact, Of.FACT),
    (Topic, Of.TOPIC),
)


def _detail(query: Query, world: World) -> Finding:
    """Sentences that answer a question about content."""
    about = {w for f in query.ref.filters if isinstance(f, About) for w in f.stems}
    only_words = all(isinstance(f, About) for f in query.ref.filters) and not query.ref.pick
    only_words = only_words and set(query.words) <= about
    if only_words and query.ref.of == Of.TALK and query.ref.filters:
        return _loose_detail(query, world)
    rows = world.rows(query.ref, plural=query.plural)
    if len(rows) > 1 and query.words and all(isinstance(r, Talk) for r in rows):
        rows = _likeliest(rows, query.words, world)
    described = [w for f in query.ref.filters if isinstance(f, About) for w in f.stems]
    titles = _title_stems(rows)
    words = [w for w in dict.fromkeys((*query.words, *described)) if w not in titles]
    spelt = world.passages.spelt_out
    if "meaning" in query.details and (known := [w for w in query.words if w in spelt]):
        return Finding(query, tuple(rows[:1]), said=(f"{spelt[known[0]]}.",))
    if not words and not query.details and not query.absent and not query.counted:
        return Finding(replace(query, words=()), tuple(rows))
    said = _said(query, rows, words, world)
    if len(query.words) == 1 and query.words[0] in spelt:
        said = (f"{spelt[query.words[0]]}.", *said[:1])
    return Finding(query, tuple(rows), said=said, ambiguous=len(rows) > 1 and not said)


def _likeliest(rows: list[Row], words: Sequence[str], world: World) -> list[Row]:
    """The one talk of several that the words fit plainly better than the others."""
    ranked = world.passages.talks.rank(words, {r.id for r in rows if isinstance(r, Talk)})
    if ranked and (len(ranked) == 1 or ranked[0].score > ranked[1].score * 1.2):
        return [r for r in rows if r.id == ranked[0].id]
    return rows


def _title_stems(rows: Sequence[Row]) -> set[str]:
    return {
        w
        for r in rows
        if isinstance(r, Talk)
        for text in (r.title, *r.aliases)
        for w in text_stems(text)
    }


def _texts(row: Row, world: World) -> list[Sentence]:
    match row:
        case Talk():
            found = list(world.passages.of(row))
            for a in row.people:
                found += world.passages.of(world.event.person_by_id[a.person])
            return found
        case Person():
            found = list(world.passages.of(row))
            for _, record in world.event.appearances.get(row.id, ()):
                if isinstance(record, Talk):
                    found += world.passages.of(record)
            return found
        case Session():
            found = list(world.passages.of(row))
            for t in row.talks:
                found += world.passages.of(world.event.talk_by_id[t])
            return found
        case _:
            return []


_HELPED = 1.4
"""The score by which a sentence tells of a side that is asked for, whatever the other words."""

_LEAST_COVERED = 0.34
"""The share of what was asked, by weight, that a sentence must speak of to be an answer."""


def _said(query: Query, rows: Sequence[Row], words: Sequence[str], world: World) -> tuple[str, ...]:
    """The sentences of the rows that answer, if any is good enough."""
    shelf, language = world.passages.talks, world.passages.language
    where = list(dict.fromkeys(s for r in rows for s in _texts(r, world)))
    musts = [language.details[d] for d in query.details if language.details[d].must]
    if musts:
        where = [s for s in where if any(m.look & s.stems for m in musts)]
    if query.counted:
        where = [s for s in where if counts(s, query.counted)]
    ranked = world.passages.best(where, words, query.details, shelf)
    if not ranked:
        return ()
    asked = sum(shelf.weight(w) for w in dict.fromkeys(words) if w not in query.cues)
    asked += len(query.absent) * shelf.weight("\0")
    top_score, top, hits = ranked[0]
    covered = sum(shelf.weight(w) for w in hits)
    helped = bool(query.details) and top_score - covered > _HELPED
    if asked and not musts and covered < asked * (0.2 if helped else _LEAST_COVERED):
        if not helped or query.absent:
            return ()
    chosen = [top.text]
    for score, sentence, _ in ranked[1:4]:
        if score >= top_score * 0.5 and len(" ".join(chosen)) + len(sentence.text) < 480:
            chosen.append(sentence.text)
    order = [s.text for s in where]
    return tuple(sorted(chosen, key=order.index))


def counts(sentence: Sentence, stem: str) -> bool:
    """Whether a sentence gives a number of something: "three sets of experiments"."""
    found = text_stems(sentence.text)
    for at, word in enumerate(found):
        if word == stem and any(is_number(w) for w in found[max(0, at - 4) : at]):
            return True
    return False


def is_number(word: str) -> bool:
    """Whether a stem is a number, in digits or in words."""
    return word[:1].isdigit() or word in _NUMBER_WORDS


_NUMBER_WORDS = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelv",
        "dozen",
        "hundr",
        "thousand",
    ]
)


def _loose_detail(query: Query, world: World) -> Finding:
    """Content words alone: the record that they fit best, and its sentences."""
    shelf = world.passages.talks
    about = next(f for f in query.ref.filters if isinstance(f, About))
    spelt = world.passages.spelt_out
    known = [w for w in about.stems if w in spelt]
    if known and ("meaning" in query.details or len(about.stems) == 1):
        rows = world.rows(query.ref)
        more = _said(query, rows[:1], known, world)[:1]
        return Finding(query, tuple(rows[:1]), said=(f"{spelt[known[0]]}.", *more))
    ranked = shelf.rank(about.stems)
    if not ranked:
        raise Missing(" ".join((*about.words, *query.absent)))
    best = ranked[0]
    asked = sum(shelf.weight(w) for w in dict.fromkeys(about.stems))
    asked += len(query.absent) * shelf.weight("\0") * 0.6
    covered = sum(shelf.weight(w) for w in best.hits)
    if covered < asked * 0.45:
        return Finding(query, missing=" ".join(query.absent) or "that")
    close = [r for r in ranked[1:] if r.score >= best.score * 0.85]
    rows = [world.event.talk_by_id[r.id] for r in (best, *close)]
    words = [w for w in about.stems if w not in best.title_hits]
    if not words and not query.details and not query.counted:
        return Finding(replace(query, words=()), tuple(rows), ambiguous=len(rows) > 1)
    said = _said(query, rows[:1], words or list(about.stems), world)
    return Finding(query, tuple(rows[:1]), said=said)


# -- facts -----------------------------------------------------------------------------------


def _facts(query: Query, world: World) -> Finding:
    if query.other is not None:
        return _scoped_fact(query, world)
    fitting = _scored_facts(query, world)
    scored = [(score, f) for score, f in fitting if world.may_tell(f)]
    hushed = [f for _, f in fitting[:4] if f.audience == Audience.PRIVATE]
    withheld = bool(hushed) and not world.private
    if not scored:
        return Finding(query, withheld=withheld)
    top = scored[0][0]
    least = max(top * 0.75, top - 0.9)
    chosen = _with_children([f for score, f in scored if score >= least][:4], world)
    verdict = _verdict(query, chosen[:1])
    return Finding(query, tuple(chosen), verdict=verdict, withheld=withheld)


def _with_children(facts: list[Fact], world: World) -> list[Fact]:
    """A heading's facts behind the heading."""
    found: dict[str, Fact] = {}
    for fact in facts:
        found[fact.id] = fact
        if len(facts) <= 2:
            children = (i for i in world.event.infos if i.parent == fact.id and world.may_tell(i))
            found.update((c.id, c) for c in children)
    return list(found.values())[:8]


def _scored_facts(query: Query, world: World) -> list[tuple[float, Fact]]:
    subjects = next((f.subjects for f in query.ref.filters if isinstance(f, Subjects)), ())
    tracks = [f for f in query.ref.filters if isinstance(f, Track)]
    shelf = world.passages.facts
    words = tuple(dict.fromkeys(query.words))
    ranked = {r.id: r for r in shelf.rank(words)}
    scored = []
    for fact in world.passages.fact_by_id.values():
        about = world.passages.about(fact)
        if any(not world.of_track(fact, set(t.ids)) for t in tracks):
            continue
        at = min((subjects.index(s) for s in about if s in subjects), default=None)
        score = 0.0 if at is None else 6.0 - 2.0 * at
        if fact.id in ranked:
            score += ranked[fact.id].score * (1.0 if subjects else 0.8)
        if tracks and isinstance(fact, Rule) and fact.tracks:
            score += 1.0
        if subjects and at is None:
            continue
        if score > (0 if subjects else 2.5):
            scored.append((score, fact))
    return sorted(scored, key=lambda row: -row[0])


def _verdict(query: Query, facts: Sequence[Fact]) -> bool | None:
    """Yes or no, where the facts' own phrases settle it; no outweighs yes."""
    asked = set(query.words)
    if query.amount:
        asked |= {str(query.amount[0]), query.amount[1]}
    held = {True: 0, False: 0}
    for fact in facts:
        for verdict, phrases in ((True, fact.permits), (False, fact.forbids)):
            for p in phrases:
                stems = set(text_stems(p))
                if stems and stems <= asked:
                    held[verdict] = max(held[verdict], len(stems))
    if held[False] >= held[True] > 0 or (held[False] and not held[True]):
        return False
    return True if held[True] else None


def _scoped_fact(query: Query, world: World) -> Finding:
    subjects = next((f.subjects for f in query.ref.filters if isinstance(f, Subjects)), ())
    assert query.other is not None
    rows = world.rows(query.other)
    for row in rows:
        if isinstance(row, (Talk, Session)):
            links = [
                x
                for x in row.links
                if x.kind in subjects
                and world.may_tell(x)
                and (x.valid_from is None or x.valid_from <= world.now)
            ]
            if links:
                return Finding(query, (row,), said=tuple(x.url for x in links))
    facts = [
        f
        for f in world.passages.fact_by_id.values()
        if set(f.about) & set(subjects) and world.may_tell(f)
    ]
    if facts:
        return Finding(replace(query, other=None), tuple(facts[:2]))
    return Finding(query, (), tuple(rows))


def _topics(query: Query, world: World) -> Finding:
    call = world.event.call
    if call is None:
        return Finding(query)
    if query.want == Want.TOPICS:
        return Finding(query, call.topics)
    by_id = {t.id: t for t in call.topics}
    ranked = world.passages.topics.rank(query.words)
    if (
        not ranked
        and Want.FACT in query.also
        and (facts := [row for row in _scored_facts(query, world) if world.may_tell(row[1])])
    ):
        fact_query = replace(query, want=Want.FACT, ref=Ref(Of.FACT))
        return Finding(fact_query, tuple(f for _, f in facts[:1]))
    if not ranked:
        return Finding(query)
    shelf = world.passages.topics
    if len(ranked[0].hits) <= len(query.absent) and len(ranked[0].hits) < 2:
        return Finding(query)
    if sum(shelf.weight(w) for w in ranked[0].hits) < 1.2:
        return Finding(query)
    best = ranked[0].score
    rows = tuple(by_id[r.id] for r in ranked if r.score >= best * 0.8)[:3]
    return Finding(query, rows, verdict=True)
