"""Which rows a question means: pieces -> a Ref."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from bot.event import Role, Sector, SessionKind, TalkKind
from bot.query import (
    About,
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
    Near,
    Nth,
    Numbered,
    Of,
    OnDay,
    Ref,
    With,
)
from bot.question.grammar import Piece
from bot.question.slots import Slots
from bot.question.things import CROWD, PERSON_NOUNS, SESSION_NOUNS, TALK_NOUNS, Thing
from bot.question.words import stem


_TALK_KINDS = {
    "paper": frozenset({TalkKind.PAPER}),
    "talk": frozenset(
        {TalkKind.PAPER, TalkKind.KEYNOTE, TalkKind.INVITED, TalkKind.TALK, TalkKind.TUTORIAL}
    ),
    "keynote": frozenset({TalkKind.KEYNOTE, TalkKind.INVITED}),
    "panel": frozenset({TalkKind.PANEL}),
    "poster": frozenset({TalkKind.POSTER}),
    "demo": frozenset({TalkKind.DEMO}),
    "tutorial": frozenset({TalkKind.TUTORIAL}),
}
_SESSION_KINDS = {
    "session": frozenset(
        {
            SessionKind.TALKS,
            SessionKind.PANEL,
            SessionKind.POSTERS,
            SessionKind.DEMOS,
            SessionKind.TUTORIAL,
        }
    ),
    "block": frozenset(SessionKind),
    "break": frozenset({SessionKind.BREAK, SessionKind.MEAL}),
    "coffee": frozenset({SessionKind.BREAK}),
    "lunch": frozenset({SessionKind.MEAL}),
    "meal": frozenset({SessionKind.MEAL, SessionKind.SOCIAL}),
    "dinner": frozenset({SessionKind.MEAL, SessionKind.SOCIAL}),
    "breakfast": frozenset({SessionKind.MEAL, SessionKind.SOCIAL, SessionKind.REGISTRATION}),
    "reception": frozenset({SessionKind.MEAL, SessionKind.SOCIAL}),
    "opening": frozenset({SessionKind.CEREMONY}),
    "closing": frozenset({SessionKind.CEREMONY}),
    "social": frozenset({SessionKind.SOCIAL}),
    "registration-desk": frozenset({SessionKind.REGISTRATION}),
}
ROLES = {
    "author": frozenset({Role.AUTHOR}),
    "speaker": frozenset({Role.KEYNOTE, Role.PRESENTER, Role.PANELIST}),
    "keynoter": frozenset({Role.KEYNOTE}),
    "chair": frozenset({Role.CHAIR, Role.MODERATOR}),
    "panelist": frozenset({Role.PANELIST}),
}
SECTORS = {"university": Sector.UNIVERSITY, "company": Sector.COMPANY}


@dataclass(frozen=True, slots=True)
class Target:
    """The rows meant, how sure that is, and whether several are asked for.

    `sure`: a name, number, title or time leads to them, not stray words.
    """

    ref: Ref
    sure: bool = True
    plural: bool = False


def of_noun(noun: str) -> Of:
    """The kind of row that a noun speaks of."""
    if noun in PERSON_NOUNS:
        return Of.PERSON
    if noun in SESSION_NOUNS:
        return Of.SESSION
    if noun in ("organization", *SECTORS):
        return Of.ORGANIZATION
    return {"room": Of.ROOM, "event": Of.EVENT, "topic": Of.TOPIC}.get(noun, Of.TALK)


def thing_ref(s: Slots, thing: Thing) -> Ref:
    """The rows of a gathered noun."""
    of = of_noun(thing.noun)
    filters: list[Filter] = []
    if thing.talks:
        inner = Ref(Of.TALK, (Ids(thing.talks),))
        filters.append(Inside(inner) if of == Of.PERSON else Ids(thing.talks))
    if thing.sessions:
        inner = Ref(Of.SESSION, (Ids(thing.sessions),))
        filters.append(Ids(thing.sessions) if of == Of.SESSION else Inside(inner))
    if thing.number and of in (Of.SESSION, Of.TALK):
        filters.append(Numbered(thing.noun, thing.number))
    if thing.people:
        filters.append(With(thing.people, "that person"))
    if thing.organizations:
        filters.append(From(thing.organizations, "that organization"))
    if thing.part:
        filters.append(InPart(thing.part))
    if thing.stems:
        filters.append(About(thing.stems, thing.words))
    filters += kind_filters(s, thing.noun)
    if thing.noun == "break" and thing.nth:
        filters = [f for f in filters if not isinstance(f, Kinds)]
        filters += kind_filters(s, "coffee")
    pick = Near(thing.near) if thing.near else Nth(thing.nth) if thing.nth else None
    return Ref(of, tuple(filters), pick)


def kind_filters(s: Slots, noun: str) -> list[Filter]:
    """The kinds of rows that a noun allows."""
    if noun in _TALK_KINDS:
        return [Kinds(talks=_TALK_KINDS[noun], words=noun)]
    if noun in _SESSION_KINDS:
        named = s.language.titles.get(noun)
        kinds: Filter = Kinds(sessions=_SESSION_KINDS[noun], words=noun)
        return [kinds, About(tuple(stem(n) for n in named), named, any=True)] if named else [kinds]
    if noun in ROLES:
        return [InRole(ROLES[noun])]
    if noun in SECTORS:
        return [InSector(SECTORS[noun])]
    return []


def anchor_ref(s: Slots, anchor: object, kind: str = "") -> Clock | Ref | None:
    """What "after …" leans on, as a time of day or a reference."""
    if isinstance(anchor, Clock):
        return anchor
    if isinstance(anchor, Thing):
        return thing_ref(s, anchor)
    if isinstance(anchor, tuple) and anchor:
        return {
            "session": Ref(Of.SESSION, (Ids(anchor),)),
            "titled": Ref(Of.TALK, (Ids(anchor),)),
            "person": Ref(Of.PERSON, (Ids(anchor),)),
        }.get(kind)
    return None


def time_filters(s: Slots) -> list[Filter]:
    """All that the question says about time, other than now and next."""
    found: list[Filter] = []
    for piece in s.pieces("beside", "beside clock"):
        anchor = anchor_ref(s, piece.value[1], kind_of_part(piece, 0))  # type: ignore[index]
        if anchor is not None:
            found.append(Beside(piece.value[0] == "after", anchor))  # type: ignore[index]
    for piece in s.pieces("between"):
        first = anchor_ref(s, piece.value[0], kind_of_part(piece, 0))  # type: ignore[index]
        second = anchor_ref(s, piece.value[1], kind_of_part(piece, -1))  # type: ignore[index]
        if first is not None and second is not None:
            found.append(Between(first, second))
    for piece in s.pieces("on day", "in part", "from now", "time"):
        value = piece.value
        if isinstance(value, Clock):
            found.append(At(value))
        elif isinstance(value, (OnDay, InPart, At)):
            found.append(value)
    return found


def kind_of_part(piece: Piece, at: int) -> str:
    """The kind of the first (0) or last (-1) part that a piece leans on."""
    parts = [p for p in piece.parts if p.kind not in ("relation", "edge", "once", "ended")]
    return parts[at].kind if parts else ""


def is_plural(s: Slots, piece: Piece) -> bool:
    """Whether the noun of a piece is in the plural."""
    noun = _noun_inside(piece) or piece
    return any(w.folded != w.base for w in s.words[noun.start : noun.end])


def _noun_inside(piece: Piece) -> Piece | None:
    if piece.kind == "noun":
        return piece
    for part in piece.parts:
        found = _noun_inside(part)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=16)
def target(s: Slots) -> Target | None:
    """The rows a question means, if it says so itself."""
    found = _main(s)
    if found is None:
        return None
    extra: list[Filter] = list(time_filters(s))
    if found.ref.of in (Of.TALK, Of.SESSION):
        extra += [InRoom(ids(p), said(s, p)) for p in s.pieces("room")]
    missing = tuple(f for f in extra if f not in found.ref.filters)
    inner = found.ref.first(Inside)
    if found.ref.of in (Of.PERSON, Of.ORGANIZATION) and inner is not None and missing:
        inside = Inside(replace(inner.ref, filters=(*inner.ref.filters, *missing)))
        kept = tuple(f for f in found.ref.filters if f is not inner)
        return replace(found, ref=replace(found.ref, filters=(*kept, inside)))
    return replace(found, ref=replace(found.ref, filters=(*found.ref.filters, *missing)))


def sure_of(s: Slots, *of: Of) -> bool:
    """Whether the rows meant are of one of these kinds, and surely so."""
    found = target(s)
    return found is not None and found.sure and found.ref.of in of


def ids(piece: Piece) -> tuple[str, ...]:
    """The ids that a name's piece holds."""
    return piece.value if isinstance(piece.value, tuple) else ()


