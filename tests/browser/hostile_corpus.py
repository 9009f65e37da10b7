"""Hostile Markdown by multiplication: each attempt in each place where Markdown puts text, each address in each form of a link."""

from __future__ import annotations

from tests.browser.hostile import CASES, PWN, SPY

ATTEMPTS = {
    "img": f"<img src=x onerror={PWN}>",
    "img-remote": f'<img src="{SPY}/i.png" srcset="{SPY}/j.png 2x">',
    "script": f"<script>{PWN}</script>",
    "svg": f"<svg/onload={PWN}>",
    "iframe": f'<iframe srcdoc="<script>parent.{PWN}</script>" src="{SPY}"></iframe>',
    "anchor": f'<a href="javascript:{PWN}" onclick="{PWN}" ping="{SPY}">x</a>',
    "style": f"<style>*{{background:url({SPY}/s.png)}}</style>",
    "styled": f'<span style="background:url({SPY}/s.png);position:fixed;inset:0" class="backdrop" id="message">x</span>',
    "kept-tag": f'<b onmouseover="{PWN}" style="color:red" id="app">x</b>',
    "form": f'<form action="{SPY}"><button formaction="javascript:{PWN}">x</button><input name=a autofocus onfocus={PWN}></form>',
    "math": f'<math><maction actiontype="statusline" xlink:href="javascript:{PWN}">x</maction></math>',
    "template": f"<template shadowrootmode=open><script>{PWN}</script></template>",
    "picture": f"![x]({SPY}/m.png)",
    "picture-title": f'![x]({SPY}/m.png "\\" onerror={PWN} ")',
    "tex": f"$\\href{{javascript:{PWN}}}{{x}}\\includegraphics{{{SPY}/t.png}}$",
    "entities": f"&lt;img src=x onerror={PWN}&gt;&#x3c;script&#x3e;{PWN}&#60;/script&#62;",
}

PLACES = {
    "heading": "# {}",
    "list": "- {}",
    "nested-list": "1. a\n   - {}\n",
    "quotation": "> > {}",
    "cell": "| a | b |\n|---|:-:|\n| {} | x |",
    "strong": "**{}**",
    "link-text": f"[{{}}]({SPY})",
    "alternative": f"![{{}}]({SPY}/p.png)",
    "code-span-open": "`a {}",
    "fence-open": "~~~html {}\n{}",
    "reference": f"[x][y]\n\n[y]: {SPY} '{{}}'",
    "in-kept-tag": "<kbd>{}</kbd>",
    "in-comment": "<!-- {} -->{}",
    "in-attribute": '<b title="{}">x</b>',
    "in-fold": "<details><summary>{}</summary>\n\n{}\n\n</details>",
}

ADDRESSES = {
    "javascript": f"javascript:{PWN}",
    "mixed-case": f"jAvAsCrIpT:{PWN}",
    "tab": f"java\tscript:{PWN}",
    "newline": f"java&#10;script:{PWN}",
    "null": f"java&#0;script:{PWN}",
    "control": f"&#1;javascript:{PWN}",
    "decimal-entities": "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;window.pwned=1",
    "hex-entities": "&#x6A;&#x61;vascript&#x3A;window.pwned=1",
    "named-entities": "javascript&colon;window.pwned=1",
    "percent": "javascript%3Awindow.pwned=1",
    "wide": "ｊａｖａｓｃｒｉｐｔ:window.pwned=1",
    "data-html": f"data:text/html;base64,PHNjcmlwdD5{PWN}",
    "data-svg": f"data:image/svg+xml,<svg onload={PWN}>",
    "vbscript": "vbscript:msgbox(1)",
    "view-source": "view-source:https://spy.example",
    "file": "file:///etc/passwd",
    "blob": "blob:https://spy.example/x",
    "about": "about:blank",
    "relative": "/accounts/logout/",
    "protocol-relative": "//spy.example/x",
    "backslashes": "\\\\spy.example\\x",
    "filesystem": "filesystem:https://spy.example/x",
    "intent": "intent://x#Intent;end",
    "user-info": "https://accounts.example@spy.example/",
}

LINKS = {
    "markdown": "[x]({})",
    "angle": "[x](<{}>)",
    "reference": "[x][r]\n\n[r]: <{}>",
    "autolink": "<{}>",
    "html": '<a href="{}" target="_self">x</a>',
    "image": "![x]({})",
}


def corpus() -> dict[str, str]:
    """By name, all cases; each is a document of its own."""
    placed = {
        f"{attempt} in {place}": form.replace("{}", text)
        for attempt, text in ATTEMPTS.items()
        for place, form in PLACES.items()
    }
    linked = {
        f"{address} as {link}": form.replace("{}", text)
        for address, text in ADDRESSES.items()
        for link, form in LINKS.items()
    }
    return {**CASES, **placed, **linked}
