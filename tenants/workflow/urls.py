from django.urls import URLPattern, URLResolver, include, path

from tenants.workflow.views import designed_flows, designed_forms, runs

site_urls = [
    path("", site_fill.forms, name="site-forms"),
    path("<uuid:form_id>/", site_fill.begin, name="site-form"),
    path("filled/<uuid:filled_id>/", site_fill.filled, name="site-filled"),
    path("filled/<uuid:filled_id>/check/", site_fill.check, name="site-filled-check"),
    path("filled/<uuid:filled_id>/drop/", site_fill.drop, name="site-filled-drop"),
    path("filled/<uuid:filled_id>/paper/", site_fill.paper, name="site-filled-paper"),
    path("filled/<uuid:filled_id>/files/<uuid:upload_id>/", site_fill.open_upload, name="site-filled-file"),
    path("filled/<uuid:filled_id>/parts/<slug:part>/", site_fill.part, name="site-filled-part"),
]

flow_verbs = ("publish", "undo", "redo", "retire", "restore", "unlock", "leave")

flow_urls = [
    path("", designed_flows.table, name="desk-flows"),
    path("new/", designed_flows.new, name="desk-flow-new"),
    path("<uuid:flow_id>/", designed_flows.flow, name="desk-flow"),
    path("<uuid:flow_id>/nodes/<slug:name>/", designed_flows.node, name="desk-flow-node"),
    path("<uuid:flow_id>/change/", designed_flows.change, name="desk-flow-change"),
    path("<uuid:flow_id>/settings/", designed_flows.settings, name="desk-flow-settings"),
    path("<uuid:flow_id>/draw/", designed_flows.draw, name="desk-flow-draw"),
    path("<uuid:flow_id>/compare/", designed_flows.compare, name="desk-flow-compare"),
    path("<uuid:flow_id>/export/", designed_flows.export, name="desk-flow-export"),
    *(
        path(f"<uuid:flow_id>/{verb}/", designed_flows.act, {"verb": verb}, name=f"desk-flow-{verb}")
        for verb in flow_verbs
    ),
]

run_urls = [
    path("<uuid:run_id>/", runs.run, name="desk-run"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("desk/forms/", include(form_urls)),
    path("desk/flows/", include(flow_urls)),
    path("desk/runs/", include(run_urls)),
]
