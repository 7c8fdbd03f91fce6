// The files that were dropped on the page or chosen, with their paths within the folders that came with them.

/** @typedef {{ path: string, content: File }} GivenFile such as "course/data/sales.csv" */

/** The most files and folders that are looked at. */
const MOST = 5_000;

/**
 * Returns the files that were dropped, and those within folders, but nothing hidden, such as checkpoints. Call it while
 * the event is told: afterwards the browser no longer knows what was dropped.
 * @param {DataTransfer} dropped
 * @returns {Promise<GivenFile[]>} in the order of their paths
 */
export async function filesOf({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.());
  const known = entries.filter((one) => one !== null && one !== undefined);
  return known.length === 0 ? withPaths([...files]) : walk(known);
}

/** Gives files that were chosen their paths: of a folder, those within it. @param {readonly File[]} files @returns {GivenFile[]} */
export function withPaths(files) {
  return files.map((content) => ({ path: content.webkitRelativePath || content.name, content }));
}

/** @param {FileSystemEntry[]} waiting */
async function walk(waiting) {
  /** @type {GivenFile[]} */
  const found = [];
  for (let looked = 0; waiting.length > 0; looked += 1) {
    if (looked === MOST) throw new Error(`More than ${MOST} files were dropped: drop fewer.`);
    const entry = /** @type {FileSystemEntry} */ (waiting.pop());
    if (entry.name.startsWith(".")) continue;
    if (entry.isDirectory) waiting.push(...(await childrenOf(entry)));
    else found.push({ path: entry.fullPath.slice(1), content: await fileOf(entry) });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @param {FileSystemEntry} entry @returns {Promise<File>} */
function fileOf(entry) {
  return new Promise((resolve, reject) => {
    /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
  });
}

/** @param {FileSystemEntry} entry @returns {Promise<FileSystemEntry[]>} */
async function childrenOf(entry) {
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const children = [];
  // A browser gives at most a hundred at once, and none at the end.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0 || children.length > MOST) return children;
    children.push(...some);
  }
}
