from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class EventsConfig(AppConfig):
    name = "foundation.events"
    label = "events"
    verbose_name = "事件"

    def ready(self) -> None:
        """Let every app declare its kinds and subscribe, then check that both fit together."""
        # imported here because models are whole only now
        from foundation.events.kinds import REGISTRY  # noqa: PLC0415

        for name in ("events", "tasks"):
            for config in apps.get_app_configs():
                if config.module is not None and module_has_submodule(config.module, name):
                    _import_whole(f"{config.name}.{name}")
        REGISTRY.check_subscribers()


def _import_whole(name: str) -> None:
    module = import_module(name)
    for found in iter_modules(getattr(module, "__path__", ())):
        import_module(f"{name}.{found.name}")
