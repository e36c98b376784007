"""The only place that knows everything: settings, routes, entry points."""
