"""The index of everything an event can be asked about by name, typos included (rapidfuzz)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz.distance import OSA

from bot.event import Call, Event, Organization, Person, Session, Talk
from bot.question.grammar import Piece
from bot.question.language import Language, WordLists
from bot.question.words import (
    Word,
    base,
    fold,
    phrase,
    stem,
    text_stems,
    text_words,
    tokens,
    word,
)


_WHOLE_TITLE_PARTS = (":", " - ", " – ", " — ")
_NEAR_YEARS = 15  # a series of workshops has an edition before or after in no more
_SHORTEST_TYPO = 5
_SHORTEST_COMMON = 6
"""A word is taken for a misspelt everyday word only if that has so many letters."""


@dataclass(frozen=True, slots=True)
class Name:
    """A phrase of an index: its words, what kind of record it names, and which."""

    words: tuple[str, ...]
    kind: str
    ids: tuple[str, ...]
    weight: float = 1.25


class Names:
    """Names of one event, and the words that its records use."""

    def __init__(self, event: Event, language: Language) -> None:
        """Index the event; takes time in proportion to its texts."""
        self._phrases: dict[tuple[str, ...], dict[str, Name]] = {}
        self._lengths: dict[str, dict[int, None]] = {}
        self._people: dict[str, tuple[str, ...]] = {}
        self._initials: dict[str, tuple[str, ...]] = {}
        self._given: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        self._lists = language.lists
        self._series = fold(event.series)
        self._years = {d.date.year for d in event.days}
        self._years |= {o.start.year for o, _ in event.timetable[:1]}
        self.stems: set[str] = set()
        self.talk_stems = {
            s for t in event.talks for text in _talk_texts(t, event) for s in text_stems(text)
        }
        self.title_stems = {s for t in event.talks for s in text_stems(t.title)}
        self._collect_phrases(event, language.nouns)
        self._collect_people(event.people)
        vocabulary = self._collect_words(event)
        self._joined = _joined_words(event)
        self._speller = Speller(vocabulary, set(self._people), language)

    # -- reading -----------------------------------------------------------------------------

    def corrected(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The words with typos mended and joined names taken apart ("virtiouser")."""
        mended: list[Word] = []
        for w in words:
            parts = self._joined.get(w.folded)
            if parts and w.stem not in self.stems:
                mended += [word(w.text, p) for p in parts]
            elif (better := self._speller.mend(w)) and better != w.folded:
                mended.append(replace(w, folded=better, base=base(better), stem=stem(better)))
            else:
                mended.append(w)
        return tuple(mended)

    def knows(self, w: Word) -> bool:
        """Whether the event's records use the word."""
        return w.stem in self.stems or w.folded in self._people or w.base in self._people

    def annotate(self, words: Sequence[Word]) -> Iterator[Piece]:
        """Every name that stands in the words."""
        bases = [w.base for w in words]
        for start, first in enumerate(bases):
            for length in self._lengths.get(first, ()):
                end = start + length
                for name in self._phrases.get(tuple(bases[start:end]), {}).values():
                    if len(name.words) == length:
                        yield Piece(name.kind, name.ids, start, end, "name", weight=name.weight)
            if end := self._other_edition(words, start):
                yield Piece("subject", "past-editions", start, end, "other edition", weight=1.3)
        yield from self._annotate_people(words)

    def _other_edition(self, words: Sequence[Word], at: int) -> int:
        """Where the series' name with another year ends, "KBNets18" or "KBNets 2018"; else 0."""
        w = words[at]
        name, year = w.folded[: len(self._series)], w.folded[len(self._series) :]
        if not self._series or name != self._series:
            return 0
        if year:
            return at + 1 if year.isdigit() and not self.knows(w) else 0
        behind = words[at + 1].folded if at + 1 < len(words) else ""
        others = {str(y + n) for y in self._years for n in range(-_NEAR_YEARS, _NEAR_YEARS)}
        others -= {str(y) for y in self._years}
        return at + 2 if behind in others or (behind and f"20{behind}" in others) else 0

    def _annotate_people(self, words: Sequence[Word]) -> Iterator[Piece]:
        at = 0
        while at < len(words):
            ids = self._person_ids(words[at])
            if not ids:
                at += 1
                continue
            end, chosen = self._longest_name(words, at, ids)
            if at and self._is_strange_initial(words[at - 1], chosen):
                yield Piece("person", (), at - 1, end, "person's name", weight=1.3)
                at = end
                continue
            start = at - 1 if at and self._by_beginning(words[at - 1], chosen) else at
            chosen = (
                tuple(sorted(self._by_beginning(words[start], chosen))) if start < at else chosen
            )
            yield Piece("person", chosen, start, end, "person's name", weight=1.3)
            at = end

    def _longest_name(
        self, words: Sequence[Word], at: int, ids: frozenset[str]
    ) -> tuple[int, tuple[str, ...]]:
        """How far a name reaches, and whose it may be: nobody's if its parts don't agree."""
        chosen, end = ids, at + 1
        while end < len(words) and not words[end - 1].possessive:
            more = self._person_ids(words[end]) or self._by_initial(words[end], chosen)
            if not more:
                break
            chosen, end = chosen & more, end + 1
        typed = " ".join(w.folded for w in words[at:end])
        exact = [p for p in chosen if self._whole.get(p) == typed]
        return end, tuple(sorted(exact or chosen))

    def _person_ids(self, w: Word) -> frozenset[str]:
        return frozenset(self._people.get(w.folded) or self._people.get(w.base) or ())

    def _by_initial(self, w: Word, among: frozenset[str]) -> frozenset[str]:
        letter = fold(w.text)  # before slang is written out: "r" may stand for "are"
        if len(letter) != 1:
            return frozenset()
        return among & frozenset(self._initials.get(letter, ()))

    def _is_strange_initial(self, w: Word, among: Iterable[str]) -> bool:
        """Whether a letter in front of a name is the initial of somebody else: "E. Dolev"."""
        if len(w.text) != 1 or not w.text.isupper() or w.text.lower() in self._lists.letters:
            return False
        return not any(person in self._initials.get(fold(w.text), ()) for person in among)

    def _by_beginning(self, w: Word, among: Iterable[str]) -> frozenset[str]:
        """Those of whose given names the word is the beginning: Tim for Timothy."""
        if len(w.folded) < 3 or self._person_ids(w):
            return frozenset()
        return frozenset(p for p in among if self._given.get(p, "").startswith(w.folded))

    # -- building ----------------------------------------------------------------------------

    def _name(self, text: str, kind: str, ids: tuple[str, ...], weight: float = 1.25) -> None:
        words = phrase(text)
        if not words:
            return
        self._lengths.setdefault(words[0], {})[len(words)] = None
        here = self._phrases.setdefault(words, {})
        if kind in here:
            ids = tuple(dict.fromkeys((*here[kind].ids, *ids)))
        here[kind] = Name(words, kind, ids, weight)

    def _collect_phrases(self, event: Event, nouns: frozenset[str]) -> None:
        self._collect_places(event)
        for session in event.sessions:
            for text in _session_names(session):
                words = phrase(text)
                plain = len(words) == 1 and words[0] in nouns
                self._name(text, "session", (session.id,), 0.9 if plain else 1.25)
        for talk in event.talks:
            for text in _talk_names(talk):
                self._name(text, "titled", (talk.id,), 1.3)
        for committee in event.committees:
            for text in (committee.name, *committee.aliases):
                plain = len(phrase(text)) == 1 and phrase(text)[0] in nouns | self._lists.offices
                self._name(text, "committee", (committee.id,), 0.9 if plain else 1.25)
        for text in (event.short, event.name, event.series, *event.aliases):
            self._name(text, "event", (event.id,))
        for info in event.infos:
            self._name(info.title, "info", (info.id,))
        if event.call:
            self._collect_call(event.call)

    def _collect_places(self, event: Event) -> None:
        for room in event.rooms:
            for text in (room.name, room.full_name, *room.aliases):
                self._name(text, "room", (room.id,))
        for organization in event.organizations:
            ids = _with_children(organization, event.organizations)
            for text in _organization_names(organization, self._lists):
                self._name(text, "org", ids)
            if organization.country:
                self._name(organization.country, "org", (organization.id,))

    def _collect_call(self, call: Call) -> None:
        for milestone in call.milestones:
            for text in (milestone.label, *milestone.aliases):
                self._name(text, "dated", (milestone.id,))
        for label in (*call.tracks, *call.cycles):
            for text in (label.name, *label.aliases):
                self._name(text, "track", (label.id,))
            if len(label.name.split()) > 1:
                self._name(label.name.split()[0], "track", (label.id,), 0.8)

    def _collect_people(self, people: Iterable[Person]) -> None:
        people = tuple(people)
        self._whole = {p.id: fold(p.name) for p in people}
        self._given = {p.id: fold(p.name).split(" ")[0] for p in people if " " in p.name}
        parts: dict[str, dict[str, None]] = {}
        initials: dict[str, dict[str, None]] = {}
        for person in people:
            for name in (person.name, *person.aliases):
                for token in tokens(name):
                    part = fold(token).replace("'", "")
                    if len(part) > 1:
                        parts.setdefault(part, {})[person.id] = None
                    initials.setdefault(part[0], {})[person.id] = None
        self._people = {part: tuple(ids) for part, ids in parts.items()}
        self._initials = {part: tuple(ids) for part, ids in initials.items()}

    def _collect_words(self, event: Event) -> set[str]:
        folded: set[str] = set()
        for text in _texts(event):
            self.stems.update(text_stems(text))
            folded.update(text_words(text))
        folded.update(w for words in self._phrases for w in words)
        self.stems.update(stem(w) for w in folded)
        return folded


