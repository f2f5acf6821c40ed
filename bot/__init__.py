"""A chat bot that answers questions about a workshop from the workshop's own records."""
