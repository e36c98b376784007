from django.urls import path, re_path

from tenants.shell.views import desk, files, progress, search, site, subscriptions

_ACCENT = r"^accent-(?P<colour>[0-9a-f]{6})\.css\Z"

# previews of halls' pages stand on this host, too
province_patterns = [re_path(_ACCENT, files.accent)]

hall_patterns = [
    path("", site.home, name="site-home"),
    path("search/", search.search, name="site-search"),
    path("search/suggestions/", search.suggestions, name="site-suggestions"),
    path("progress/", progress.progress, name="site-progress"),
    path("accessibility/", site.accessibility, name="site-accessibility"),
    path("offline/", site.offline, name="site-offline"),
    path("subscription/", subscriptions.subscribe, name="site-subscribe"),
    path("subscription/end/", subscriptions.unsubscribe, name="site-unsubscribe"),
    path("sitemap.xml", files.sitemap, name="site-sitemap"),
    path("robots.txt", files.robots, name="site-robots"),
    path("manifest.webmanifest", files.manifest, name="site-manifest"),
    path("sw.js", files.service_worker, name="site-service-worker"),
    path("emblem", files.emblem, name="site-emblem"),
    re_path(_ACCENT, files.accent, name="site-accent"),
    path("desk/", desk.overview, name="desk"),
    path("desk/tasks/", desk.tasks, name="desk-tasks"),
    path("desk/search/", desk.search, name="desk-search"),
]
