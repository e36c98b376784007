from django.urls import path

from province.people.views import contacts, own_positions, people, person, rights, roles, units

# on every host
shared_patterns = [
    path("account/positions/", own_positions.positions, name="account-positions"),
    path("account/positions/choose/", own_positions.choose, name="account-position"),
    path("account/positions/substitutes/", own_positions.new_substitute, name="account-substitute-new"),
    path(
        "account/positions/substitutes/<uuid:substitution_id>/end/",
        own_positions.end_substitute,
        name="account-substitute-end",
    ),
    path("account/preview/end/", own_positions.leave_preview, name="preview-end"),
    path("account/preview/<uuid:account_id>/", own_positions.preview, name="preview"),
]

province_patterns = [
    path("account/card/", contacts.own_card, name="own-card"),
    path("account/contacts/", contacts.directory, name="contacts"),
    path("account/contacts/<uuid:account_id>/", contacts.person, name="contact"),
    path("console/settings/", people.people, name="console-settings"),
    path("console/settings/people/new/", people.new_person, name="console-person-new"),
    path("console/settings/people/import/", people.import_file, name="console-people-import"),
    path("console/settings/people/import/template/", people.import_template, name="console-people-template"),
    path("console/settings/people/<uuid:account_id>/", person.person, name="console-person"),
    path("console/settings/people/<uuid:account_id>/positions/", person.new_position, name="console-position-new"),
    path(
        "console/settings/people/<uuid:account_id>/positions/<uuid:position_id>/take/",
        person.end_position,
        name="console-position-take",
    ),
    path(
        "console/settings/people/<uuid:account_id>/positions/<uuid:position_id>/substitute/",
        person.new_substitute,
        name="console-substitute-new",
    ),
    path(
        "console/settings/people/<uuid:account_id>/substitutes/<uuid:substitution_id>/end/",
        person.end_substitute,
        name="console-substitute-end",
    ),
    path("console/settings/people/<uuid:account_id>/state/", person.change_account, name="console-account-change"),
    path("console/settings/people/<uuid:account_id>/activation/", person.activation, name="console-activation"),
    path("console/settings/people/<uuid:account_id>/hand-over/", person.hand_over_all, name="console-hand-over"),
    path("console/settings/units/", units.units, name="console-units"),
    path("console/settings/units/new/", units.new_unit, name="console-unit-new"),
    path("console/settings/units/<uuid:unit_id>/", units.change_unit, name="console-unit"),
    path("console/settings/roles/", roles.roles, name="console-roles"),
    path("console/settings/roles/new/", roles.edit, name="console-role-new"),
    path("console/settings/roles/<uuid:role_id>/", roles.edit, name="console-role"),
    path("console/settings/roles/<uuid:role_id>/retire/", roles.retire, name="console-role-retire"),
    path("console/settings/rights/", rights.who, name="console-rights"),
]
