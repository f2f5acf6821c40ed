"""The store: a database (SQLAlchemy Core) of all that lasts; SQLite or PostgreSQL.

`database` is how it is reached, `records` are editions, inboxes and notes, `outbox` is what goes out
by itself and what became of it.
"""

from bot.store.database import SCHEMA
from bot.store.outbox import Outgoing
from bot.store.records import Records


class Store(Records, Outgoing):
    """All that lasts, in one database."""


__all__ = ["SCHEMA", "Store"]
