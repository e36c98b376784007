"""What happens later: handlers of events; one noun a file."""
