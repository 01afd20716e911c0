"""Weights and thresholds of the story judge: how much a word tells, and how much a finding counts. Data only."""

from __future__ import annotations

# What a shared word tells: boiler-plate of the trade little, a word that no list knows most. Set by hand; the kinds
# are those of data/headline_words.csv.
FRAME, COMMON, PROGRAMME, TOPIC, UNKNOWN = 0.3, 0.55, 0.7, 1.0, 1.2
NAME = 1.6  # a proper name
NEARLY = 0.5  # share of its weight that a word counts when only a word that is used for it is there
UNLISTED_ABROAD = 0.6  # share that a word which no list knows counts across languages, where it may be there unseen
# What a number in a title tells, by kind. Set by hand.
SUM, BILL, LARGE_COUNT, SMALL_COUNT, DATE, PERIOD = 1.3, 1.6, 1.0, 0.5, 0.8, 0.5
SMALL_UP_TO = 12  # up to here two texts count alike by chance

# What each finding (see `methods.findings`) adds to the logarithmic odds of one story: in one language, across two.
# Fitted by `python -m scripts.story_odds` to the tuned halves of the labelled pairs (tests/labelled) and to look-alikes
# mined from them, rounded; a word more in the data moves them by a tenth or two. The held-out halves had no part in it.
ODDS = {
    "always": (-7.9, -8.2),
    "explained": (3.2, 2.7),
    "lead": (2.1, 3.6),
    "covered": (3.5, 4.8),
    "covered_more": (5.2, 4.9),
    "common": (5.7, 5.3),
    "no_lead": (-1.7, -1.4),
    "both_leads": (-0.5, -2.0),
    "region": (2.0, 0.2),
    "names": (1.8, 1.2),
    "numbers": (5.0, 4.0),
    "unmatched_names": (-0.4, -0.7),
    "days": (-5.3, -3.9),
    "same_source": (-3.2, 0.0),
    "english": (-1.0, 0.0),
}
DAYS_UNKNOWN = 3  # two articles without a date are taken to be so many days apart

# Thresholds, set by hand on the tuned halves.
FAR, LEADS_MEET = 0.45, 0.3  # reports of one story share more than this of their two titles, or of their leads
MERGE = 0.55  # the least probability at which two articles are one story
NAMED_AS_SOURCE = 0.3  # the least that is enough when one names the other's publisher as its source
TELLS_AGAIN = 0.6  # the least at which a site that writes again in other words tells the same news
LOOKS_ALIKE = 0.5  # the least at which a conflict is worth a row: without it the two would have been taken for one
TITLES_AGREE = 0.35  # likeness from which titles under an equal lead speak of one thing
FORMULA = 0.9  # likeness of leads from which they are one formula, or one text
DISTINCT_TITLE = 4.0  # weight from which a title is nobody else's
LONG_TITLE = 3.0  # weight from which a title with more to it is still the same
OTHER_LEAD = 0.35  # likeness below which two leads are about other things
REPOSTED_DAYS = 3  # within which one text is posted again under another title
WINDOW_DAYS = 21  # the longest time seen between two reports of one event
