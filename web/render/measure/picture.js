// How many pixels a picture has, by its first bytes. A file of a few kilobytes may say that it has a billion, for
// each of which a browser needs four bytes.

/** More are not drawn: 256 MB. */
const MOST_PIXELS = 64e6;
/** A longer head than any picture has: Exif data and a colour profile come before a JPEG's size. */
const HEAD_CHARACTERS = 400_000;

/** @typedef {{ width: number, height: number }} Size */

/** @param {Size | undefined} size @returns {size is Size} */
export function isTooBig(size) {
  return size !== undefined && size.width * size.height > MOST_PIXELS;
}

/** @param {string} base64 @returns {Size | undefined} undefined if the head is not that of a picture known here */
export function sizeOf(base64) {
  const bytes = headOf(base64);
  const view = new DataView(bytes.buffer);
  const name = String.fromCharCode(...bytes.subarray(0, 16));
  try {
    if (name.startsWith("\x89PNG")) return pair(view.getUint32(16), view.getUint32(20));
    if (name.startsWith("GIF8")) return pair(view.getUint16(6, true), view.getUint16(8, true));
    if (name.startsWith("\xff\xd8")) return sizeOfJpeg(view);
    if (name.startsWith("RIFF") && name.slice(8, 12) === "WEBP") return sizeOfWebp(view, name);
    if (name.slice(4, 8) === "ftyp") return sizeOfAvif(view);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the head ends too early
  }
  return undefined;
}

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} as many of the first bytes as can be read */
function headOf(base64) {
  try {
    const head = base64.slice(0, HEAD_CHARACTERS);
    return Uint8Array.from(atob(head.slice(0, head.length - (head.length % 4))), (character) =>
      character.charCodeAt(0),
    );
  } catch {
    return new Uint8Array(0);
  }
}

/** @param {number} width @param {number} height @returns {Size} */
const pair = (width, height) => ({ width, height });

/** The size stands in the frame header (SOF), after other segments. @param {DataView} view */
function sizeOfJpeg(view) {
  for (let at = 2; ;) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return undefined;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return pair(view.getUint16(at + 7), view.getUint16(at + 5));
    at += 2 + Math.max(2, view.getUint16(at + 2));
  }
}

/** https://developers.google.com/speed/webp/docs/riff_container @param {DataView} view @param {string} name */
function sizeOfWebp(view, name) {
  const kind = name.slice(12, 16);
  if (kind === "VP8X") {
    const at24 = (/** @type {number} */ at) =>
      view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
    return pair(at24(24) + 1, at24(27) + 1);
  }
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return pair((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
  }
  return pair(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
}

/** The largest of the sizes that the boxes named "ispe" say. @param {DataView} view */
function sizeOfAvif(view) {
  const ISPE = 0x69737065;
  let largest;
  for (let at = 0; at + 16 <= Math.min(view.byteLength, 1 << 14); at++) {
    if (view.getUint32(at) !== ISPE) continue;
    const size = pair(view.getUint32(at + 8), view.getUint32(at + 12));
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}
