"""The desk's pages. Each view: the door, a form, an action, a page.

door            who comes in, what they may see, how a refusal is said
inbox           queues, lists and their counts
conversations   one conversation, whole and in parts
opening         a conversation begun by an agent
messages        replies, notes, taking back, a message as it was sent
drafts          what is being typed
changes         assignment, team, status, priority, tags, snooze, copies
selections      the same for many at once
presences       who is looking
offers          what is offered to oneself
pulling         the most urgent one, taken
routing         why a conversation went where it is
team_routing    how a team's conversations find somebody
colleagues      who can be mentioned
macros          what is done again and again
rules           what is done by itself
dry_runs        what a rule would have done
notices         what a colleague should look at
attachments     files
"""
