from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class RightsConfig(AppConfig):
    name = "province.rights"
    label = "rights"
    verbose_name = "权限"

    def ready(self) -> None:
        """Let every app declare the permissions that its operations ask for; one that does not fit stops the start."""
        for config in apps.get_app_configs():
            if config.module is not None and module_has_submodule(config.module, "operations"):
                operations = import_module(f"{config.name}.operations")
                for found in iter_modules(getattr(operations, "__path__", ())):
                    import_module(f"{operations.__name__}.{found.name}")
