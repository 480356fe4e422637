"""Messages that go from one conversation to another, and back. docs/rearranging.md says what that means for promises.

merging      all of one into another
splitting    some of one into a new one, or into one there is
undoing      back to where they came from
photograph   what changed by it, kept so that it can be undone
tally        what lists show, from the messages that stand in a conversation
drafts       what was being typed goes where the messages go
links        so does what it is linked with
"""
