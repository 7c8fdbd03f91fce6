"""How much a model is told, in one table. Sizes are in characters unless stated otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is kept of a text that is too long: this much of its start and of its end."""

    head: int
    tail: int = 0


@dataclass(frozen=True, slots=True)
class CellSize:
    """What is kept of a cell above the prompt: of its ``source``, of each ``output`` of code, and
    of each ``message`` of an AI cell's run; with the ``state`` of its turns, or without. The state
    of calls is always kept, since there are services that refuse a call without it."""

    source: Excerpt
    output: Excerpt
    message: Excerpt
    state: bool = True


# Cells above the prompt, and the same when there is little room left in the context window.
FULL_CELL = CellSize(Excerpt(40_000), Excerpt(4_000, 2_000), Excerpt(8_000, 4_000))
SHORT_CELL = CellSize(Excerpt(4_000), Excerpt(400, 200), Excerpt(800, 400), state=False)
# An old result of a tool, in a run that has itself grown too long.
OLD_RESULT = Excerpt(300, 100)

# Images in a request besides those of tools; the prompt's own are sent in any case.
IMAGES = 8

# What a tool returns or raises, and the arguments of a call that cannot be read.
TOOL_RESULT = Excerpt(16_000, 4_000)
BROKEN_ARGUMENTS = Excerpt(1_000, 400)

# The tools that read cells: a cell's source, each text of its outputs, cells in a list.
READ_SOURCE = Excerpt(40_000, 20_000)
READ_OUTPUT = Excerpt(4_000, 2_000)
LISTED_CELLS = 200
LISTED_LINE = 120

# The tool that inspects variables: how many it describes; for each the length of its value's text;
# a table's rows, columns and text; a mapping's keys; the items of a list that are looked at. Of a
# table in an output, the rows; of a chart, the text.
VARIABLES = 200
VALUE = 200
TABLE_ROWS = 3
SHOWN_ROWS = 20
CHART = 2_000
TABLE_COLUMNS = 40
TABLE = 2_000
KEYS = 5
KEY = 40
ITEMS = 100

# A file that a prompt mentions: the bytes that are looked at, and the characters, rows and columns
# that are told. The tools that read files: the bytes of one, and the files in a list.
FILE_BYTES = 64_000
FILE_TEXT = 4_000
FILE_ROWS = 50
FILE_COLUMNS = 40
READ_FILE = 16_000
LISTED_FILES = 200

# The value of an expression in a prompt: its text, and the items of a collection that is written
# out. A text is never cut.
INSERTED = Excerpt(16_000, 4_000)
LISTED = 2_000

# How long a cell's source may be to be parsed, which tells what of a hidden cell a model may see.
PARSED = 200_000

# Tokens: the context window of a model if nothing is known of it (most have this much, and if a
# service says that the prompt is too long, it is sent less), and what is kept for the answer if the
# cell sets no limit.
UNKNOWN_WINDOW = 128_000
# A prompt that fits any window: only for a longer one is it of use to know the window.
SURELY_FITS = 2_500
# The longest prompt that is sent to a model of which no window is known, by our estimate; and how
# many times as long as a window a prompt must seem to be before it is certain not to fit.
LONGEST_PROMPT = 2_000_000
SURELY_TOO_LONG = 3
ANSWER = 8_192
