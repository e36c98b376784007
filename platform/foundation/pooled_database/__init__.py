"""A database engine for behind PgBouncer in transaction mode, where each transaction may get another of the server's
connections, and finds there what whoever had it before has left."""
