"""Questions with a pause inside, at the mark, and some without: lower case, no marks, as an STT writes."""

from __future__ import annotations

UNFINISHED = """
    what is um | the capital of france
    set a timer for ten minutes and | another one for five
    how far is it from here to | the station
    what is the | tallest building in the world
    add milk and | eggs and a loaf of bread to my list
    could you tell me | how long to boil an egg
    i want to know if | the museum is open on sunday
    how do i get to the | airport by train
    remind me to | water the plants at eight
    what was the name of the | actor in that film
    is it going to | rain tomorrow afternoon
    play something by | johann sebastian bach
    can you translate | good morning into french
    what happens when | i mix oil and water
    tell my wife that | i will be late tonight
    how many people live in | the city of berlin
    why is the | sky blue in the daytime
    what is the difference between | a lake and a pond
    send a message to | my brother in london
    do i need a | visa for brazil
    i would like to | book a table for two
    what time does the | last train to oxford leave
    the thing is uh | can you read this letter to me
    who wrote the | book about the white whale
    how much is twenty percent of | three hundred and forty
    find me a recipe with | potatoes and cheese
    what should i do if | the engine gets too hot
    let's say um | ten people are coming to dinner
    when was the | first man on the moon
    my question is | how do birds find their way
    give me directions to the nearest | pharmacy please
    explain to me why | the sea is salty
"""
LEADING = """
    i have a meeting at nine o'clock | when should i leave home
    i am planning a trip to the mountains | which clothes should i take along
    there is a strange noise in the kitchen | what could it be
    my daughter has a fever | should i call a doctor
    we have two eggs and some flour | what can we cook
    the washing machine does not start | what can i check myself
"""
EXTENDED = """
    what is the weather like | in paris on friday
    can you tell me a story | about a dragon and a cat
"""
SEEN_SINCE = """
    how tall is the | eiffel tower
    please tell my neighbour | the parcel is with me
    what is the name of | the smallest planet
    could you find out whether | the pool is open
    i left my keys at work | who can let me in
    when will | the next eclipse be
    turn the radio | down a little
    what do bees | do in winter
    i would like to hear | a song by queen
    give me three reasons why | dogs are loyal
    how do i change | a bicycle tyre
    who was the king of | england in nineteen ten
    put sugar flour and | two lemons on the list
    our heating broke this morning | can you find a plumber
    is the library | open today
    what is nine hundred minus | forty six
    does this train | stop in cambridge
    book me a taxi to | the central station
    what was it er | that film with the boat
    read the second page | from the top
"""
"""Written when the first tables were done; since then they have been mended with these in view."""
UNSEEN = """
    which of these is | the cheapest one
    can the neighbours | hear our music
    show me the way to | the harbour
    why did the bridge | fall down
    please write to my landlord | about the broken window
    is there anything | good on television
    what would you | cook for six people
    i was wondering whether | you know a good dentist
    i bought a new phone | how do i copy my pictures
    read me the message | from anna
    when do the shops | close on sunday
    my neighbour plays loud music | what can i do about it
    what should i wear | to a wedding in july
    how long does a letter | take to australia
    explain the rules of | chess to a child
    the last thing on my list is er | candles
    has anyone | called this morning
    do you remember | the name of my doctor
    pick a number between | one and ten
    could it be that | the battery is empty
"""
"""Written after that, and consulted by nobody. At half of these pauses the sentence could have ended."""
COMPLETE = """
    what is the capital of france
    how far is the moon
    set a timer for ten minutes
    what time is it in tokyo
    who wrote the lord of the rings
    tell me a joke
    turn off the kitchen light
    how do i cook rice
    is it going to rain tomorrow
    what is twelve times twelve
    can you read me the news
    where is the nearest pharmacy
    when does the sun set today
    play some quiet music
    how old is the universe
    what does this word mean
    can you help me with a letter
    how many days are there in a leap year
    add butter to the shopping list
    why do cats purr
"""
