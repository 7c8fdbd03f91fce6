// What the store's contract needs of node:test, in a page: the cases, each to be run by its name.

/**
 * @typedef {{ after: (end: () => unknown) => void, mock: { method: typeof mockMethod } }} Context
 * @type {Map<string, (t: Context) => unknown>}
 */
const cases = new Map();

/** @param {string} name @param {(t: Context) => unknown} run */
export default function test(name, run) {
  cases.set(name, run);
}

/** The names of all cases. */
export function names() {
  return [...cases.keys()];
}

/** Rejects with what the case fails with. @param {string} name */
export async function run(name) {
  /** @type {(() => unknown)[]} */
  const ends = [];
  const t = {
    after: (/** @type {() => unknown} */ end) => ends.push(end),
    mock: { method: mockMethod },
  };
  try {
    await cases.get(name)?.(t);
  } finally {
    for (const end of ends) await end();
  }
}

/** @param {any} object @param {string} name @param {(...args: any[]) => unknown} instead until the page is left */
function mockMethod(object, name, instead) {
  let calls = 0;
  object[name] = (/** @type {any[]} */ ...args) => {
    calls += 1;
    return instead(...args);
  };
  return { mock: { callCount: () => calls } };
}
