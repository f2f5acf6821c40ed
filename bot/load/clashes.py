"""Clashes on the program: two sessions in one room, a talk outside its session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.event import Occurrence, Session, SessionKind, Status, Talk
from bot.load.door import Door
from bot.load.times import show
from bot.load.when import Placed
from bot.source import Value


_SHARE_A_ROOM = (SessionKind.REGISTRATION, SessionKind.SOCIAL)


class _Booking(NamedTuple):
    """A session in a room, in seconds; it takes no time if its end isn't known."""

    start: float
    until: float
    occurrence: Occurrence
    session: Session
    at: Value


def check_rooms(door: Door, sessions: Iterable[tuple[Session, tuple[Placed, ...]]]) -> None:
    """Refuse a session that starts in a room while another one is there."""
    bookings: dict[str, list[_Booking]] = {}
    for session, placed in sessions:
        if session.kind in _SHARE_A_ROOM or session.status is Status.CANCELLED:
            continue
        for occurrence, at in placed:
            start = occurrence.start.timestamp()
            until = occurrence.end.timestamp() if occurrence.end else start
            booking = _Booking(start, until, occurrence, session, at)
            for room in dict.fromkeys(occurrence.rooms):
                bookings.setdefault(room, []).append(booking)
    for room, booked in bookings.items():
        _check_room(door, room, booked)


def _check_room(door: Door, room: str, booked: list[_Booking]) -> None:
    booked.sort(key=lambda each: each.start)
    longest = booked[0]
    for each in booked[1:]:
        if each.start < longest.until or each.start == longest.start:
            what = (
                f'session "{each.session.id}" ({_span(each.occurrence)}) overlaps '
                f'session "{longest.session.id}" ({_span(longest.occurrence)}) in room "{room}"'
            )
            door.refuse(each.at, what, "one session at a time in a room")
        if each.until > longest.until:
            longest = each


def check_talks(
    door: Door, session: Session, talks: Iterable[tuple[Talk, tuple[Placed, ...]]]
) -> None:
    """Refuse a talk that takes place outside its session.

    One that is given more than once must be there once: the other times may be in other sessions.
    """
    for talk, placed in talks:
        if talk.status is Status.CANCELLED or not placed or not session.occurrences:
            continue
        if not any(_inside(each.occurrence, session) for each in placed):
            _refuse_outside(door, session, talk, placed[0])


def _refuse_outside(door: Door, session: Session, talk: Talk, placed: Placed) -> None:
    blocks = ", ".join(_span(block) for block in session.occurrences)
    what = f'talk "{talk.id}" ({_span(placed.occurrence)}) lies outside its session ({blocks})'
    expected = "a time inside the session"
    for block in session.occurrences:
        if block.end and block.end.date() > block.start.date():
            expected += f", with day: {block.end.date()} if it is after midnight"
    door.refuse(placed.at, what, expected)


def _inside(talk: Occurrence, session: Session) -> bool:
    return any(
        block.start <= talk.start
        and (
            block.end is None or (talk.start < block.end and (talk.end or talk.start) <= block.end)
        )
        for block in session.occurrences
    )


def _span(occurrence: Occurrence) -> str:
    start, end = occurrence.start, occurrence.end
    until = f"–{show(end)}" if end else ""
    return f"{start:%Y-%m-%d} {show(start)}{until}"
