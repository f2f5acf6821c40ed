"""Finding -> Answer: the only place with attendee-facing sentences."""

from __future__ import annotations

from dataclasses import replace

from bot.answer import Answer, Paragraph, Reason, Status
from bot.event import Organization, Person, Room
from bot.find import Finding, World
from bot.query import WORDLESS, About, Of, Query, Want
from bot.wording import call, chat, occasion, people, program
from bot.wording.chat import SORRY
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
    world = world.viewing(query, finding.rows)
    if all(isinstance(r, Person) for r in finding.rows):
        return people.answer(finding, world)
    if all(isinstance(r, (Organization, Room)) for r in finding.rows):
        return people.rows_of_places(finding, world)
    return program.answer(finding, world)


def with_unread(answer: Answer, query: Query, unread: tuple[str, ...]) -> Answer:
    """The answer, and what of the question it leaves aside because nothing knows the words.

    If talks on a topic are asked for, the unknown word may be the half of it that matters: then
    nothing is on the topic, and what is on the rest of it comes behind that.
    """
    words = tuple(w for w in dict.fromkeys(unread) if len(w) > 2 or any(map(str.isdigit, w)))
    if answer.status != Status.ANSWERED or not words or not answer.records:
        return answer
    topical = any(isinstance(f, About) and not f.any for f in query.ref.filters)
    if topical and query.ref.of == Of.TALK and query.plural:
        line = f"I know of nothing on {chat.quoted(words)}. Without that:"
        rest = (Paragraph(answer.summary), *answer.blocks)
        return replace(
            answer, status=Status.UNKNOWN, summary=(line,), blocks=rest, reason=Reason.NO_SUCH
        )
    note = Paragraph((f"I don't know {chat.quoted(words)}, so I left that aside.",))
    return replace(answer, blocks=(*answer.blocks, note))


__all__ = ["SORRY", "with_unread", "word"]
