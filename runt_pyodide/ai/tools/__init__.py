"""The tools that a model may call: the user's functions, and those that act on the notebook. Does
not know turns or prompts."""
