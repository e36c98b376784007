"""Licences (证照) that the hall has granted: whose each is, from when until when it holds, and how it ended. Its
number, its paper and whether it holds are those of an issued document. It knows neither cases nor forms."""
