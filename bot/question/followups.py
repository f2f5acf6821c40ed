"""What pronouns and half-questions refer to, given the turns before."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.query import (
    TIMES,
    About,
    Beside,
    Filter,
    From,
    Ids,
    InRole,
    InSector,
    Inside,
    Kinds,
    Like,
    Near,
    Nth,
    Numbered,
    Of,
    Pick,
    Query,
    Ref,
    Want,
    With,
)
from bot.question import cues
from bot.question.context import Turn, latest, latest_people
from bot.question.cues import Scene
from bot.question.slots import Slots
from bot.question.targets import (
    ROLES,
    Target,
    ids,
    is_plural,
    kind_filters,
    said,
    sector,
    things,
    time_filters,
)
from bot.question.things import PERSON_NOUNS, TALK_NOUNS


_LETTERED = re.compile(r"\w+ \d+[A-Za-z]")
"""As in "session 1a"."""

_SHORT = 8
"""A question of at most so many words may be the second half of another."""


def context_ref(s: Slots, turns: tuple[Turn, ...]) -> Ref | None:
    """What a pronoun, or nothing at all, refers to."""
    pronoun = cues.pronoun(s)
    if pronoun in ("he", "she"):
        return latest_people(turns) or _last(turns)
    turn = latest(turns)
    if turn is None:
        return None
    if pronoun == "they" and turn.people and turn.of not in (Of.TALK, Of.PERSON):
        return turn.people_ref
    return turn.ref


def _last(turns: tuple[Turn, ...]) -> Ref | None:
    turn = latest(turns)
    return turn.ref if turn else None


def follow(s: Slots, scene: Scene, own: Target | None) -> Query | None:
    """The query of a follow-up, or `None` if the question stands on its own."""
    turn = latest(scene.turns)
    if turn is None or turn.of in (Of.FACT, Of.TOPIC, Of.EVENT, Of.MILESTONE):
        return None
    if s.has("other") and turn.of in (Of.TALK, Of.SESSION):
        return _another(s, turn)
    if s.has("correction") and (corrected := _corrected(s, own, turn)) is not None:
        return corrected
    if own is None and (edge := _edge_alone(s, turn)) is not None:
        return edge
    if own is None and (other_time := _at_another_time(s, turn)) is not None:
        return other_time
    if own is not None and own.sure and not _bare_one(s, own):
        inside = _among(s, own, turn)
        return inside or _with_own_rows(s, own, turn)
    return _other_place(s, own, turn) or _about_earlier(s, scene, own, turn)


def among_earlier(s: Slots, scene: Scene, own: Target | None) -> Target | None:
    """The rows meant, taken from those spoken of where the question itself narrows them by nothing.

    As in "who wrote the second paper" or "which papers" behind "what is in session 2".
    """
    turn = latest(scene.turns)
    if own is None or turn is None or s.pieces("session", "person", "org", "titled"):
        return own
    if any(t.noun == "one" for t in things(s)) and own.ref.of == Of.TALK:
        return own
    scope: Filter | None = None
    if own.plural is False and turn.of == Of.PERSON and own.ref.of == Of.TALK and own.ref.bare:
        if s.has("which") and len(s.words) <= _FEW and turn.rows:
            filters = (With(turn.rows, "them"), *own.ref.filters)
            return Target(replace(own.ref, filters=filters), plural=True)
    if turn.of == Of.TALK and len(turn.rows) > 1:
        scope = Ids(turn.rows, "those")
    elif turn.of == Of.SESSION and len(turn.rows) == 1 and turn.ref is not None:
        scope = Inside(turn.ref)
    if scope is None:
        return own
    ref = own.ref
    inner = ref.first(Inside)
    if ref.of == Of.PERSON and inner is not None and _by_place(inner.ref):
        inside = Inside(replace(inner.ref, filters=(scope, *inner.ref.filters)))
        kept = tuple(f for f in ref.filters if f is not inner)
        return replace(own, ref=replace(ref, filters=(*kept, inside)), sure=True)
    which = own.plural and ref.bare and len(s.words) <= _FEW and s.has("which")
    if ref.of == Of.TALK and (_by_place(ref) or (which and turn.of == Of.SESSION)):
        return replace(own, ref=replace(ref, filters=(scope, *ref.filters)), sure=True)
    return own


def _by_place(ref: Ref) -> bool:
    """Whether talks are told by nothing but their place in an order."""
    kinds = all(isinstance(f, Kinds) for f in ref.filters)
    return ref.of == Of.TALK and isinstance(ref.pick, Nth) and kinds


_FEW = 5
"""A question of at most so many words is about what was spoken of, if it names nothing."""


def _bare_one(s: Slots, own: Target) -> bool:
    """As in "the second one": a place in an order of what was spoken of."""
    nouns = things(s)
    if not nouns or nouns[0].noun != "one":
        return False
    return all(isinstance(f, Numbered) for f in own.ref.filters)


def _edge_alone(s: Slots, turn: Turn) -> Query | None:
    """As in "until?": when what was spoken of ends; "and then?": what comes behind it."""
    if turn.of not in (Of.SESSION, Of.TALK) or turn.ref is None or len(s.words) > _MOST_ALONE:
        return None
    if cues.wants(s) or s.terms or s.absent or things(s):
        return None
    if s.says(s.lists.up_to):
        return Query(Want.END, turn.ref)
    if s.says(s.lists.then):
        return Query(Want.OVERVIEW, Ref(turn.of, (Beside(after=True, anchor=turn.ref),), Nth(1)))
    return None


_MOST_ALONE = 3


def _another(s: Slots, turn: Turn) -> Query:
    """As in "the other keynote": what was asked, about the others of the kind."""
    asked = cues.wants(s)
    before = turn.query
    want = asked[0] if asked else before.want
    ref = Ref(turn.of, (Like(turn.rows, besides=True),))
    return replace(before, want=want, ref=ref, claims=(), words=(), plural=False)


def _corrected(s: Slots, own: Target | None, turn: Turn) -> Query | None:
    """As in "sorry, I mean the QUIC one": the question before, about other rows."""
    if cues.wants(s) or (own is None and not s.terms):
        return None
    before = turn.query
    ref = own.ref if own is not None and own.sure else None
    if ref is None:
        stems = tuple(dict.fromkeys(w.stem for w in s.terms))
        ref = Ref(Of.TALK, (About(stems, cues.spoken(s)),))
    kept = tuple(f for f in before.ref.filters if isinstance(f, (InRole,)))
    if before.ref.of == Of.PERSON and ref.of == Of.TALK:
        return replace(before, ref=Ref(Of.PERSON, (Inside(ref), *kept)), claims=(), absent=())
    want = Want.OVERVIEW if before.want == Want.DETAIL else before.want
    return replace(before, want=want, ref=ref, words=(), claims=(), absent=(), plural=False)


def _at_another_time(s: Slots, turn: Turn) -> Query | None:
    """As in "and tomorrow?": the question before, at another time."""
    timed = tuple(time_filters(s))
    if not timed or cues.wants(s) or s.terms or not _elliptic(s) or s.pieces("org", "person"):
        return None
    before = turn.query
    kept = tuple(f for f in before.ref.filters if not isinstance(f, TIMES))
    ref = replace(before.ref, filters=(*kept, *timed), pick=None if kept == () else before.ref.pick)
    return replace(before, ref=ref, claims=())


def _among(s: Slots, own: Target, turn: Turn) -> Query | None:
    """People by a noun ("any company among the authors") of the one talk spoken of."""
    if own.ref.of != Of.PERSON or turn.of != Of.TALK or len(turn.rows) != 1 or turn.ref is None:
        return None
    if any(isinstance(f, (Ids, Inside)) for f in own.ref.filters) or len(s.words) > _SHORT:
        return None
    ref = replace(own.ref, filters=(*own.ref.filters, Inside(turn.ref)))
    asked = cues.wants(s)
    return Query(asked[0] if asked else Want.LIST, ref, plural=own.plural, polar=cues.polar(s))


def _with_own_rows(s: Slots, own: Target, turn: Turn) -> Query | None:
    """New rows, the old want: "and session 1?"; or a narrower choice among the old rows."""
    asked = cues.wants(s)
    nouns = things(s)
    one = bool(nouns) and nouns[0].noun == "one"
    people = turn.ref if turn.of == Of.PERSON else turn.people_ref
    if own.ref.of == Of.ORGANIZATION and people is not None and not asked and len(s.words) <= 3:
        return Query(Want.AFFILIATION, people)
    if one and turn.of == own.ref.of == Of.TALK and len(turn.rows) > 1:
        want = asked[0] if asked else Want.OVERVIEW
        ref = replace(own.ref, filters=(Ids(turn.rows), *own.ref.filters))
        return Query(want, ref, words=(), details=cues.details(s))
    if asked or cues.details(s) or not _elliptic(s) or cues.exists(s) or s.has("near"):
        return None
    if cues.pronoun(s) in ("he", "she", "they"):
        return None
    before = turn.query
    if before.ref.of == Of.PERSON and own.ref.of != Of.PERSON and before.want == Want.OVERVIEW:
        return None
    want = (
        Want.OVERVIEW if before.want in (Want.LIST, Want.COUNT) and not own.plural else before.want
    )
    if want == Want.DETAIL:
        want = Want.ABOUT if not before.words else before.want
    return replace(before, want=want, ref=own.ref, claims=(), absent=())


def _elliptic(s: Slots) -> bool:
    short = len(s.words) <= _SHORT
    return short and (cues.leans(s) or len(s.words) <= 4) and not cues.polar(s)


def _other_place(s: Slots, own: Target | None, turn: Turn) -> Query | None:
    """As in "n the last?": the same question about another of the same rows."""
    places = cues.ordinals(s)
    nouns = things(s)
    if own is not None and nouns and nouns[0].noun == "one":
        number = int(nouns[0].number) if nouns[0].number.isdigit() else 0
        places = [n for n in (nouns[0].nth, number) if n]
    elif own is not None or len(s.words) > _SHORT:
        if not (places and nouns and nouns[0].noun in PERSON_NOUNS and not nouns[0].nth):
            return None
    if not places:
        return _other_number(s, turn) if own is None else None
    if turn.query.nth_person and own is None and not cues.wants(s):
        return replace(turn.query, nth_person=places[0])
    asked = cues.wants(s)
    query = _moved(turn, Nth(places[0]), asked[0] if asked else None)
    if cues.details(s) and not asked:
        return replace(query, want=Want.DETAIL, details=cues.details(s), words=cues.stems(s))
    if nouns and nouns[0].noun in PERSON_NOUNS:
        inner = Ref(Of.PERSON, (Inside(query.ref), *kind_filters(s, nouns[0].noun)))
        return Query(asked[0] if asked else Want.LIST, inner, plural=True)
    return query


def _other_number(s: Slots, turn: Turn) -> Query | None:
    """As in "and 2?" after "who chairs session 1": the same question about another number."""
    numbers = [str(p.value) for p in s.pieces("number") if p.end == len(s.words)]
    last = s.words[-1].folded if s.words else ""
    short = len(s.words) <= 4 and (cues.leans(s) or len(s.words) == 1)
    letter = len(last) == 1 and last.isalpha()
    if not (numbers or letter) or not short or cues.wants(s):
        return None
    before = turn.query.ref
    inside = next((f.ref for f in before.filters if isinstance(f, Inside)), None)
    for f in (inside or before).filters:
        if isinstance(f, Numbered) and letter and f.number[-1:].isalpha():
            numbers, noun = [f.number[:-1] + last], f.noun
        elif isinstance(f, Numbered):
            noun = f.noun
        elif isinstance(f, Ids) and letter and _LETTERED.fullmatch(f.words):
            numbers, noun = [f.words.rpartition(" ")[2][:-1] + last], f.words.partition(" ")[0]
        elif isinstance(f, Ids) and f.words.rpartition(" ")[2].isdigit():
            noun = f.words.partition(" ")[0]
        else:
            continue
        if not numbers:
            return None
        ref = replace(inside or before, filters=(Numbered(noun, numbers[0]),))
        if inside is not None:
            others = tuple(g for g in before.filters if not isinstance(g, Inside))
            ref = replace(before, filters=(*others, Inside(ref)))
        return replace(turn.query, ref=ref, claims=(), words=())
    return None


def _moved(turn: Turn, pick: Pick, want: Want | None) -> Query:
    before = turn.query
    ref = before.ref
    if any(isinstance(f, (Ids, Numbered)) for f in ref.filters):
        ref = Ref(ref.of, (Like(turn.rows),))
    chosen = want or before.want
    if want is None and before.want in (Want.LIST, Want.COUNT):
        chosen = Want.OVERVIEW
    return replace(before, want=chosen, ref=replace(ref, pick=pick), plural=False, claims=())


def _about_earlier(s: Slots, scene: Scene, own: Target | None, turn: Turn) -> Query | None:
    """A new want about the rows spoken of before."""
    pronoun = cues.pronoun(s)
    base = context_ref(s, scene.turns)
    beside = _beside_earlier(s, base, turn)
    if beside is not None:
        return beside
    replaced = _other_organization(s, turn, pronoun)
    if replaced is not None:
        return replaced
    if base is None or not _refers_back(s, own, pronoun):
        return None
    asked = cues.wants(s)
    want = asked[0] if asked else Want.OVERVIEW
    special = (
        _of_organization(base, turn, asked)
        or _from_elsewhere(s, base)
        or _people_of(s, base, turn, asked)
        or _talks_of(s, base, asked)
    )
    if special is not None:
        return special
    crowd = _from_there(s, base, turn, asked)
    if crowd is not None:
        return crowd
    organizations = s.pieces("org")
    extra: list[Filter] = [From(ids(p), said(s, p)) for p in organizations]
    polar = cues.polar(s)
    if polar and extra:
        return Query(Want.AFFILIATION, base, claims=tuple(extra), polar=True)
    words = cues.stems(s)
    query = cues.query(s, asked, replace(base, filters=(*base.filters, *extra)), words=words)
    query = replace(query, plural=bool(extra), counted="", amount=None)
    if extra:
        return replace(query, want=Want.LIST if want == Want.OVERVIEW else want)
    if s.language.musts.intersection(query.details) and base.of == Of.PERSON:
        return replace(query, want=Want.DETAIL, words=())
    if want == Want.WHERE and s.has("origin") and base.of in (Of.PERSON, Of.TALK):
        return replace(query, want=Want.AFFILIATION)
    if want == Want.OVERVIEW:
        return (
            replace(query, want=Want.DETAIL) if words or query.details else _nothing_new(query, s)
        )
    if want in (Want.COUNT, Want.WHO, Want.TITLE, Want.LIST) and (words or query.details):
        return replace(query, want=Want.DETAIL, also=(want,))
    return query


def _from_there(s: Slots, base: Ref, turn: Turn, asked: list[Want]) -> Query | None:
    """As in "how many of them are at Acme", "his co-authors from Acme"."""
    froms = tuple(From(ids(p), said(s, p)) for p in s.pieces("org"))
    if not froms:
        return None
    if Want.COAUTHORS in asked and base.of == Of.PERSON and (named := base.first(Ids)):
        theirs = Inside(Ref(Of.TALK, (With(named.ids, "them"),)))
        return Query(Want.LIST, Ref(Of.PERSON, (theirs, *froms)), plural=True)
    several = {Want.COUNT, Want.WHO, Want.LIST} & set(asked) or s.has("which")
    if base.of == Of.TALK and turn.people and cues.pronoun(s) == "they" and several:
        want = Want.COUNT if Want.COUNT in asked else Want.LIST
        return Query(want, Ref(Of.PERSON, (Inside(base), *froms)), plural=True)
    return None


def _of_organization(base: Ref, turn: Turn, asked: list[Want]) -> Query | None:
    """As in "which session", behind "what is EPFL presenting": its talks are meant."""
    placed = (Want.SESSION, Want.WHEN, Want.WHERE, Want.START)
    if base.of != Of.ORGANIZATION or not asked or asked[0] not in placed:
        return None
    return Query(asked[0], Ref(Of.TALK, (From(turn.rows, "there"),)), also=tuple(asked[1:3]))


def _from_elsewhere(s: Slots, base: Ref) -> Query | None:
    """As in "is he with Acme", where nothing knows that name: where somebody is from is told."""
    strange = s.absent and s.has("relation", "with", "from") and not cues.details(s)
    if not strange or cues.pronoun(s) not in ("he", "she") or not cues.polar(s):
        return None
    return Query(Want.AFFILIATION, base)


def _beside_earlier(s: Slots, base: Ref | None, turn: Turn) -> Query | None:
    """As in "what's right before it", "and after that"."""
    if base is None or base.of not in (Of.TALK, Of.SESSION) or s.terms:
        return None
    after = {"after": True, "before": False}
    near = {Near.NEXT: True, Near.PREVIOUS: False}
    cue = [after[str(v)] for v in s.values("relation") if str(v) in after]
    if cues.leans(s) or cues.pronoun(s) == "it":
        cue += [near[n] for v in s.values("near") if (n := Near(str(v))) in near]
    if not cue or not (cues.pronoun(s) or cues.leans(s)) or s.pieces("person", "session", "titled"):
        return None
    ref = Ref(base.of, (Beside(cue[0], base),), Nth(1 if cue[0] or base.of == Of.TALK else -1))
    asked = cues.wants(s)
    return Query(asked[0] if asked else Want.OVERVIEW, ref)


def _other_organization(s: Slots, turn: Turn, pronoun: str) -> Query | None:
    """As in "n nokia": the question before, about another organization."""
    before = turn.query
    pieces = s.pieces("org")
    had = any(isinstance(f, From) for f in before.ref.filters) or before.ref.of == Of.ORGANIZATION
    if not pieces or pronoun or not had or not _elliptic(s) or things(s) or s.terms:
        return None
    new = From(ids(pieces[0]), said(s, pieces[0]))
    if before.ref.of == Of.ORGANIZATION:
        return replace(before, ref=Ref(Of.ORGANIZATION, (Ids(ids(pieces[0])),)))
    kept = tuple(f for f in before.ref.filters if not isinstance(f, From))
    return replace(before, ref=replace(before.ref, filters=(*kept, new)))


def _nothing_new(query: Query, s: Slots) -> Query | None:
    return query if cues.pronoun(s) and (s.has("which") or cues.leans(s) or query.polar) else None


def _refers_back(s: Slots, own: Target | None, pronoun: str) -> bool:
    if s.pieces("person", "titled") or (own is not None and own.sure):
        return False
    if s.has("near") and not pronoun:
        return False
    if s.pieces("on day", "in part", "time", "beside", "between"):
        return False
    if pronoun or cues.leans(s):
        return True
    nouns = things(s)
    if own is not None and nouns and any(t.noun in TALK_NOUNS | {"event"} for t in nouns):
        return False
    if cues.exists(s) and not cues.details(s) and not nouns:
        return False
    return len(s.words) <= 12


def _people_of(s: Slots, base: Ref, turn: Turn, asked: list[Want]) -> Query | None:
    """People on the rows spoken of: "which of them are from Intel", "does any of them chair"."""
    wanted = sector(s)
    if wanted is not None and s.has("which") and Want.LIST not in asked and not cues.polar(s):
        if not any(is_plural(s, p) for p in s.pieces("thing")):
            return Query(Want.AFFILIATION, base)
    nouns = [t for t in things(s) if t.noun in PERSON_NOUNS]
    if wanted is not None and base.of == Of.TALK:
        filters = (Inside(base), wanted)
        return Query(Want.LIST, Ref(Of.PERSON, filters), plural=True, polar=cues.polar(s))
    if wanted is not None and base.of == Of.PERSON:
        narrowed = replace(base, filters=(*base.filters, InSector(wanted.sector)))
        return Query(Want.LIST, narrowed, plural=True)
    if Want.CHAIR in asked and (turn.people or base.of == Of.PERSON) and turn.of != Of.SESSION:
        people = turn.people_ref or base
        chair = InRole(ROLES["chair"])
        if cues.polar(s) or base.of == Of.PERSON:
            return Query(Want.ROLES, people, claims=(chair,), polar=True)
    if nouns and base.of in (Of.TALK, Of.SESSION):
        organizations = [From(ids(p), said(s, p)) for p in s.pieces("org")]
        inner = Ref(Of.PERSON, (Inside(base), *kind_filters(s, nouns[0].noun), *organizations))
        if nouns[0].nth:
            inner = replace(inner, pick=Nth(nouns[0].nth))
        count = Want.COUNT in asked
        want = Want.COUNT if count else next(iter(asked), Want.LIST)
        return Query(want, inner, plural=not nouns[0].nth)
    return None


def _talks_of(s: Slots, base: Ref, asked: list[Want]) -> Query | None:
    """Talks of the people spoken of: "does he have a paper himself", "what's his talk called"."""
    noun = next((t for t in things(s) if t.noun in TALK_NOUNS), None)
    if noun is None or base.of != Of.PERSON:
        return None
    named = base.first(Ids)
    people = With(named.ids if named else (), "them")
    ref = Ref(Of.TALK, (people, *kind_filters(s, noun.noun)))
    want = next(iter(asked), Want.LIST)
    if want == Want.WHO:
        want = Want.LIST
    return Query(
        want,
        ref,
        words=cues.stems(s),
        polar=cues.polar(s),
        plural=want == Want.LIST,
    )
