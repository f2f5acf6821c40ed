"""The terminal as a chat platform."""

from adapters.terminal.look import Look
from adapters.terminal.talk import Terminal


__all__ = ["Look", "Terminal"]
