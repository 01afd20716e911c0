"""Numbers in words, in every case form, as numbers. Pure."""

from __future__ import annotations

import re

# How a number is scaled, in words or short.
SCALE = r"тис(?:яч\w*|\.)?|thousand|млн|мільйон\w*|million|mln|млрд|мільярд\w*|billion|bln|bn|(?<=\d)[mkb]\b"
# Every form of the numerals, by what they count; feminine and collective forms too.
WORD_NUMBERS = {
    word: value
    for value, forms in {
        2: "два дві двох двом двома двоє обидва обидві two",
        3: "три трьох трьом трьома троє three",
        4: "чотири чотирьох чотирьом чотирма четверо four",
        5: "п'ять пять п'яти п'ятьох п'ятьом п'ятьма п'ятеро five",
        6: "шість шести шістьох шістьом шістьма шестеро six",
        7: "сім семи сімох сімом сьома семеро seven",
        8: "вісім восьми вісьмох вісьмом вісьма восьмеро eight",
        9: "дев'ять дев'яти дев'ятьох дев'ятьом дев'ятьма nine",
        10: "десять десяти десятьох десятьом десятьма ten",
        11: "одинадцять одинадцяти одинадцятьох одинадцятьом eleven",
        12: "дванадцять дванадцяти дванадцятьох дванадцятьом twelve",
        13: "тринадцять тринадцяти тринадцятьох тринадцятьом thirteen",
        14: "чотирнадцять чотирнадцяти чотирнадцятьох чотирнадцятьом fourteen",
        15: "п'ятнадцять п'ятнадцяти п'ятнадцятьох п'ятнадцятьом fifteen",
        16: "шістнадцять шістнадцяти шістнадцятьох шістнадцятьом sixteen",
        17: "сімнадцять сімнадцяти сімнадцятьох сімнадцятьом seventeen",
        18: "вісімнадцять вісімнадцяти вісімнадцятьох вісімнадцятьом eighteen",
        19: "дев'ятнадцять дев'ятнадцяти дев'ятнадцятьох дев'ятнадцятьом nineteen",
        20: "двадцять двадцяти двадцятьох двадцятьом twenty",
        30: "тридцять тридцяти тридцятьох тридцятьом thirty",
        40: "сорок сорока forty",
        50: "п'ятдесят п'ятдесяти п'ятдесятьох fifty",
        60: "шістдесят шістдесяти шістдесятьох sixty",
        70: "сімдесят сімдесяти сімдесятьох seventy",
        80: "вісімдесят вісімдесяти вісімдесятьох eighty",
        90: "дев'яносто дев'яноста ninety",
        100: "сто ста сотня hundred",
        200: "двісті двохсот двомстам",
        300: "триста трьохсот трьомстам",
        400: "чотириста чотирьохсот",
        500: "п'ятсот п'ятисот",
        600: "шістсот шестисот",
        700: "сімсот семисот",
        800: "вісімсот восьмисот",
        900: "дев'ятсот дев'ятисот",
    }.items()
    for word in forms.split()
}
WORD_NUMBER = re.compile(rf"(?<!\w)({'|'.join(sorted(WORD_NUMBERS, key=len, reverse=True))})(?!\w)")
_LAST_WORDS = dict.fromkeys(["один", "одна", "одне", "одного", "одній", "одну", "one"], 1)  # alone they are no count
_SPOKEN_WORD = "|".join(sorted({**WORD_NUMBERS, **_LAST_WORDS}, key=len, reverse=True))
_SPOKEN = re.compile(
    rf"(?<!\w)(?P<words>(?:{_SPOKEN_WORD})(?:(?:\s+and\s+|[ -])(?:{_SPOKEN_WORD}))*)(?!\w)(?P<scale>\s+(?:{SCALE}))?"
)


def in_digits(text: str) -> str:
    """A lower-case text with its numbers of several words, and those before a scale, in digits.

    «двадцять п'ять» as 25, «шість тисяч» as «6 тисяч»; one word that counts is left to be told from an ordinal.
    """
    return _SPOKEN.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    written = [word for word in re.split(r"[ -]+", match["words"]) if word != "and"]
    if len(written) == 1 and not match["scale"]:
        return match[0]
    total = last = 0
    for word in written:
        value = WORD_NUMBERS.get(word) or _LAST_WORDS[word]
        if word == "hundred" and 0 < last < 10:
            total, last = total + last * 99, 100
        elif not last or (last >= 100 > value) or (100 > last >= 20 and value < 10):
            total, last = total + value, value
        else:
            return match[0]
    return f"{total}{match['scale'] or ''}"
