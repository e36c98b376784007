from django.urls import URLPattern, URLResolver, include, path

from tenants.workflow.views import designed_forms

form_verbs = ("publish", "retire", "restore", "open", "close", "unlock", "leave")

form_urls = [
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

hall_patterns: list[URLPattern | URLResolver] = [
    path("desk/forms/", include(form_urls)),
]
