"""Discord's markdown: what somebody wrote, so that it can't format, mention or link anything.

Discord says little of how its clients read text. What is known here was found by others by trying
it out (LyricLy/parse-discord, parse_discord/parse.py and string.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Final
from urllib.parse import quote

from bot.answer import Inline, Line, Link, Strong, Time, clean, disarmed


_URL: Final = 1500  # Discord names no limit; a page must hold it
_EPOCH: Final = datetime(1970, 1, 2, tzinfo=UTC)  # for instants before, the clients differ
_UNSEEN: Final = " \n\u200b\u200c\u200d\u2060"


# -- where there is no markup: footers, buttons, choices, forms --------------------------------


def plain_text(text: str, most: int) -> str:
    """A text for where nothing formats, on one line, cut to at most so many characters."""
    return _parted(disarmed(cut(text, most)))


def one_line(text: str) -> str:
    """A text on one line; nothing if there is nothing to see of it."""
    text = " ".join(clean(text).replace("\u2060", "").split())
    return text if text.strip(_UNSEEN) else ""


def cut(text: str, most: int) -> str:
    """A text on one line that has at most so many characters when it has been made harmless."""
    text = one_line(text)
    if not text:
        return "…"

    def fits(shown: str) -> bool:
        return length(_parted(disarmed(shown))) <= most

    if fits(text):
        return text
    text = text[:most]
    while not fits(f"{text}…"):
        text = text[:-1]
    return f"{text.rstrip()}…"


def length(text: str) -> int:
    """How long a text is at most, however Discord may count: an emoji beyond U+FFFF as two."""
    return len(text) + sum(c > "\uffff" for c in text)


# -- what somebody wrote ---------------------------------------------------------------------

# discord.utils.escape_markdown leaves addresses, brackets, numbered lists, subtext, tags, mentions
# and the names of emojis as they are, and of a link only escapes what stands before it.
_MARK: Final = re.compile(
    r"[\\*_~|`<\[\]]"
    r"|(?<=\])\("  # what stands behind a bracket may end a link that began long before
    r"|:(?=[\w+~-]+:)"  # the name of an emoji begins
)
_NAME: Final = re.compile(r":(?=[\w+~-]+:)")
_LEADING: Final = re.compile(r"^( *)(?=[>#-]|\+ )", re.MULTILINE)  # quotes, headings, lists
_NUMBERED: Final = re.compile(r"^( *\d+)(?=\.(?:\s|$))", re.MULTILINE)
_TAG: Final = re.compile(r"<(?=[@#:/!&]|\w+:)")
_MENTION: Final = re.compile(r"(?<!\w)@|@(?=everyone|here)", re.IGNORECASE)
_SCHEME: Final = re.compile(r":(?=/)")
_HOST: Final = re.compile(
    r"\b(?:www(?=\.\w)|discord(?:app)?(?=\.(?:gg|com|new|gifts?|media)\b))", re.IGNORECASE
)


def _parted(text: str) -> str:
    """A text in which nothing looks like an address: zero-width joints part what would."""
    return _HOST.sub("\\g<0>\u2060", _SCHEME.sub(":\u2060", text))


def _safe(text: str) -> str:
    """Somebody's text so that it can't format, mention, quote, link, or turn into an emoji.

    A backslash hides a mark wherever Discord formats, but not inside of a link's label.
    """
    text = _TAG.sub("<\u2060", text)
    text = _MARK.sub(r"\\\g<0>", text)
    text = _LEADING.sub(r"\1\\", text)
    text = _NUMBERED.sub(r"\1\\", text)
    text = _MENTION.sub("@\u2060", text)
    return _parted(text)


def _folded(text: str) -> str:
    """A text whose blanks are single ones; where they broke the line, they still do."""
    return re.sub(" +", " ", re.sub(r"\s*\n\s*", "\n", text))


# Where a backslash would be seen, a mark gives way to one that looks like it.
_ALIKE: Final = str.maketrans("*_~|`\\[]<>", "∗ˍ∼∣ˋ∖［］‹›")  # noqa: RUF001 - to look alike is the point
_BEGINNING: Final = re.compile(r"^(?=[>#+-]|\d+\.)")


def tame(text: str) -> str:
    """A text for where marks may format and backslashes may be seen, as in the name of a field.

    Of those, the clients format some, and the documentation tells of none.
    """
    text = _NAME.sub(":\u2060", one_line(text).translate(_ALIKE))
    return _parted(disarmed(_BEGINNING.sub("\u2060", text)))


# -- lines -----------------------------------------------------------------------------------


def line_size(line: Line) -> int:
    """How long a line is for those who read it, or half of what it is with all of its markup."""
    text = markdown(line, dated=True)
    return max(length(_SHOWN.sub(_shown, text)), (length(text) + 1) // 2)


_SHOWN: Final = re.compile(r"\\(?P<mark>.)|\]\(<[^<>]*>\)|<t:\d+:(?P<style>\w)>|\*\*")


def _shown(match: re.Match[str]) -> str:
    if match["style"]:
        return "12:30 PM" if match["style"] == "t" else "September 21, 2017 12:30 PM"
    return match["mark"] or ""


def markdown(line: Line, *, dated: bool = False) -> str:
    """A line in Discord's markdown; `dated` if the day may be another where the reader is."""
    text = ""
    for ours, run in groupby(_tokens(line, dated), key=itemgetter(0)):
        words = "".join(token for _, token in run)
        text += words if ours else _safe(words)
    text = text.strip(" \n")
    return text if text.strip(_UNSEEN) else ""


