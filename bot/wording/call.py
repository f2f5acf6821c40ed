"""Sentences about the call for papers and the event's facts."""

from __future__ import annotations

from bot.answer import Answer, Bullets, Line, Paragraph, Reason, Status
from bot.event import Fact, Milestone, Person, Session, Talk, Topic
from bot.find import Finding, World
from bot.query import Near, Of, OnDay, Query, Want
from bot.wording import chat
from bot.wording.voice import counted, full_date, joined, moment, title


def answer(finding: Finding, world: World) -> Answer:
    """About milestones, topics or facts."""
    match finding.query.ref.of:
        case Of.MILESTONE:
            return _milestones(finding, world)
        case Of.TOPIC:
            return _topics(finding, world)
        case _:
            return _facts(finding, world)


# -- milestones ------------------------------------------------------------------------------


def _milestones(finding: Finding, world: World) -> Answer:
    query = finding.query
    rows = [m for m in finding.rows if isinstance(m, Milestone)]
    if finding.missing or (not rows and not query.ref.pick):
        what = " or ".join(str(f) for f in query.ref.filters) or "such a date"
        return chat.not_stated(
            f"when {what} is" if not what.startswith("“") else "that date", world
        )
    others = [m for m in finding.other if isinstance(m, Milestone)]
    if query.want == Want.GAP and len(rows) == len(others) == 1:
        return _between(rows[0], others[0], world)
    today = world.now.date()
    if query.ref.pick == Near.NEXT:
        open_ = [m for m in rows if m.current.closed(world.now) is False]
        ahead = sorted(open_, key=lambda m: m.current.date)
        if not ahead:
            days = world.days()
            then = (
                f" {world.event.short} itself is on {full_date(days[0])}."
                if days and days[0] >= today
                else ""
            )
            return Answer(
                Status.ANSWERED,
                (f"All dates of the call have passed.{then}",),
                records=("call.yaml",),
            )
        rows = ahead[:1]
    if query.plural or len(rows) > 2:
        ordered = sorted(rows, key=lambda m: m.current.date)
        items = tuple((f"{_label(m, world)}: {moment(m.current)}{_was(m)}",) for m in ordered)
        return Answer(
            Status.ANSWERED,
            ("Dates of the call:",),
            (Bullets(items),),
            tuple(m.ref for m in ordered),
        )
    lines = [_milestone_line(m, query, world) for m in rows]
    blocks = tuple(Paragraph(x) for x in lines[1:])
    unknown = query.want == Want.TIME_OF_DAY and all(
        m.current.time is None and not m.current.zone for m in rows
    )
    return Answer(
        Status.UNKNOWN if unknown else Status.ANSWERED,
        lines[0],
        blocks,
        tuple(m.ref for m in rows),
        Reason.NOT_STATED if unknown else None,
    )


def _between(first: Milestone, second: Milestone, world: World) -> Answer:
    """The calendar days from one date of the call to another."""
    early, late = sorted((first, second), key=lambda m: m.current.date)
    days = (late.current.date - early.current.date).days
    weeks = f" ({_weeks(days)})" if days >= 14 else ""
    ends = [f"the {_lower(_label(m, world))} ({moment(m.current)})" for m in (early, late)]
    line = f"{counted(days, 'day')}{weeks} from {ends[0]} to {ends[1]}."
    return Answer(Status.ANSWERED, (line,), (), (early.ref, late.ref))


def _label(m: Milestone, world: World) -> str:
    call = world.event.call
    names = []
    if call:
        names = [x.name for x in (*call.tracks, *call.cycles) if x.id in (*m.tracks, m.cycle)]
    extra = [n for n in names if n.casefold() not in m.label.casefold()]
    return f"{m.label} ({', '.join(extra)})" if extra else m.label


def _was(m: Milestone) -> str:
    """The date that was replaced."""
    if len(m.history) < 2:
        return ""
    old = m.history[0].date
    return f" (extended from {old:%B} {old.day})"


