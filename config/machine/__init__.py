"""What runs on one machine: which programs, how they are brought up, stopped, looked at."""
