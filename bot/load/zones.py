"""Which names of time zones may stand in a file, and why others may not."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from bot.load.near import nearest


AOE = "AoE"

_OFFSET = re.compile(r"(UTC|GMT)? ?[+-]?[0-9]", re.IGNORECASE)

# The tz database knows some of these, as offsets that hold in summer as in winter; organizers mean
# a region by them, whatever its clocks show, and some stand for several.
_ABBREVIATIONS = {
    "ACST": "Australia/Adelaide",
    "AEDT": "Australia/Sydney",
    "AEST": "Australia/Sydney",
    "AKST": "America/Anchorage",
    "AST": "America/Halifax",
    "AWST": "Australia/Perth",
    "BRT": "America/Sao_Paulo",
    "BST": "Europe/London",
    "CDT": "America/Chicago",
    "CEST": "Europe/Berlin",
    "CET": "Europe/Berlin",
    "CST": "America/Chicago",
    "CST6CDT": "America/Chicago",
    "CT": "America/Chicago",
    "EDT": "America/New_York",
    "EEST": "Europe/Helsinki",
    "EET": "Europe/Helsinki",
    "EST": "America/New_York",
    "EST5EDT": "America/New_York",
    "ET": "America/New_York",
    "HKT": "Asia/Hong_Kong",
    "HST": "Pacific/Honolulu",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "MDT": "America/Denver",
    "MET": "Europe/Berlin",
    "MSK": "Europe/Moscow",
    "MST": "America/Denver",
    "MST7MDT": "America/Denver",
    "MT": "America/Denver",
    "NZST": "Pacific/Auckland",
    "PDT": "America/Los_Angeles",
    "PST": "America/Los_Angeles",
    "PST8PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "SGT": "Asia/Singapore",
    "WEST": "Europe/Lisbon",
    "WET": "Europe/Lisbon",
}


def refusal(name: str) -> tuple[str, str] | None:
    """What is wrong with a zone's name and what is expected, or `None` if it may stand."""
    if region := _ABBREVIATIONS.get(name.upper()):
        what = f'"{name}" is an abbreviation, not a place, and may name the wrong offset'
        return what, f"an IANA name such as {region}"
    if name in _names():
        return None
    if name.upper() == AOE.upper():
        return "AoE is for deadlines only", "an IANA name such as Europe/Berlin"
    shown = " ".join(name.split())[:60]
    if _OFFSET.match(name):
        return f'"{shown}" is an offset and not a place', "an IANA name such as Europe/Berlin"
    near = _near(name)
    guess = f' (did you mean "{near}"?)' if near else ""
    return f'unknown time zone "{shown}"{guess}', "an IANA name such as Europe/Berlin"


@cache
def _names() -> frozenset[str]:
    # zoneinfo.available_timezones() opens 600 files for the same answer, and what it gives differs
    # from one system to the next.
    text = files("tzdata").joinpath("zones").read_text("utf-8")
    return frozenset(text.split())


def _near(name: str) -> str:
    """The zone that was meant: its name in other letters, its city alone, or a slip away from it."""
    asked = name.strip().lower().replace(" ", "_")
    for known in sorted(_names()):
        if asked in (known.lower(), known.lower().rpartition("/")[2]):
            return known
    return nearest(name, sorted(_names()), at_least=0.8)
