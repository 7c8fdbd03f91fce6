"""Stages on which tests run parts: an agent, a page, a shell, a session, and a fixed world."""