class Speller:
    """Finds the known word that was meant by one that isn't known."""

    def __init__(self, vocabulary: set[str], names: set[str], language: Language) -> None:
        """Index the words and people's names of an event, and the words of a language.

        By first letter and length; everyday words come last: where a name is as near, the name is
        meant. A word may have any ending, but a name has only its own.
        """
        self._stems = {stem(w) for w in vocabulary - names}
        vocabulary = vocabulary | names
        self._known = {base(w) for w in vocabulary} | language.words | language.common
        self._first = vocabulary | language.words
        self._then = language.common - self._first
        self._cache: dict[str, str] = {}

    @cached_property
    def _buckets(self) -> dict[tuple[str, int], list[str]]:
        """Known words by first letter and length; made when the first unknown word comes."""
        buckets: dict[tuple[str, int], list[str]] = {}
        for known in (*sorted(self._first), *sorted(self._then)):
            shortest = 4 if known in self._first else _SHORTEST_COMMON
            if len(known) >= shortest and known.isalpha():
                buckets.setdefault((known[0], len(known)), []).append(known)
        return buckets

    def mend(self, w: Word) -> str:
        """The folded word itself, or the known word nearest to it if one is near enough."""
        if w.base in self._known or w.folded in self._known or w.stem in self._stems:
            return w.folded
        if len(w.folded) < _SHORTEST_TYPO or not w.folded.isalpha():
            return w.folded
        if w.folded not in self._cache:
            if len(self._cache) > 10_000:
                self._cache.clear()
            self._cache[w.folded] = self._nearest(w.folded)
        return self._cache[w.folded]

    def _nearest(self, folded: str) -> str:
        allowed = 1 if len(folded) <= 9 else 2
        best, least = folded, allowed + 1
        for length in range(len(folded) - allowed, len(folded) + allowed + 1):
            for known in self._buckets.get((folded[0], length), ()):
                distance = OSA.distance(folded, known, score_cutoff=least - 1)
                if distance < least:
                    best, least = known, distance
        return best


