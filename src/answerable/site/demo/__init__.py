"""The demo company: an invented online bookshop with ninety days of invented conversations.

company      who works there and what they promise
chatting     the chat on the company's site, and who is in it
asking       what the company wants to know, and the forms that ask for it
library      what the company has written down
customers    who writes to them
texts        what both write, in four languages (`texts/*.toml`)
arrivals     when customers write
scripts      what happens in one conversation, step by step
stage        plays the scripts in the order of time, with the clocks running, into rows
numbers      figures of what was made, the same for the same seed and day

`loading.load` does it all in one transaction. Nothing is sent to anybody: every address ends in `.example`.
"""
