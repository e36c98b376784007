"""Whoever takes a list of people, or of what is theirs, away leaves an entry."""

from functools import cache

from tests.architecture.calls import called, modules
from tests.architecture.test_audit import leaves_entry

WRITERS = {
    f"foundation.exports.{name}"
    for name in ("export_table", "export_list", "export_sheets", "stream_csv", "stream_file", "table_bytes")
}
_CATALOGUE = "items, and what belongs to them: public"
_CONTENT = "articles and pushes: nobody's own data"
_EMPTY = "a table to be filled in"
_HALLS = "halls and their days: public"
_MADE = "forms, flows and places of the hall: nobody's own data"
_SEARCHES = "what many have looked for, each text with a number and without who"
_SUMS = "sums, nobody's line"
# views and endpoints that write a file and leave no entry, each with what is in it
WITHOUT_ENTRY: dict[str, str] = {
    "province.catalogue.views.national.national": _CATALOGUE,
    "province.catalogue.views.national.national_file_out": _CATALOGUE,
    "province.catalogue.views.audits.audit": _CATALOGUE,
    "province.catalogue.views.words.word_list": _CATALOGUE,
    "province.catalogue.views.offices.office_list": _CATALOGUE,
    "province.catalogue.views.extra_elements.element_list": _CATALOGUE,
    "province.catalogue.views.life_events.event_list": _CATALOGUE,
    "province.catalogue.views.proposals.proposal_list": _CATALOGUE,
    "province.catalogue.views.matrix.matrix": _CATALOGUE,
    "province.catalogue.views.features.features": _CATALOGUE,
    "province.catalogue.views.exchange.export": _CATALOGUE,
    "province.catalogue.views.exchange.faults": _CATALOGUE,
    "province.catalogue.views.materials.material_list": _CATALOGUE,
    "province.catalogue.views.departments.department_list": _CATALOGUE,
    "province.catalogue.views.items.item_list": _CATALOGUE,
    "province.catalogue.api.national.export_national": _CATALOGUE,
    "tenants.lower_halls.views.matrix": _CATALOGUE,
    "tenants.lower_halls.views.assignments": _CATALOGUE,
    "tenants.lower_halls.views.guides": _CATALOGUE,
    "tenants.services.views.desk_exchange.national": _CATALOGUE,
    "tenants.services.views.desk_exchange.guide_import_report": _CATALOGUE,
    "tenants.services.views.ledger.export": _CATALOGUE,
    "tenants.services.views.desk_proposals.table": _CATALOGUE,
    "tenants.services.views.desk_items.table": _CATALOGUE,
    "tenants.services.views.desk_features.table": _CATALOGUE,
    "tenants.services.views.desk_offers.table": _CATALOGUE,
    "tenants.services.api.exchange.export_national": _CATALOGUE,
    "province.content.views.audiences.audience_list": _CONTENT,
    "province.content.views.deliveries.delivery_list": _CONTENT,
    "province.content.views.library.offers": _CONTENT,
    "province.content.views.proofs.receipt": _CONTENT,
    "province.content.views.pushes.push_list": _CONTENT,
    "province.content.views.manuscripts.manuscript_list": _CONTENT,
    "tenants.portal.views.desk_pushes.decided": _CONTENT,
    "tenants.portal.views.desk_pushes._file": _CONTENT,
    "tenants.portal.views.desk_library.table": _CONTENT,
    "tenants.portal.views.desk_articles.table": _CONTENT,
    "province.people.views.people.import_template": _EMPTY,
    "province.content.views.accounts.import_template": _EMPTY,
    "province.satisfaction.views.places.page": _SUMS,
    "province.cases.views.summary.page": _SUMS,
    "tenants.ratings.views.desk.figures": _SUMS,
    "tenants.casework.views.figures.page": _SUMS,
    "tenants.fees.views.desk.days": _SUMS,
    "province.halls.api.export_changes": _HALLS,
    "province.halls.views.halls.table": _HALLS,
    "province.halls.views.plans.plan": _HALLS,
    "province.workdays.views.calendars.page": _HALLS,
    "province.workdays.views.hall_days.page": _HALLS,
    "tenants.workflow.views.designs.design_table": _MADE,
    "tenants.workflow.views.places.table": _MADE,
    "province.catalogue.views.searches.search_list": _SEARCHES,
    "tenants.services.views.desk_searches.table": _SEARCHES,
    "tenants.portal.views.desk_accounts.table": "accounts of halls, without whom one calls",
}


@cache
def writing() -> dict[str, bool]:
    """Functions of pages and of the API that write a table into their answer, and whether each calls an operation that
    leaves an entry."""
    found = {}
    for module in modules().values():
        if not {"views", "api"} & set(module.name.split(".")):
            continue
        for name, function in module.functions.items():
            names = set(called(module, function))
            if WRITERS & names:
                found[f"{module.name}.{name}"] = any(".operations." in one and leaves_entry(one) for one in names)
    return found


class TestExport:
    def test_leaves_an_entry_or_says_why_not(self) -> None:
        silent = {one for one, leaves in writing().items() if not leaves}
        assert silent - WITHOUT_ENTRY.keys() == set(), "these leave no entry: see desk_export and write_list"

    def test_is_excused_only_where_it_exists_and_needs_to(self) -> None:
        assert [one for one in WITHOUT_ENTRY if writing().get(one, True)] == []