def _with_children(organization: Organization, all_: Sequence[Organization]) -> tuple[str, ...]:
    """An organization and all that belongs to it, or to what belongs to it."""
    found = {organization.id: None}
    while more := [o.id for o in all_ if o.parent in found and o.id not in found]:
        found |= dict.fromkeys(more)
    return tuple(found)


def _organization_names(organization: Organization, lists: WordLists) -> Iterator[str]:
    """Full names and aliases, and single words that no other kind of name would use."""
    names = (organization.name, *organization.aliases)
    yield from names
    for name in names:
        head = name.partition(",")[0]
        article, _, rest = head.partition(" ")
        if article.lower() in lists.articles and rest:
            yield rest
        for token in tokens(head):
            plain = fold(token)
            if len(plain) >= 4 and plain not in lists.in_organizations:
                yield token


def _session_names(session: Session) -> Iterator[str]:
    yield session.title
    yield session.name
    if session.label:
        yield session.label
    yield from session.aliases
    number = session.label.rpartition(" ")[2]
    if number[:1].isdigit() and number[-1:].isalpha():
        yield number
    words = session.title.split()
    if not session.talks and 2 < len(words) <= 6:
        for start in range(len(words) - 1):
            yield " ".join(words[start : start + 2])


def _talk_names(talk: Talk) -> Iterator[str]:
    yield talk.title
    yield from talk.aliases
    for mark in _WHOLE_TITLE_PARTS:
        head, found, tail = talk.title.partition(mark)
        if found:
            yield head
            if len(tail.split()) > 2:
                yield tail


