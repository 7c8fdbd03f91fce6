"""What tests compare against and play back: files that no test writes."""

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
