"""Languages: what the rules of tokens depend on, and which language a text is in, by its function words.

Only languages with Latin or Greek letters are here: single letters of all other scripts are kept anyway, and elision
is a matter of these.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from embedlab.text.normalization import lower, normalize

# language | function words, mostly of two letters and more | single ASCII letters that are words | what elides before
# an apostrophe. A line that is indented goes on with the one above.
_TABLE = """
English | the of and to in is that was it for with he as on his by at from this are not have be but they which you or
    an its were been has had their she her we will can would there what all when who if about so into my your | a i |
French | le la les de des du et est un une dans que qui qu pour pas sur au ne ce se avec il elle nous vous ont sont
    plus | a y | c d j l m n s t qu jusqu lorsqu puisqu
Italian | il lo la gli le di del della dei che è un una in per non con si da al nel sono come più anche suo ha | a e i
    o | c d l m n s t v un all dall dell nell sull coll quell quest bell sant com cos dov anch nient nessun po
Spanish | el la los las de del que en un una por con no se su para es al lo como más pero sus le ya fue este | a e o u
    y |
Portuguese | os as de do da dos das que em um uma para com não por no na se mais ao foi ele ela é são seu sua | a e o
    | d
Catalan | el la els les de del dels que en un una per amb no es al com més però va seu són ha als | a e i o u | d l m
    n s t
Galician | os as de do da dos das que en un unha para con non por no na se máis ao foi é son seu súa | a e o |
Romanian | și de la în cu pe din nu este un care să se pentru mai au fost ca sau prin după lui | a e i l m n o s v |
German | der die das und ist nicht ein eine zu den dem von mit sich auf für es im des er sie auch als war wir ich | |
Dutch | de het een en van is niet in op te dat die met voor zijn aan er als ook maar bij om hij naar was door
    | n s t u |
Afrikaans | die en van is nie in op te dat wat met vir aan het om sy hy ek ons as hulle ook maar was se | n |
Swedish | och att det som en är på för av med den till inte har om ett hon han var jag från vid men de | i |
Danish | og at det som en er på for af med den til ikke har om et hun han var jeg fra ved men de | i |
Norwegian | og at det som en er på for av med den til ikke har om et hun han var jeg fra ved men de | i |
Icelandic | og að það sem er á í um við með til ekki hann hún en ég af fyrir var því þá þar | |
Finnish | ja on ei se että hän oli ovat mutta kun niin myös joka kuin sen olla hänen tai ole sitä | |
Hungarian | az és hogy nem is egy volt van meg ez de csak már ha mint el ki még vagy azt | a e s |
Polish | na się nie do to jest że jak po ale co od za jego przez tak był jej są dla | a i o u w z |
Czech | na se je že do to za ale po jako by jsou byl který pro co jeho při | a i k o s u v z |
Slovak | na sa je že do to za ale po ako by sú bol ktorý pre čo jeho pri | a i k o s u v z |
Croatian | je da se na su za od kao iz ali ne što nije bio bila koji koja to je | a i k o s u |
Slovenian | in je na da se so za od pa ne ki bi kot po pri je ali iz sta | a h k o s v z |
Lithuanian | ir yra kad į iš su ne tai jis buvo kaip ar bet nuo jo jos už per prie apie | o |
Albanian | dhe të në një me për është nga që se ka më si nuk do janë ky kjo | a e i u |
Turkish | ve bir bu da de için çok daha ile gibi olarak en olan ne kadar var ama değil mi her sonra | o |
Azerbaijani | və bir bu da də üçün çox daha ilə kimi olan ki nə bütün sonra amma deyil hər ən | o |
Vietnamese | và của là có không một những các được cho với người trong này đã để khi ở tôi rất đến cũng như | a e i o
    u y |
Indonesian | yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke karena ada mereka saya oleh kami | |
Irish | an na agus ar is ag go le bhí sé sí mar nach tá do leis seo ach air | a i |
Welsh | yr yn ac ar ei mae am gan wedi oedd eu wrth hyn hi ond nid | a e i o u y |
Esperanto | la de kaj en estas al ne mi ke por kun li ŝi pri sed ili tio el kiel ĝi | |
Latin | et in est non ad cum ut sed qui quae quod ex esse aut si per sunt atque enim ab | a e o |
Greek | και το να του η της με για που την στο τα είναι από δεν ο οι στη των τον στην θα ένα μια | |
"""
_ENOUGH = 0.08  # of a text's words are function words of its language; a third and more usually
_FEWEST = 2  # different ones
_WORD = re.compile(r"[^\W\d_]+'?")


@dataclass(frozen=True)
class Language:
    """What the rules of tokens depend on."""

    name: str
    common: frozenset[str]  # function words, and what elides, with its apostrophe
    singles: str  # ASCII letters that are words by themselves
    elided: tuple[str, ...]  # what loses its vowel before an apostrophe, without it


@cache
def languages() -> dict[str, Language]:
    """All by name, English first."""
    found = {}
    for line in _TABLE.strip().replace("\n   ", "").splitlines():
        name, common, singles, elided = (part.split() for part in line.split("|"))
        known = frozenset([*common, *(f"{word}'" for word in elided)])
        found[name[0]] = Language(name[0], known, "".join(singles), tuple(elided))
    return found


def language_of(sample: str) -> Language | None:
    """The language of which a text has most function words; English where another is no better; None: none of them."""
    words = Counter(_WORD.findall(lower(normalize(sample))))
    found, best = None, max(_ENOUGH * words.total(), 1.0)
    for language in languages().values():
        shared = words.keys() & language.common
        many = sum(words[word] for word in shared)
        if many > best and len(shared) >= _FEWEST:
            found, best = language, many
    return found
