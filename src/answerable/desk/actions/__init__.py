"""What can be done at the desk. Each function checks, writes and records, in one transaction.

conversations       open, assign, move, solve, reopen, prioritise, tag, snooze
opening             an agent writes first
spam                mark, unmark
fields              which there are, and what is known for them
tasks               what is to be done besides answering
checklists          tasks that come together
unfinished          what must be done before one is solved
links               what belongs together, and follow-ups
following           colleagues who hear of each new message
asides              mail with third parties, beside a conversation
rearranging         merge, split, move, and back
undoing             what somebody changed, taken back

messages            receive, reply, add a note, take back
receiving           what customers write, one message or many at once
withdrawing         what who wrote it takes back
drafts              what is being typed
files               what comes with messages
copies              who is written to besides the customer
deliveries          what did not arrive, sent again
arriving            what becomes of answers on their way
signatures          of people, teams and inboxes

macros              written by leads, used by all
macros_at_once      one, applied to many conversations
batches             any change of many conversations, and its undo
queues              of conditions
rules               written, switched on, put in order
inboxes             the addresses conversations come in by

offers              what waits is offered to who is there
pulling             the most urgent one is taken
overflow            what a team can't get to goes to another
team_routing        how a team's conversations find somebody
leaving             what somebody had who has left goes back
presences           who is looking at what
notices             what a colleague should look at, read

clocks              what a write means for the promises that run
planning            a clock's arithmetic and its chain of steps
held                a conversation in hand: changed in memory, written once
changes             what changes one that is held, and what follows
answering           an answer by a person, to one that is held
writing             what else is written into one that is held
previews            what lists show of the last message
search              what conversations are found by

customers           contacts change: their conversations follow
writing_first       mails that begin a conversation by themselves
comment_answers     mails with answers to comments on the policy
pilot_invitations   mails that ask customers into a pilot
praise              who is praised finds it among their notices
"""