def _texts(event: Event) -> Iterator[str]:
    yield from (event.name, event.short, event.summary, event.parent, event.city, event.venue)
    for talk in event.talks:
        yield from (talk.title, talk.summary, talk.abstract, *talk.aliases, talk.note)
    for session in event.sessions:
        yield from (session.title, session.label, session.summary, *session.aliases, session.note)
    for person in event.people:
        yield from (person.bio, person.bio_summary)
    for organization in event.organizations:
        yield from (organization.name, *organization.aliases, organization.country)
    for info in event.infos:
        yield from (info.title, info.text, *info.tags, *info.permits, *info.forbids)
    if event.call:
        yield event.call.scope
        for topic in event.call.topics:
            yield from (topic.text, *topic.tags)
        for rule in event.call.rules:
            yield from (rule.text, rule.title, *rule.tags, *rule.permits, *rule.forbids)


def _talk_texts(talk: Talk, event: Event) -> Iterator[str]:
    yield from (talk.title, talk.summary, talk.abstract, *talk.aliases)
    for a in talk.people:
        person = event.person_by_id[a.person]
        yield person.bio_summary or person.bio


def _joined_words(event: Event) -> dict[str, tuple[str, ...]]:
    """Neighbouring words of titles written as one: "openvswitch" -> open vswitch."""
    joined: dict[str, tuple[str, ...]] = {}
    for talk in event.talks:
        for text in (talk.title, *talk.aliases):
            words = [fold(t.partition("'")[0]) for t in tokens(text)]
            for pair in itertools.pairwise(words):
                if len(pair[0]) + len(pair[1]) >= 7:
                    joined.setdefault("".join(pair), pair)
    return joined


_ALIKE_ENOUGH = 70
"""How much of what is typed has to be found in a name, of 100 (as rapidfuzz counts it)."""


def nearest(typed: str, names: Sequence[str], limit: int) -> list[str]:
    """The names that somebody may be typing, the likeliest first; typos are forgiven.

    Those with a word that begins so come first, in the order of the event; then those that are alike.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - slow to import, and only this needs it

    wanted = fold(typed.strip())
    if not wanted:
        return list(names[:limit])
    folded = [f" {fold(name)}" for name in names]
    found = [n for n, name in enumerate(folded) if f" {wanted}" in name]
    if len(found) < limit:
        alike = process.extract(
            wanted, folded, scorer=fuzz.partial_ratio, limit=limit, score_cutoff=_ALIKE_ENOUGH
        )
        found += [n for _, _, n in alike if n not in found]
    return [names[n] for n in found[:limit]]
