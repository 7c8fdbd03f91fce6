"""How much a model is told, in one table. Sizes are in characters if nothing else is said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is kept of a text that is longer: so much of its start, and of its end."""

    head: int
    tail: int = 0


@dataclass(frozen=True, slots=True)
class CellSize:
    """What is told of a cell above the prompt: of its ``source``, of each ``output`` of code, and
    of each ``message`` of an AI cell's run."""

    source: Excerpt
    output: Excerpt
    message: Excerpt


# Cells above the prompt, and the same if there is little room left in the window.
FULL_CELL = CellSize(Excerpt(40_000), Excerpt(4_000, 2_000), Excerpt(8_000, 4_000))
SHORT_CELL = CellSize(Excerpt(4_000), Excerpt(400, 200), Excerpt(800, 400))
# An old result of a tool, in a run that has itself grown too long.
OLD_RESULT = Excerpt(300, 100)

# Pictures in a request, and the largest that all services take, in base64.
IMAGES = 8
IMAGE = 4 << 20

# What a tool gives or raises.
TOOL_RESULT = Excerpt(16_000, 4_000)

# The tools that read cells: a cell's source, one text of what it shows, cells in a list.
READ_SOURCE = Excerpt(40_000, 20_000)
READ_OUTPUT = Excerpt(4_000, 2_000)
LISTED_CELLS = 200
LISTED_LINE = 120

# The tool that looks at variables: how many, and of each the text of its value, the rows, the
# columns and the text of a table, the keys of a mapping, the items of a list that are looked at.
VARIABLES = 200
VALUE = 200
TABLE_ROWS = 3
TABLE_COLUMNS = 40
TABLE = 2_000
KEYS = 5
KEY = 40
ITEMS = 100

# Tokens: the window of a model of which nobody knows it (most have that much, and a service that
# has less says so and is asked again with less), the least that a window is cut down to, and what
# of it is kept for the answer if the cell sets no limit.
UNKNOWN_WINDOW = 128_000
SMALLEST_WINDOW = 2_000
ANSWER = 8_192