def _milestone_line(m: Milestone, query: Query, world: World) -> Line:
    closed = m.current.closed(world.now)
    label = _label(m, world)
    when = moment(m.current)
    verb = "was" if closed else "is"
    if query.claims:
        return _claimed_date(m, query, world, label)
    match query.want:
        case Want.LEFT | Want.MISSED if closed is None:
            return (_unsure(when),)
        case Want.LEFT:
            return (_left(m, label, when, world),)
        case Want.MISSED:
            return (_missed(m, label, when, world),)
        case Want.EXTENDED:
            if len(m.history) > 1:
                old = m.history[0].date
                by = counted((m.current.date - old).days, "day")
                line = (
                    f"The {_lower(label)} was extended from {old:%B} {old.day} to {when}, by {by}."
                )
                return (line + _standing(m, world),)
            line = f"No extension is on record: the {_lower(label)} {verb} {when}."
            return (line + _standing(m, world),)
        case Want.ORIGINAL:
            if len(m.history) > 1:
                before = full_date(m.history[0].date)
                line = f"The {_lower(label)} was originally {before}; it was extended to {when}."
                return (line + _standing(m, world),)
            line = f"The {_lower(label)} has always been {when}; no change is on record."
            return (line + _standing(m, world),)
        case Want.TIME_OF_DAY:
            return (_time_of_day(m, label, when, world),)
        case _:
            if closed is None:
                return (f"{label}: {_unsure(f'{when}{_was(m)}')}",)
            return (f"{label}: {when}{_was(m)}.{_unstated(m)}{_standing(m, world)}",)


def _standing(m: Milestone, world: World) -> str:
    """How far off a date is, behind whatever was asked of it; nothing where that is open."""
    days = m.current.days_left(world.now)
    closed = m.current.closed(world.now)
    if closed is None:
        return ""
    if closed:
        return f" That was {_ago(days)}." if days > _LONG_PAST else ""
    if days > 0:
        return f" That is in {counted(days, 'day')}."
    return " That is today." if m.current.date == world.now.date() else ""


_LONG_PAST = -120
"""So many days after a date nobody counts them any more."""


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _unstated(m: Milestone) -> str:
    if m.current.time is None and not m.current.zone:
        return " The time of day isn't stated."
    return ""


def _unsure(when: str) -> str:
    """Said from the end of a date at the venue until its end anywhere on Earth."""
    return (
        f"The date has passed at the venue ({when}); the time and zone aren't stated, so ask the"
        " organizers whether it is really over."
    )


def _ago(days: int) -> str:
    return f"{counted(-days, 'day')} ago" if days < 0 else "earlier today"


def _left(m: Milestone, label: str, when: str, world: World) -> str:
    days = m.current.days_left(world.now)
    if m.current.closed(world.now):
        return f"The {_lower(label)} was {_ago(days)}, on {when}{_was(m)}."
    if days > 0:
        weeks = f" ({_weeks(days)})" if days >= 14 else ""
        return f"{counted(days, 'day')}{weeks} left until the {_lower(label)}, {when}{_was(m)}.{_unstated(m)}"
    if m.current.date == world.now.date():
        return f"The {_lower(label)} is today, {when}: it is the last day.{_unstated(m)}"
    return f"The {_lower(label)}, {when}, is still open: it is the last day there."


def _weeks(days: int) -> str:
    weeks, rest = divmod(days, 7)
    return counted(weeks, "week") + (f" and {counted(rest, 'day')}" if rest else "")


def _missed(m: Milestone, label: str, when: str, world: World) -> str:
    days = m.current.days_left(world.now)
    if m.current.closed(world.now):
        return f"It is over: the {_lower(label)} was {when}{_was(m)}, {_ago(days)}."
    if m.current.instant is not None and days <= 0:
        return f"There is still time: the {_lower(label)} is {when}."
    if days > 0:
        return f"There is still time: the {_lower(label)} is {when}{_was(m)}, in {counted(days, 'day')}."
    return f"There is still time: the {_lower(label)} is today, {when}.{_unstated(m)}"


def _time_of_day(m: Milestone, label: str, when: str, world: World) -> str:
    instant = m.current.instant
    if instant is None:
        return (
            f"The time of day and the time zone of the {_lower(label)} are not stated; only the date"
            f" is: {when}{_was(m)}."
        )
    local = instant.astimezone(world.event.zone)
    return f"{label}: {when}, which is {full_date(local.date())} {local.hour:02}:{local.minute:02} {local:%Z} at the venue."


def _claimed_date(m: Milestone, query: Query, world: World, label: str) -> Line:
    said = {world.day(c) for c in query.claims if isinstance(c, OnDay)}
    closed = m.current.closed(world.now)
    fact = f"The {_lower(label)} {'was' if closed else 'is'} {moment(m.current)}{_was(m)}."
    if query.want == Want.TIME_OF_DAY:
        return (_time_of_day(m, label, moment(m.current), world),)
    if query.want == Want.MISSED:
        return (_missed(m, label, moment(m.current), world),)
    if query.want == Want.LEFT:
        return (_left(m, label, moment(m.current), world),)
    if not query.polar:
        return (fact + _unstated(m) + _standing(m, world),)
    head = "Yes. " if m.current.date in said else "No. "
    return (head + fact + _unstated(m) + _standing(m, world),)


