"""The turns of a run: request one, run its calls, until there are no more calls or a limit is
reached. Knows what is asked (`prompt`) and what is written down (`record`), and no tool by name."""
