"""How the bot is connected to Slack: what the configuration says, and what only the environment knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.errors import BadConfig


BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"
API_URL = "SLACK_API_URL"

_API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says of Slack.

    `commands` are slash commands with the events they are for, `groups` the user groups whose members
    matter, `people` whose names do. With `listen` (host, port) events come by HTTP there, else by Socket Mode. `per_minute`
    is how many messages a minute the whole workspace gets at most.
    """

    commands: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    listen: tuple[str, int] | None = None
    per_minute: int = 300


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What nobody else may know, and where it may be sent: the address of the Web API."""

    bot: str
    app: str = ""
    signing: str = ""
    api: str = _API


def secrets_of(environment: Mapping[str, str], listen: tuple[str, int] | None) -> Secrets:
    """The secrets that the environment holds. Raises `BadConfig` naming each variable that is amiss."""
    needed = [(BOT_TOKEN, "xoxb-", "OAuth & Permissions")]
    if listen:
        needed.append((SIGNING_SECRET, "", "Basic Information, App Credentials"))
    else:
        needed.append((APP_TOKEN, "xapp-", "Basic Information, App-Level Tokens"))
    amiss = []
    for name, begins, page in needed:
        value = environment.get(name, "").strip()
        if not value:
            amiss.append(f"{name} isn't set; the app's settings at Slack show it under {page}")
        elif not value.startswith(begins):
            amiss.append(f"{name} doesn't begin with {begins}; another token stands there")
    if amiss:
        raise BadConfig("\n".join(amiss))
    return Secrets(
        environment[BOT_TOKEN].strip(),
        environment.get(APP_TOKEN, "").strip(),
        environment.get(SIGNING_SECRET, "").strip(),
        _api(environment.get(API_URL, "").strip()),
    )


def _api(url: str) -> str:
    """Where the Web API is; tokens go there, so that another place can only be this machine."""
    if not url:
        return _API
    host = urlsplit(url).hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise BadConfig(f"{API_URL} names another machine than this one; it is for tests only")
    return url if url.endswith("/") else f"{url}/"
