"""Discord: the real discord.py against a fake Discord, over HTTP and a WebSocket."""

from tests.adapter_contract import Contract
from tests.discord_site import Site


class TestContract(Contract):
    site = Site
