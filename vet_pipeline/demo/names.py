"""First names, surnames and nicknames for invented people, common ones first.

The lists are made up here. Only their order matters: a name is drawn with a weight that falls
with its place, which gives the few very common and many rare names that matching has to face.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in order."""
    return tuple(text.split())


WOMEN: Final = words(
    """Mary Jennifer Linda Patricia Elizabeth Susan Jessica Sarah Karen Lisa Nancy Sandra Ashley
    Emily Michelle Amanda Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia Amy Kathleen
    Angela Shirley Brenda Emma Anna Pamela Nicole Samantha Katherine Christine Helen Debra Rachel
    Carolyn Janet Maria Catherine Heather Diane Olivia Julie Joyce Victoria Kelly Christina Joan
    Evelyn Lauren Judith Andrea Hannah Cheryl Megan Jacqueline Martha Teresa Madison Abigail Ann
    Sara Kathryn Janice Jean Alice Denise Sophia Grace Judy Theresa Julia Marilyn Beverly Amber
    Danielle Brittany Rose Diana Natalie Alexis Kayla Tammy Crystal Leslie Paula Robin Yolanda
    Guadalupe Carmen Rosa Lucia Mei Priya Fatima Aaliyah Imani Keisha Nadia Ingrid Bridget Maeve
    Willa Hazel June Pearl Ruby Vera Stella Luz Noor Thuy Soo-Jin Renee Zoe Chloe"""
)
MEN: Final = words(
    """James John Robert Michael David William Richard Joseph Thomas Christopher Charles Daniel
    Matthew Anthony Mark Donald Steven Andrew Paul Joshua Kenneth Kevin Brian George Timothy
    Ronald Jason Edward Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott
    Brandon Benjamin Samuel Gregory Alexander Patrick Frank Raymond Jack Dennis Jerry Tyler Aaron
    Jose Adam Nathan Henry Zachary Douglas Peter Kyle Noah Ethan Jeremy Walter Keith Roger Terry
    Austin Sean Gerald Carl Harold Dylan Arthur Lawrence Jordan Jesse Bryan Billy Bruce Gabriel
    Logan Alan Juan Luis Carlos Miguel Jorge Hector Wei Hiroshi Raj Omar Malik Darnell Tyrone
    Lamar Sven Declan Eamon Silas Amos Otis Felix Hugo Theo Ravi Minh Tomas Andre Rene"""
)
SURNAMES: Final = words(
    """Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez
    Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez
    Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores
    Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans
    Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers
    Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson
    Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Patel
    Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler
    Henderson Barnes Fisher Vasquez Simmons Graham Murray Ford Castro Marshall Owens Harrison
    McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzman Burns
    Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt
    Hicks Holmes Palmer Wagner Black Robertson Boyd Stone Salazar Fox Warren Mills Meyer Rice
    Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn
    Kelley Spencer Hawkins Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott Duncan
    Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Pena
    O'Brien O'Neill McCarthy D'Angelo DeLuca VanDyke MacLeod Nunez Ibanez Kowalski Petrov Larsen
    Lindqvist Okafor Mensah Haddad Rahman Singh Kaur Tran Pham Yamamoto Tanaka Park Choi Wong
    """
)
# The long tail: surnames put together from two halves, so that rare names really are rare.
TAIL_FIRST: Final = words(
    """Ash Ald Bram Birch Black Bren Brook Cald Carl Chad Chil Cran Dal Den Dray East Ell Fair
    Fal Farn Good Gran Hal Har Hath Hay Hol Kel Ken Kirk Lang Lark Lin Lock Mar Mel Mid Nor Oak
    Pem Pen Pres Quin Rad Red Rock Ros Ruth Sel Shel Stan Stock Sut Thorn Tol Under Wal War West
    Whit Wil Win Wood Yar"""
)
TAIL_LAST: Final = words(
    """berg bourne bridge brook burn bury by combe cott croft dale den er feld field ford gate
    greave ham hart holm hurst kins land ley lock low man mere more ner ridge sen shaw son stead
    stone ston ter thorpe ton ville wald way well wick wood worth"""
)
NICKNAMES: Final[dict[str, str]] = dict(
    pair.split(":")
    for pair in words(
        """Robert:Bob William:Bill Richard:Dick James:Jim John:Jack Elizabeth:Liz
    Katherine:Kate Catherine:Cathy Margaret:Peggy Patricia:Pat Jennifer:Jenny Susan:Sue
    Deborah:Debbie Michael:Mike Christopher:Chris Joseph:Joe Thomas:Tom Charles:Chuck Daniel:Dan
    Matthew:Matt Anthony:Tony Steven:Steve Stephen:Steve Andrew:Andy Joshua:Josh Kenneth:Ken
    Edward:Ted Ronald:Ron Timothy:Tim Jeffrey:Jeff Nicholas:Nick Jonathan:Jon Benjamin:Ben
    Samuel:Sam Gregory:Greg Alexander:Alex Patrick:Pat Raymond:Ray Douglas:Doug Lawrence:Larry
    Rebecca:Becky Cynthia:Cindy Kathleen:Kathy Pamela:Pam Nicole:Nikki Samantha:Sam
    Christine:Chris Victoria:Vicky Judith:Judy Jacqueline:Jackie Teresa:Terri Abigail:Abby
    Sandra:Sandy Stephanie:Steph Amanda:Mandy Kathryn:Kathy Gerald:Jerry Walter:Walt
    Zachary:Zach Nathan:Nate Donald:Don David:Dave"""
    )
)


def falling_weights(count: int, flatness: float) -> tuple[float, ...]:
    """Cumulative weights 1/(place + flatness), for `Random.choices(cum_weights=...)`."""
    return tuple(accumulate(1.0 / (place + flatness) for place in range(count)))


WOMEN_WEIGHTS: Final = falling_weights(len(WOMEN), 12)
MEN_WEIGHTS: Final = falling_weights(len(MEN), 10)
SURNAME_WEIGHTS: Final = falling_weights(len(SURNAMES), 8)
