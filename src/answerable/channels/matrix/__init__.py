"""Matrix, as an application service: the homeserver hands us what is written to our users, and we speak as them.

By the Client-Server API and the Application Service API (spec.matrix.org, v1.11 and newer), over plain HTTP.
"""
