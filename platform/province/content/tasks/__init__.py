"""What happens later: handlers of events, and the worker's tasks; one noun a file."""
