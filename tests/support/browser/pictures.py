"""Draws pictures in the page, and pastes or drops them as a person would."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from playwright.sync_api import Locator

# A noisy picture cannot be compressed: its file is large.
_SEND = """async (target, [event, pictures, text]) => {
  const data = new DataTransfer();
  for (const { width, height, type, name, noisy } of pictures) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.fillStyle = "teal";
    context.fillRect(0, 0, width, height);
    if (noisy) {
      const { data: pixels } = context.getImageData(0, 0, width, height);
      for (let at = 0; at < pixels.length; at += 4) pixels[at] = Math.random() * 256;
      context.putImageData(new ImageData(pixels, width), 0, 0);
    }
    const blob = await canvas.convertToBlob({ type });
    data.items.add(new File([blob], name, { type }));
  }
  if (text) data.items.add(text, "text/plain");
  const carried = event === "paste" ? { clipboardData: data } : { dataTransfer: data };
  const how = { ...carried, bubbles: true, cancelable: true };
  const made = event === "paste" ? new ClipboardEvent(event, how) : new DragEvent(event, how);
  return !target.dispatchEvent(made);
}"""


@dataclass(frozen=True)
class Drawn:
    """A picture as a file of the clipboard, or one that is dragged."""

    width: int = 60
    height: int = 40
    type: str = "image/png"
    name: str = "picture.png"
    noisy: bool = False


def send(
    cell: Locator,
    *pictures: Drawn,
    event: Literal["paste", "dragover", "drop"] = "paste",
    text: str = "",
) -> bool:
    """Send the event, with these pictures, to the source of a cell. Return whether the page took
    it."""
    source = cell.get_by_test_id("source").get_by_role("textbox")
    arguments = [event, [asdict(picture) for picture in pictures], text]
    taken: bool = source.evaluate(_SEND, arguments)
    return taken
