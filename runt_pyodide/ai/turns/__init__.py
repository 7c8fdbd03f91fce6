"""The turns of a run: request one, run its calls, and repeat until the model makes no more calls or
a limit is reached. Knows requests (`prompt`) and records (`record`). Does not know any tool by
name."""
