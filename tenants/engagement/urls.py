from django.urls import URLPattern, URLResolver, include, path

from tenants.engagement.views import asking, desk, desk_question, site

site_urls = [
    path("", site.overview, name="site-engagement"),
    path("find/", site.find, name="site-engagement-find"),
    path("answers/<uuid:answer_id>/", site.answer, name="site-answer"),
    path("ask/", asking.ask, name="site-ask"),
    path("ask/<uuid:item_id>/", asking.ask, name="site-ask-item"),
    path("questions/<uuid:question_id>/", asking.question, name="site-question"),
    path("questions/<uuid:question_id>/stop-messages/", asking.stop, name="site-question-stop"),
]

desk_urls = [
    path("", desk.table, name="desk-questions"),
    path("new/", desk.new, name="desk-question-new"),
    path("complaints/new/", desk.new_complaint, name="desk-complaint-new"),
    path("complaints/", desk.complaints, name="desk-complaints"),
    path("settings/", desk.settings, name="desk-questions-settings"),
    path("<uuid:question_id>/", desk_question.question, name="desk-question"),
    path("<uuid:question_id>/draft/", desk_question.draft, name="desk-question-draft"),
    path(
        "<uuid:question_id>/notices/<uuid:notice_id>/again/", desk_question.send_again, name="desk-question-send-again"
    ),
    path("<uuid:question_id>/reveal/", desk_question.reveal, name="desk-question-reveal"),
    path("<uuid:question_id>/publication/", desk_question.publication, name="desk-question-publication"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("engagement/", include(site_urls)),
    path("desk/questions/", include(desk_urls)),
]
