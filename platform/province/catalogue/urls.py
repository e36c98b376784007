from django.urls import path

from province.catalogue.views import departments, drafts, files, items, materials, offices, proposals, versions

urlpatterns = [
    path("console/items/", items.item_list, name="console-items"),
    path("console/items/new/", drafts.create, name="console-item-new"),
    path("console/items/base-list/", items.base_list, name="console-base-list"),
    path("console/items/proposals/", proposals.proposal_list, name="console-proposals"),
    path("console/items/proposals/<uuid:proposal_id>/", proposals.proposal, name="console-proposal"),
    path("console/items/offices/", offices.office_list, name="console-offices"),
    path("console/items/offices/new/", offices.create, name="console-office-new"),
    path("console/items/offices/<uuid:office_id>/", offices.edit, name="console-office"),
    path("console/items/offices/<uuid:office_id>/retire/", offices.retire, name="console-office-retire"),
    path("console/items/departments/", departments.department_list, name="console-departments"),
    path("console/items/departments/new/", departments.create, name="console-department-new"),
    path("console/items/departments/<uuid:department_id>/", departments.edit, name="console-department"),
    path("console/items/materials/", materials.material_list, name="console-materials"),
    path("console/items/materials/<uuid:material_id>/", materials.material, name="console-material"),
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