_Token = tuple[bool, str]
"""A piece of a line, and whether it is markup of ours."""


def _tokens(line: Line, dated: bool) -> Iterator[_Token]:
    parts = _merged(line)
    while parts:
        match parts:
            case [Time() as start, "–", Time() as end, *parts]:
                yield False, f"{start.text}–{end.text} ("
                yield True, f"{_date(start, dated=dated)}–{_date(end)}"
                yield False, ")"
            case [Time() as start, *parts]:
                yield False, f"{start.text} ("
                yield True, _date(start, dated=dated)
                yield False, ")"
            case [Strong(text), *parts]:
                yield from _strong(text)
            case [Link() as link, *parts]:
                yield from _link(link)
            case [str(text), *parts]:
                yield False, text


def _merged(line: Line) -> list[Inline]:
    """The parts of a line, clean and without empty ones; like ones behind each other are one."""
    cleaned = (part for part in map(_cleaned, line) if part is not None)
    found: list[Inline] = []
    for kind, run in groupby(cleaned, key=type):
        if kind is str:
            found.append(_folded("".join(map(_words, run))))
        elif kind is Strong:
            found.append(Strong(_folded("".join(map(_words, run))).replace("\n", " ")))
        else:
            found += run
    return found


def _cleaned(part: Inline) -> Inline | None:
    match part:
        case Link(label, url):
            return part if label or url else None
        case Time(instant, text):
            text = one_line(text)
            return Time(instant, text) if text and instant > _EPOCH else text or None
        case Strong(text):
            text = clean(text)
            return Strong(text) if text else None
        case _:
            return clean(part) or None


def _words(part: Inline) -> str:
    match part:
        case Link(label, url):
            url = url.removeprefix("mailto:")
            return url if one_line(label) in {"", part.url, url} else f"{label} ({url})"
        case Time() | Strong():
            return part.text
        case _:
            return part


def _strong(text: str) -> Iterator[_Token]:
    inside = text.strip()
    before, _, behind = text.partition(inside) if inside else (text, "", "")
    yield False, before
    if inside.strip(_UNSEEN):
        yield True, f"**{_safe(inside)}**"
    yield False, behind


def _date(time: Time, *, dated: bool = False) -> str:
    """An instant by the reader's own clock.

    https://docs.discord.com/developers/reference#message-formatting
    """
    return f"<t:{int(time.instant.timestamp())}:{'f' if dated else 't'}>"


# -- links -----------------------------------------------------------------------------------

# Without a name before the host: nobody is to be led to believe that it was the host.
_ADDRESS: Final = re.compile(
    r"(?P<site>(?i:https?)://[\w.-]+(?::[0-9]{1,5})?)(?P<rest>(?:[/?#]\S*)?)"
)
_KEPT: Final = "!#$%&'+,/:;=?@-."  # brackets would end a link, and marks might format it

# Discord shows a link as it is written if its label might be taken for another address, mentions
# someone or has an emoji; it looks for that without joints, so that none helps
# (discord/discord-api-docs, issues 6088, 6096 and 7721).
_MISLEADING: Final = re.compile(
    r"[:;：]\s*/|\b(?:discord|discordapp)\.\w|@(?:everyone|here)|:[\w+~-]+:",  # noqa: RUF001
    re.IGNORECASE,
)
_EMOJI: Final = frozenset("‼⁉〰ℹ↔◽◾\ufe0f\u20e3")  # noqa: RUF001 - those that count as other signs
_SIGNS: Final = frozenset("©®™")


def _link(link: Link) -> Iterator[_Token]:
    """A link in Discord's markup; a text if its address is none that Discord links to."""
    url = _address(link.url)
    label = one_line(link.label)
    if not url:
        yield False, clean(_words(link))
    elif not label or label == link.url:
        yield True, f"<{url}>"
    elif _is_label(label):
        yield True, f"[{label.translate(_ALIKE)}](<{url}>)"
    else:
        yield False, f"{label} ("
        yield True, f"<{url}>"
        yield False, ")"


def _address(url: str) -> str:
    """An address as it may stand in a link; nothing if it isn't one of the web, or too odd."""
    match = _ADDRESS.fullmatch(url) if len(url) <= _URL and clean(url) == url else None
    if not match:
        return ""
    found = match["site"] + quote(match["rest"], safe=_KEPT)
    return found if len(found) <= _URL else ""


def _is_label(label: str) -> bool:
    """Whether Discord shows this as the label of a link."""
    bare = "".join(c for c in label if unicodedata.category(c) != "Cf")
    if not bare.strip() or _MISLEADING.search(bare):
        return False
    return not any(
        c in _EMOJI
        or (unicodedata.category(c) == "So" and c not in _SIGNS)
        or "\U0001f3fb" <= c <= "\U0001f3ff"
        for c in bare
    )
