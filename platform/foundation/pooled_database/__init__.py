"""A database engine for behind PgBouncer in transaction mode, where each transaction may get another of the server's
connections, with whatever was set on it before."""
