"""代办: what the hall takes in for people who cannot come themselves, and hands over to the hall above that does it."""
