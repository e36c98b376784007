"""`yizhan doctor`: one small function a check, each of which names one kind of fault and its cure."""

from config.doctor.findings import Finding
from config.doctor.rounds import examine

__all__ = ["Finding", "examine"]
