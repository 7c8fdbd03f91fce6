// What only a person may write is what the schema says.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { isForPeople } from "../../../../js/notebook/person/events.js";

const text = await readFile(new URL("../../../../schema/events.json", import.meta.url), "utf8");
/** @type {{ oneOf: any[] }} */
const { oneOf } = JSON.parse(text);

test("the events that only a person may write are those of the schema", () => {
  const told = oneOf.map(({ properties, "x-writtenBy": by }) => [properties.name.const, by.join()]);
  for (const [name, by] of told) {
    assert.equal(isForPeople({ name, args: {} }), by === "person", name);
  }
  assert.equal(told.filter(([, by]) => by === "person").length, 4);
});
