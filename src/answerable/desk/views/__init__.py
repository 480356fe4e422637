"""The desk's pages. Each view: the door, a form, an action, a page.

door            who comes in, what they may see, how a refusal is said
inbox           queues, lists and their counts
search          what is found by words
palette         what the command palette offers, and all keys
conversations   one conversation, whole and in parts
moved           one that another team has now
opening         one begun by an agent
messages        replies, notes, taking back, a message as it was sent
drafts          what is being typed
attachments     files
articles        those that fit, at hand while answering
colleagues      who can be mentioned
changes         assignment, team, status, priority, tags, snooze, copies
details         what is known of one besides its words
tasks           what is to be done about one, and by oneself
asides          mail with third parties, links, followers
clocks          a clock explained
rearranging     put together and taken apart, and undone
selections      a change of many at once
batches         how far it is, and the way back
presences       who is looking
offers          what is offered to oneself
pulling         the most urgent one, taken
routing         why a conversation went where it is
notices         what a colleague should look at

team_routing    how a team's conversations find somebody
queues          queues of conditions
macros          what is done again and again
rules           what is done by itself
dry_runs        what a rule would have done
fields          which fields conversations have
checklists      those that are put on conversations
signatures      of people, teams and inboxes
"""