def said(s: Slots, piece: Piece) -> str:
    """The words of a piece as typed."""
    return " ".join(w.text for w in s.words[piece.start : piece.end])


def thing(piece: Piece) -> Thing:
    """The gathered noun that a piece holds."""
    assert isinstance(piece.value, Thing)
    return piece.value


def things(s: Slots) -> list[Thing]:
    """All gathered nouns."""
    return [thing(p) for p in s.pieces("thing")]


def _main(s: Slots) -> Target | None:
    nouns = [p for p in s.pieces("thing") if not _negated(s, p) and not _called(s, p)]
    nouns = [p for p in nouns if thing(p) != Thing("one") or (len(nouns) == 1 and not s.terms)]
    committee = _committee(s)
    if committee is not None:
        return committee
    asked = asked_noun(s)
    rows = _row_target(s, [p for p in nouns if thing(p).noun not in PERSON_NOUNS])
    if asked is not None and of_noun(thing(asked).noun) in (Of.ORGANIZATION, Of.TALK, Of.SESSION):
        if of_noun(thing(asked).noun) == Of.ORGANIZATION and not s.pieces("person"):
            return _organizations(s, asked, rows)
        if rows is not None and not s.pieces("person"):
            return rows
    people = [p for p in nouns if thing(p).noun in PERSON_NOUNS]
    if rows is not None and _talks_with_people(nouns, people, rows):
        orgs = thing(people[0]).organizations
        extra = (From(orgs, "there"),) if orgs else ()
        return replace(rows, ref=replace(rows.ref, filters=(*rows.ref.filters, *extra)))
    return _people_target(s, people, rows) or rows


