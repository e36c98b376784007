"""Everything that a machine keeps, backed up continuously and brought back as of a moment: the database by PostgreSQL's
own programs, the object store by digest, the keys sealed for somebody who is not here."""
