"""How plausible a text reads in an encoding: letters that one language writes, in words as people write them.

Bytes that are no UTF-8 can be decoded by dozens of encodings, and nearly all of them give something. The right reading
is the one whose letters beyond ASCII belong to one alphabet, stand in words rather than between signs, and have their
capitals at the beginning.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import pairwise

# Letters beyond ASCII, in small ones; of alphabets without a Latin part those that make up most of a text come first,
# before a blank. Languages together where they share their letters or a text has few of them.
_ALPHABETS = """
éèàêçùâîôûëïüœ | äöüß | áéíóúñü | ãáçéóâêõàíúô | àèéìòùî | çàéèòíóúüï | äåöé | åøæéü | áðéíóúýþæö
ąćęłńóśźż | áčďéěíňóřšťúůýž | áäčďéíĺľňóôŕšťúýž | áéíóöőúüű | ăâîșț | ăâîşţ | čćđšž | çğıöşüâîû | çəğıöşü
ąčęėįšųūž | āčēģīķļņšūž | äõöüšž | äöå | ñçáéíóúü | ŵŷâêîôûáï | áéíóú | ëç | ċġħż | ĉĝĥĵŝŭ
àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ
оеаинтсрвлкмдпу яыьгзбчйхжшюцщэфъё | оаинвіртеслкмдуп язьбгйчхцїжєющшфґ | аеоинтрсвдлкпмзу бгъячхщжцшюйь
аоиентсрвлудкмпз јњљћђџжчцшбгфхѓќѕ | аентісыолрдкбғқжңөұүһ мпгзйуяшхцчэюёщъь
αοιετσνηυρπκμλως άίόέήύώδγχθφβξζψϊϋΐΰ | יוהלאתרבמשנחפקדעסכ גזטצםןךףץ
اليمونتربعدسفكق ةحجشطصخغهىثذضزءأآإئؤظپچژگیکہھےںٹڈڑ | านรเงกมยลวดทสตปคบอ ขหพจชแไโใซถผฟศธภณฝญิีึืุูัะ็่้์ำ
"""
# The Han characters that make up a good part of Chinese in each writing, and of Japanese.
_HAN = """
的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长
的一是不了人我在有他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長
日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨私的会社者分地方場手自部同事新発田明思家動力立言代目物
"""
# What a character beyond ASCII counts: no text has control characters, and few have signs inside words.
_CONTROL, _SIGN_IN_WORD, _SIGN, _USUAL_SIGN, _OTHER_LETTER, _MIXED, _CAPITALS = -4.0, -2.0, -1.0, 0.3, 0.2, -1.5, -0.1
_EDGES = frozenset("«»„“”‘’‚‹›–—…°€§·•¿¡№、。，！？：；「」『』（）《》〈〉～")
_INSIDE = frozenset("’ʼ‐·\u200c\u200d\u00ad׳״・〜～")
_ONE_SCRIPT = 0.8  # of the letters
_RUNS = re.compile(r"[^\s\x00-\x2c\x2e-\x40\x5b-\x60\x7b-\x7f]+")  # letters, hyphens and everything beyond ASCII


def plausibility(text: str) -> float:
    """How plausible a reading of bytes is, for each character beyond ASCII: at most 1; below 0 it is none.

    Readings of the same bytes compare, not those of different ones.
    """
    runs = [run for run in _RUNS.findall(text) if not run.isascii()]
    if not runs:
        return 0.0
    beyond = [c for run in runs for c in run if c > "\x7f"]
    letters = [c.lower() for c in beyond if c.isalpha() or unicodedata.category(c)[0] == "M"]
    known = _best_language(letters)
    return sum(_of_run(run, known) for run in runs) / len(beyond)


def _best_language(letters: list[str]) -> dict[str, float]:
    """The weights of the language whose letters these are most."""
    counts = Counter(letters)
    return max(_languages(), key=lambda weights: sum(n * weights.get(letter, 0.0) for letter, n in counts.items()))


def is_of_one_script(text: str) -> bool:
    """Whether nearly all letters are of one script, and all characters have a meaning; for those scripts, too, whose
    languages `plausibility` does not know.
    """
    if any(unicodedata.category(c) in ("Cn", "Co", "Cs") for c in text):
        return False
    found = Counter(_script(c) for c in text if c.isalpha())
    return bool(found) and found.most_common(1)[0][1] >= _ONE_SCRIPT * found.total()


@cache
def _languages() -> tuple[dict[str, float], ...]:
    """A weight for each letter, by language; the more letters a language has, the less each proves."""
    found: list[dict[str, float]] = [{}]
    for alphabet in _ALPHABETS.replace("\n", "|").split("|"):
        often, _, seldom = alphabet.strip().partition(" ")
        if often:
            size = len(often) + len(seldom)
            high = 1.0 - 0.002 * min(size, 50)
            found.append({**dict.fromkeys(often, high), **dict.fromkeys(seldom.replace(" ", ""), high - 0.35)})
    kana = dict.fromkeys(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F5), 0x30FC, 0x3005)), 0.95)
    for writing in _HAN.split():
        found.append({**dict.fromkeys(writing, 0.95), **(kana if "円" in writing else {})})
    found.append({chr(code): 0.9 for code in range(0xAC00, 0xD7A4)})
    return tuple(found)


def _of_run(run: str, known: dict[str, float]) -> float:
    """The sum over the characters beyond ASCII of a run."""
    beyond = [c for c in run if c > "\x7f"]
    total = sum(_of_character(run, i, known) for i, c in enumerate(run) if c > "\x7f")
    if len({_script(c) for c in run if c.isalpha()}) > 1:
        total += _MIXED * sum(c.isalpha() for c in beyond)
    if len(beyond) > 1 and run.isupper():
        total += _CAPITALS * len(beyond)
    return total - sum(a.islower() and b.isupper() for a, b in pairwise(run))


def _of_character(run: str, i: int, known: dict[str, float]) -> float:
    c = run[i]
    kind = unicodedata.category(c)
    if kind in ("Cc", "Cn", "Co", "Cs"):
        return _CONTROL
    inside = 0 < i < len(run) - 1 and run[i - 1].isalpha() and run[i + 1].isalpha()
    if c in _INSIDE and inside:
        return _USUAL_SIGN
    if kind[0] in "LM" and kind != "Lm" and c not in "ªº" and not "\uff61" <= c <= "\uffdc":  # half-width kana
        return known.get(c.lower(), _OTHER_LETTER)
    if c in known:  # a mark of length, between kana
        return known[c]
    if c in _EDGES:
        return _USUAL_SIGN if not inside or c >= "\u2e80" else _SIGN
    return _SIGN_IN_WORD if 0 < i < len(run) - 1 else _SIGN


def _script(c: str) -> str:
    """A word for the script of a letter; Japanese writes Han and kana together."""
    if c < "\u0250" or "\u1e00" <= c <= "\u1eff":
        return "Latin"
    if "\u3005" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff":
        return "Han or kana"
    return unicodedata.name(c, "?").partition(" ")[0]
