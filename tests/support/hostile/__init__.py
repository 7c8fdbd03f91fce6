"""Texts, events and files that are made to hold a page, or to get something run in it."""
