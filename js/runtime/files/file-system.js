// The notebook's folder as a file system of Emscripten, which Python sees at /home. Its tree is in memory, what the files
// hold is not (content.js). What Python changes is collected until it is taken; what the page changes is put in.

/** @import { FileChange } from "../../types.d.ts" */
/** @import { ReadBlob } from "./content.js" */

import { FileContent } from "./content.js";

/** A node of Emscripten's: a folder with `children`, or a file with `content`. @typedef {any} Node */

// Emscripten's numbers of errors (WASI).
const ENOENT = 44;
const EINVAL = 28;
const EIO = 29;
const ENOTEMPTY = 55;
const EPERM = 63;
const ENOMEM = 48;

const FOLDER = 0o40777;
const FILE = 0o100666;

/**
 * What lasts as long as the session alone, and is not shown: what programs and IPython keep for themselves, compiled
 * modules, and the database of SQL cells, whose tables the cells make anew.
 */
const OF_THE_SESSION = /^\.|^notebook\.db(-\w+)?$|(^|\/)__pycache__(\/|$)/;

export class NotebookFileSystem {
  #fs;
  #read;
  #onChange;
  /** @type {Node} */
  #root;
  /** Files that Python has changed. @type {Set<Node>} */
  #changed = new Set();
  /** Paths that Python has removed files from. @type {Set<string>} */
  #left = new Set();

  /**
   * @param {any} fs Pyodide's FS
   * @param {ReadBlob} read
   * @param {() => void} onChange called after each change that Python makes
   */
  constructor(fs, read, onChange) {
    this.#fs = fs;
    this.#read = read;
    this.#onChange = onChange;
  }

  /** @param {string} path an empty folder */
  mount(path) {
    const mount = () => (this.#root = this.#create(null, "/", FOLDER));
    this.#fs.mount({ mount }, {}, path);
  }

  /** Puts in what the page has changed. @param {readonly FileChange[]} changes */
  put(changes) {
    for (const { path, content, modifiedAt = Date.now() } of changes) {
      if (content === null) this.#remove(path);
      else this.#place(path, content, modifiedAt);
    }
  }

  /** Returns what Python has changed since the last time. @returns {FileChange[]} */
  take() {
    const paths = [...this.#changed].map((node) => this.#pathOf(node));
    const all = new Set([...this.#left, ...paths]);
    this.#changed.clear();
    this.#left.clear();
    return [...all]
      .filter((path) => !OF_THE_SESSION.test(path))
      .map((path) => this.#changeAt(path));
  }

  /** @param {string} path @returns {FileChange} */
  #changeAt(path) {
    const node = this.#find(path);
    if (!node?.content) return { path, content: null };
    return { path, content: node.content.toBlob(), modifiedAt: Number(node.mtime) };
  }

  /** @param {string} path @param {Blob} blob @param {number} modifiedAt */
  #place(path, blob, modifiedAt) {
    const names = path.split("/");
    const name = /** @type {string} */ (names.pop());
    let folder = this.#root;
    for (const one of names) {
      const next = folder.children.get(one);
      if (next?.content) this.#forget(next);
      folder = next?.children ? next : this.#create(folder, one, FOLDER);
    }
    const before = folder.children.get(name);
    if (before?.children) return; // Python has made a folder of that name
    const node = before ?? this.#create(folder, name, FILE);
    node.content = new FileContent(this.#read, blob);
    node.mtime = node.ctime = modifiedAt;
    this.#changed.delete(node);
  }

  /** Removes a file, and folders that are empty without it. @param {string} path */
  #remove(path) {
    const node = this.#find(path);
    if (!node?.content) return;
    this.#changed.delete(node);
    let { parent } = node;
    this.#forget(node);
    while (parent !== this.#root && parent.children.size === 0) {
      const above = parent.parent;
      this.#forget(parent);
      parent = above;
    }
  }

  /** @param {Node} node */
  #forget(node) {
    node.parent.children.delete(node.name);
    this.#fs.destroyNode(node);
  }

  /** @param {string} path @returns {Node | undefined} */
  #find(path) {
    return path
      .split("/")
      .reduce((node, name) => node?.children?.get(name), /** @type {Node} */ (this.#root));
  }

  /** @param {Node} node */
  #pathOf(node) {
    const names = [];
    for (let one = node; one !== this.#root; one = one.parent) names.unshift(one.name);
    return names.join("/");
  }

  /** All files in a folder, or the file itself. @param {Node} node @returns {Node[]} */
  #filesIn(node) {
    if (node.content) return [node];
    return [...node.children.values()].flatMap((child) => this.#filesIn(child));
  }

  /** @param {Node | null} parent @param {string} name @param {number} mode */
  #create(parent, name, mode) {
    const node = this.#fs.createNode(parent, name, mode, 0);
    node.node_ops = this.#nodeOperations;
    node.stream_ops = this.#streamOperations;
    if (this.#fs.isDir(mode)) node.children = new Map();
    else node.content = new FileContent(this.#read);
    parent?.children.set(name, node);
    return node;
  }

  /** @param {Node} node */
  #note(node) {
    node.mtime = node.ctime = Date.now();
    this.#changed.add(node);
    this.#onChange();
  }

  /** @param {number} code @returns {never} */
  #fail(code) {
    throw new this.#fs.ErrnoError(code);
  }

  /** Reads or changes what a file holds; its Blob may be gone, and the memory full. @template T @param {() => T} work @returns {T} */
  #reach(work) {
    try {
      return work();
    } catch (error) {
      return this.#fail(error instanceof RangeError ? ENOMEM : EIO);
    }
  }

  #nodeOperations = {
    getattr: (/** @type {Node} */ node) => {
      const size = node.content?.size ?? 4096;
      const [atime, mtime, ctime] = [node.atime, node.mtime, node.ctime].map((at) => new Date(at));
      const common = { dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0 };
      return {
        ...common,
        size,
        atime,
        mtime,
        ctime,
        blksize: 4096,
        blocks: Math.ceil(size / 4096),
      };
    },
    setattr: (/** @type {Node} */ node, /** @type {any} */ attributes) => {
      for (const key of ["mode", "atime", "mtime", "ctime"]) {
        if (Number.isFinite(attributes[key])) node[key] = attributes[key];
      }
      if (attributes.size === undefined || !node.content) return;
      this.#reach(() => node.content.resize(attributes.size));
      this.#note(node);
    },
    lookup: () => this.#fail(ENOENT),
    mknod: (/** @type {Node} */ parent, /** @type {string} */ name, /** @type {number} */ mode) => {
      const isPlain = this.#fs.isDir(mode) || this.#fs.isFile(mode);
      if (!isPlain) return this.#fail(EPERM);
      const node = this.#create(parent, name, mode);
      if (node.content) this.#note(node);
      return node;
    },
    rename: (/** @type {Node} */ node, /** @type {Node} */ folder, /** @type {string} */ name) =>
      this.#rename(node, folder, name),
    unlink: (/** @type {Node} */ parent, /** @type {string} */ name) => {
      const node = parent.children.get(name);
      this.#left.add(this.#pathOf(node));
      this.#changed.delete(node);
      parent.children.delete(name);
      this.#onChange();
    },
    rmdir: (/** @type {Node} */ parent, /** @type {string} */ name) => {
      if (parent.children.get(name).children.size > 0) this.#fail(ENOTEMPTY);
      parent.children.delete(name);
    },
    readdir: (/** @type {Node} */ node) => [".", "..", ...node.children.keys()],
    symlink: () => this.#fail(EPERM),
    readlink: () => this.#fail(EINVAL),
  };

