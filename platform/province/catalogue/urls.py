from django.urls import path

from province.catalogue.views import drafts, files, items, versions

urlpatterns = [
    path("console/items/", items.item_list, name="console-items"),
    path("console/items/new/", drafts.create, name="console-item-new"),
    path("console/items/base-list/", items.base_list, name="console-base-list"),
    path("console/items/files/<uuid:file_id>/", files.open_file, name="console-item-file"),
    path("console/items/versions/<uuid:version_id>/", versions.version, name="console-item-version"),
    path("console/items/versions/<uuid:version_id>/publish/", versions.publish, name="console-item-publish"),
    path("console/items/versions/<uuid:version_id>/withdraw/", versions.withdraw, name="console-item-withdraw"),
    path("console/items/<uuid:item_id>/", items.item, name="console-item"),
    path("console/items/<uuid:item_id>/edit/", drafts.edit, name="console-item-edit"),
    path("console/items/<uuid:item_id>/act/", items.act, name="console-item-act"),
    path("console/items/<uuid:item_id>/abolish/", items.abolish, name="console-item-abolish"),
    path("console/items/<uuid:item_id>/compare/", versions.compare, name="console-item-compare"),
]
