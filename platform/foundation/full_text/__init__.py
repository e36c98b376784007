"""Search by Elasticsearch where an address of one is set; everywhere else, and while it is away, PostgreSQL answers.

An app declares an index of its rows (``indexes``), renews documents when it hears that rows have changed
(``writing``) and asks for hits (``asking``), which it looks up in the database before it shows them.
"""
