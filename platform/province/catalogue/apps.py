from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "province.catalogue"
    label = "catalogue"
    verbose_name = "事项目录"

    def ready(self) -> None:
        # imported here because models are whole only now
        from province.catalogue.definition.codes import own_scheme  # noqa: PLC0415
        from province.catalogue.tasks import base_list, imports, publication  # noqa: F401, PLC0415

        # nonsense stops the program at once
        own_scheme()
