"""Rules for clocks, dates, days, parts of a day and amounts, and for what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.query import At, Clock, InPart, OnDay
from bot.question.grammar import Piece, Rule
from bot.question.language import WordLists
from bot.question.words import Word


_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:\s?([ap])\.?m\.?)?$")
_CODE = re.compile(r"\d{1,2}[a-z]$")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{2}|\d{4}))?$")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)$")
_NUMBER = re.compile(r"\d+$")
_YEAR = re.compile(r"(?:19|20)\d{2}$")
_HOURS_A_DAY, _HALF_A_DAY, _MONTHS, _DAYS = 24, 12, 12, 31
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAST_AMOUNT = 100_000  # so far ahead, in minutes or hours, nobody asks what is on
_MINUTES = {"minute": 1, "hour": 60}


def annotate(words: Sequence[Word], lists: WordLists) -> Iterator[Piece]:
    """Pieces for every word with digits, and for the words that lead a time."""
    for at, w in enumerate(words):
        for kind, value, weight in _readings(w.folded):
            yield Piece(kind, value, at, at + 1, "digits", weight=weight)
        if w.folded in lists.at_a_time:
            yield Piece("at", w.folded, at, at + 1, "at", weight=0.4)
        elif w.folded in lists.in_a_time:
            yield Piece("in", w.folded, at, at + 1, "in", weight=0.4)


def _readings(text: str) -> Iterator[tuple[str, object, float]]:
    """What a word with digits may be: (kind, value, weight)."""
    if date := _DATE.match(text):
        found = _date(date[2], date[3])
        yield (
            ("date", replace(found, year=int(date[1])), 1.0) if found else ("impossible", text, 1.0)
        )
    elif slashed := _SLASHED.match(text):
        first, second = int(slashed[1]), int(slashed[2])
        month, day = (first, second) if first <= _MONTHS else (second, first)
        if 1 <= month <= _MONTHS and 1 <= day <= _DAYS:
            yield "date", OnDay("date", day, month, _year(slashed[3] or "0")), 1.0
    elif ordinal := _ORDINAL.match(text):
        yield "ordinal", ordinal[1], 1.0
        if int(ordinal[1]) > _MONTHS:
            yield "date", OnDay("date", int(ordinal[1])), 1.1
    elif _YEAR.match(text):
        yield "year", int(text), 0.5
    elif _NUMBER.match(text):
        yield "number", text, 0.9
    elif _CODE.match(text):
        yield "code", text, 0.9
    elif clock := _CLOCK.match(text):
        yield from _clock_readings(clock)


def _clock_readings(match: re.Match[str]) -> Iterator[tuple[str, object, float]]:
    found = _clock(match)
    if found is not None:
        yield "sure clock" if found.sure else "bare clock", found, 1.0
    elif ":" in match[0] or match[3]:
        yield "impossible", match[0], 1.0


def _clock(match: re.Match[str]) -> Clock | None:
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half == "p" and hour < _HALF_A_DAY:
        hour += _HALF_A_DAY
    elif half == "a" and hour == _HALF_A_DAY:
        hour = 0
    if hour >= _HOURS_A_DAY or minute > 59:
        return None
    return Clock(hour, minute, sure=bool(half) or hour > _HALF_A_DAY or match[1].startswith("0"))


def _named_clock(text: str) -> Clock:
    hour, minute = str(text).split(":")
    return Clock(int(hour), int(minute), sure=True)


def _date(month: str, day: str) -> OnDay | None:
    if not 1 <= int(month) <= _MONTHS or not 1 <= int(day) <= _MONTH_LENGTHS[int(month) - 1]:
        return None
    return OnDay("date", int(day), int(month))


def _no_date(month: str, day: str) -> str | None:
    """As in "February 30": a day that the month hasn't, if it looks like a day at all."""
    return f"{day}/{month}" if _date(month, day) is None and 0 < int(day) < 40 else None


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _in_year(date: OnDay, year: int) -> OnDay | None:
    return None if date.year else replace(date, year=year)


