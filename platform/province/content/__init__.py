"""The content control plane: manuscripts and their review, pushes and withdrawals, the shared library (云稿库), and the
registry of new-media accounts with what was delivered to them."""
