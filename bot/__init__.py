"""A chat bot that answers questions about a workshop from the workshop's own records."""

__version__ = "0.1.0"
