"""Sentences about the event as a whole: when, where, how long, what it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.answer import Answer, Line, Status
from bot.event import Occurrence
from bot.find import Finding, World
from bot.query import OnDay, Query, Want
from bot.wording import chat
from bot.wording.gaps import nothing_now
from bot.wording.lists import listed
from bot.wording.rows import ahead
from bot.wording.voice import (
    all_rooms,
    counted,
    days_between,
    duration,
    full_date,
    joined,
    over,
    program_files,
    short_date,
    time,
)


def event(finding: Finding, world: World) -> Answer:
    """About the workshop as a whole."""
    query, e = finding.query, world.event
    table = [(o, s) for o, s in e.timetable if world.live(s)]
    records = (e.ref, *program_files(world))
    if query.want in (Want.LIST, Want.AGENDA, Want.COUNT) and table:
        rows = tuple(dict.fromkeys(s for _, s in table))
        return listed(Finding(query, rows), world)
    if query.want == Want.WHERE:
        places = [p for p in (e.venue, e.city) if p]
        used = list(
            dict.fromkeys(all_rooms(world, s) for _, s in table if s.talks and all_rooms(world, s))
        )
        where = ", ".join(places) if places else "an unstated place"
        room = f" Talks are in {joined(used)}." if used else ""
        on = [s for o, s in table if o.covers(world.now) and all_rooms(world, s)]
        now = "".join(f" On now: {s.name}, in {all_rooms(world, s)}." for s in on[:3])
        return Answer(
            Status.ANSWERED, (f"{e.short} {tense(world)} in {where}.{room}{now}",), records=records
        )
    if not table:
        days = [d.date for d in e.days]
        if days:
            return Answer(
                Status.ANSWERED,
                (f"{e.short} is on {joined([full_date(d) for d in days])}.",),
                records=records,
            )
        return chat.not_stated("when the event is", world)
    return _event_times(query, world, records, [o for o, _ in table])


def tense(world: World) -> str:
    """What the event does: it "is", or "was" once it is over."""
    return "was" if over(world) else "is"


def _event_times(
    query: Query, world: World, records: tuple[str, ...], table: list[Occurrence]
) -> Answer:
    e = world.event
    first = table[0]
    days = world.days()
    asked_day = next((world.day(f) for f in query.ref.filters if isinstance(f, OnDay)), None)
    wanted = asked_day or world.reference_day()
    today = [o for o in table if o.start.date() == wanted]
    if asked_day is not None and not today:
        when = joined([full_date(d) for d in days])
        nothing_then = (
            f"Nothing of {e.short} is on {full_date(asked_day)}; it {tense(world)} on {when}."
        )
        return Answer(Status.ANSWERED, (nothing_then,), records=records)
    today = table if query.want == Want.OVER and asked_day is None else (today or table)
    begin, stop = today[0], max(today, key=lambda o: o.end or o.start)
    end = stop.end or stop.start
    day = full_date(begin.start.date())
    whole: Line = (time(begin.start), "–", time(end, zone=True))
    match query.want:
        case Want.DURATION:
            line: Line = (f"The day lasts {duration(end - begin.start)}: ", *whole, f" on {day}.")
        case Want.START:
            line = (
                f"{e.short} {'started' if begin.start <= world.now else 'starts'} at ",
                time(begin.start, zone=True),
                f" on {day} and {'ended' if end <= world.now else 'ends'} at ",
                time(end),
                ".",
            )
        case Want.END:
            line = (
                f"{e.short} {'ended' if end <= world.now else 'ends'} at ",
                time(end, zone=True),
                f" on {day}; it {'started' if begin.start <= world.now else 'starts'} at ",
                time(begin.start),
                ".",
            )
        case Want.UNTIL if world.now < first.start:
            line = (f"{e.short} starts ", *ahead(first, world), ".")
        case Want.UNTIL if world.now < end:
            line = (f"{duration(end - world.now)} until the end at ", time(end, zone=True), ".")
        case Want.OVER if world.now < end:
            return (
                nothing_now(query, world)
                if world.now < first.start
                else Answer(
                    Status.ANSWERED,
                    (f"No, {e.short} runs until ", time(end, zone=True), "."),
                    records=records,
                )
            )
        case Want.OVER:
            line = (
                f"Yes, {e.short} is over; it ended on {full_date(end.date())} at ",
                time(end, zone=True),
                ".",
            )
        case Want.DAY:
            whole_days = joined([full_date(d) for d in days])
            line = (f"{e.short} {tense(world)} on {whole_days}.", *_far_off(days, world))
        case Want.ABOUT | Want.OVERVIEW | Want.BIO if e.summary:
            line = (f"In short: {e.summary}",)
        case Want.TITLE:
            line = (f"{e.name}" + (f", part of {e.parent}" if e.parent else "") + ".",)
        case _:
            span_ = day if len(days) == 1 else f"{short_date(days[0])} to {full_date(days[-1])}"
            line = (
                f"{e.short} {tense(world)} on {span_}, ",
                *whole,
                "." if len(days) == 1 else f" on {day}.",
                *_far_off(days, world),
            )
    return Answer(Status.ANSWERED, line, records=records)


def _far_off(days: Sequence[date], world: World) -> Line:
    """How many days ahead or ago the event is, behind whatever was asked of its date."""
    ahead_by = days_between(world.now.date(), days[0])
    if ahead_by > 0:
        return (f" That is in {counted(ahead_by, 'day')}.",)
    past = days_between(days[-1], world.now.date())
    return (f" That was {counted(past, 'day')} ago.",) if past > 0 else ()
