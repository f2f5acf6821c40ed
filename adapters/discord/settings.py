"""How the bot is connected to Discord: what the configuration says, and what only the environment knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from bot.errors import BadConfig


TOKEN: Final = "DISCORD_TOKEN"  # noqa: S105 - the variable's name
API_URL, GATEWAY_URL = "DISCORD_API_URL", "DISCORD_GATEWAY_URL"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says of Discord.

    `guilds` are the ids of guilds, each with the events that are at home there by their ids and short
    names. `roles` are those that matter also where nobody has any, as in a conversation with the bot
    alone. `pings` are roles that posts of a channel mention. The sessions of the
    events `scheduled` stand among their server's events.
    """

    guilds: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    pings: Mapping[str, int] = field(default_factory=dict)
    scheduled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What nobody else may know, and where it may be sent; empty addresses are Discord's own."""

    token: str
    api: str = ""
    gateway: str = ""


def secrets_of(environment: Mapping[str, str]) -> Secrets:
    """The secrets that the environment holds. Raises `BadConfig` naming the variable that is amiss."""
    token = environment.get(TOKEN, "").strip()
    if not token:
        raise BadConfig(f"{TOKEN} isn't set; the developer portal shows it under Bot, Reset Token")
    return Secrets(token, _here(environment, API_URL), _here(environment, GATEWAY_URL))


def _here(environment: Mapping[str, str], name: str) -> str:
    """An address on this machine: the token goes there, so that it can be no other."""
    url = environment.get(name, "").strip()
    if not url:
        return ""
    host = urlsplit(url).hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise BadConfig(f"{name} names another machine than this one; it is for tests only")
    return url.rstrip("/")
