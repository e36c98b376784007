from uuid import UUID

from django.db.models import QuerySet

from province.audit.models import AuditEntry


def entries_about(object_id: UUID) -> QuerySet[AuditEntry]:
    """Everything that was done to one object, oldest first."""
    return AuditEntry.objects.filter(object_id=object_id).order_by("created_at", "id")
