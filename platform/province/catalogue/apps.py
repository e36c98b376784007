from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "province.catalogue"
    label = "catalogue"
    verbose_name = "事项目录"

    def ready(self) -> None:
        # imported here because models are whole only now
        from province.catalogue.tasks import publication  # noqa: F401, PLC0415
