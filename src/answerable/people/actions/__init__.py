"""What can be done about the people who work here. Each function checks, writes and records, in one transaction.

company       set up, change
teams         add, rename, move, retire
memberships   grant, withdraw, move
skills        add, rename, retire; what somebody can do
charges       what a team is there for
staff         invite, join, change one's profile, deactivate, reactivate

attendance    who is there
shifts        who works when; add, change, cancel, copy a week
patterns      weeks that repeat, laid out into shifts
swaps         offer, take, confirm
absences      ask, enter, decide, withdraw
calendars     addresses for calendar programs
board         praise and lessons of the day
"""
