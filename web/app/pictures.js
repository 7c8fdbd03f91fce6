// Pictures beside the prompt of an AI cell: read from files, and made as small as models see them.

/** @import { Signal } from "@preact/signals" */
/** @import { OpenNotebook, Picture } from "../../js/types-notebook.d.ts" */
/** @import { Actions } from "./actions.js" */
/** @import { Session } from "./session.js" */

import { imageType } from "../../js/notebook/index.js";
import { chooseFiles } from "./files.js";
import { formatCount } from "./format.js";
import { messageOf } from "../render/error.js";

/** A request has many more tokens with each of them, and services take so many. */
const MOST = 8;
/** Pixels of the longest side: OpenAI makes a larger picture as small as this before the model sees it. */
const LONGEST = 2048;
/** Bytes that are kept as they are: each cell's pictures are an event, which the browser stores. */
const KEPT = 1 << 20;
const QUALITY = 0.85;
const SMALLER = 0.8;

export class Pictures {
  #page;

  /**
   * @param {object} page
   * @param {OpenNotebook} page.nb
   * @param {Actions} page.actions
   * @param {Session} page.session
   * @param {Signal<string>} page.announcement
   */
  constructor(page) {
    this.#page = page;
  }

  /** Asks for files, and adds their pictures. @param {string} cellId */
  async choose(cellId) {
    await this.add(cellId, await chooseFiles("image/*", { multiple: true }));
  }

  /** Adds pictures beside the cell's prompt; the page says which could not be added. @param {string} cellId @param {readonly File[]} files */
  async add(cellId, files) {
    const { announcement, nb, session } = this.#page;
    const { pictures, problems } = await readPictures(files.slice(0, MOST));
    if (!nb.cell(cellId)) return;
    // Others may have been added meanwhile.
    const before = nb.images(cellId);
    const added = pictures.slice(0, Math.max(0, MOST - before.length));
    if (added.length < pictures.length || files.length > MOST) {
      problems.push(`An AI cell takes up to ${MOST} pictures.`);
    }
    if (added.length > 0) this.#set(cellId, [...before, ...added]);
    if (problems.length > 0) session.trouble.value = problems.join(" ");
    announcement.value = `${formatCount(added.length, "picture")} added.`;
  }

  /** @param {string} cellId @param {number} place */
  remove(cellId, place) {
    const { announcement, nb } = this.#page;
    this.#set(cellId, nb.images(cellId).toSpliced(place, 1));
    announcement.value = "Picture removed.";
  }

  /** @param {string} cellId @param {readonly Picture[]} pictures */
  #set(cellId, pictures) {
    const { actions, nb } = this.#page;
    actions.edit("pictures", () => nb.setImages(cellId, pictures));
  }
}

/** The pictures that are dragged or pasted. @param {DataTransfer | null} data @returns {File[]} */
export function picturesIn(data) {
  return [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
}

/** One after the other, since a decoded picture takes much memory. @param {readonly File[]} files */
async function readPictures(files) {
  const pictures = [];
  const problems = [];
  for (const file of files) {
    try {
      pictures.push(await readPicture(file));
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  return { pictures, problems };
}

/** @param {File} file @returns {Promise<Picture>} rejects if the browser cannot read it as a picture */
async function readPicture(file) {
  const start = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const type = imageType(String.fromCharCode(...start));
  const bitmap = await createImageBitmap(file).catch(() => {
    const name = file.name ? `“${file.name}”` : "This";
    throw new Error(`${name} is not a picture that this browser can read.`);
  });
  const isFine = type && file.size <= KEPT && Math.max(bitmap.width, bitmap.height) <= LONGEST;
  const blob = isFine ? file : await redraw(bitmap, type);
  bitmap.close();
  const data = await toBase64(blob);
  const mediaType = isFine ? type : blob.type;
  return { mediaType, data, ...(file.name && { name: file.name }) };
}

/**
 * Draws a picture in the size in which models see it, or smaller if its file would still be large.
 * @param {ImageBitmap} bitmap
 * @param {string} [type] of its file
 * @returns {Promise<Blob>}
 */
async function redraw(bitmap, type, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const size = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = new OffscreenCanvas(size[0], size[1]);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, size[0], size[1]);
  // Other kinds are mostly drawings and screens, which PNG keeps sharp.
  if (type !== "image/jpeg") {
    const exact = await canvas.convertToBlob({ type: "image/png" });
    if (exact.size <= KEPT) return exact;
  }
  // JPEG has no transparency: what is behind the picture becomes white, as on a page.
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = "white";
  context.fillRect(0, 0, size[0], size[1]);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  return blob.size <= KEPT ? blob : redraw(bitmap, "image/jpeg", longest * SMALLER);
}

/** @param {Blob} blob @returns {Promise<string>} */
function toBase64(blob) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(blob);
  return promise;
}
