"""What can be done by a chat.

writing     a visitor writes, asks to be called, leaves a letter where nobody is there
signs       they are there, type, have seen; they end it, and say how it was
identities  who they are: signed by the page's server, or by a mailed code
widgets     an administrator sets a chat up
"""