def _talks_with_people(nouns: list[Piece], people: list[Piece], rows: Target) -> bool:
    """As in "papers with Microsoft people": talks, though people are spoken of behind them."""
    talks = [p for p in nouns if _is_talk(p)]
    if not people or not talks or not rows.plural or rows.ref.of != Of.TALK:
        return False
    return talks[0].end < people[0].start and thing(people[0]).noun in CROWD


def _committee(s: Slots) -> Target | None:
    for p in s.pieces("committee"):
        filters: list[Filter] = [InCommittee(ids(p), said(s, p))]
        return Target(Ref(Of.PERSON, (*filters, *_committee_filters(s))), plural=True)
    return None


def _committee_filters(s: Slots) -> list[Filter]:
    """What narrows a committee's people: where they are from."""
    found: list[Filter] = [From(ids(o), said(s, o)) for o in s.pieces("org")]
    found += [From(t.organizations, "there") for t in things(s) if t.organizations]
    wanted = sector(s)
    return [*found, wanted] if wanted else found


def in_committees(s: Slots, committees: tuple[str, ...], words: str) -> Ref:
    """The people of committees, narrowed by what else is said."""
    return Ref(Of.PERSON, (InCommittee(committees, words), *_committee_filters(s)))


def _called(s: Slots, piece: Piece) -> bool:
    """Whether a noun only calls people: "guys, how many days…"."""
    greets = piece.start == 0 or s.words[piece.start - 1].folded in s.lists.calling
    return greets and thing(piece) == Thing("person")


def _negated(s: Slots, piece: Piece) -> bool:
    return piece.start > 0 and s.words[piece.start - 1].folded in s.lists.excluding


def asked_noun(s: Slots) -> Piece | None:
    """The noun right behind "which" or "how many": the kind of row that is asked for."""
    ends = {p.end for p in s.pieces("which", "want") if p.kind == "which" or p.value == "count"}
    found = [p for p in s.pieces("thing") if p.start in ends]
    return found[-1] if found else None


def _organizations(s: Slots, piece: Piece, rows: Target | None) -> Target:
    ref = thing_ref(s, thing(piece))
    filters = [*ref.filters]
    if rows is not None and rows.ref.of in (Of.TALK, Of.SESSION):
        inner = tuple(f for f in rows.ref.filters if not isinstance(f, InSector))
        filters.append(Inside(replace(rows.ref, filters=inner)))
    return Target(replace(ref, filters=tuple(filters)), plural=True)


