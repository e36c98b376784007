"""Who may do what: actors, permissions, the ready-made roles. It has no rows and knows no hall, no request and no
page."""
