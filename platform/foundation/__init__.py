"""What every app stands on. Knows no government word."""
