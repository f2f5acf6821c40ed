"""Facts of the call and of the event, by subject and words; topics of the call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.event import Audience, Fact, Rule, Session, Talk
from bot.find.finding import Finding
from bot.find.world import World
from bot.query import Of, Query, Ref, Subjects, Track, Want
from bot.question.words import text_stems


def facts(query: Query, world: World) -> Finding:
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


def topics(query: Query, world: World) -> Finding:
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
