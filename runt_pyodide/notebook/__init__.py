"""The notebook as its events tell it: their vocabulary, the fold, and the writing of outputs.

Knows events and nothing of what causes them: no model, no service, no Python of a user's, no page.
"""
