"""What a query gives: a Finding."""

from __future__ import annotations

from dataclasses import dataclass

from bot.find.register import Row
from bot.passages import SpeltOut
from bot.query import Query


@dataclass(frozen=True, slots=True)
class Finding:
    """What a query gives.

    `rows` in their natural order; `ambiguous` if one was meant and several fit; `missing` says in
    the asker's words what the records don't have; `near` are names that come close; `claims` tell
    for each claim of the query whether it holds (None: the records leave it open); `said` are
    sentences that answer a question about content, `spelt` an acronym of it; `other` are the rows of the second reference;
    `counts` are the numbers by which rows were ranked; `withheld` if something that fits may only be told in private.
    """

    query: Query
    rows: tuple[Row, ...] = ()
    other: tuple[Row, ...] = ()
    ambiguous: bool = False
    missing: str = ""
    near: tuple[str, ...] = ()
    claims: tuple[bool | None, ...] = ()
    said: tuple[str, ...] = ()
    spelt: SpeltOut | None = None
    counts: tuple[int, ...] = ()
    verdict: bool | None = None
    withheld: bool = False
