"""Ranked records and sentences: which text speaks of some words (stems come from PyStemmer)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.event import Event, Fact, Info, Person, Session, Talk
from bot.question.language import Language
from bot.question.words import stem, text_stems


_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b[DM]r\.)(?<!\bMrs\.)(?<!\bProf\.)(?<!\bFig\.)(?<!\bSec\.)"
    r"\s+(?=[A-Z0-9“\"(])"
)
_ACRONYM = re.compile(r"\(([A-Za-z]*[A-Z][A-Za-z]*?)s?\)")
_PLAIN = re.compile(r"[\w'/-]+")
_LONGEST_NAME = 7  # words that one acronym may stand for
_SPELT_BEHIND = re.compile(r"\b([A-Za-z]?[A-Z][A-Za-z]*[A-Z]s?) \(([A-Za-z][\w' /-]{4,60})\)")
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|order of magnitude|twice|half|double)\b",
    re.IGNORECASE,
)
_TITLE_WEIGHT = 1.8
_ALIKE = 0.6
"""What a word that says nearly the same weighs, next to the very word."""

_MANY = 400
"""Postings longer than this are only used to weigh records that rarer words have found."""

_TOO_MANY = 1_000
"""So many records fit words that say next to nothing; those with a word in their title lead."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a record's text, with its stems."""

    text: str
    stems: frozenset[str]
    has_number: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A record with its score for some words, and which words stand in it."""

    id: str
    score: float
    hits: frozenset[str]
    title_hits: frozenset[str]


@dataclass(frozen=True, slots=True)
class SpeltOut:
    """An acronym and the words that it stands for, both as printed."""

    acronym: str
    words: str


def sentences(text: str) -> tuple[Sentence, ...]:
    """A text's sentences."""
    found = []
    for part in _SENTENCE_END.split(text.strip()):
        if part:
            stems = frozenset(text_stems(part))
            found.append(Sentence(part, stems, bool(_NUMBER.search(part))))
    return tuple(found)


class Shelf:
    """Records of one kind, found by their words: titles count more than texts."""

    def __init__(
        self,
        records: Iterable[tuple[str, Sequence[str], Sequence[str]]],
        acronyms: dict[str, frozenset[str]],
    ) -> None:
        """Index (id, titles, texts)."""
        self._titles: dict[str, set[str]] = {}
        self._texts: dict[str, set[str]] = {}
        self._count = 0
        for record, titles, texts in records:
            self._count += 1
            _post(self._titles, record, titles, acronyms)
            _post(self._texts, record, texts, acronyms)
        self._cache: dict[str, float] = {}

    def weight(self, word: str) -> float:
        """How much a stem tells: rare ones more. A stem that no record has tells most."""
        if word not in self._cache:
            df = len(self._titles.get(word, _NONE) | self._texts.get(word, _NONE))
            self._cache[word] = math.log(1 + (self._count + 1) / (df + 0.5))
        return self._cache[word]

    def has(self, word: str) -> bool:
        """Whether any record has the stem."""
        return word in self._titles or word in self._texts

    def having(self, word: str) -> set[str]:
        """The records that have the stem anywhere."""
        return self._titles.get(word, _NONE) | self._texts.get(word, _NONE)

    def in_title(self, word: str) -> set[str]:
        """The records that have the stem in a title."""
        return self._titles.get(word, _NONE)

    def candidates(self, words: Sequence[str]) -> set[str]:
        """The records that may be meant by words: those with all of them, else with some."""
        known = sorted({w for w in words if self.has(w)}, key=self.weight, reverse=True)
        if not known:
            return set()
        every = set.intersection(*(self.having(w) for w in known))
        found: set[str] = set(every)
        for w in known:
            here = self.having(w)
            if len(here) <= _MANY or not found:
                found |= here
        return found

    def rank(self, words: Sequence[str], among: set[str] | None = None) -> list[Ranked]:
        """The records that have some of the words, best first."""
        known = sorted({w for w in words if self.has(w)}, key=self.weight, reverse=True)
        candidates: set[str] = set()
        for w in known:
            here = self.having(w)
            if len(here) <= _MANY or not candidates:
                candidates |= here
        if among is not None:
            candidates &= among
        if len(candidates) > _TOO_MANY:
            led = candidates & set().union(*(self.in_title(w) for w in known))
            candidates = (
                led if 0 < len(led) <= _TOO_MANY else set(sorted(led or candidates)[:_TOO_MANY])
            )
        return sorted(
            (self._ranked(record, known) for record in candidates),
            key=lambda r: (-r.score, r.id),
        )

    def _ranked(self, record: str, known: Sequence[str]) -> Ranked:
        titles = [w for w in known if record in self._titles.get(w, _NONE)]
        texts = [w for w in known if record in self._texts.get(w, _NONE)]
        score = sum(self.weight(w) * _TITLE_WEIGHT for w in titles)
        score += sum(self.weight(w) for w in texts if w not in titles)
        return Ranked(record, score, frozenset(titles) | frozenset(texts), frozenset(titles))


