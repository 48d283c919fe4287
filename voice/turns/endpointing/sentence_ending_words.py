"""The table of ``voice.turns.endpointing.sentence_endings``: made by ``bench/endings.py``, not by hand."""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[str, Mapping[int, str]]
"""What is looked at, steps, the words to which it applies."""
STEP = 0.5
"""Natural logarithms of odds."""

TABLE: Table = {
    "before": {
        -4: "give haha how let what",
        -3: "ask avoid because consider don't if make sure take then try use where why",
        -2: "am but can did does doesn't he i i'll i'm it's keep movie oh okay put she tell there's "
        "they think thought u wait want we what's when which who would yeah",
        -1: "a actually also always an any are before between both can't could didn't do end find "
        "friends girl go gonna got guys had hard has have hear help here i've is just made man "
        "many may maybe meet might most mr must no not nothing now once only people person "
        "remember seen should show some someone start there those though today together two until "
        "well will you yourself",
        1: "about after another anything as back bad being believe big body came come conversation "
        "different doing enough family for from fun game good her his home in isn't its last life "
        "like little long me mean money much next nice of off on over right same so still stop "
        "talk their them things very without",
        2: "around at feel into job love or through too with",
        3: "each ever own than",
    },
    "last": {
        -10: "the",
        -9: "a and your",
        -8: "i of",
        -7: "my to",
        -6: "an as his if just or very",
        -5: "at but don't for he how i'm it's our should some their they was we were what when with you're",
        -4: "# about after always any are be because being by even every from get gonna got has have "
        "in into is its let make many never really she take than that's this where who",
        -3: "another avoid been between big body bring came can come comes consider does each "
        "favorite few find gets getting having he's i'll i've keep last less let's like little "
        "makes may must new next not on only other pretty put quite see she's so social still "
        "super tell these they're took until ur wanna wasn't we're went which will without worth "
        "would you'll",
        -2: "absolutely against all almost also am americans aren't ask became become believe both "
        "brought buy call called can't could create cross definitely did didn't difference "
        "different doesn't dont during especially feel focus found front full gave give giving "
        "gotta guys had hate hear hey hold hope i'd isn't join learn least local look looking "
        "looks lots made making means might most n national near need old open own pay piece "
        "probably rather read recommend save saw seem seems set several small spend start stay "
        "such sure takes taking thank that then there's think those three through told trying "
        "turn tv u under unless upon use used using walk we'll we've wear what's whether who's "
        "whole why wish won't worst you've",
        -1: "accept across actually add afraid age american apply around asking attention aware "
        "behind best bought build cannot cause check chicken choose close coming complete "
        "completely compliment compliments congress continue couldn't couple crazy dad decide "
        "develop district dun e early eating email enjoyed entire exactly eye fact father felt "
        "finally five follow four given go goes going good great hang haven't heard her high hot "
        "huge include jobs joey kill kind knew know large lead listen live long looked lot loved "
        "maybe miss more mother much needs negative no nothing oh once over part pass personal "
        "physical pick play played playing poor positive practice president provide public reach "
        "reading ready real recognize red remember rest review said says seeing send she'll short "
        "show shows simply since single sit something sometimes sound speak specific staff stand "
        "started state stop support sweet taken talk talking tax thanks things thought top "
        "totally treat tried truly try two united usually video wait waiting want wants waste "
        "watch watching ways while wife worked working wouldn't write you young",
        1: "act amazing america anyone away awesome baby back begin bit book boring boy boyfriend "
        "building car case chance characters city click club coffee college company contact "
        "control conversation country dance days dear death decent dinner doctor dog easy eat "
        "else end enough expect family fan fast fight film films fine finish foods forward friend "
        "fun funny game girl girlfriend goals group guy hair hand hands head heart hi him home "
        "house however idea instead interest interested interesting interests it items job la "
        "language laugh likes lunch man matter me meeting men menu met minutes moment money move "
        "movie name number office often ok okay online opinion order others overall partner "
        "person phoebe pizza plan plot prince princess problem quickly reason restaurant return "
        "ring role room sense service shit situation sleep smile soon space special star states "
        "system them there thing time times tired tmr too training true type us water way white "
        "wonderful work y'know ya year",
        2: "activities alone area bar care cool court date dead delicious die died disappointed done "
        "door drink either face flirting fresh games gone haha hahaha happen happened here "
        "history humor issue joke king later legs leh life line list lol married mind mine needed "
        "night now point possible problems relationship ross sex shop side store stuff stupid "
        "table tomorrow town well women yeah yes",
        3: "again ago ah anymore anyway bed children day huh level lor morning mrs though today "
        "together tonight v week world wrong yet",
        4: "dr eh st",
        6: "mr",
    },
    "letters": {
        -1: "al ed en est ful ic ing ish",
        1: "age ance ary ence ible ist ity less ment ness s tion ure",
        2: "ism",
    },
}
