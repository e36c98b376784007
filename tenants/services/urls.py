from django.urls import URLPattern, URLResolver, include, path

from tenants.services.views import (
    desk_exchange,
    desk_features,
    desk_files,
    desk_hall_defaults,
    desk_hall_guides,
    desk_items,
    desk_offers,
    desk_proposals,
    desk_searches,
    ledger,
    site,
    site_elsewhere,
    site_features,
    site_files,
    site_forms,
)

site_urls = [
    path("", site.services, name="site-services"),
    path("all/", site.everything, name="site-services-all"),
    path("by/feature/<slug:feature>/", site_features.items_of_feature, name="site-feature"),
    path("by/<slug:facet>/<str:value>/", site.group, name="site-services-group"),
    path("listed/", site.listed, name="site-services-listed"),
    path("elsewhere/", site_elsewhere.services_elsewhere, name="site-services-elsewhere"),
    path("find/", site.search, name="site-services-find"),
    path("code/<str:basic_code>/", site.guide_by_code, name="site-guide-by-code"),
    path("<uuid:item_id>/", site.guide, name="site-guide"),
    path("<uuid:item_id>/code.svg", site.guide_code, name="site-guide-code"),
    path("<uuid:item_id>/files/<uuid:file_id>/", site_files.open_file, name="site-guide-file"),
    path(
        "<uuid:item_id>/forms/<slug:form>/<slug:paper>.pdf",
        site_forms.made_form,
        {"ending": "pdf"},
        name="site-guide-form",
    ),
    path(
        "<uuid:item_id>/forms/<slug:form>/<slug:paper>.docx",
        site_forms.made_form,
        {"ending": "docx"},
        name="site-guide-word-form",
    ),
]

item_verbs = ("submit", "recall", "pass", "return", "accept", "stop", "resume", "drop")

desk_urls = [
    path("", desk_items.table, name="desk-items"),
    path("bulk/", desk_items.bulk, name="desk-items-bulk"),
    path("offers/", desk_offers.table, name="desk-offers"),
    path("offers/adopt/", desk_offers.adopt, name="desk-offers-adopt"),
    path("defaults/", desk_hall_defaults.table, name="desk-hall-defaults"),
    path("defaults/all/", desk_hall_defaults.edit, name="desk-hall-defaults-all"),
    path("defaults/fill/", desk_hall_defaults.fill, name="desk-hall-defaults-fill"),
    path("defaults/<uuid:department_id>/", desk_hall_defaults.edit, name="desk-hall-defaults-department"),
    path("proposals/", desk_proposals.table, name="desk-proposals"),
    path("proposals/new/", desk_proposals.new, name="desk-proposal-new"),
    path("features/", desk_features.table, name="desk-features"),
    path("searches/", desk_searches.table, name="desk-searches"),
    path("searches/settle/", desk_searches.settle, name="desk-search-settle"),
    path("exchange/", desk_exchange.exchange, name="desk-items-exchange"),
    path("exchange/workbook/", desk_exchange.workbook, name="desk-items-workbook"),
    path("exchange/national/", desk_exchange.national, name="desk-items-national"),
    path("exchange/national/file/", desk_exchange.national_file_out, name="desk-items-national-file"),
    path("exchange/schema/", desk_exchange.schema, name="desk-items-schema"),
    path("exchange/<uuid:import_id>/", desk_exchange.guide_import, name="desk-guide-import"),
    path("exchange/<uuid:import_id>/faults/", desk_exchange.guide_import_report, name="desk-guide-import-faults"),
    path("files/<uuid:file_id>/", desk_files.open_file, name="desk-item-file"),
    path("<uuid:adoption_id>/", desk_items.item, name="desk-item"),
    path("<uuid:adoption_id>/edit/", desk_hall_guides.edit, name="desk-item-edit"),
    path("<uuid:adoption_id>/newer/", desk_hall_guides.newer, name="desk-item-newer"),
    path("<uuid:adoption_id>/propose/", desk_proposals.propose, name="desk-item-propose"),
    *(
        path(f"<uuid:adoption_id>/{verb}/", desk_items.act, {"verb": verb}, name=f"desk-item-{verb}")
        for verb in item_verbs
    ),
]

power_urls = [
    path("", ledger.table, name="site-powers"),
    path("export/<str:kind>/", ledger.export, name="site-powers-export"),
    path("<uuid:item_id>/", site.power, name="site-power"),
    path("<slug:item_type>/", site.power_group, name="site-powers-group"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("services/", include(site_urls)),
    path("powers/", include(power_urls)),
    path("desk/items/", include(desk_urls)),
]
