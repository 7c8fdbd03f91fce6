"""Files that tests compare with or play back; no test writes them."""

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
