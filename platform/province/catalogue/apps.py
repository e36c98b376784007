from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "province.catalogue"
    label = "catalogue"
    verbose_name = "事项目录"

    def ready(self) -> None:
        # imported here because models are whole only now
        from province.catalogue.queries.checks import own_scheme  # noqa: PLC0415
        from province.catalogue.queries.extra_elements import follow_additions  # noqa: PLC0415

        # a wrong setting stops the program at once
        own_scheme()
        follow_additions()
