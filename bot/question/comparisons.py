"""Frames for things side by side: which is longer, which has most, what lies between."""

from __future__ import annotations

from dataclasses import replace

from bot.query import Ids, Nth, Numbered, Of, Query, Ref, Want
from bot.question import cues
from bot.question.cues import Scene
from bot.question.slots import Slots
from bot.question.targets import (
    anchor_ref,
    ids,
    kind_filters,
    kind_of_part,
    of_noun,
    target,
    thing,
    thing_ref,
    things,
)
from bot.question.things import PERSON_NOUNS, TALK_NOUNS, Thing


_WEAK = frozenset({"one", "talk", "event", "room", "break", "topic", "block", "session", "coffee"})

_LONG = frozenset({"break", "coffee"})
"""Of them those of which it can be asked which is longer."""


def compared(s: Slots, scene: Scene) -> Query | None:
    """Two things side by side: which is longer, which is first, what lies between."""
    asked = set(cues.wants(s))
    between = s.pieces("between")
    refs = _all_refs(s)
    if {Want.LONGER, Want.SHORTER} & asked and len(refs) < 2:
        refs = _with_other_ordinal(s, _all_refs(s, weak=_WEAK - _LONG))
    pause = any(t.noun in ("break", "coffee") and t.bare for t in things(s))
    if between and (
        {Want.GAP, Want.DURATION, Want.UNTIL} & asked
        or (pause and (cues.exists(s) or cues.polar(s)))
    ):
        if len(refs) >= 2:
            return Query(Want.GAP, refs[-2], other=refs[-1], polar=cues.polar(s))
    edges = {Want.START, Want.END} <= asked and s.has("relation", "from", "between")
    if edges and len(refs) >= 2:
        return Query(Want.GAP, refs[0], other=refs[1])
    for want in (Want.GAP, Want.LONGER, Want.SHORTER, Want.EARLIER, Want.BOTH):
        if want in asked and len(refs) >= 2:
            details = cues.details(s)
            return Query(want, refs[0], other=refs[1], polar=cues.polar(s), details=details)
    own = target(s)
    if own is None and Want.SESSION in asked and {Want.LONGER, Want.SHORTER} & asked:
        which = Want.LONGER if Want.LONGER in asked else Want.SHORTER
        return Query(which, Ref(Of.SESSION, tuple(kind_filters(s, "session"))), plural=True)
    if own is None or not own.plural or s.pieces("beside") or s.has("author_cue"):
        return None
    narrowed = own.ref.pick is not None or not own.ref.bare
    for want in (Want.LONGER, Want.SHORTER, Want.BOTH):
        if want == Want.BOTH and (not narrowed or (cues.polar(s) and s.terms)):
            continue  # "what were they comparing", "did they find why flows differ"
        if want in asked and own.ref.of in (Of.TALK, Of.SESSION):
            return Query(want, own.ref, plural=True)
    return None


def _with_other_ordinal(s: Slots, refs: list[Ref]) -> list[Ref]:
    """As in "the first or second keynote": a place in the order of the one row that is named."""
    if len(refs) != 1 or not isinstance(refs[0].pick, Nth):
        return refs
    return [*(replace(refs[0], pick=Nth(n)) for n in cues.ordinals(s)[:1]), *refs]


def _all_refs(s: Slots, weak: frozenset[str] = _WEAK) -> list[Ref]:
    """Every reference the question holds, in order; bare nouns that are `weak` say too little."""
    found: list[Ref] = []
    for p in s.pieces("thing", "session", "titled", "person", "between", "beside"):
        if p.kind == "between" and isinstance(p.value, tuple):
            kinds = (kind_of_part(p, 0), kind_of_part(p, -1))
            pair = [anchor_ref(s, v, k) for v, k in zip(p.value, kinds, strict=True)]
            found += [r for r in pair if isinstance(r, Ref)]
        elif p.kind == "thing" and isinstance(p.value, Thing):
            if p.value.noun in PERSON_NOUNS or (p.value.bare and p.value.noun in weak):
                continue
            found.append(thing_ref(s, p.value))
        elif p.kind in ("session", "titled") and len(ids(p)) > 1:
            of = Of.SESSION if p.kind == "session" else Of.TALK
            found += [Ref(of, (Ids((i,)),)) for i in ids(p)]
        elif p.kind != "beside":
            ref = anchor_ref(s, p.value, p.kind)
            if isinstance(ref, Ref):
                found.append(ref)
    return list(dict.fromkeys([*found, *_further_numbers(s)]))


def _further_numbers(s: Slots) -> list[Ref]:
    """As in "session 1 or 3", "which session …, 1 or 2": sessions that bare numbers stand for."""
    edges = {Want.START, Want.END} <= set(cues.wants(s))  # "the end of session 2 to the start of 3"
    joining = ("versus", "and", "or", *(("by",) if edges else ()))
    joins = [p for p in s.pieces("relation") if p.value in joining]
    spoken = [p for p in s.pieces("session") if s.words[p.end - 1].folded.isdigit()]
    if not joins or not (spoken or Want.SESSION in cues.wants(s)):
        return []
    noun = s.words[spoken[0].start].base if spoken else "session"
    beside = {p.end + glue for p in joins for glue in (0, 1)}  # "or 3", "or in 3"
    beside |= {p.start - 1 for p in joins} if not spoken else set()
    numbers = [str(p.value) for p in s.pieces("number") if p.start in beside]
    return [Ref(Of.SESSION, (Numbered(noun, n),)) for n in numbers]


_RANKED = frozenset({Of.SESSION, Of.TALK, Of.PERSON, Of.ORGANIZATION})


def ranked(s: Slots, scene: Scene) -> Query | None:
    """Which row has the most of something: "who has the most papers", "more talks in 1 or 2"."""
    cue = next((p for p in s.pieces("superlative")), None)
    counted = [p for p in s.pieces("thing") if cue is not None and p.start == cue.end]
    if cue is None or not counted:
        return None
    noun = thing(counted[0])
    if noun.noun not in TALK_NOUNS | PERSON_NOUNS:
        return None
    want = Want.FEWEST if cue.value == "fewest" else Want.MOST
    tally = Ref(of_noun(noun.noun), tuple(kind_filters(s, noun.noun)))
    named = [r for r in _all_refs(s) if any(isinstance(f, (Ids, Numbered)) for f in r.filters)]
    sides = [r for r in named if r.of in _RANKED]
    if len(sides) > 1:
        return Query(want, sides[0], other=sides[1], counted=noun.noun, tally=tally)
    if cue.width == 1:  # a bare "more" compares only what is named
        return None
    others = [thing(p) for p in s.pieces("thing") if p is not counted[0]]
    if others:
        rows = thing_ref(s, others[0])
    elif Want.SESSION in cues.wants(s):
        rows = Ref(Of.SESSION, tuple(kind_filters(s, "session")))
    elif {Want.WHO, Want.AUTHORS} & set(cues.wants(s)):
        rows = Ref(Of.PERSON)
    else:
        return None
    if rows.of not in _RANKED:
        return None
    return Query(want, rows, counted=noun.noun, tally=tally)
