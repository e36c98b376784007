"""Idempotency keys: a write sent twice with one key is done once and answered twice alike."""
