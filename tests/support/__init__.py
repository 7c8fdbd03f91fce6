"""Helpers that the tests share; among them a real HTTP server in place of a model service."""
