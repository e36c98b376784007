"""Numbers of documents, without gap and without double."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from province.audit.operations import record_act
from province.document_templates.queries.kinds import document_kind
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.documents.kinds import DocumentKind
from standards.documents.numbering import checked_rule, counts_by_year, number_by
from tenants.documents.models import DocumentTemplate, NumberSeries, NumberYear
from tenants.documents.operations.templates import template_row
from tenants.documents.queries.access import DESIGN
from tenants.portal.operations.figures import require_in_hall


@dataclass(frozen=True, slots=True)
class TakenNumber:
    series: NumberSeries
    year: int
    order: int
    number: str


def take_number(template: DocumentTemplate, kind: DocumentKind, *, year: int) -> TakenNumber:
    """The next number, in the caller's transaction. Until that ends, the next one waits: what is taken
    back leaves no gap, and two at once get no double."""
    series = template.series or _series(kind.rule)
    counted = year if counts_by_year(series.rule) else 0
    NumberYear.objects.bulk_create([NumberYear(series=series, year=counted)], ignore_conflicts=True)
    NumberYear.objects.filter(series=series, year=counted).update(last=F("last") + 1)
    order = NumberYear.objects.values_list("last", flat=True).get(series=series, year=counted)
    return TakenNumber(series, counted, order, number_by(series.rule, year=year, order=order))


@transaction.atomic
def set_number_rule(*, by: Actor, hall: Hall, kind: str, rule: str) -> DocumentTemplate:
    """Number the documents of this kind by another rule from now on; "" is the kind's own again. A rule that was in use
    before goes on where it was. Raises Invalid."""
    require_in_hall(by, DESIGN, hall)
    stated = document_kind(kind)
    rule = checked_rule(rule) if rule.strip() else ""
    template = template_row(kind)
    before = template.series.rule if template.series else stated.rule
    template.series = _series(rule) if rule else None
    template.save(update_fields=["series"])
    if before != (rule or stated.rule):
        record_act(
            by=by,
            act="documents.set_number_rule",
            object_type="document_template",
            object_id=template.pk,
            hall_id=hall.pk,
            changes={"kind": [None, stated.name], "rule": [before, rule or stated.rule]},
        )
    return template


def _series(rule: str) -> NumberSeries:
    """Two who need a new one at once get the same: the second waits until the first has committed."""
    found = NumberSeries.objects.filter(rule=rule).first()
    if found is None:
        NumberSeries.objects.bulk_create([NumberSeries(rule=rule)], ignore_conflicts=True)
        found = NumberSeries.objects.get(rule=rule)
    return found
