"""What doctor looks at on Slack: tokens, scopes, channels and whether the bot is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack.settings import APP_TOKEN, BOT_TOKEN, Secrets, Settings
from adapters.slack.web import Web, fatal
from bot.chat import Checked, Place
from bot.errors import InDoubt, Refused, TryLater


SCOPES: Final = {
    "app_mentions:read": "hear mentions",
    "channels:history": "follow threads, and look for posts",
    "channels:read": "see whether it is in a channel",
    "chat:write": "post",
    "commands": "hear its slash command",
    "groups:history": "follow threads in private channels",
    "groups:read": "see whether it is in a private channel",
    "im:history": "hear direct messages",
    "im:write": "write to a person alone",
    "usergroups:read": "know who is in a group of organizers",
    "users:read": "know organizers by name",
}
"""What the bot's token has to be allowed, and for what."""


async def checked(
    web: Web, settings: Settings, secrets: Secrets, places: Sequence[Place]
) -> Sequence[Checked]:
    """What is well and what isn't, with what to do about it."""
    found = [await _bot(web)]
    if settings.listen is None:
        found.append(await _app(web, secrets))
    else:
        found.append(
            Checked("events come by HTTP, signed; whether Slack's calls arrive, it shows itself")
        )
    if found[0].fix:
        return found
    found += await _scopes(web, settings)
    for group in sorted(settings.groups):
        found.append(await _group(web, group))
    for place in places:
        found.append(await _place(web, place))
    return found


async def _bot(web: Web) -> Checked:
    try:
        answer = await web.client.auth_test()
    except SlackApiError as error:
        end = fatal(error)
        return Checked(BOT_TOKEN, str(end or f"Slack says {error.response.get('error')}"))
    except (SlackClientError, OSError, TimeoutError):
        return Checked(BOT_TOKEN, "Slack can't be reached from here; look at the network")
    return Checked(f"{BOT_TOKEN} is {answer.get('user')}'s in {answer.get('team')}")


async def _app(web: Web, secrets: Secrets) -> Checked:
    try:
        await web.client.apps_connections_open(app_token=secrets.app)
    except SlackApiError as error:
        end = fatal(error, app=True)
        return Checked(APP_TOKEN, str(end or f"Slack says {error.response.get('error')}"))
    except (SlackClientError, OSError, TimeoutError):
        return Checked(APP_TOKEN, "Slack can't be reached from here; look at the network")
    return Checked(f"{APP_TOKEN} opens a socket")


async def _scopes(web: Web, settings: Settings) -> list[Checked]:
    """Which scopes the token lacks: Slack names those that it has with each answer."""
    answer = await web.client.auth_test()
    headers = {k.lower(): v for k, v in answer.headers.items()}
    held = {s.strip() for s in str(headers.get("x-oauth-scopes", "")).split(",")}
    if held == {""}:
        return [Checked("scopes: Slack doesn't name them")]
    needed = {s: what for s, what in SCOPES.items() if settings.groups or s != "usergroups:read"}
    missing = {scope: what for scope, what in needed.items() if scope not in held}
    if not missing:
        return [Checked("scopes: all that are needed")]
    advice = "add it under OAuth & Permissions, then reinstall the app"
    return [Checked(f"scope {s}, to {what}", advice) for s, what in missing.items()]


async def _group(web: Web, group: str) -> Checked:
    try:
        found = await web.read("usergroups.users.list", usergroup=group)
    except (Refused, TryLater, InDoubt) as error:
        return Checked(f"group {group}", f"who is in it can't be told: {error}")
    members = found.get("users", ())
    return Checked(
        f"group {group}: {len(members)} organizers", "" if members else "nobody is in it"
    )


async def _place(web: Web, place: Place) -> Checked:
    """Whether a place can be posted to."""
    address = f"slack:{place.channel}"
    try:
        if place.channel.startswith("@"):
            await web.call("conversations.open", users=place.channel.removeprefix("@"))
            return Checked(address)
        found = await web.read("conversations.info", channel=place.channel)
    except Refused as refused:
        return Checked(address, refused.reason)
    except (TryLater, InDoubt):
        return Checked(address, "Slack doesn't answer about it just now; try again")
    channel = found.get("channel", {})
    name = f"{address} (#{channel.get('name', '')})"
    if channel.get("is_archived"):
        return Checked(name, "the channel is archived; name another one in bot.yaml")
    if not channel.get("is_member"):
        return Checked(name, "the bot isn't in the channel; invite it there: /invite @its-name")
    return Checked(name)
