"""Divisions (区划) with their history, and the registry of service halls (服务厅): who they are, where they answer,
in which state they stand."""
