"""Word lists about gender: pairs that define its direction, words that mean it, occupations that do not."""

Pairs = tuple[tuple[str, str], ...]


def _pairs(text: str) -> Pairs:
    return tuple((a, b) for a, _, b in (pair.partition("–") for pair in text.split()))


# Bolukbasi et al. (2016), section 5: ten pairs whose differences give the direction, here from he to she.
DEFINING = _pairs(
    "he–she his–her man–woman himself–herself male–female boy–girl son–daughter father–mother guy–gal john–mary"
)
# Pairs that differ in gender alone: single words of the same paper's appendix C.
EQUALIZED = _pairs(
    "he–she himself–herself his–her man–woman men–women male–female males–females boy–girl boys–girls brother–sister "
    "brothers–sisters father–mother fathers–mothers dad–mom dads–moms son–daughter sons–daughters uncle–aunt "
    "nephew–niece husbands–wives grandfather–grandmother grandpa–grandma grandson–granddaughter "
    "grandsons–granddaughters fatherhood–motherhood gentleman–lady gentlemen–ladies king–queen kings–queens "
    "prince–princess councilman–councilwoman congressman–congresswoman chairman–chairwoman businessman–businesswoman "
    "spokesman–spokeswoman schoolboy–schoolgirl monastery–convent fraternity–sorority testosterone–estrogen colt–filly "
    "gelding–mare"
)
_ALSO_GENDERED = (
    "him hers husband wife hubby bride groom bridegroom widow widower fiancé fiancée boyfriend girlfriend boyfriends "
    "girlfriends bachelor bachelors bachelorette spinster maiden maid maids madam mistress sir lord lords lady dame "
    "duke duchess count countess earl baron baroness emperor empress tsar tsarina sultan heir heiress heirs prince "
    "princes princesses actor actress actors actresses waiter waitress waitresses steward stewardess hostess host "
    "policeman policewoman fireman salesman saleswoman sportsman sportswoman statesman frontman horseman horsemen "
    "cowboy cowboys nobleman noblewoman manhood womanhood girlhood boyhood brotherhood sisterhood fraternal maternal "
    "paternal maternity paternity motherly fatherly feminine masculine femininity masculinity feminist feminism aunts "
    "uncles nieces nephews mum mama mommy papa daddy stepfather stepmother stepson stepdaughter grandfathers "
    "grandmothers godfather godmother lads lad lass guys gals dude dudes bloke blokes chap nun nuns monk monks priest "
    "priestess priests friar abbess abbot patriarch patriarchal matriarch goddess god gods goddesses wizard witch "
    "witches hero heroine heroes sorcerer sorceress bull bulls cow cows ox hen rooster stallion stallions mare mares "
    "ewe ram lion lioness filly colt colts pregnant pregnancy womb uterus vagina penis prostate sperm testes ovarian "
    "ovaries menopause menstruation beard mustache moustache mr mrs ms miss mister monsieur mademoiselle ballerina "
    "diva starlet geisha viscount viscountess marquess marchioness suitor suitors sons-in-law son-in-law "
    "daughter-in-law father-in-law mother-in-law brother-in-law sister-in-law semen lesbian lesbians gay"
)
# Words that mean a gender, in the manner of that appendix: they keep it. First names are not among them.
GENDERED = tuple(dict.fromkeys([*(word for pair in (*DEFINING, *EQUALIZED) for word in pair), *_ALSO_GENDERED.split()]))
# Occupations of the US labor statistics that are one word: Zhao et al. (2018), "Gender bias in coreference resolution".
_OCCUPATIONS = (
    "carpenter mechanic laborer driver sheriff mover developer farmer guard chief janitor lawyer cook physician ceo "
    "analyst manager supervisor salesperson editor designer accountant auditor writer baker clerk cashier counselor "
    "attendant teacher tailor librarian assistant cleaner housekeeper nurse receptionist hairdresser secretary"
)
OCCUPATIONS = tuple(_OCCUPATIONS.split())
