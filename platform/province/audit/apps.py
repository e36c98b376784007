from django.apps import AppConfig

from foundation.contributions import gather_contributions


class AuditConfig(AppConfig):
    name = "province.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """The audit is the lowest app that shows what others contribute (the names of their acts)."""
        gather_contributions()
