from django.urls import path

from provisioning import views

province_patterns = [
    path("console/rollouts/", views.rollout_list, name="console-rollouts"),
    path("console/rollouts/new/", views.start, name="console-rollout-new"),
    path("console/rollouts/<uuid:rollout_id>/", views.progress, name="console-rollout"),
    path("console/rollouts/<uuid:rollout_id>/card/", views.card, name="console-rollout-card"),
]
