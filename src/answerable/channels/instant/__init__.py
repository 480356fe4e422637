"""What messengers have in common: accounts of ours and of people, chats, a ledger of what came, an outbox.

The next messenger is a folder with a `Messenger` of its own and a line in `settings.CHANNELS`.
"""
