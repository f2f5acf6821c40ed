"""Long answers in parts, for platforms with narrow limits: all lines, in order, each of them once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from bot.answer import (
    Answer,
    Block,
    Bullets,
    Facts,
    Heading,
    Inline,
    Line,
    Paragraph,
    Strong,
    plain_line,
)


_CONTINUED: Final = 60  # characters, at most, of a line such as "… 16 to 30 of 42"


def rows(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks, parted so that each holds one line."""
    return tuple(row for block in blocks for row in _rows(block))


def _rows(block: Block) -> Iterator[Block]:
    match block:
        case Bullets(items):
            yield from (Bullets((item,)) for item in items)
        case Facts(items):
            yield from (Facts((item,)) for item in items)
        case _:
            yield block


def paged(
    answer: Answer, size: Callable[[Line], int], *, lines: int, characters: int
) -> tuple[Answer, ...]:
    """An answer in parts of at most so many lines and characters, as `size` counts a line's.

    They hold all lines in order; what is too long is cut at spaces, and what is empty left out. A
    heading stays with what follows. What can be pressed stands under each.
    """
    first, *rest = _cut(answer.summary, size, characters - _CONTINUED) or [()]
    found = [(-1, Paragraph(line)) for line in rest] + [
        (number, piece)
        for number, block in enumerate(answer.blocks)
        for row in _rows(block)
        for piece in _fitting(row, size, characters - _CONTINUED)
    ]
    pages = _packed(found, size, lines, (characters - size(first), characters - _CONTINUED))
    total = sum(isinstance(row, Bullets) for _, row in found)
    parts: list[Answer] = []
    told = 0
    for number, page in enumerate(pages):
        here = sum(isinstance(row, Bullets) for _, row in page)
        summary = _continued(told, here, total) if number else first
        told += here
        parts.append(replace(answer, summary=summary, blocks=_joined(page), form=None))
    return tuple(parts)


_Row = tuple[int, Block]
"""A block of one line, and the number of the block that it was part of."""


def _packed(
    found: Sequence[_Row], size: Callable[[Line], int], lines: int, room: tuple[int, int]
) -> list[list[_Row]]:
    """Rows in pages; `room` is what the first page and what a further one has for them."""
    pages: list[list[_Row]] = [[]]
    left, whole = room
    for row in found:
        need = size(_read(row[1]))
        if len(pages[-1]) == lines or need > left:
            moved = _headings_behind(pages[-1])
            taken = sum(size(_read(block)) for _, block in moved)
            if taken + need > whole or len(moved) >= lines:
                moved, taken = [], 0
            pages[-1:] = [pages[-1][: len(pages[-1]) - len(moved)], moved]
            left = whole - taken
        pages[-1].append(row)
        left -= need
    return pages


def _headings_behind(page: Sequence[_Row]) -> list[_Row]:
    """The headings that a page ends with, if it isn't made of headings alone."""
    start = len(page)
    while start and isinstance(page[start - 1][1], Heading):
        start -= 1
    return [*page[start:]] if start else []


def _joined(page: Sequence[_Row]) -> tuple[Block, ...]:
    """Rows of one list, one behind the other, as one list again."""
    found: list[Block] = []
    for (_, kind), group in groupby(page, key=lambda row: (row[0], type(row[1]))):
        blocks = [block for _, block in group]
        if kind is Bullets:
            found.append(
                Bullets(tuple(i for b in blocks if isinstance(b, Bullets) for i in b.items))
            )
        elif kind is Facts:
            found.append(Facts(tuple(i for b in blocks if isinstance(b, Facts) for i in b.items)))
        else:
            found += blocks
    return tuple(found)


def _continued(told: int, here: int, total: int) -> Line:
    """What a further page begins with."""
    if not here:
        return ("… continued",)
    span = f"{told + 1}" if here == 1 else f"{told + 1} to {told + here}"
    return (f"… {span} of {total}",)


def _read(row: Block) -> Line:
    """The line of a row, with its label."""
    match row:
        case Bullets(items):
            return items[0]
        case Facts(items):
            (label, line) = items[0]
            return (Strong(label), ": ", *line) if label else line
        case Heading(text):
            return (Strong(text),)
        case Paragraph(line):
            return line


def _fitting(row: Block, size: Callable[[Line], int], most: int) -> list[Block]:
    """A row, or the rows that it must be cut into; none if it is empty."""
    line = row.items[0][1] if isinstance(row, Facts) else _read(row)
    if not size(line):
        return []
    line = _read(row)
    if size(line) <= most:
        return [row]
    first, *rest = _cut(line, size, most)
    head = Bullets((first,)) if isinstance(row, Bullets) else Paragraph(first)
    return [head, *(Paragraph(piece) for piece in rest)]


def _cut(line: Line, size: Callable[[Line], int], most: int) -> list[Line]:
    """A line in pieces of at most so many characters: whole words, unless one alone is longer."""
    if size(line) <= most or len(plain_line(line)) == 1:
        return [line] if size(line) else []
    words = [*_words(line)]
    if len(words) == 1:
        words = [(part,) for part in words[0]]
    if len(words) == 1:
        words = [(part,) for part in _smaller(words[0][0])]
    pieces: list[Line] = []
    while words:
        number = _how_many(words, size, most)
        piece = _run_together(part for word in words[:number] for part in word)
        pieces += [piece] if size(piece) <= most else _cut(piece, size, most)
        del words[:number]
    return [piece for piece in pieces if size(piece)]


def _words(line: Line) -> Iterator[Line]:
    """A line parted behind each space; a time, a link and bold words are parts of one word."""
    word: list[Inline] = []
    for part in line:
        for bit in re.findall(r"\s+|\S+", part) if isinstance(part, str) else [part]:
            word.append(bit)
            if isinstance(bit, str) and bit.isspace():
                yield tuple(word)
                word = []
    if word:
        yield tuple(word)


def _smaller(part: Inline) -> Sequence[Inline]:
    """A part that is too long by itself as several: bold words one by one, texts in halves."""
    text = plain_line((part,))
    bits = re.findall(r"\S+\s*|\s+", text)
    if len(bits) == 1:
        half = (len(text) + 1) // 2
        bits = [bit for bit in (text[:half], text[half:]) if bit]
    return [Strong(bit) for bit in bits] if isinstance(part, Strong) else bits


def _how_many(words: Sequence[Line], size: Callable[[Line], int], most: int) -> int:
    """How many words make a piece, at least one: found by halving, as lines may be very long."""
    least, upper = 1, min(len(words), most)
    while least < upper:
        middle = (least + upper + 1) // 2
        if size(_run_together(part for word in words[:middle] for part in word)) <= most:
            least = middle
        else:
            upper = middle - 1
    return least


def _run_together(parts: Iterator[Inline]) -> Line:
    """Parts as a line, texts behind each other as one."""
    line: list[Inline] = []
    for kind, group in groupby(parts, key=type):
        same = [*group]
        if kind is str:
            line.append("".join(part for part in same if isinstance(part, str)))
        elif kind is Strong:
            line.append(Strong("".join(part.text for part in same if isinstance(part, Strong))))
        else:
            line += same
    return tuple(line)
