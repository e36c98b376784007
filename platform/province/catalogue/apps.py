from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "province.catalogue"
    label = "catalogue"
    verbose_name = "事项目录"

    def ready(self) -> None:
        # imported here because models are whole only now
        from province.catalogue.queries.checks import own_scheme  # noqa: PLC0415
        from province.catalogue.queries.search.console import find_items  # noqa: PLC0415
        from province.catalogue.queries.waiting import items_waiting  # noqa: PLC0415
        from province.catalogue.tasks import base_list, imports, publication  # noqa: F401, PLC0415
        from province.content.queries.search import finds  # noqa: PLC0415
        from province.content.queries.waiting import counts_waiting  # noqa: PLC0415

        counts_waiting(items_waiting)
        finds("catalogue.read", find_items)
        # a wrong setting stops the program at once
        own_scheme()
