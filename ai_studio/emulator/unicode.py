"""Text that is hard to carry: several bytes per character, several characters per grapheme, both directions."""

from __future__ import annotations

import re
from random import Random

PHRASES = (
    "Zoë café naïve: e\u0301 is not é, A\u030a is not Å.",
    "Zalgo h\u0337e\u0334l\u0335l\u0336o\u0338, stacked q\u0307\u0323.",
    "Family 👩‍👩‍👧‍👦, flags 🇧🇷🇳🇴🇯🇵, skin tones 👍🏽 👩🏿‍🚀, keycap 7️⃣, rainbow 🏳️‍🌈.",
    "日本語の文章は空白なしで続きます。漢字、かな、カナ。",
    "中文沒有空格，标点也占两格。",
    "한국어는 조합형과 완성형이 있습니다: 한글 / \u1112\u1161\u11ab\u1100\u1173\u11af.",
    "مرحبا بالعالم، النص من اليمين إلى اليسار ١٢٣.",
    "שלום עולם (סוגריים) 123 ועוד abc באמצע.",
    "नमस्ते दुनिया, क्षत्रिय, श्री।",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำ",
    "Vertical 𝒜𝓁𝓅𝒽𝒶 𝔅𝔢𝔱𝔞 𝟘𝟙𝟚, hieroglyph 𓀀, clef 𝄞.",
    "Controls: tab\tnon-breaking\u00a0space, zero\u200bwidth, soft\u00adhyphen, \u202eoverride\u202c.",
    'JSON\'s own: "quotes", back\\slash, </script>, &amp;, \u0001, \x7f.',
    "Ελληνικά, Кириллица, Հայերեն, ქართული, Tiếng Việt, Türkçe İıŞş.",
)  # fmt: skip


SEPARATED = (
    "One line\u2028and another\u2029and a paragraph\u0085and the next. To server-sent events all this is one line."
)


def separator_tokens() -> tuple[str, ...]:
    """Words parted by what many a library takes for the end of a line, though only CR and LF end one here."""
    return tuple(re.findall(r".[^ \u2028\u2029\u0085]*", SEPARATED, re.DOTALL))


def unicode_tokens(random: Random) -> tuple[str, ...]:
    """All phrases in some order, in pieces of one to three code points: a token may end inside a grapheme."""
    text = "\n\n".join(random.sample(PHRASES, len(PHRASES)))
    tokens = []
    start = 0
    while start < len(text):
        end = start + random.randint(1, 3)
        tokens.append(text[start:end])
        start = end
    return tuple(tokens)
