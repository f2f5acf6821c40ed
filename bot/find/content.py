"""Sentences that answer a question about what a talk or a life is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.event import Person, Session, Talk
from bot.find.finding import Finding
from bot.find.register import Row
from bot.find.world import Missing, World
from bot.passages import Sentence
from bot.query import About, Of, Query
from bot.question.language import MEANING
from bot.question.words import stem, text_stems


_MOST_READ = 40
"""Of more rows than that the texts are not read: the question has not told which it means."""


def detail(query: Query, world: World) -> Finding:
    """Sentences that answer a question about content."""
    about = {w for f in query.ref.filters if isinstance(f, About) for w in f.stems}
    only_words = all(isinstance(f, About) for f in query.ref.filters) and not query.ref.pick
    only_words = only_words and set(query.words) <= about
    if only_words and query.ref.of == Of.TALK and query.ref.filters:
        return _loose_detail(query, world)
    rows = world.rows(query.ref, plural=query.plural)
    rows = rows[:_MOST_READ]
    if len(rows) > 1 and query.words and all(isinstance(r, Talk) for r in rows):
        rows = _likeliest(rows, query.words, world)
    words = _beyond_titles(query, rows)
    spelt = world.passages.spelt_out
    if MEANING in query.details and (known := [w for w in query.words if w in spelt]):
        return Finding(query, tuple(rows[:1]), spelt=spelt[known[0]])
    if not words and not query.details and not query.absent and not query.counted:
        return Finding(replace(query, words=()), tuple(rows))
    said = _said(query, rows, words, world)
    if len(query.words) == 1 and query.words[0] in spelt:
        return Finding(query, tuple(rows), said=said[:1], spelt=spelt[query.words[0]])
    return Finding(query, tuple(rows), said=said, ambiguous=len(rows) > 1 and not said)


def _beyond_titles(query: Query, rows: Sequence[Row]) -> list[str]:
    """The content words of a query that the rows' own titles don't account for."""
    described = [w for f in query.ref.filters if isinstance(f, About) for w in f.stems]
    titles = _title_stems(rows)
    return [w for w in dict.fromkeys((*query.words, *described)) if w not in titles]


_EVIDENCE = 520
"""Characters of sentences behind an answer to something else."""


def evidence(query: Query, row: Row, world: World) -> tuple[str, ...]:
    """The sentences of a row's texts that hold the words by which it was asked for.

    They show why it is this row; and if it was its content that was asked about, they answer.
    """
    if isinstance(row, Session) and len(row.talks) == 1:
        row = world.event.talk_by_id[row.talks[0]]
    if not isinstance(row, (Talk, Person)):
        return ()
    words = _beyond_titles(query, [row])
    if not words and not (query.hints and query.details):
        return ()
    kept: list[str] = []
    for text in _said(query, [row], words, world):
        if kept and sum(map(len, kept)) + len(text) > _EVIDENCE:
            break
        kept.append(text)
    return tuple(kept)


def _likeliest(rows: list[Row], words: Sequence[str], world: World) -> list[Row]:
    """The one talk of several that the words fit plainly better than the others."""
    ranked = world.passages.talks.rank(words, {r.id for r in rows if isinstance(r, Talk)})
    if ranked and (len(ranked) == 1 or ranked[0].score > ranked[1].score * 1.2):
        return [r for r in rows if r.id == ranked[0].id]
    return rows


def _title_stems(rows: Sequence[Row]) -> set[str]:
    return {w for r in rows if isinstance(r, Talk) for w in text_stems(r.title)}


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


_NEAR = 0.4
"""A sentence is told too if it fits so well as this share of the best."""

_LENGTH = 560
"""Characters of sentences that make an answer about content."""


def _said(query: Query, rows: Sequence[Row], words: Sequence[str], world: World) -> tuple[str, ...]:
    """The sentences of the rows that answer, if any is good enough."""
    shelf, language = world.passages.talks, world.passages.language
    where = list(dict.fromkeys(s for r in rows for s in _texts(r, world)))
    lives = any(isinstance(r, Person) for r in rows)
    musts = [language.details[d] for d in query.details if d in language.musts and lives]
    if musts:
        where = [s for s in where if any(m.look & s.stems for m in musts)]
    if query.counted:
        numbers = {stem(w) for w in language.lists.numbers}
        where = [s for s in where if counts(s, query.counted, numbers)]
    words = [*dict.fromkeys((*words, *query.hints))]
    sides = [d for d in query.details if lives or d not in language.musts]
    ranked = world.passages.best(where, words, sides, shelf)
    if not ranked:
        return ()
    asked = sum(shelf.weight(w) for w in words if w not in query.cues)
    asked += len(query.absent) * shelf.weight("\0")
    top_score, top, hits = ranked[0]
    covered = sum(shelf.weight(w) for w in hits)
    helped = bool(sides) and top_score - covered > _HELPED
    if asked and not musts and covered < asked * (0.2 if helped else _LEAST_COVERED):
        if not helped or query.absent:
            return ()
    chosen = [top.text]
    for score, sentence, _ in ranked[1:4]:
        if score >= top_score * _NEAR and len(" ".join(chosen)) + len(sentence.text) < _LENGTH:
            chosen.append(sentence.text)
    order = [s.text for s in where]
    if len(chosen) == 1:
        chosen += _next(order, chosen[0])
    return tuple(sorted(chosen, key=order.index))


_CONTEXT = 420
"""Characters up to which a lone sentence has the next one of its text behind it."""


def _next(order: Sequence[str], text: str) -> list[str]:
    behind = order[order.index(text) + 1 :][:1]
    return [t for t in behind if len(text) + len(t) <= _CONTEXT]


def counts(sentence: Sentence, counted: str, numbers: set[str]) -> bool:
    """Whether a sentence gives a number of something: "three sets of experiments".

    `numbers` are the stems of words for numbers.
    """
    found = text_stems(sentence.text)
    for at, word in enumerate(found):
        before = found[max(0, at - 4) : at]
        if word == counted and any(w[:1].isdigit() or w in numbers for w in before):
            return True
    return False


def _loose_detail(query: Query, world: World) -> Finding:
    """Content words alone: the record that they fit best, and its sentences."""
    shelf = world.passages.talks
    about = next(f for f in query.ref.filters if isinstance(f, About))
    spelt = world.passages.spelt_out
    known = [w for w in about.stems if w in spelt]
    if known and (MEANING in query.details or len(about.stems) == 1):
        rows = world.rows(query.ref)
        more = _said(query, rows[:1], known, world)[:1]
        return Finding(query, tuple(rows[:1]), said=more, spelt=spelt[known[0]])
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
