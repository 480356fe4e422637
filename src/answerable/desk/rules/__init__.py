"""Rules at work: `core.rules` decides, and this does it.

facts       what is known of conversations, for conditions: many at once
fields      what conditions can ask about, for the editor and for words
compiled    a rule as it was written, ready to be asked
firing      what happened is put before the rules; what they do, once
timing      what has lasted, and set times
dry_run     what a rule would have done
starters    rules to begin with
words       what rules say and did, in words
"""
