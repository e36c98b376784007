"""The central catalogue of items (事项): their drafts and versions, reviews and publication, and the base list that
a province begins with."""
