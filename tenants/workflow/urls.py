from django.urls import URLPattern, URLResolver, include, path

from tenants.workflow.views import (
    chunks,
    designed_flows,
    designed_forms,
    desk_fill,
    desk_preview,
    desk_sent,
    materials,
    moves,
    phrases,
    places,
    runs,
    site_ask,
    site_fill,
    work,
)

site_urls = [
    path("", site_fill.forms, name="site-forms"),
    path("<uuid:form_id>/", site_fill.begin, name="site-form"),
    path("filled/<uuid:filled_id>/", site_fill.filled, name="site-filled"),
    path("filled/<uuid:filled_id>/again/", site_fill.again, name="site-filled-again"),
    path("filled/<uuid:filled_id>/check/", site_ask.check, name="site-filled-check"),
    path("filled/<uuid:filled_id>/drop/", site_fill.drop, name="site-filled-drop"),
    path("filled/<uuid:filled_id>/paper/", site_fill.paper, name="site-filled-paper"),
    path("filled/<uuid:filled_id>/files/<uuid:upload_id>/", site_fill.open_upload, name="site-filled-file"),
    path("filled/<uuid:filled_id>/known/", site_ask.known, name="site-filled-known"),
    path("filled/<uuid:filled_id>/pages/<slug:page>/", site_ask.page, name="site-filled-page"),
    path("filled/<uuid:filled_id>/chunks/", chunks.begin_at_site, name="site-filled-chunks"),
    path("filled/<uuid:filled_id>/chunks/<uuid:partial_id>/", chunks.add_at_site, name="site-filled-chunk"),
]

form_verbs = ("publish", "retire", "restore", "open", "close", "unlock", "leave")

design_urls = [
    path("", designed_forms.table, name="desk-forms"),
    path("new/", designed_forms.new, name="desk-form-new"),
    path("<uuid:form_id>/", designed_forms.form, name="desk-form"),
    path("<uuid:form_id>/design/", designed_forms.design, name="desk-form-design"),
    path("<uuid:form_id>/compare/", designed_forms.compare, name="desk-form-compare"),
    path("<uuid:form_id>/export/", designed_forms.export, name="desk-form-export"),
    *(
        path(f"<uuid:form_id>/{verb}/", designed_forms.act, {"verb": verb}, name=f"desk-form-{verb}")
        for verb in form_verbs
    ),
]

flow_verbs = ("publish", "undo", "redo", "retire", "restore", "unlock", "leave")

flow_urls = [
    path("", designed_flows.table, name="desk-flows"),
    path("new/", designed_flows.new, name="desk-flow-new"),
    path("<uuid:flow_id>/", designed_flows.flow, name="desk-flow"),
    path("<uuid:flow_id>/nodes/<slug:name>/", designed_flows.node, name="desk-flow-node"),
    path("<uuid:flow_id>/whole/", designed_flows.whole, name="desk-flow-whole"),
    path("<uuid:flow_id>/change/", designed_flows.change, name="desk-flow-change"),
    path("<uuid:flow_id>/settings/", designed_flows.settings, name="desk-flow-settings"),
    path("<uuid:flow_id>/draw/", designed_flows.draw, name="desk-flow-draw"),
    path("<uuid:flow_id>/moves/", moves.moves, name="desk-flow-moves"),
    path("<uuid:flow_id>/compare/", designed_flows.compare, name="desk-flow-compare"),
    path("<uuid:flow_id>/export/", designed_flows.export, name="desk-flow-export"),
    *(
        path(f"<uuid:flow_id>/{verb}/", designed_flows.act, {"verb": verb}, name=f"desk-flow-{verb}")
        for verb in flow_verbs
    ),
]

desk_urls = [
    path("fill/", desk_fill.fillings, name="desk-fillings"),
    path("filled/<uuid:filled_id>/", desk_fill.filling, name="desk-filling"),
    path("filled/<uuid:filled_id>/drop/", desk_fill.drop, name="desk-filling-drop"),
    path("filled/<uuid:filled_id>/paper/", desk_fill.paper, name="desk-filling-paper"),
    path("filled/<uuid:filled_id>/files/<uuid:upload_id>/", desk_fill.open_upload, name="desk-filling-file"),
    path("filled/<uuid:filled_id>/chunks/", chunks.begin_at_desk, name="desk-filling-chunks"),
    path("filled/<uuid:filled_id>/chunks/<uuid:partial_id>/", chunks.add_at_desk, name="desk-filling-chunk"),
    path("<uuid:form_id>/preview/", desk_preview.preview, name="desk-form-preview"),
    path("<uuid:form_id>/fill/", desk_fill.begin, name="desk-form-begin"),
    path("<uuid:form_id>/sent/", desk_sent.table, name="desk-form-sent"),
    path("<uuid:form_id>/sent/export/", desk_sent.export, name="desk-form-sent-export"),
]

run_verbs = ("cancel", "terminate", "suspend", "resume", "jump", "copy", "message")
item_verbs = (
    *("claim", "put-back", "return", "withdraw", "transfer", "delegate", "sign", "unsign", "urge", "release", "again"),
)

work_urls = [
    path("", work.inbox, name="desk-work"),
    path("many/", work.act_on_ticked, name="desk-work-many"),
    path("all/", work.act_on_all, name="desk-work-all"),
    path("batches/<uuid:batch_id>/", work.batch, name="desk-work-batch"),
    path("<uuid:item_id>/by-hand/", runs.by_hand, name="desk-run-by-hand"),
    path("phrases/", phrases.phrases, name="desk-work-phrases"),
    *(
        path(f"<uuid:item_id>/{verb}/", runs.act_on_item, {"verb": verb}, name=f"desk-run-item-{verb}")
        for verb in item_verbs
    ),
]

run_urls = [
    path("<uuid:run_id>/", runs.run, name="desk-run"),
    path("<uuid:run_id>/progress/", runs.progress, name="desk-run-progress"),
    path("<uuid:run_id>/files/<uuid:upload_id>/", materials.open_material, name="desk-run-file"),
    path("<uuid:run_id>/files/<uuid:upload_id>/look/", materials.look_at_material, name="desk-run-file-look"),
    *(path(f"<uuid:run_id>/{verb}/", runs.act_on_run, {"verb": verb}, name=f"desk-run-{verb}") for verb in run_verbs),
]

place_urls = [
    path("", places.table, name="desk-places"),
    path("new/", places.new, name="desk-place-new"),
    path("import/", places.upload, name="desk-places-import"),
    path("<uuid:place_id>/", places.place, name="desk-place"),
    *(
        path(f"<uuid:place_id>/{verb}/", places.use, {"verb": verb}, name=f"desk-place-{verb}")
        for verb in ("use", "end")
    ),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("forms/", include(site_urls)),
    path("desk/forms/", include([*design_urls, *desk_urls])),
    path("desk/flows/", include(flow_urls)),
    path("desk/places/", include(place_urls)),
    path("desk/flows/<uuid:flow_id>/start/", runs.start, name="desk-run-start"),
    path("desk/flows/<uuid:flow_id>/start/chunks/", chunks.begin_at_start, name="desk-run-start-chunks"),
    path("desk/work/", include(work_urls)),
    path("desk/runs/", include(run_urls)),
]
