"""What happened and who has yet to act on it: events with many subscribers, due times, messages to the outside.

An app declares the kinds that it emits in its ``events`` module; any app subscribes in its ``tasks``.
"""
