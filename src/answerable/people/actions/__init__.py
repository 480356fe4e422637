"""What can be done about the people who work here. Each function checks, writes and records, in one transaction.

company       set up, change
teams         add, rename, move, retire
memberships   grant, withdraw
staff         invite, join, change one's profile, deactivate, reactivate
"""
