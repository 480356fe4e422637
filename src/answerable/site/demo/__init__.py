"""The demo company: an invented online bookshop with ninety days of invented conversations.

views       the first page's button
jobs        the loading in the worker, for that button
loading     all of what follows, in one transaction
progress    how far it is, told to whoever waits
board       what the page says of that
accounts    one password for all, made anew each time
numbers     figures of what was made, the same for the same seed and day

company     who works there and what they promise
abilities   what they can do, and what teams answer for
rota        when they work
presence    who is at work just now
desks       which desk answers what
library     what the company has written down
asking      what it wants to know, and the forms that ask for it
macros      what it writes again and again
rules       what it lets happen by itself
chores      queues of its own, checklists, tasks, signatures

customers   who writes to them
texts       what both write, in four languages (`texts/*.toml`)
writing     how a message is put together
files       files that come with messages
arrivals    when customers write
scripts     what happens in one conversation
steps       one thing at a time that can happen in it
stage       plays the scripts in the order of time, with the clocks running, into rows
promises    those clocks, in memory
rows        rows written all at once
backlog     what waits at the moment of loading
opinions    what customers say when they are asked how it was

chatting    the chat on the company's site, and who is in it
messenger   a customer who writes by Matrix
together    what belongs together: two letters of one customer, a courier who was asked
morning     what people say at their boards
imports     another help desk's export that waits
tokens      programs that work here
webhooks    a program that was told what happens

learning    who has read the policy, its reviews, and comments on it
drafts      the next version, half way written
pilot       a quicker promise, tried
rehearsal   a draft, rehearsed on what happened
published   what others publish, and its own promises
staffing    two forecasts

`loading.load` does it all. Nothing is sent to anybody: every address ends in `.example`.
"""
