"""Finding -> Answer: the only place with attendee-facing sentences."""

from __future__ import annotations

from dataclasses import replace

from bot.answer import Answer, Paragraph, Status
from bot.event import Organization, Person, Room
from bot.find import Finding, World
from bot.query import WORDLESS, Of, Want
from bot.wording import call, chat, occasion, people, program
from bot.wording.gaps import nothing
from bot.wording.pairs import COMPARISONS, compared
from bot.wording.ranks import ranks


def word(finding: Finding, world: World) -> Answer:
    """The answer to a finding."""
    query = finding.query
    if query.want in WORDLESS:
        return chat.answer(query, world)
    if query.ref.of in (Of.MILESTONE, Of.TOPIC, Of.FACT):
        return call.answer(finding, world)
    if finding.missing:
        return chat.no_such(finding, world)
    if query.want == Want.DETAIL:
        return program.detail(finding, world)
    if query.tally is not None:
        return ranks(finding, world)
    if query.other is not None or query.want in COMPARISONS:
        return compared(finding, world)
    if query.ref.of == Of.EVENT:
        return occasion.event(finding, world)
    if not finding.rows:
        return nothing(finding, world)
    if all(isinstance(r, Person) for r in finding.rows):
        return people.answer(finding, world)
    if all(isinstance(r, (Organization, Room)) for r in finding.rows):
        return people.rows_of_places(finding, world)
    return program.answer(finding, world)


def with_unread(answer: Answer, unread: tuple[str, ...]) -> Answer:
    """The answer, and what of the question it leaves aside because nothing knows the words."""
    words = tuple(w for w in dict.fromkeys(unread) if len(w) > 2 or any(map(str.isdigit, w)))
    if answer.status != Status.ANSWERED or not words or not answer.records:
        return answer
    note = Paragraph((f"I don't know {chat.quoted(words)}, so I left that aside.",))
    return replace(answer, blocks=(*answer.blocks, note))


__all__ = ["with_unread", "word"]
