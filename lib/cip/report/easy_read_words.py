"""Easy Read: the sentences that we wrote for it, each with its drawing.

Nobody's text is made simple by a machine here. What stands in an Easy Read document is one of
these sentences, a figure, somebody's own short words, or what the analyst wrote for it.
"""

from __future__ import annotations

#: The words for a topic: a heading of one to six words.
TOPIC_WORDS: dict[str, str] = {
    "money_and_resources": "Money",
    "housing": "Homes",
    "education_and_skills": "Learning",
    "work": "Jobs and work",
    "food": "Food",
    "transport": "Getting around",
    "surroundings": "Streets, parks and places",
    "family_friends_and_communities": "Family, friends and neighbours",
    "power_and_discrimination": "Having a say and being treated fairly",
    "health_and_care_services": "Doctors, nurses and care",
    "health_and_wellbeing": "How well people are",
}
THEME_WORDS = "Something that people told us"

SIDE_WORDS: dict[str, str] = {
    "strength": "This is a good thing here.",
    "challenge": "This is hard for people here.",
    "mixed": "Some of this is good. Some of this is hard.",
    "unknown": "We do not know enough about this.",
}
SIDE_DRAWINGS = {"strength": "good", "challenge": "hard", "mixed": "both", "unknown": "question"}

SURE_WORDS: dict[str, str] = {
    "strong": "We are sure about this.",
    "moderate": "We are quite sure about this.",
    "limited": "We are not very sure about this yet.",
    "none": "We could not find out more yet.",
}

#: A figure as a sentence, its drawing, and whether it is a share of 100.
FACT_WORDS: dict[str, tuple[str, str, bool]] = {
    "population": ("{} people live here.", "people", False),
    "children_under_15": ("{} in every 100 people are under 15 years old.", "person", True),
    "older_65_plus": ("{} in every 100 people are 65 or older.", "person", True),
    "disability": ("{} in every 100 people are disabled.", "people", True),
    "one_person_households": ("{} in every 100 homes have only one person.", "home", True),
}

ABOUT = (
    ("place", ("This is about a place called:", "{area}")),
    ("good", ("It says what is good here.",)),
    ("hard", ("It says what is hard for people here.",)),
    ("report", ("There is also a long report.", "The long report says much more.")),
)
STYLE = "This is in the style of Easy Read."
NOT_CHECKED = "People with learning disabilities have not checked it."
CHECKED = "It was checked by:"
INVENTED_WORDS = ("This is only a demonstration.", "Everything in it is made up.")
NOT_AGREED = ("This is not finished.", "It may still change.")

NOT_ASKED = ("We have not asked people who live here yet.", "So their words are missing.")
NO_SHORT_QUOTES = ("What people said is in the long report.",)
SAID = "One person said:"

NO_FINDINGS = ("We have not written down what we found yet.",)
NO_ADVICE = ("Nobody has agreed yet what to do next.",)
ADVICE = "We have ideas about what to do next."
MORE_ADVICE = "There are more ideas in the long report."
LONG_ADVICE = "The ideas are in the long report."

QUESTIONS = (
    ("question", ("Do you have a question?", "Is something wrong or missing?", "Please tell us.")),
)
WHO = "We are:"
WHERE = "You can reach us here:"

#: Words that our own sentences use, and what they mean.
HARD_WORDS: dict[str, str] = {
    "demonstration": "A demonstration shows how something would look. It is not real.",
    "disabled": "A disabled person has a health problem that makes daily life harder.",
    "report": "A report is a long text about what somebody found out.",
}