  /** @param {Node} node @param {Node} folder @param {string} name */
  #rename(node, folder, name) {
    const replaced = folder.children.get(name);
    if (replaced?.children?.size > 0) this.#fail(ENOTEMPTY);
    if (replaced) this.#fs.hashRemoveNode(replaced);
    this.#changed.delete(replaced);
    for (const file of this.#filesIn(node)) {
      this.#left.add(this.#pathOf(file));
      this.#changed.add(file);
    }
    node.parent.children.delete(node.name);
    folder.children.set(name, node);
    node.name = name;
    this.#onChange();
  }

  #streamOperations = {
    llseek: (
      /** @type {any} */ stream,
      /** @type {number} */ offset,
      /** @type {number} */ whence,
    ) => {
      const from = [0, stream.position, stream.node.content?.size ?? 0][whence];
      if (from + offset < 0) this.#fail(EINVAL);
      return from + offset;
    },
    read: (
      /** @type {any} */ { node },
      /** @type {Uint8Array} */ buffer,
      /** @type {number} */ offset,
      /** @type {number} */ length,
      /** @type {number} */ position,
    ) => this.#reach(() => node.content.read(buffer.subarray(offset, offset + length), position)),
    write: (
      /** @type {any} */ { node },
      /** @type {Uint8Array} */ buffer,
      /** @type {number} */ offset,
      /** @type {number} */ length,
      /** @type {number} */ position,
    ) => {
      this.#reach(() => node.content.write(buffer.subarray(offset, offset + length), position));
      if (length > 0) this.#note(node);
      return length;
    },
    mmap: (
      /** @type {any} */ { node },
      /** @type {number} */ length,
      /** @type {number} */ position,
      /** @type {number} */ protection,
      /** @type {number} */ flags,
    ) => {
      const contents = new Uint8Array(length);
      this.#reach(() => node.content.read(contents, position));
      const copy = { node: { mode: FILE, contents } };
      const { mmap } = this.#fs.filesystems.MEMFS.stream_ops;
      return mmap(copy, length, 0, protection, flags);
    },
    msync: (
      /** @type {any} */ { node },
      /** @type {Uint8Array} */ buffer,
      /** @type {number} */ offset,
      /** @type {number} */ length,
    ) => {
      this.#reach(() => node.content.write(buffer.subarray(0, length), offset));
      this.#note(node);
      return 0;
    },
  };
}
