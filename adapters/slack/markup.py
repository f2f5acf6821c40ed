"""Slack's own markup: what somebody wrote, so that it can't format, mention or link anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from bot.answer import (
    Answer,
    Bullets,
    Facts,
    Heading,
    Inline,
    Line,
    Link,
    Paragraph,
    Strong,
    Time,
    clean,
    disarmed,
)
from bot.pages import rows


Json = dict[str, Any]

_URL: Final = 3000  # https://docs.slack.dev/reference/block-kit


def marked(text: str) -> Json:
    """A text object whose text is ours: verbatim, Slack makes no links of words.

    https://docs.slack.dev/reference/block-kit/composition-objects/text-object
    """
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str, most: int) -> Json:
    """A text object without any markup, cut to at most so many characters."""
    return {"type": "plain_text", "text": disarmed(cut(text, most)), "emoji": False}


def one_line(text: str) -> str:
    return " ".join(clean(text).replace("\u2060", "").split())


def cut(text: str, most: int) -> str:
    """A text on one line that has at most so many characters when it has been made harmless."""
    text = one_line(text)
    if not text:
        return "…"

    def fits(shown: str) -> bool:
        return length(escaped(disarmed(shown))) <= most

    if fits(text):
        return text
    text = text[:most]
    while not fits(f"{text}…"):
        text = text[:-1]
    return f"{text.rstrip()}…"


def length(text: str) -> int:
    """How long a text is at most, however Slack may count: an emoji beyond U+FFFF as two."""
    return len(text) + sum(c > "\uffff" for c in text)


def line_size(line: Line) -> int:
    """How long a line is with all of its markup."""
    return length(mrkdwn(line, dated=True))


def escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text: these three and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# Slack has no way to escape a mark, and a zero-width character beside one rather makes it format
# (yhatt/jsx-slack, docs/about-escape-and-exact-mode.md). So a mark gives way to one that looks like
# it. Inside a word none formats, as in `snake_case`; of a backtick that isn't sure.
_ALIKE: Final = str.maketrans("*_~`＊＿｀", "∗ˍ∼ˋ﹡⸏ˋ")  # noqa: RUF001 - to look alike is the point
_MARK: Final = re.compile("(?<![A-Za-z0-9])[*_~＊＿]|[*_~＊＿](?![A-Za-z0-9])|[`｀]")  # noqa: RUF001
_QUOTE: Final = re.compile(r"^(?=\s*[>＞])", re.MULTILINE)  # noqa: RUF001
_EMOJI: Final = re.compile(r":(?=[^\s:–.,;/()\[\]<>&]+:)")
_MENTION: Final = re.compile(r"(?<!\w)@|@(?=everyone|channel|here)", re.IGNORECASE)
_STAR: Final = ("*", "∗")  # noqa: RUF001
_BAR: Final = ("|", "∣")  # noqa: RUF001 - a bar would end the address
_ADDRESS: Final = re.compile(r"(?i:https?://|mailto:)[^\s<>|]+")
_EPOCH: Final = datetime(1970, 1, 2, tzinfo=UTC)  # Slack has no word for an instant before
_UNSEEN: Final = " \n\u200b\u200c\u200d\u2060"
_NO_GAP: Final = re.compile(r"(?:^|(?<=[\s(“]))\u200b|\u200b(?=[\s.,;:!?)”]|$)")


def _safe(text: str) -> str:
    """Somebody's text so that it can't format, mention, quote, or turn into an emoji."""
    text = _MARK.sub(lambda mark: mark[0].translate(_ALIKE), text)
    text = _EMOJI.sub(":\u2060", text)
    text = _MENTION.sub("@\u2060", text)
    text = _QUOTE.sub("\u2060", text)
    return escaped(text)


def _folded(text: str) -> str:
    """A text whose blanks are single ones; where they broke the line, they still do."""
    return re.sub(" +", " ", re.sub(r"\s*\n\s*", "\n", text))


def read_aloud(answer: Answer) -> str:
    """A page in words alone, as notifications and screen readers have it."""
    lines = [_said(answer.summary)]
    for row in rows(answer.blocks):
        match row:
            case Bullets(items):
                said = _said(items[0])
                lines.append(f"• {said}" if said else "")
            case Facts(items):
                label, line = items[0]
                lines.append(_said((f"{label}: " if label else "", *line)) if _said(line) else "")
            case Heading(text):
                lines.append(_said((text,)))
            case Paragraph(line):
                lines.append(_said(line))
    return "\n".join(filter(None, lines)) or "…"


def _said(line: Line) -> str:
    text = _folded(clean("".join(map(_said_part, line)))).strip()
    return _safe(text) if text.strip(_UNSEEN) else ""


def _said_part(part: Inline) -> str:
    match part:
        case Link(label, url):
            same = not label or label in {url, url.removeprefix("mailto:")}
            return (label or url) if same else f"{label} ({url})"
        case Time() | Strong():
            return part.text
        case _:
            return part


def mrkdwn(line: Line, *, dated: bool = False) -> str:
    """A line in Slack's own markup; `dated` if the day may be another where the reader is."""
    text = ""
    for ours, run in groupby(_tokens(line, dated), key=itemgetter(0)):
        words = "".join(token for _, token in run)
        text += words if ours else _safe(words)
    text = _NO_GAP.sub("", text).strip(" \n\u200b")
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
                marked = _link(link)
                yield bool(marked), marked or clean(_said_part(link))
            case [str(text), *parts]:
                yield False, text


def _merged(line: Line) -> list[Inline]:
    """The parts of a line, clean and without empty ones; like ones behind each other are one."""
    cleaned = (part for part in map(_cleaned, line) if part is not None)
    found: list[Inline] = []
    for kind, run in groupby(cleaned, key=type):
        if kind is str:
            found.append(_folded("".join(map(_said_part, run))))
        elif kind is Strong:
            found.append(Strong(_folded("".join(map(_said_part, run))).replace("\n", " ")))
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


def _strong(text: str) -> Iterator[_Token]:
    """Bold words, parted by a zero-width space from what would keep Slack from seeing so."""
    inside = text.strip()
    before, _, behind = text.partition(inside) if inside else (text, "", "")
    yield False, before
    if inside:
        yield True, f"\u200b*{_safe(inside).replace(*_STAR)}*\u200b"
    yield False, behind


def _date(time: Time, *, dated: bool = False) -> str:
    """An instant by the reader's own clock, or as at the venue where Slack can't tell.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    shown = "{date_short_pretty} {time}" if dated else "{time}"
    fallback = _safe(" ".join(re.split(r"[<>|^&\s]+", time.text)).strip()) or "…"
    return f"<!date^{int(time.instant.timestamp())}^{shown}|{fallback}>"


def _link(link: Link) -> str:
    """A link in Slack's markup; nothing if its address is none that Slack may be given."""
    url = link.url.replace("&", "&amp;")
    if len(url) > _URL or clean(url) != url or not _ADDRESS.fullmatch(url):
        return ""
    label = _safe(one_line(link.label)).replace(*_BAR)
    return f"<{url}|{label}>" if label else f"<{url}>"
