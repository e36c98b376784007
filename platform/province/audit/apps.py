from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "province.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """What each app calls its acts."""
        autodiscover_modules("queries.acts")
