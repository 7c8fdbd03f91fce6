import assert from "node:assert/strict";
import test from "node:test";

import { homeOf, isAt } from "../../../../js/runtime/keys/home.js";

/** Addresses as they are pasted, requests that are at home there, and requests that are not. @type {[string, string, string[], string[]][]} */
const CASES = [
  [
    "https://api.openai.com/v1",
    "openai",
    ["https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/models"],
    [
      "http://api.openai.com/v1/models",
      "https://api.openai.com:8443/v1/models",
      "https://api.openai.com.evil.example/v1",
      "https://evil.example/api.openai.com/v1",
      "https://api.openai.com@evil.example/v1",
      "not an address",
    ],
  ],
  [
    "https://llm.example.com/team/v1/chat/completions?api-version=1",
    "openai",
    ["https://llm.example.com/team/v1/models", "https://llm.example.com/team/v1?x=1"],
    [
      "https://llm.example.com/other/v1",
      "https://llm.example.com/teamster",
      "https://llm.example.com/",
    ],
  ],
  [
    "LLM.Example.com",
    "openai",
    ["https://llm.example.com/v1/models"],
    ["http://llm.example.com/v1"],
  ],
  [
    "localhost:8000",
    "openai",
    ["http://localhost:8000/v1/models"],
    ["http://localhost:8001/v1/models", "http://localhost/v1/models"],
  ],
  ["192.168.1.20:8000/v1", "openai", ["http://192.168.1.20:8000/v1/models"], []],
  ["[::1]:8080", "openai", ["http://[::1]:8080/v1"], ["http://[::1]:8081/v1"]],
  ["gpu-box", "ollama", ["http://gpu-box:11434/api/chat"], ["http://gpu-box:11435/api/chat"]],
  [
    "https://api.anthropic.com/v1/messages",
    "anthropic",
    ["https://api.anthropic.com/v1/models"],
    ["https://anthropic.com/v1/messages"],
  ],
  ["https://ollama.com/v1", "ollama", ["https://ollama.com/api/chat"], ["http://ollama.com/api"]],
  [
    "https://x.azure.com/openai/deployments/{model}/chat/completions",
    "openai",
    ["https://x.azure.com/openai/deployments/gpt/chat/completions?api-version=1"],
    ["https://y.azure.com/openai"],
  ],
  ['export OPENAI_BASE_URL="https://h.example/v1"', "openai", ["https://h.example/v1/models"], []],
];

for (const [address, type, here, elsewhere] of CASES) {
  test(`a key for ${address} goes there and nowhere else`, () => {
    const home = homeOf(address, type);
    assert.ok(home);
    for (const url of here) assert.equal(isAt(url, home), true, url);
    for (const url of [...elsewhere, "https://evil.example/v1"]) {
      assert.equal(isAt(url, home), false, url);
    }
  });
}

test("what is no address is nobody's home", () => {
  for (const text of ["", "https://", "http://[", "a b c"]) assert.equal(homeOf(text), undefined);
});
