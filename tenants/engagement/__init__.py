"""互动交流: what people ask the hall, about an item or anything else, and how its departments answer."""
