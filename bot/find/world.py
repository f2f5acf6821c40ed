"""The rows that a reference means: filters and picks over an event at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

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
    Rule,
    Sector,
    Session,
    SessionKind,
    Talk,
    TalkKind,
)
from bot.find.calendar import Calendar
from bot.find.register import Register, Row
from bot.passages import Passages
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
    Track,
    With,
)
from bot.question.words import fold, text_stems


_DAILY = frozenset({SessionKind.BREAK, SessionKind.MEAL, SessionKind.REGISTRATION})
"""What comes again each day, so that today's is meant."""

_CLOSE = 0.8
"""A record that scores this share of the best one's score is as good as the best."""


class Missing(Exception):
    """No row can be what the words mean."""

    def __init__(self, what: str, near: Sequence[str] = ()) -> None:
        """`what` in the asker's words; `near` are names that come close."""
        super().__init__(what)
        self.what = what
        self.near = tuple(near)


class World(Calendar):
    """An event with its indexes, seen at a moment by those who listen."""

    def __init__(
        self,
        event: Event,
        register: Register,
        passages: Passages,
        now: datetime,
        *,
        private: bool = True,
    ) -> None:
        """`now` is aware and looked at in the event's zone; `private` if one person listens."""
        super().__init__(event, register, now)
        self.passages = passages
        self.private = private

    def may_tell(self, record: Fact | Link) -> bool:
        """Whether a record may be told to those who listen."""
        if record.audience == Audience.ORGANIZERS:
            return False
        return self.private or record.audience == Audience.EVERYONE

    def viewing(self, query: Query, rows: Sequence[Row]) -> World:
        """The world in which breaks and meals happen only when a query speaks of.

        If it says no day or time, on a day of the event those of today that aren't over.
        """
        if not all(isinstance(r, Session) and r.kind in _DAILY for r in rows):
            return self
        spans = [o for r in rows for o in self.occurrences(r)]
        timed = [f for f in query.ref.filters if isinstance(f, (OnDay, InPart))]
        kept = spans
        if timed:
            for f in timed:
                kept = [o for o in kept if self.lies_in(o, f)]
        elif isinstance(query.ref.pick, Near):
            kept = self._near_spans(spans, query.ref.pick)
        elif not query.plural and self.now.date() in self.days():
            today = [o for o in spans if o.start.date() == self.now.date()]
            kept = [o for o in today if not o.over(self.now)] or today
        if not kept or len(kept) == len(spans):
            return self
        seen = World(self.event, self.register, self.passages, self.now, private=self.private)
        seen.view = frozenset(kept)
        return seen

    def at_hand(self, query: Query, rows: list[Row]) -> list[Row]:
        """Of several breaks and meals that only a noun leads to, those of today, if there are any."""
        bare = query.ref.pick is None and all(
            isinstance(f, Kinds) or (isinstance(f, About) and f.any) for f in query.ref.filters
        )
        daily = all(isinstance(r, Session) and r.kind in _DAILY for r in rows)
        if query.plural or not bare or not daily or len(self.days()) < 2:
            return rows
        today = [o for r in rows for o in self.occurrences(r) if o.start.date() == self.now.date()]
        spans = [o for o in today if not o.over(self.now)] or today
        return [r for r in rows if any(o in spans for o in self.occurrences(r))] or rows

    def _near_spans(self, spans: list[Occurrence], near: Near) -> list[Occurrence]:
        match near:
            case Near.NOW:
                return [o for o in spans if o.covers(self.now)]
            case Near.NEXT:
                first = min((o.start for o in spans if o.start > self.now), default=None)
                return [o for o in spans if o.start == first]
            case _:
                last = max((o.start for o in spans if o.over(self.now)), default=None)
                return [o for o in spans if o.start == last]

    # -- rows of a reference -----------------------------------------------------------------

    def rows(self, ref: Ref, *, plural: bool = False) -> list[Row]:
        """The rows of a reference, in their order; raises `Missing` where a name is nobody's."""
        rows = self._seeds(ref)
        filters = _simplest_first(ref.filters)
        for f in filters:
            if not (isinstance(f, About) and ref.of == Of.TALK):
                rows = self.passing(rows, f, ref)
        if ref.of == Of.TALK:
            for f in filters:
                if isinstance(f, About):
                    rows = self._about(rows, f, plural=plural or ref.pick is not None)
        if ref.pick is None or ref.of == Of.MILESTONE:
            return rows
        return self._picked(rows, ref)

    def _seeds(self, ref: Ref) -> list[Row]:
        """Rows among which those of a reference are: few, where an index can tell."""
        register = self.register
        for f in ref.filters:
            match f:
                case Ids(ids) if ids:
                    return register.by_ids(ref.of, ids)
                case With(people) if ref.of in (Of.TALK, Of.SESSION):
                    return register.of_people(ref.of, people)
                case From(organizations) if ref.of in (Of.TALK, Of.SESSION, Of.PERSON):
                    people = tuple(register.affiliated(organizations))
                    if ref.of == Of.PERSON:
                        return register.by_ids(Of.PERSON, people)
                    return register.of_people(ref.of, people)
                case Inside(inner) if ref.of in (Of.TALK, Of.PERSON):
                    return self._members(ref.of, inner)
        about = ref.first(About)
        if about is not None and ref.of == Of.TALK:
            return register.by_ids(Of.TALK, self.passages.talks.candidates(about.stems))
        if ref.of == Of.SESSION and ref.pick == Near.NOW:
            return list(register.sessions_at(self.now))
        return list(register.all(ref.of))

    def _members(self, of: Of, inner: Ref) -> list[Row]:
        """The talks or people of the rows of a reference."""
        outer = self.rows(inner)
        if of == Of.PERSON:
            people = [a.person for o in outer for a in self.appearances_on(o)]
            return self.register.by_ids(Of.PERSON, people)
        ids = [i for o in outer for i in (o.talks if isinstance(o, Session) else (o.id,))]
        return self.register.by_ids(Of.TALK, ids)

    def appearances_on(self, row: Row) -> tuple[Appearance, ...]:
        """The people of a talk, a session or a person's own appearances."""
        return self.register.appearances_on(row)

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
            case _:
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
                right = not tracks or not row.tracks or bool(set(row.tracks) & tracks)
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
        if (named := self.register.session_by_label.get(label)) is not None:
            if named.talks and rows and all(isinstance(r, Talk) for r in rows):
                return self.event.talk_by_id[named.talks[0]]
            return named
        same_noun = [r for r in labelled if r.label.casefold().startswith(f.noun)]
        same_noun = [r for r in same_noun if r.label.casefold()[:-1] == label] or same_noun
        if not same_noun and f.number.isdigit() and 0 < int(f.number) <= len(rows):
            return rows[int(f.number) - 1]
        raise Missing(
            f"{f.noun} {f.number}", [r.label for r in same_noun if isinstance(r, Session)]
        )

    def _timed(self, rows: list[Row], f: Filter, ref: Ref) -> list[Row]:
        match f:
            case Ahead(past):
                return [r for r in rows if self.live(r) and self.lies(r, past=past)]
            case OnDay():
                day = self.day(f)
                return [r for r in rows if any(o.start.date() == day for o in self.occurrences(r))]
            case InPart(part):
                return self.in_part(rows, part, self._day_in(ref))
            case At(None, minutes):
                moment = self.now + timedelta(minutes=minutes)
                return self.running(rows, moment)
            case At(Clock() as clock, _):
                return self.running(rows, self.at(clock, self._day_in(ref)))
            case Beside(after, anchor):
                return self._beside(rows, anchor, ref, after=after)
            case Between(first, second):
                return self._between(rows, first, second, ref)
            case _:
                return rows

    def _day_in(self, ref: Ref) -> date | None:
        return next((self.day(f) for f in ref.filters if isinstance(f, OnDay)), None)

    def _edges(self, anchor: Clock | Ref, ref: Ref) -> tuple[datetime, datetime]:
        """Start and end of what "before" and "after" lean on."""
        if isinstance(anchor, Clock):
            moment = self.at(anchor, self._day_in(ref))
            return moment, moment
        rows = self.rows(anchor)
        spans = [o for r in rows for o in self.occurrences(r)]
        wanted = self._day_in(ref) or self.reference_day()
        today = [o for o in spans if o.start.date() == wanted]
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
        today = [(o, r) for r in rows for o in self.occurrences(r) if o.start.date() == day]
        if after:
            found = [(o, r) for o, r in today if o.start >= end]
        else:
            found = [(o, r) for o, r in today if (o.end or o.start) <= start]
        return list(dict.fromkeys(r for _, r in sorted(found, key=lambda pair: pair[0].start)))

    def _beside_talk(self, rows: list[Row], anchor: Ref, *, after: bool) -> list[Row]:
        """Talks before or after another in the order of the program, the nearest first."""
        marks = [r for r in self.rows(anchor) if isinstance(r, Talk)]
        if not marks:
            return []
        ahead = [
            t for t in marks if any((o.end or o.start) > self.now for o in self.occurrences(t))
        ]
        at = self.register.place((ahead or marks)[0])
        talks = self.register.talks
        order = talks[at + 1 :] if after else talks[:at][::-1]
        ids = {r.id for r in rows}
        return [t for t in order if t.id in ids]

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
                return self.running(rows, self.now)
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
                    if o.over(self.now)
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
        kept = self._fitting(stems, among, f, plural=plural)
        return [r for r in rows if r.id in kept]

    def _fitting(self, stems: list[str], among: set[str], f: About, *, plural: bool) -> set[str]:
        """The talks that words mean: all that have every word, or the one that they fit best."""
        shelf = self.passages.talks
        if f.any:
            return set().union(*(shelf.having(s) for s in stems)) & among
        every = set.intersection(*(shelf.having(s) for s in stems)) & among
        if plural and every:
            return every
        ranked = shelf.rank(stems, among)
        if plural and ranked:
            raise Missing(" ".join(f.words))
        return {r.id for r in ranked if r.score >= ranked[0].score * _CLOSE}

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
        talks = self._about(list(self.register.talks), f, plural=False)
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
        talks = self._about(list(self.register.talks), f, plural=False)
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


def _simplest_first(filters: tuple[Filter, ...]) -> list[Filter]:
    order: tuple[type, ...] = (Ids, Kinds, Inside, With, From, Numbered)
    return sorted(filters, key=lambda f: order.index(type(f)) if type(f) in order else len(order))


def _id(row: Row) -> str:
    return row.id
