"""What is done with forms, with flows and with what runs of them."""
