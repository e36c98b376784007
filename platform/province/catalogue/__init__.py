"""The central catalogue of items (事项): what an item is, said once, and the base list that a province begins with."""
