"""Words that are markup, commands or tricks: 10 files and more. They are text, and come out as they went in."""

from tests.hostile.case import ROWS, SAME, Case, npz, text

import numpy as np  # isort: skip

_SETS = {
    "html": ("<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "<unk>", "</s>", "&lt;", "<!--"),
    "markdown": ("[x](javascript:alert(1))", "![x](http://a/b.png)", "**bold**", "`code`", ":smile:", "#h"),
    "formulas": ("=1+1", "+cmd|'/C'!A0", "-2+3", "@SUM(A1)", "=HYPERLINK('a')", "%0A"),
    "mathematics": ("$x$", "$$\\frac{1}{2}$$", "\\(x\\)", "{{x}}", "{%if%}", "${x}"),
    "terminal": ("\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x07", "a\x08b", "\x7f", "\x9b31m"),
    "zero byte": ("a\0b", "\0a", "b\x01", "c", "d", "e"),
    "direction": ("\u202egnp.exe", "\u200fabc", "a\u200bb", "\u2066x\u2069", "a\ufefftail", "\u2028"),
    "emoji": ("👨‍👩‍👧‍👦", "🏳️‍🌈", "\u00e9", "e\u0301", "\ufb01", "\u212b"),
    "names of nothing": ("nan", "None", "null", "True", "inf", "NA"),
    "numbers": ("1", "1.5", "1e5", "-1", "0x10", "1_000"),
    "commands": ("'; DROP TABLE words; --", "$(reboot)", "../../etc/passwd", "C:\\con", "%s%s%n", "file:///etc"),
    "blanks of Unicode": ("a\u00a0b", "\u00a0", "\u3000", "a\u2003b", "\u0085", "x\u1680"),
}
HEADER = "6 4"
CASES = [Case("words", name, text(words, header=HEADER), SAME, words=words) for name, words in _SETS.items()] + [
    Case("words", f"{name}, npz", npz(words=np.array(words), vectors=np.array(ROWS, np.float32)), SAME, words=words)
    for name, words in _SETS.items()
]
