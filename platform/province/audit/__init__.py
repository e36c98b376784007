"""Who did what to which object, written in the same transaction as the act; and the chain that shows every bending."""