_NONE: set[str] = set()


def _post(
    postings: dict[str, set[str]],
    record: str,
    texts: Sequence[str],
    acronyms: dict[str, frozenset[str]],
) -> None:
    stems = {s for text in texts for s in text_stems(text)}
    for s in _with_acronyms(stems, acronyms):
        postings.setdefault(s, set()).add(record)


def _with_acronyms(stems: set[str], acronyms: dict[str, frozenset[str]]) -> set[str]:
    """The stems, and each acronym whose words they hold, and the words of each acronym."""
    more = set(stems)
    for acronym, words in acronyms.items():
        if acronym in stems:
            more |= words
        elif words <= stems:
            more.add(acronym)
    return more


def acronyms_in(texts: Iterable[str]) -> tuple[dict[str, frozenset[str]], dict[str, SpeltOut]]:
    """What the texts themselves say acronyms stand for: "Priority Flow Control (PFC)".

    By the acronym's stem: the stems of its words; and both as printed.
    """
    found: dict[str, frozenset[str]] = {}
    printed: dict[str, SpeltOut] = {}
    for text in texts:
        if "(" not in text:
            continue
        pairs = [(m[1], _words_before(text, m.start())) for m in _ACRONYM.finditer(text)]
        pairs += [(m[1], m[2].split()) for m in _SPELT_BEHIND.finditer(text)]
        for acronym, before in pairs:
            words = _spelt_out(before, acronym)
            if words:
                key = stem(acronym.lower())
                found.setdefault(key, frozenset(x for w in words for x in text_stems(w)))
                printed.setdefault(key, SpeltOut(acronym, " ".join(words)))
    return found, printed


def _words_before(text: str, end: int) -> list[str]:
    """The last words before a place, as far as no mark divides them."""
    words: list[str] = []
    for w in reversed(text[:end].rsplit(maxsplit=_LONGEST_NAME)[-_LONGEST_NAME:]):
        if not _PLAIN.fullmatch(w):
            break
        words.insert(0, w)
    return words


def _spelt_out(words: Sequence[str], acronym: str) -> tuple[str, ...]:
    """The last words before a bracket that the acronym in it abbreviates."""
    letters = acronym.lower()
    for count in range(min(len(letters), len(words)), 1, -1):
        tail = words[-count:]
        joined = iter("".join(tail).lower())
        if tail[0][0].lower() == letters[0] and all(c in joined for c in letters):
            return tuple(tail)
    return ()


