from province.audit.queries.acts import act_label, field_label, object_label, value_label
from province.audit.queries.entries import EntryFilter, entries_about, entries_about_person, entries_matching

__all__ = [
    "EntryFilter",
    "act_label",
    "entries_about",
    "entries_about_person",
    "entries_matching",
    "field_label",
    "object_label",
    "value_label",
]
