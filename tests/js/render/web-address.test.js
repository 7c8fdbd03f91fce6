// Which addresses the page links to, whatever a service or a file says.

import assert from "node:assert/strict";
import test from "node:test";

import { webAddress } from "../../../web/render/web-address.js";

test("addresses of the web are linked", () => {
  for (const url of [
    "https://example.com/a?b=1#c",
    "HTTP://example.org",
    "https://xn--bcher-kva.de/",
  ]) {
    assert.equal(webAddress(url)?.href, new URL(url).href);
  }
});

test("everything else is not", () => {
  const others = [
    ...["javascript:alert(1)", " java\nscript:alert(1)", "data:text/html,x", "blob:https://a/b"],
    ...["file:///etc/passwd", "/relative", "//example.com", "", "https://", "mailto:a@b.c"],
    ...["https://google.com@evil.example/", "vbscript:x"],
  ];
  for (const url of others) assert.equal(webAddress(url), undefined, url);
});
