"""How far what is done for the audit later is behind its entries."""

from django.utils import timezone

from province.audit.models import AuditDay, AuditEntry


def seconds_unsealed() -> float:
    """How long the oldest entry has stood that was written after the last sealing; 0 where there is none. Ids follow
    the time (UUIDv7), so both questions read one row."""
    entries = AuditEntry.objects.order_by("pk")
    if last := AuditDay.objects.order_by("-number").values_list("pk", flat=True).first():
        entries = entries.filter(pk__gt=last)
    oldest = entries.values_list("created_at", flat=True).first()
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0
