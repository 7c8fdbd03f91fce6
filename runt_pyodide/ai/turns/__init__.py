"""The turns of a run: ask, run the calls, until the model calls no more or a limit is reached."""
