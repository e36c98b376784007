"""Names of queues that programs must agree on. Nothing is loaded with them, least of all Celery (16 MB)."""

# tasks that make tables, for the one worker that may
BUILDING = "building"
