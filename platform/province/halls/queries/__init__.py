"""What others may ask about divisions and halls; one noun a file."""

from province.halls.queries.halls import hall_at_host

__all__ = ["hall_at_host"]
