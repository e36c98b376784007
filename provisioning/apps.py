from importlib import import_module

from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    name = "provisioning"
    label = "provisioning"
    verbose_name = "开通"

    def ready(self) -> None:
        """Make the outbox's handler and the rollouts' workers known."""
        import_module("provisioning.tasks")