# -- topics ----------------------------------------------------------------------------------


def _topics(finding: Finding, world: World) -> Answer:
    query, call = finding.query, world.event.call
    if call is None:
        return chat.not_stated("what its topics are", world)
    open_ = (
        " The list is not exhaustive: topics include, but are not limited to, these."
        if call.topics_open
        else ""
    )
    strange = bool(query.absent or query.words)
    if query.want == Want.TOPICS and query.polar and call.topics_open and not strange:
        return Answer(
            Status.ANSWERED, (f"No,{open_[:1]}{open_[1:2].lower()}{open_[2:]}",), (), ("call.yaml",)
        )
    if query.want == Want.TOPICS and Want.COUNT in query.also:
        return Answer(
            Status.ANSWERED, (f"{len(call.topics)} topics of interest.{open_}",), (), ("call.yaml",)
        )
    if query.want == Want.TOPICS:
        items = tuple((t.text,) for t in call.topics)
        return Answer(
            Status.ANSWERED,
            (f"{len(items)} topics of interest.{open_}",),
            (Bullets(items),),
            ("call.yaml",),
        )
    # What nothing knows is then the better part of what was asked: "quantum key distribution".
    mostly_unknown = bool(query.absent) and len(query.words) <= 2
    if finding.rows and not finding.missing and not mostly_unknown:
        texts = [f"“{t.text}”" for t in finding.rows if isinstance(t, Topic)]
        said = [t.text for t in finding.rows if isinstance(t, Fact)]
        fits = f"Yes, that fits the topics of interest: {joined(texts)}." if texts else ""
        line = " ".join([*([fits] if fits else []), *(["The call says:", *said] if said else [])])
        return Answer(Status.ANSWERED, (line,), (), tuple(t.ref for t in finding.rows))
    what = chat.quoted(query.absent) if query.absent else "that"
    line = f"No, the topics of interest don't name {what}.{open_}"
    return Answer(Status.UNKNOWN, (line,), (), ("call.yaml",), Reason.NO_SUCH)


# -- facts -----------------------------------------------------------------------------------


def _facts(finding: Finding, world: World) -> Answer:
    query = finding.query
    if query.other is not None:
        return _scoped(finding, world)
    facts = [f for f in finding.rows if isinstance(f, Fact)]
    if finding.withheld and not facts:
        line = "I may tell that in private only: ask me in a direct message."
        return Answer(Status.UNKNOWN, (line,), reason=Reason.NOT_STATED)
    if not facts:
        return _open_subject(query, world)
    stated = [f for f in facts if f.stated]
    head = ""
    if query.polar and stated:
        head = (
            {True: "Yes. ", False: "No. "}.get(finding.verdict, "")
            if finding.verdict is not None
            else ""
        )
    shown = facts if facts[0].stated else facts[:1]
    texts = [f.text for f in shown]
    lines: list[Line] = [(head + texts[0],), *((t,) for t in texts[1:])]
    if finding.withheld:
        lines.append(("There is more that I may tell in private only: ask in a direct message.",))
    unknown = not facts[0].stated
    return Answer(
        Status.UNKNOWN if unknown else Status.ANSWERED,
        lines[0],
        tuple(Paragraph(x) for x in lines[1:]),
        tuple(f.ref for f in shown),
        Reason.NOT_STATED if unknown else None,
    )


def _open_subject(query: Query, world: World) -> Answer:
    if not query.ref.subjects:
        return chat.not_understood(query, world)
    what = _subject_name(query.ref.subjects[0], world)
    line = f"Sorry, the records of {world.event.short} say nothing about {what}."
    return Answer(Status.UNKNOWN, (line,), reason=Reason.NOT_STATED)


def _subject_name(subject: str, world: World) -> str:
    return world.passages.language.subjects[subject].name


def _scoped(finding: Finding, world: World) -> Answer:
    query = finding.query
    what = _subject_name(query.ref.subjects[0], world)
    if finding.said:
        row = finding.rows[0]
        return Answer(
            Status.ANSWERED, (f"{title(row)}, {what}: {', '.join(finding.said)}",), (), (row.ref,)
        )
    of = ""
    if len(finding.other) == 1 and isinstance(finding.other[0], (Talk, Person, Session)):
        of = f" for {title(finding.other[0])}"
    line = f"Sorry, the records of {world.event.short} have no {what}{of}."
    return Answer(
        Status.UNKNOWN,
        (line,),
        records=tuple(r.ref for r in finding.other[:1]),
        reason=Reason.NOT_STATED,
    )
