"""Facts of the call and of the event, by subject and words; topics of the call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.event import Audience, Fact, Rule, Session, Talk, Topic
from bot.find.finding import Finding
from bot.find.world import World
from bot.query import Of, Query, Ref, Subjects, Track, Want
from bot.question.words import text_stems


def facts(query: Query, world: World) -> Finding:
    """The facts that fit a question best, and yes or no where their own phrases settle it."""
    if query.other is not None:
        return _scoped_fact(query, world)
    fitting = _scored_facts(query, world)
    scored = [(score, f) for score, f in fitting if world.may_tell(f)]
    hushed = [f for _, f in fitting[:4] if f.audience == Audience.PRIVATE]
    withheld = bool(hushed) and not world.private
    if not scored:
        return Finding(query, withheld=withheld)
    verdict = _verdict(query, [scored[0][1]])
    settled = query.polar and verdict is not None
    chosen = _short(_near(scored, query, world, alone=settled))
    if Want.WHERE not in query.also:
        chosen = _with_children(chosen, query.words, world)
    if not settled and query.ref.first(Track) is None:
        chosen = _with_related(chosen, query, world)
    return Finding(query, tuple(chosen), verdict=verdict, withheld=withheld)


_NEAR = 0.6
"""A fact on another of the subjects is told too if it fits so well as this share of the best."""


def _near(
    scored: list[tuple[float, Fact]], query: Query, world: World, *, alone: bool
) -> list[Fact]:
    """The facts that fit best, and those that fit another subject of the question nearly so well.

    Not so if a track or cycle is named, as its own facts are wanted; nor if the best stands
    `alone`, since it settles a question for yes or no.
    """
    top, best = scored[0]
    spoken_of = set(query.ref.subjects)
    strict = alone or query.ref.first(Track) is not None
    covered = spoken_of & set(world.passages.about(best))
    alike = {f.id for _, f in scored if covered and covered <= set(world.passages.about(f))}
    texts = sum(len(f.text) for _, f in scored if f.id in alike)
    whole = alike if texts <= _WHOLE and not strict else set()
    least = max(top * 0.75, top - 0.9)
    found = []
    for score, fact in scored:
        other = spoken_of & set(world.passages.about(fact)) - covered
        easy = fact.id in whole or (other and not strict)
        if score >= (top * _NEAR if easy else least):
            found.append(fact)
            covered |= other
    return found


_WHOLE = 320
"""Of a subject whose facts have no more characters than this in all, no fact is left out lightly."""

_LENGTH = 450
"""Characters of facts that make an answer, the best fact apart."""


def _short(facts: list[Fact]) -> list[Fact]:
    """As many of the facts as make a short answer."""
    kept = facts[:1]
    for f in facts[1:4]:
        if sum(len(k.text) for k in (*kept, f)) <= _LENGTH:
            kept.append(f)
    return kept


_NOTHING = ("none",)
"""What a fact is about that no question about its heading asks for."""


def _with_children(facts: list[Fact], words: Sequence[str], world: World) -> list[Fact]:
    """A heading's facts behind the heading, if the heading fits best.

    One that is said to be about nothing by itself is told if it has some of the words asked for.
    """
    children = (
        [i for i in world.event.infos if i.parent == facts[0].id and world.may_tell(i)]
        if len(facts) <= 2
        else []
    )
    ranked = {r.id for r in world.passages.facts.rank(words)}
    children = [c for c in children if c.id in ranked or c.about != _NOTHING]
    return list({f.id: f for f in (facts[0], *children, *facts[1:])}.values())[:8]


_ROOM = 330
"""Characters up to which facts of related subjects are told too."""


def _with_related(facts: list[Fact], query: Query, world: World) -> list[Fact]:
    """The facts, and behind them those of subjects that are near to theirs, while that is short.

    Those that hold more of the question's words come first.
    """
    if not facts[0].stated or not facts[0].about:
        return facts
    related = world.passages.language.related
    told = {s for f in facts for s in world.passages.about(f)}
    subjects = {r for s in told for r in related.get(s, ())} - told
    ranked = {r.id: r.score for r in world.passages.facts.rank(query.words)}
    others = [
        f
        for f in world.passages.fact_by_id.values()
        if f not in facts and f.stated and world.may_tell(f) and subjects & set(f.about)
    ]
    kept = [*facts]
    for f in sorted(others, key=lambda f: -ranked.get(f.id, 0.0)):
        if sum(len(k.text) for k in (*kept, f)) <= _ROOM:
            kept.append(f)
    return kept


def _scored_facts(query: Query, world: World) -> list[tuple[float, Fact]]:
    spoken_of = query.ref.first(Subjects) or Subjects(())
    subjects = spoken_of.subjects
    weights = spoken_of.weights or tuple(6.0 - 2.0 * at for at in range(len(subjects)))
    tracks = [f for f in query.ref.filters if isinstance(f, Track)]
    shelf = world.passages.facts
    words = tuple(dict.fromkeys(query.words))
    ranked = {r.id: r for r in shelf.rank(words)}
    scored = []
    for fact in world.passages.fact_by_id.values():
        about = world.passages.about(fact)
        if any(not world.of_track(fact, set(t.ids)) for t in tracks):
            continue
        score = sum(weight for s, weight in zip(subjects, weights, strict=True) if s in about)
        if subjects and not score:
            continue
        score += 2.0 * len(set(about) & set(spoken_of.besides))
        if fact.id in ranked:
            score += ranked[fact.id].score * (1.0 if subjects else 0.8)
        if tracks and isinstance(fact, Rule) and fact.tracks:
            score += 1.0
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
    subjects = query.ref.subjects
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


_AS_GOOD = 0.45
"""A topic is named too if it fits so well as this share of the best."""


def topics(query: Query, world: World) -> Finding:
    """All topics of the call, or those that a subject of work fits, its scope's sentences too.

    Where no topic does, the fact that fits best, if the question may also mean one.
    """
    call = world.event.call
    if call is None:
        return Finding(query)
    if query.want == Want.TOPICS:
        return Finding(query, call.topics)
    by_id: dict[str, Topic | Fact] = {**world.passages.fact_by_id, **{t.id: t for t in call.topics}}
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
    rows = tuple(by_id[r.id] for r in ranked if r.score >= best * _AS_GOOD)
    rows = (
        *[r for r in rows if isinstance(r, Topic)][:3],
        *[r for r in rows if isinstance(r, Fact)][:1],
    )
    return Finding(query, rows, verdict=True)
