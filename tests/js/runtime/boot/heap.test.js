import assert from "node:assert/strict";
import test from "node:test";

import { reachAllMemory } from "../../../../js/runtime/boot/heap.js";

const PAGE = 65536;
const SIZE = 0xc000_0000;

/** What Emscripten has: views of a memory, made anew when it grows. */
function makeModule() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: SIZE / PAGE });
  const module = /** @type {{ HEAP8: Int8Array, HEAPU8: Uint8Array }} */ ({});
  const look = () => {
    module.HEAP8 = new Int8Array(memory.buffer);
    module.HEAPU8 = new Uint8Array(memory.buffer);
  };
  look();
  reachAllMemory(module);
  memory.grow(SIZE / PAGE - 1);
  look();
  return module;
}

test("bytes are read and written at every address, as the signed number that WebAssembly hands over", () => {
  const module = makeModule();
  for (const address of [0, 8, 0x7fff_fffc, 0x8000_0000, 0xbfff_fff0]) {
    for (const view of [module.HEAP8, module.HEAPU8]) {
      const start = address | 0;
      view.set([1, 2, 3, 4], start);
      assert.equal(view.subarray(start, (start + 4) | 0).byteOffset, address);
      assert.deepEqual([...view.subarray(start, (start + 4) | 0)], [1, 2, 3, 4]);
      assert.deepEqual([...view.slice(start, (start + 4) | 0)], [1, 2, 3, 4]);
      view.set([0, 0, 0, 0], address);
    }
  }
});

test("what is left out is as without it", () => {
  const { HEAPU8 } = makeModule();
  HEAPU8.set([7, 8]);
  assert.deepEqual([...HEAPU8.subarray(0, 2)], [7, 8]);
  assert.equal(HEAPU8.subarray(SIZE - 2).length, 2);
  assert.equal(HEAPU8.subarray().length, SIZE);
});

test("a Pyodide that does not show its memory is left alone", () => {
  reachAllMemory(undefined);
  const module = {};
  reachAllMemory(module);
  assert.deepEqual(Object.getOwnPropertyNames(module), []);
});
