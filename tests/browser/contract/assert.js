// What the store's contract needs of node:assert/strict, in a page.

import { assert } from "chai";

export default { ...assert, equal: assert.strictEqual };