def all_ids(s: Slots, kind: str) -> tuple[str, ...]:
    """The ids of all that is named of a kind, each once."""
    return tuple(dict.fromkeys(i for p in s.pieces(kind) for i in ids(p)))


def _people_target(s: Slots, nouns: list[Piece], rows: Target | None) -> Target | None:
    """People as rows: by name, or by a noun such as authors."""
    named = [p for p in s.pieces("person") if ids(p)]
    if named:
        return _named_target(s, named, rows)
    if not nouns:
        return None
    noun = thing(nouns[0])
    ref = thing_ref(s, noun)
    filters = [*ref.filters]
    if not noun.organizations:
        filters += [From(ids(p), said(s, p)) for p in s.pieces("org")]
    if wanted := sector(s):
        filters.append(wanted)
    if rows is not None and rows.ref.of in (Of.TALK, Of.SESSION) and not rows.ref.bare:
        loose = [*filters, *(f for f in rows.ref.filters if isinstance(f, InSector))]
        inner = tuple(f for f in rows.ref.filters if f not in loose)
        filters.append(Inside(replace(rows.ref, filters=inner)))
    elif rows is not None and rows.ref.bare and noun.noun in CROWD | {"speaker"}:
        if any(TalkKind.KEYNOTE in f.talks for f in rows.ref.filters if isinstance(f, Kinds)):
            filters.append(InRole(ROLES["keynoter"]))
    sure = bool(set(filters) - set(kind_filters(s, noun.noun))) or noun.nth != 0
    plural = noun.noun == "people" or is_plural(s, nouns[0])
    return Target(replace(ref, filters=tuple(filters)), sure, plural)


def _named_target(s: Slots, named: list[Piece], rows: Target | None) -> Target:
    who = all_ids(s, "person")
    words = " and ".join(said(s, p) for p in named)
    alone = Target(Ref(Of.PERSON, (Ids(who, words),)))
    if rows is None or rows.ref.of in (Of.ORGANIZATION, Of.EVENT, Of.ROOM):
        return alone
    if any(isinstance(f, With) for f in rows.ref.filters) or rows.ref.of == Of.SESSION:
        return rows if not rows.ref.bare else alone
    if any(isinstance(f, (Ids, Numbered)) for f in rows.ref.filters):
        return alone
    if any(t.noun in PERSON_NOUNS for t in things(s)) or s.has("want", "roles"):
        return alone
    if s.has("want", "authors") and s.has("polar"):
        return alone
    if rows.ref.of == Of.TALK and things(s) and things(s)[0].noun == "one":
        return alone
    filters = (*rows.ref.filters, *(With(ids(p), said(s, p)) for p in named))
    return Target(replace(rows.ref, filters=filters), plural=rows.plural)


def sector(s: Slots) -> InSector | None:
    """The sector that a question speaks of, if it speaks of one."""
    pieces = [p for p in s.pieces("thing") if thing(p).noun in SECTORS and not _negated(s, p)]
    if not pieces or s.language.musts.intersection(s.values("detail")):
        return None
    return InSector(SECTORS[thing(pieces[0]).noun], s.has("only"))


def _row_target(s: Slots, nouns: list[Piece]) -> Target | None:
    """Talks, sessions and other rows."""
    for piece in s.pieces("titled"):
        return Target(Ref(Of.TALK, (Ids(ids(piece), said(s, piece)),)))
    ranked = sorted(nouns, key=lambda p: _strength(thing(p)), reverse=True)
    best = ranked[0] if ranked else None
    talks = [p for p in ranked if _is_talk(p)]
    if talks and best is not None and thing(best).noun == "session":
        best = talks[0]
    sessions = s.pieces("session")
    if best is not None and (_strength(thing(best)) >= 3 or (sessions and _is_talk(best))):
        return _of_thing(s, best, nouns)
    for piece in sessions:
        ref = Ref(Of.SESSION, (Ids(ids(piece), said(s, piece)),))
        return Target(ref, plural=len(ids(piece)) > 1)
    return _of_thing(s, best, nouns) if best is not None else None


