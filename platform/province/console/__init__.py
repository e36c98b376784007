"""The console: its layout and navigation, the search over everything, the overview, what waits, and the audit's pages.

It stands below the apps whose pages use it and knows none of them: what they show here they contribute (``slots.py``).
"""
