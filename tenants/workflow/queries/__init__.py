"""What is asked of forms, of flows and of what runs of them."""
