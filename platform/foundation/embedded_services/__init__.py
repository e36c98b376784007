"""The embedded parts (PostgreSQL, Valkey, S3) that stand in until the environment names real servers."""
