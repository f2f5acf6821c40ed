"""Which rows have the most or the fewest of something, with how many, and who comes next."""

from __future__ import annotations

from itertools import groupby

from bot.answer import Answer, Status
from bot.find import Finding, World
from bot.query import Want
from bot.wording import chat
from bot.wording.lists import MOST_CHOICES
from bot.wording.voice import counted, in_words, joined, title


_ENDS = {Want.MOST: "most", Want.FEWEST: "fewest"}


def ranks(finding: Finding, world: World) -> Answer:
    """The rows at the wanted end, all that share it, and the next ones."""
    query = finding.query
    what = query.counted
    pairs = zip(finding.rows, finding.counts, strict=True)
    steps = [(n, [r for r, _ in rows]) for n, rows in groupby(pairs, key=lambda pair: pair[1])]
    if not steps:
        return chat.not_stated(f"who or what has any {counted(2, what)[2:]}", world)
    number, first = steps[0]
    records = tuple(r.ref for r in first[:MOST_CHOICES])
    if len(steps) == 1 and len(first) > 1:
        every = "Both" if len(first) == 2 else f"All {in_words(len(first))}"
        return Answer(Status.ANSWERED, (f"{every} have {counted(number, what)}.",), records=records)
    shown = [title(r) for r in first[:MOST_CHOICES]]
    if len(first) > len(shown):
        shown.append(f"{in_words(len(first) - len(shown))} more")
    verb = "have" if len(first) > 1 else "has"
    line = f"{joined(shown)} {verb} the {_ENDS[query.want]}: {counted(number, what)}."
    if len(steps) > 1 and len(steps[1][1]) <= MOST_CHOICES:
        then, second = steps[1]
        line += f" Next: {joined([title(r) for r in second])} with {then}."
    return Answer(Status.ANSWERED, (line,), records=records)