def _minutes_beside(minutes: str, hour: str) -> Clock | None:
    """As in "quarter to four": so many minutes after an hour, or before it."""
    clock = _bare_hour("", hour)
    if clock is None:
        return None
    total = clock.hour * 60 + int(minutes)
    return Clock(total // 60, total % 60, sure=clock.sure) if total >= 0 else None


def _minutes_beside_named(minutes: str, text: str) -> Clock | None:
    """As in "half past midnight"."""
    clock = _named_clock(text)
    total = (clock.hour * 60 + int(minutes)) % (_HOURS_A_DAY * 60)
    return Clock(total // 60, total % 60, sure=True)


def _between_hours(
    relation: str, first: object, and_: str, second: object
) -> tuple[Clock, Clock] | None:
    """As in "between 2 and 3pm", where at least one hour is a bare number."""
    if relation != "between" or and_ != "and":
        return None
    hours = [h if isinstance(h, Clock) else _bare_hour("", str(h)) for h in (first, second)]
    return (hours[0], hours[1]) if hours[0] and hours[1] else None


def _bare_hour(_lead: str, hour: str) -> Clock | None:
    value = int(hour)
    return Clock(value, sure=value > _HALF_A_DAY) if 0 < value < _HOURS_A_DAY else None


def _from_now(_lead: str, amount: tuple[int, str]) -> At | None:
    count, unit = amount
    return At(minutes=count * _MINUTES[unit]) if unit in _MINUTES and count < _LAST_AMOUNT else None


def _too_far(_lead: str, amount: tuple[int, str]) -> str | None:
    count, unit = amount
    return f"{count} {unit}" if unit in _MINUTES and count >= _LAST_AMOUNT else None


def _later(amount: tuple[int, str], _from: str) -> At | None:
    return _from_now("", amount)


def _amount(number: str, unit: str) -> tuple[int, str]:
    return int(number), unit


def _split_amount(text: str) -> tuple[int, str]:
    number, unit = text.split()
    return int(number), unit


def _nth_day(unit: str, n: str) -> OnDay | None:
    return OnDay("nth", int(n)) if unit == "day" else None


def _beside_hour(relation: str, number: str) -> tuple[str, Clock] | None:
    clock = _bare_hour("", number)
    return (relation, clock) if clock and relation in ("before", "after") else None


FIRST_RULES = (
    Rule("month and day", ("month", "number|ordinal"), "date", _date),
    Rule("day and month", ("number|ordinal", "month"), "date", lambda d, m: _date(m, d)),
    Rule("no such day", ("month", "number|ordinal"), "impossible", _no_date, 1.2),
    Rule(
        "no such day", ("number|ordinal", "month"), "impossible", lambda d, m: _no_date(m, d), 1.2
    ),
    Rule("number and unit", ("number", "unit"), "quantity", _amount),
    Rule("date of a year", ("date", "year"), "on day", _in_year, 1.2),
    Rule("minutes beside an hour", ("minutes beside", "number"), "time", _minutes_beside, 1.2),
    Rule(
        "minutes beside a named hour",
        ("minutes beside", "named clock"),
        "time",
        _minutes_beside_named,
        1.2,
    ),
    Rule("o'clock", ("number", "o'clock"), "time", lambda n, _: _bare_hour("", n), 1.2),
    Rule("amount", ("amount",), "quantity", _split_amount),
    Rule("today", ("day",), "on day", lambda d: OnDay("offset", int(d))),
    Rule("weekday", ("weekday",), "on day", lambda d: OnDay("weekday", int(d))),
    Rule("date", ("date",), "on day", lambda d: d, 1.15),
    Rule("day number", ("unit", "number"), "on day", _nth_day),
    Rule("nth day", ("ordinal", "unit"), "on day", lambda n, u: _nth_day(u, n), 1.3),
    Rule("named clock", ("named clock",), "time", _named_clock, 1.1),
    Rule("clock", ("sure clock|bare clock",), "time", lambda c: c, 1.1),
    Rule("at an hour", ("at", "number"), "time", _bare_hour, 1.1),
    Rule("part of the day", ("part",), "in part", InPart),
)

SECOND_RULES = (
    Rule("in an amount", ("in", "quantity"), "from now", _from_now, 1.1),
    Rule("too far ahead", ("in", "quantity"), "impossible", _too_far, 1.1),
    Rule("an amount from now", ("quantity", "from now on"), "from now", _later, 1.1),
    Rule(
        "between hours",
        ("relation", "number|time", "relation", "number|time"),
        "between",
        _between_hours,
        1.2,
    ),
    Rule("after an hour", ("relation", "number"), "beside clock", _beside_hour),
)
