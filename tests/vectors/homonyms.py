"""Forty words with two meanings each, and words of either; and forty words with one meaning.

Written before any method was tried on them.
"""

# The first twenty may be looked at while a method is chosen; the last twenty may not.
HOMONYMS = {
    "bank": (
        "banks banking loans credit loan deposits finance barclays bankers savings lending hsbc deposit "
        "lender investment mortgage",
        "river banks shore riverbank stream gaza jordan estuary thames west upstream confluence creek",
    ),
    "java": (
        "programming software python linux unix php api perl javascript code runtime compiler sun c++ sql platform",
        "sumatra indonesia indonesian borneo jakarta javanese bali island sulawesi malay yogyakarta surabaya bandung",
    ),
    "apple": (
        "macintosh microsoft ibm mac iphone ipod ipad itunes software computer google intel os hardware",
        "fruit cherry orange fruits peach apples potato tomato juice berry pear grape lemon cider",
    ),
    "mercury": (
        "venus jupiter saturn planet planets orbit mars neptune uranus moon pluto asteroid",
        "lead arsenic cadmium metal sulfur chlorine toxic metals sodium zinc copper oxide vapor sulfide",
    ),
    "bow": (
        "arrow arrows archery sword spear crossbow bows archers archer knife axe",
        "stern hull deck keel port mast rudder ship vessel starboard ships boat aft",
    ),
    "bass": (
        "guitar drums guitarist bassist drummer vocals keyboards percussion piano guitars saxophone",
        "trout fish perch salmon fishing walleye pike catfish carp largemouth crappie",
    ),
    "crane": (
        "cranes hoist lift lifting equipment gantry machinery tower loader truck winch derrick",
        "heron stork bird birds swan goose egret ibis pelican hawk owl frasier",
    ),
    "python": (
        "java perl programming php javascript ruby code linux scripting software compiler",
        "snake snakes monty cleese cobra crocodile snake reptile boa lizard comedy palin flying",
    ),
    "jaguar": (
        "cars car bmw ferrari porsche ford mercedes rover aston audi sedan toyota racing",
        "panther leopard lion tiger cougar puma cat animal wolf bear cheetah lynx",
    ),
    "spring": (
        "summer autumn winter season april march fall june months september",
        "coil springs valve bolt lever screw water hot fountain well creek mineral",
    ),
    "seal": (
        "seals emblem coat stamp insignia flag badge inscription logo crest motto sealed",
        "whale walrus whales dolphin fur penguin otter seals sea turtle shark polar",
    ),
    "mouse": (
        "keyboard button click cursor mickey screen joystick buttons user interface pointer",
        "rat mice rodent rats rabbit cat rodents hamster monkey gene",
    ),
    "amazon": (
        "river jungle basin rainforest orinoco tropical forest andes brazil brazilian forests",
        "ebay google com online itunes netflix books kindle store yahoo retailer microsoft",
    ),
    "plant": (
        "plants flowering species seeds leaves flowers crop crops fungi herb seed weed vegetation",
        "factory power nuclear plants reactor refinery manufacturing coal mill production steel industrial",
    ),
    "organ": (
        "piano harpsichord instrument organs organist choir pipe keyboard violin cello choral",
        "tissue organs liver kidney transplant brain cells heart tissues body donor muscle",
    ),
    "pitcher": (
        "baseball inning outfielder catcher pitching batter shortstop infielder hitter pitchers innings reliever",
        "jug bowl cup vase bottle plants plant nepenthes lid bucket glass",
    ),
    "cell": (
        "cells membrane protein tissue dna tumor proteins genes mitochondria receptor molecules",
        "phone phones prison mobile battery telephone inmate cellular jail solitary handset",
    ),
    "turkey": (
        "greece iran turkish syria bulgaria istanbul ankara iraq cyprus azerbaijan ukraine",
        "chicken goose duck meat bird pheasant geese deer beef quail wild",
    ),
    "bark": (
        "tree leaves trees trunk wood leaf branches stem roots fruit twigs resin oak",
        "dog howl growl dogs bite barking ship ships schooner brig sail vessel barque",
    ),
    "court": (
        "judge supreme appeals courts appeal jury judicial judges ruling lawyer appellate justice trial",
        "royal tennis emperor king palace duke indoor basketball clay queen prince nobles imperial",
    ),
    "mole": (
        "rat shrew rodent squirrel mouse badger rabbit animal hedgehog frog moles mammal",
        "gram molar kg mol molecule atoms molecules grams unit kilogram spy agent mass",
    ),
    "bat": (
        "ball bowler wicket batting batsman pitcher batted hitter cricket runs bats stumps",
        "bats mammal rodent fruit squirrel rat insect bird mouse owl species rabbit insects",
    ),
    "palm": (
        "tree trees coconut oil dates fronds mango pine oak plantations beach banana",
        "hand fingers finger thumb wrist hands pda handheld treo pilot foot forehead",
    ),
    "nail": (
        "finger fingers toe toes thumb skin nails hair fingernails tooth teeth",
        "hammer nails screw wood knife wooden screws bolt drill coffin saw iron",
    ),
    "virus": (
        "infection viruses hiv influenza disease infected infections hepatitis viral vaccine herpes",
        "computer malware software worm viruses antivirus windows hacker email program spyware",
    ),
    "washington": (
        "seattle oregon spokane state idaho tacoma portland california olympia",
        "president jefferson george lincoln adams jackson roosevelt franklin madison congress virginia",
    ),
    "ring": (
        "wrestling boxing fight match wrestler wwe ropes fighter heavyweight bout",
        "rings circle circular finger jewelry necklace bracelet gold sword diamond crown",
    ),
    "match": (
        "matches game final tournament win semifinal cup opponent played round championship opponents wrestling",
        "matching compare fit correspond pattern exact equal matches fire stick flame lighter",
    ),
    "club": (
        "football clubs league team fc united player soccer arsenal liverpool chelsea",
        "nightclub nightclubs bar society dance disco pub nightlife restaurant dj venue",
    ),
    "tank": (
        "tanks infantry armored vehicle gun artillery panzer guns armoured vehicles battalion turret",
        "fuel water reservoir liquid pressure pump tanks valve gas pipe oil oxygen",
    ),
    "pupil": (
        "teacher student pupils taught mentor disciple tutor apprentice school studied teachers",
        "eye iris retina eyes cornea lens eyelid dilated visual",
    ),
    "race": (
        "racing races prix lap finish driver drivers rider runner winner nascar sprint marathon",
        "ethnicity racial racism ethnic white people gender hispanic black african religion",
    ),
    "crown": (
        "king throne prince royal monarch queen monarchy kingdom sovereign coronation emperor",
        "tooth teeth gold silver head hat jewel necklace tree leaves trunk horns dental",
    ),
    "cricket": (
        "rugby football hockey test wicket tennis soccer batsman england sport league bowler",
        "insect insects beetle frog grasshopper ant moth spider crickets bug locust",
    ),
    "saturn": (
        "jupiter planet venus moon neptune uranus mars orbit titan moons rings",
        "sega nintendo playstation genesis dreamcast console rocket ford pontiac chevrolet buick apollo",
    ),
    "lead": (
        "leading led leader leads role front point take win actor singer guitarist",
        "copper zinc mercury arsenic tin metal iron cadmium nickel toxic poisoning silver",
    ),
    "tie": (
        "tied score win goal playoff game games season draw match winner points",
        "shirt knot jacket trousers rope bow pants wear collar suit coat socks hat",
    ),
    "board": (
        "committee council directors executive trustees chairman commission members chair education",
        "boards game chess games cards ship deck pieces aboard wood surf circuit plane",
    ),
    "star": (
        "trek wars actor superstar actress movie celebrity hollywood film",
        "stars galaxy sun dwarf planet supernova stellar astronomers telescope constellation nebula",
    ),
    "rock": (
        "punk band pop bands metal music indie blues folk jazz album hip",
        "rocks granite limestone sandstone stone cliff sediment lava boulder volcanic basalt mountain",
    ),
}

# Again the first twenty may be looked at while a method is chosen.
MONOSEMOUS = [
    "giraffe", "oxygen", "violin", "november", "dentist", "bicycle", "helium", "potato", "norwegian", "helicopter",
    "cathedral", "algebra", "pneumonia", "thursday", "uranium", "cucumber", "parliament", "glacier", "saxophone",
    "carpenter", "parachute", "trombone", "pancreas", "wednesday", "calcium", "sociologist", "kindergarten",
    "asthma", "spaghetti", "veterinarian", "nitrogen", "portuguese", "squirrel", "oboe", "malaria", "avalanche",
    "thermometer", "mathematician", "earthquake", "archipelago",
]  # fmt: skip
