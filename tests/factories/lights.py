"""What backups and certificates leave in the database, so that their figures are there."""

from datetime import timedelta

from django.utils import timezone

from province.halls.models import HostCertificate
from provisioning.models import BackupState
from tests.roles import as_owner


def leave_backups_and_certificates() -> None:
    """A backup and a drill that went well, a certificate for three months of the province and of a hall."""
    now = timezone.now()
    with as_owner():
        for kind in BackupState.Kind:
            BackupState.objects.update_or_create(
                kind=kind, defaults={"moment": now, "done_at": now, "begun_at": now, "seconds": 1}
            )
    for host, is_province in (("yizhan.localhost", True), ("www.dangyang.gov.cn", False)):
        HostCertificate.objects.create(
            host=host, is_province=is_province, looked_at=now, valid_until=now + timedelta(days=90)
        )