class Passages:
    """All texts of an event, indexed."""

    def __init__(self, event: Event, language: Language) -> None:
        """Index the event's texts; takes time in proportion to them."""
        self._event = event
        self.language = language
        self.acronyms, self.spelt_out = acronyms_in(_prose(event))
        self.talks = Shelf((_talk_record(t, event) for t in event.talks), self.acronyms)
        facts = _facts(event)
        self.fact_by_id = {f.id: f for f in facts}
        self.facts = Shelf(((f.id, *_fact_texts(f)) for f in facts), self.acronyms)
        topics = event.call.topics if event.call else ()
        scope = [(f.id, (), (f.text,)) for f in facts if f.id.startswith("scope-")]
        self.topics = Shelf(
            [*((t.id, (t.text, *t.tags), ()) for t in topics), *scope], self.acronyms
        )
        self._sentences: dict[tuple[str, str], tuple[Sentence, ...]] = {}

    @cached_property
    def scope(self) -> tuple[Sentence, ...]:
        """The sentences of the call's scope."""
        return sentences(self._event.call.scope) if self._event.call else ()

    def about(self, fact: Fact) -> tuple[str, ...]:
        """The subjects of a fact; a fact below a heading has those of the heading."""
        above = fact
        while not above.about and isinstance(above, Info) and above.parent in self.fact_by_id:
            above = self.fact_by_id[above.parent]
        return above.about

    def of(self, record: Talk | Person | Session | Fact) -> tuple[Sentence, ...]:
        """The sentences of a record's text."""
        key = (record.ref, record.id)  # all of a scope has one ref
        if key not in self._sentences:
            if len(self._sentences) > 2_000:
                self._sentences.clear()
            self._sentences[key] = sentences(text_of(record))
        return self._sentences[key]

    def _local(self, where: Sequence[Sentence], words: Sequence[str]) -> dict[str, float]:
        """How much each word tells among these sentences: little if all of them have it."""
        count = len(where)
        return {
            w: math.log(1 + (count + 1) / (0.5 + sum(w in s.stems for s in where)))
            for w in dict.fromkeys(words)
        }

    def best(
        self,
        where: Sequence[Sentence],
        words: Sequence[str],
        details: Sequence[str],
        weight: Shelf,
    ) -> list[tuple[float, Sentence, frozenset[str]]]:
        """Sentences by how well they fit words and details, best first, with the words hit."""
        wanted = [self.language.details[d] for d in details]
        local = self._local(where, words)
        asked = {w: 0.35 * weight.weight(w) + local[w] for w in local}
        looks = self._local(where, [w for d in wanted for w in d.look])
        looks = {w: 0.6 * value for w, value in looks.items()}
        near = self._near(words)
        scored = []
        alike = {w: found for w in asked if (found := self.language.alike.get(w))}
        for sentence in where:
            held = _with_acronyms(set(sentence.stems), near) if near else sentence.stems
            hits = frozenset(w for w in asked if w in held)
            score = sum(asked[w] for w in hits)
            others = [w for w, found in alike.items() if w not in hits and found & held]
            if others:
                hits |= frozenset(others)
                score += _ALIKE * sum(asked[w] for w in others)
            for detail in wanted:
                looked = sorted((looks[w] for w in detail.look & sentence.stems), reverse=True)
                score += sum(looked[:3]) + (0.8 if detail.number and sentence.has_number else 0)
            if score:
                scored.append((score, sentence, hits))
        return sorted(scored, key=lambda row: -row[0])

    def _near(self, words: Sequence[str]) -> dict[str, frozenset[str]]:
        return {w: self.acronyms[w] for w in words if w in self.acronyms}


def text_of(record: Talk | Person | Session | Fact) -> str:
    """The text that speaks for a record: ours where there is one, else the authors' own."""
    match record:
        case Talk() | Session():
            own = record.abstract if isinstance(record, Talk) else ""
            return record.summary or own
        case Person():
            return record.bio_summary or record.bio
        case _:
            return record.text


def _talk_record(talk: Talk, event: Event) -> tuple[str, Sequence[str], Sequence[str]]:
    people = [event.person_by_id[a.person] for a in talk.people]
    bios = [p.bio_summary or p.bio for p in people if p.bio_summary or p.bio]
    return talk.id, (talk.title, *talk.aliases), (talk.summary, talk.abstract, *bios)


def _facts(event: Event) -> list[Fact]:
    call = event.call
    if call is None:
        return [*event.infos]
    scope = [
        Fact(id=f"scope-{n}", text=s.text, ref=call.ref, about=("scope",))
        for n, s in enumerate(sentences(call.scope), start=1)
    ]
    return [*call.rules, *event.infos, *scope]


def _fact_texts(fact: Fact) -> tuple[Sequence[str], Sequence[str]]:
    return (fact.title, *fact.tags, *fact.permits, *fact.forbids), (fact.text,)


def _prose(event: Event) -> Iterable[str]:
    for talk in event.talks:
        yield from (talk.title, talk.summary, talk.abstract)
    for person in event.people:
        yield person.bio_summary or person.bio
    if event.call:
        yield event.call.scope
        yield from (t.text for t in event.call.topics)