def _is_talk(piece: Piece) -> bool:
    return thing(piece).noun in TALK_NOUNS


def _strength(noun: Thing) -> int:
    """How far a noun narrows: sectors and events least, numbers and names most."""
    if noun.noun in ("event", "room", "topic", "organization", *SECTORS):
        return 0
    if noun.bare:
        return 1 if noun.noun in ("talk", "one", "block", "session") else 2
    return 4 if noun.noun in TALK_NOUNS else 3


def _of_thing(s: Slots, piece: Piece, nouns: list[Piece]) -> Target:
    noun = thing(piece)
    ref = thing_ref(s, noun)
    filters = [*ref.filters]
    if ref.of == Of.TALK:
        if not noun.organizations:
            filters += [From(ids(p), said(s, p)) for p in s.pieces("org")]
        if noun.noun in ("paper", "talk"):
            filters += _sectors(s)
        filters += _around(s, piece, nouns)
        filters = _all_kinds(s, filters, nouns)
    plain = set(kind_filters(s, noun.noun))
    sure = bool(set(filters) - plain) or ref.pick is not None or ref.of == Of.SESSION
    if noun.noun == "one" and not filters and ref.pick is None:
        sure = False
    return Target(replace(ref, filters=tuple(filters)), sure, is_plural(s, piece))


def _sectors(s: Slots) -> list[Filter]:
    """The sectors that a talk's people should be from: one of them only, or each."""
    one = sector(s)
    if one is None:
        return []
    if one.only:
        return [one]
    nouns = dict.fromkeys(t.noun for t in things(s) if t.noun in SECTORS)
    return [InSector(SECTORS[n]) for n in nouns]


def _around(s: Slots, piece: Piece, nouns: list[Piece]) -> list[Filter]:
    """The session that a talk is said to be in: "second paper in session 3"."""
    for p in s.pieces("session"):
        return [Inside(Ref(Of.SESSION, (Ids(ids(p), said(s, p)),)))]
    for p in nouns:
        other = thing(p)
        if p is not piece and other.noun == "session" and not other.bare:
            return [Inside(thing_ref(s, other))]
    return []


def _all_kinds(s: Slots, filters: list[Filter], nouns: list[Piece]) -> list[Filter]:
    """Several bare nouns of talks side by side ("keynotes + papers") mean all of them."""
    kinds = [f for p in nouns if thing(p).bare for f in kind_filters(s, thing(p).noun)]
    talks = [k for k in kinds if isinstance(k, Kinds) and k.talks]
    if len(talks) < 2 or not any(isinstance(f, Kinds) for f in filters):
        return filters
    merged = Kinds(talks=frozenset().union(*(k.talks for k in talks)), words="talk")
    return [f for f in filters if not isinstance(f, Kinds)] + [merged]


def from_nowhere(s: Slots) -> str:
    """What people are said to be from, if no organization is called that."""
    if s.pieces("org"):
        return ""
    unknown = set(s.absent) | set(s.terms)
    for p in s.pieces("relation"):
        origin = p.value == "from" and s.words[p.start].folded in s.lists.coming_from
        if origin and p.end < len(s.words):
            if s.words[p.end] in unknown:
                return s.words[p.end].text
        made = p.value == "by" and s.words[p.start].folded in s.lists.made_by and s.has("exists")
        if made and p.end < len(s.words) and s.words[p.end] in s.absent:
            return s.words[p.end].text
    return _strange_crowd(s)


def _strange_crowd(s: Slots) -> str:
    """Whose people talks are said to be by, if no title has the word: "any paper by Acme people"."""
    for p in s.pieces("thing"):
        crowd = thing(p)
        alone = crowd.noun in CROWD and len(crowd.stems) == 1
        by = [q for q in s.pieces("thing") if q.end == p.start and thing(q).noun in TALK_NOUNS]
        if crowd.noun in CROWD and crowd.bare and by and len(thing(by[0]).stems) == 1:
            crowd, alone = thing(by[0]), True  # the word went to the noun before: "talks by"
        if alone and not crowd.organizations and crowd.stems[0] not in s.in_titles:
            before = s.words[max(0, p.start - 3) : p.end]
            if any(w.folded in s.lists.made_by for w in before):
                return crowd.words[0]
    return ""
