"""Fakes that keep what the ports promise."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import Overtaken
from bot.notices import OPEN, State
from bot.ports import Kept, Service, Unfinished


class MemoryEditions:
    """Editions, inbox and notes in memory."""

    def __init__(self):
        self.rows = {}
        self.inbox = {}
        self.leases = {}
        self.notes = {}

    async def events(self):
        return sorted(self.rows)

    async def number(self, event):
        return len(self.rows.get(event, []))

    async def latest(self, event):
        rows = self.rows.get(event, [])
        starts = [at for at, (kind, _) in enumerate(rows) if kind == "files"]
        if not starts:
            return None
        files, log, since = rows[starts[-1]][1]
        return Kept(len(rows), files, (*log, *(p for _, p in rows[starts[-1] + 1 :])), since)

    async def accept(self, event, number, files, log, at):
        self._keep(event, number, ("files", (dict(files), list(log), at)))

    async def amend(self, event, number, amendment, at, *, item=""):
        self._keep(event, number, ("amendment", amendment))
        self._drop(event, item, at)

    def _keep(self, event, number, row):
        rows = self.rows.setdefault(event, [])
        if number != len(rows) + 1 or (not rows and row[0] != "files"):
            raise Overtaken
        rows.append(row)

    async def begin(self, event, items, payload, at):
        if any((event, item) in self.inbox for item in items):
            return False
        for item in items:
            self.inbox[event, item] = Unfinished(event, item, None, at)
        self.inbox[event, items[0]] = Unfinished(event, items[0], payload, at)
        return True

    async def finish(self, event, item, notes, at):
        self._drop(event, item, at)
        for n in notes:
            self.notes[n.event, n.kind, n.key] = (n.payload, n.until)

    def _drop(self, event, item, at):
        for key in {(event, item), ("", item)} & self.inbox.keys():
            self.inbox[key] = replace(self.inbox[key], payload=None, at=at)

    async def unfinished(self, before):
        mine = [u for u in self.inbox.values() if u.payload is not None and u.at < before]
        return sorted(mine, key=lambda u: u.at)

    async def resume(self, now, before, lease):
        found = await self.unfinished(before)
        free = [u for u in found if self.leases.get((u.event, u.id), now) <= now]
        self.leases |= {(u.event, u.id): now + lease for u in free}
        return free

    async def noted(self, event, kind, key, now):
        payload, until = self.notes.get((event, kind, key), (None, now))
        return payload if until > now else None

    async def drop(self, event, kind, key):
        return self.notes.pop((event, kind, key), None) is not None

    async def sweep(self, now):
        self.notes = {k: v for k, v in self.notes.items() if v[1] > now}
        late = now - timedelta(hours=48)
        kept = {k: u for k, u in self.inbox.items() if u.payload is not None or u.at >= late}
        self.inbox = kept

    async def close(self):
        pass


@dataclass
class Spot:
    """A place: from when it can be claimed (when its lease ends, if it is), and whose it is.

    One that `waits` isn't to be claimed sooner, whatever is put for it.
    """

    next: datetime | None = None
    owner: str = ""
    waits: bool = False


class MemoryOutbox:
    """Deliveries, places and budgets in memory."""

    def __init__(self):
        self.services = {}
        self.rows = {}
        self.spots = {}
        self.budgets = {}

    async def begun(self, event, now):
        return self.services.setdefault(event, Service(now, now))

    async def service(self, event):
        return self.services.get(event)

    async def hold(self, event, by, now):
        if by:
            await self.begun(event, now)
        service = self.services.get(event)
        if service is not None and service.held != bool(by):
            change = (
                {"held_by": by, "held_at": now, "resumed_at": None} if by else {"resumed_at": now}
            )
            self.services[event] = replace(service, **change)

    async def put(self, event, fresh, now, *, upto=None, mended=None):
        there = {(d.event, d.place, d.key) for d in self.rows.values()}
        for d in fresh:
            if (d.event, d.place, d.key) in there:
                continue
            there.add((d.event, d.place, d.key))
            id_ = len(self.rows) + 1
            self.rows[id_] = replace(d, id=id_)
        for place in {d.place for d in fresh if d.state in OPEN}:
            spot = self.spots.setdefault((event, place), Spot())
            if not spot.waits:
                spot.next = self._soonest(event, place)
        service = self.services.get(event)
        if service is not None:
            latest = max(service.upto, upto or service.upto)
            highest = max(service.mended, mended or 0)
            self.services[event] = replace(service, upto=latest, mended=highest)

    async def known(self, event, keys):
        bases = {key.base for key in keys}
        return [d for d in self._of(event) if d.key.base in bases]

    async def claim_place(self, event, owner, now, lease):
        while True:
            ready = [
                (spot.next, place)
                for (of, place), spot in self.spots.items()
                if of == event and spot.next is not None and spot.next <= now
            ]
            if not ready:
                return ()
            place = min(ready)[1]
            due = [d for d in self._open(event, place) if d.due <= now]
            if due:
                self.spots[event, place] = Spot(now + lease, owner, waits=True)
                return due[:100]
            self.spots[event, place] = Spot(self._soonest(event, place))

    async def renew(self, event, place, owner, until):
        spot = self.spots.get((event, place), Spot())
        if spot.owner != owner:
            return False
        spot.next = until
        return True

    async def start(self, delivery, owner, edition):
        service = self.services.get(delivery.event)
        spot = self.spots.get((delivery.event, delivery.place), Spot())
        if service is not None and (service.held or service.mended > edition):
            return False
        if spot.owner != owner:
            return False
        self.rows[delivery.id] = delivery
        return True

    async def save(self, delivery, *, withdrawn=(), behind=(), edition=None):
        if behind:
            await self.put(delivery.event, behind, delivery.settled or delivery.due)
        service = self.services.get(delivery.event)
        if edition is not None and service is not None:
            lowest = min(service.mended, edition)
            self.services[delivery.event] = replace(service, mended=lowest)
        for d in self._of(delivery.event, delivery.place):
            if d.state == State.SENT and (d.key.subject, d.key.instant) in withdrawn:
                self.rows[d.id] = replace(d, withdrawn=True)
        if delivery.id in self.rows:
            self.rows[delivery.id] = delivery

    async def release(self, event, place, owner, next_):
        if self.spots.get((event, place), Spot()).owner == owner:
            free = Spot(next_ or self._soonest(event, place), waits=next_ is not None)
            self.spots[event, place] = free

    async def told(self, event, now, place=""):
        sent = [d for d in self._of(event, place) if d.state == State.SENT]
        return sorted(
            (d for d in sent if d.until is not None and d.until > now),
            key=lambda d: (d.settled, d.id),
        )

    async def next_due(self, event):
        nexts = [spot.next for (of, _), spot in self.spots.items() if of == event]
        return min((n for n in nexts if n is not None), default=None)

    async def ledger(self, event, place="", subjects=()):
        rows = [d for d in self._of(event, place) if not subjects or d.key.subject in subjects]
        return sorted(rows, key=lambda d: (d.due, d.id))

    async def turn(self, budgets, now):
        waits = [timedelta()]
        for budget in budgets:
            taken = max(self.budgets.get(budget.name, now), now) + budget.every
            self.budgets[budget.name] = taken
            waits.append(taken - budget.burst * budget.every - now)
        return max(waits)

    async def close(self):
        pass

    def _of(self, event, place=""):
        return [d for d in self.rows.values() if d.event == event and place in ("", d.place)]

    def _open(self, event, place):
        rows = [d for d in self._of(event, place) if d.state in OPEN]
        return sorted(rows, key=lambda d: (d.due, d.id))

    def _soonest(self, event, place):
        return min((d.due for d in self._open(event, place)), default=None)
