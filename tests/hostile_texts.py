"""Titles and addresses that try to become markup, headers, formulas, scripts or links; and titles that are only odd."""

from __future__ import annotations

ODD_TITLES = [
    "Громада | бюджет || рада",
    "*Зірки* і **жирне** _курсив_ __ще__",
    "a < b > c <b>не тег</b>",
    "Бюджет & рада &amp; &#10; &lt;",
    "«Лапки» \"подвійні\" 'одинарні' „нижні“ `зворотні`",
    "Емодзі 🇺🇦 👩‍🚒 🏫 в кінці 🎉",
    "Знак \u200fсправа наліво\u200e і \u202eнавпаки\u202c",
    "Рядок\nдругий рядок\n\nчетвертий",
    "Повернення\r\nкаретки",
    "Табуляція\tі\u00a0нерозривний пробіл\u2028роздільник\u2029абзац",
    "  пробіли з країв  і   всередині ",
    "\\зворотні \\\\ риски \\| \\n",
    "я" * 500,
    "[текст](https://x.example) ![малюнок](https://x.example/i.png)",
    "# Заголовок\n- список\n- [x] `1-abcdef` підробка",
    "## Розділ\n  - en: підробка",
    "_x0041_ _x000D_ літери таблиць",
    "~~закреслено~~ $формула$ ^верх^ http://x.example www.x.example a@b.example",
    "'апостроф спереду",
    "''два апострофи",
    "'=не формула",
    "2026-02-20",
    "00123",
    "1e5",
    "TRUE",
]

HOSTILE_TITLES = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1:A9)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)",
    " =1+1", "\u200b=1+1", "\ufeff=1+1", "'=1+1", "|calc", "%0A=1", "=HYPERLINK(\"https://x.example\";\"y\")",
    "=IMPORTXML(\"https://x.example\",\"//a\")", "=WEBSERVICE(\"https://x.example\")", "-2+3+cmd|' /C calc'!A0",
    "\"=1+1", "a\n=1+1", "x,=1+1", "x\";=1+1",
    "<script>alert(1)</script>", "</title><script>alert(1)</script>", "<img src=https://x.example/p.gif>",
    "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href=javascript:alert(1)>x</a>",
    "<iframe src=https://x.example>", "<style>@import 'https://x.example/a.css'</style>", "</style><script>1</script>",
    "<!--", "-->", "]]>", "<![CDATA[x]]>", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;", "&lt;script&gt;",
    "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "{{ 7*7 }}", "{% include '/etc/passwd' %}", "${7*7}", "<%= 7*7 %>",
    "x\r\nBcc: victim@x.example", "x\nSubject: other", "x\r\n\r\n<b>body</b>", "=?utf-8?q?x?=\r\nBcc: a@x.example",
    "x\u2028Bcc: a@x.example", "x\x0bBcc: a@x.example", "x\x85Bcc: a@x.example", "Content-Type: text/html",
    "--visnyk-boundary", ".\r\nQUIT", "[x](javascript:alert(1))", "![x](https://x.example/p.png)",
    "<javascript:alert(1)>", "<https://x.example>", "`</code><script>`", "\x00\x01\x1b[31m", "\ud800", "\ufffe\uffff",
    "\u202egnp.exe", "<w:p/>", "</w:t></w:r><w:r><w:instrText>HYPERLINK</w:instrText>", "x" * 5000,
]  # fmt: skip

HOSTILE_ADDRESSES = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "\tjavascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "file:///etc/passwd", "ftp://x.example/", "//x.example/a",
    "/relative", "", "https://", "https:///x", "http://user:password@x.example/", "https://x.example@evil.example/",
    "https://x.example/\r\nSet-Cookie: a=b", "https://x.example/ a", "https://x.example/\x00", "https://[::1", "https://x.example:99999999/",
    "mailto:a@x.example", "https://x.example/\u202egnp", "https://\u0000.example/", "https://x.example/\ud800", "blob:https://x.example/1",
]  # fmt: skip

# These may be links, but never more than a link.
RISKY_ADDRESSES = [
    "https://x.example/\"onmouseover=\"alert(1)", "https://x.example/<script>", "https://x.example/?a=1&b=2", "https://x.example/)[x](y)",
    "https://x.example/'||1", "https://x.example/`a`", "https://приклад.укр/новини?q=ї", "https://x.example/{{7*7}}",
    "https://x.example/\\..\\x", "https://x.example:8080/a",
]  # fmt: skip
