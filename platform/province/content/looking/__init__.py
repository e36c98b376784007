"""A reader's eyes: what every site must show of a push, and one look at one site.

Touches no database: it runs in threads of the verifier, and on machines that have nothing of the province but its
address (``yizhan look``).
"""
