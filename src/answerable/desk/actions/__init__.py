"""What can be done at the desk. Each function checks, writes and records, in one transaction.

conversations   open, assign, move, solve, reopen, prioritise, tag, snooze
spam            mark, unmark
messages        receive, reply, add a note, take back
clocks          what those mean for the promises that run
"""
