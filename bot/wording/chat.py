"""Greetings, help, refusals, apologies, and what isn't known."""

from __future__ import annotations

from bot.answer import Action, Answer, Bullets, Line, Reason, Status
from bot.find import Finding, World
from bot.query import Of, Query, Want
from bot.wording.voice import joined


SORRY = Answer(
    Status.UNKNOWN,
    ("Sorry, something went wrong with that question. Please put it in other words.",),
    reason=Reason.NOT_UNDERSTOOD,
)
"""What to say when a question has hit a bug."""


def answer(query: Query, world: World) -> Answer:
    """What to say where no record is asked for."""
    match query.want:
        case Want.CLARIFY:
            return clarify("Which one do you mean? Please name it.", ())
        case Want.NOTHING:
            return not_understood(query, world)
        case Want.IMPOSSIBLE:
            return impossible(query)
        case _:
            return social(query.want, world)


def _examples(world: World) -> tuple[str, ...]:
    if world.event.sessions:
        return ("what's on now?", "where is lunch?", "which talks are about …?")
    return ("when is the deadline?", "how many pages may a paper have?", "who is on the committee?")


def social(want: Want, world: World) -> Answer:
    """What to say to greetings, thanks and cries for help; and no to all else."""
    name = world.event.short
    examples = _examples(world)
    actions = tuple(Action(e, e) for e in examples if "…" not in e)
    match want:
        case Want.GREETING:
            line = f"Hello! Ask me anything about {name}: its program, people and call for papers."
        case Want.THANKS:
            line = "You're welcome!"
            actions = ()
        case Want.BYE:
            line = "Goodbye!"
            actions = ()
        case Want.HELP:
            line = (
                f"I answer questions about {name} from its own records: sessions, talks, people,"
                " rooms, times, deadlines and rules. For example:"
            )
            items: tuple[Line, ...] = tuple((f"“{e}”",) for e in examples)
            return Answer(Status.ANSWERED, (line,), (Bullets(items),), actions=actions)
        case _:
            line = f"I can't help with that; I only answer questions about {name}."
            return Answer(Status.UNKNOWN, (line,), reason=Reason.OFF_TOPIC, actions=actions)
    return Answer(Status.ANSWERED, (line,), actions=actions)


def not_understood(query: Query, world: World) -> Answer:
    """When nothing could be made of the words."""
    line = "I didn't understand that. "
    if query.absent:
        line += f"My records of {world.event.short} don't mention {quoted(query.absent)}. "
    line += f"Try, for example, “{_examples(world)[0]}”, or ask for help."
    return Answer(Status.UNKNOWN, (line,), reason=Reason.NOT_UNDERSTOOD)


def impossible(query: Query) -> Answer:
    """When a time or a date can't be."""
    verb = "is" if len(query.absent) == 1 else "are"
    line = f"{quoted(query.absent)} {verb} no time or date that I know; write 3:40 pm or August 21."
    return Answer(Status.UNKNOWN, (line,), reason=Reason.NO_SUCH)


def quoted(words: tuple[str, ...]) -> str:
    """Words of the asker, in quotation marks."""
    return joined([f"“{w}”" for w in dict.fromkeys(words[:4])], "or")


def no_such(finding: Finding, world: World) -> Answer:
    """When a name is nobody's."""
    query = finding.query
    what = finding.missing
    near = ""
    if finding.near:
        verb = "is" if len(finding.near) == 1 else "are"
        near = f" There {verb} {joined(finding.near)}."
    called = {Of.PERSON: "person called ", Of.ORGANIZATION: "organization called "}
    kind = called.get(query.ref.of, "")
    line = f"No, the records of {world.event.short} have no {kind}“{what}”.{near}"
    return Answer(Status.UNKNOWN, (line,), reason=Reason.NO_SUCH)


def not_stated(what: str, world: World, *, records: tuple[str, ...] = ()) -> Answer:
    """When a real question is left open by the records."""
    line = f"The records of {world.event.short} don't say {what}."
    return Answer(Status.UNKNOWN, (line,), records=records, reason=Reason.NOT_STATED)


def clarify(question: str, choices: tuple[str, ...], asks: tuple[str, ...] = ()) -> Answer:
    """When several things fit and one was meant."""
    items: tuple[Line, ...] = tuple((c,) for c in choices)
    actions = tuple(Action(c[:70], a) for c, a in zip(choices, asks or choices, strict=False))
    return Answer(Status.CLARIFY, (question,), (Bullets(items),) if items else (), actions=actions)
