"""The notebook, rebuilt from its events: their vocabulary, the fold, and the writing of outputs.

Knows events. Does not know what causes them: no model, service, user code or page.
"""
