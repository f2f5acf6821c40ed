"""The store: a database (SQLAlchemy Core) of all that lasts; SQLite or PostgreSQL.

`database` is how it is reached, `records` are editions, `inbox` is what came in and notes of it,
`outbox` is what goes out by itself and what became of it; `batch` lets many share a transaction.
"""

from bot.store.database import SCHEMA
from bot.store.inbox import Incoming
from bot.store.outbox import Outgoing
from bot.store.records import Records


class Store(Records, Incoming, Outgoing):
    """All that lasts, in one database."""


__all__ = ["SCHEMA", "Store"]
