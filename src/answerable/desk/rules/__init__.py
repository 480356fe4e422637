"""Rules at work: `core.rules` decides, and this does it.

facts      what is known of conversations, for conditions: many at once
fields     what conditions can ask about, for the editor and for words
compiled   a rule as it was written, ready to be asked
firing     what happened is put before the rules; what they do, once
timing     what has lasted, and set times
rounds     what may have come to pass since a rule asked last
left       rules that were asked of a conversation and did nothing
starters   rules to begin with
words      what rules say and did, in words

dry_run    what a rule would have done
trying     a dry run asked for, run and looked at meanwhile
lives      how a conversation stood at each moment of its past
supposed   how it would have stood, had the rule done its work
"""
