"""What every text or form goes through that several people work on: draft, submitted version, decision.

``models`` has the columns (abstract), ``drafts`` the lock and the autosave, ``versions`` submission and who may decide,
``reasons`` what people give as a reason, ``texts`` and ``comparing`` what is common to all writing with a title and a
body, ``schemas`` how an API carries it. The apps keep their own rows, rights, states and audit, and call these.
"""
