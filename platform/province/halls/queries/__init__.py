"""What others may ask about divisions and halls; one noun a file."""

from province.halls.queries.checklist import ChecklistLine, checklist
from province.halls.queries.dependencies import Dependencies
from province.halls.queries.division_plans import (
    change_counts,
    change_with_id,
    changes_of,
    plan_with_id,
    plans_table,
    state_counts,
)
from province.halls.queries.divisions import (
    DivisionFigures,
    child_divisions,
    division_figures,
    division_history,
    division_with_code,
    search_divisions,
)
from province.halls.queries.forecast import Forecast, forecast
from province.halls.queries.halls import (
    domains_of,
    hall_at_host,
    hall_in_table,
    hall_with_code,
    hall_with_id,
    halls_table,
    in_pieces,
)
from province.halls.queries.prefixes import prefixes_of, prefixes_of_divisions
from province.halls.queries.site_checks import CheckFigures, SiteCheck, site_check_figures, site_checks

__all__ = [
    "CheckFigures",
    "ChecklistLine",
    "Dependencies",
    "DivisionFigures",
    "Forecast",
    "SiteCheck",
    "change_counts",
    "change_with_id",
    "changes_of",
    "checklist",
    "child_divisions",
    "division_figures",
    "division_history",
    "division_with_code",
    "domains_of",
    "forecast",
    "hall_at_host",
    "hall_in_table",
    "hall_with_code",
    "hall_with_id",
    "halls_table",
    "in_pieces",
    "plan_with_id",
    "plans_table",
    "prefixes_of",
    "prefixes_of_divisions",
    "search_divisions",
    "site_check_figures",
    "site_checks",
    "state_counts",
]
