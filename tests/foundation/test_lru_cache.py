"""Values that threads share: the last used ones stay, and together they never grow too large."""

from foundation.lru_cache import SharedLruCache


class TestSharedLruCache:
    def test_keeps_what_is_asked_for_and_drops_the_rest(self) -> None:
        numbers = SharedLruCache[str, int](3)
        numbers.put("old", 0)
        for number in range(20):
            numbers.put(str(number), number)
            assert numbers.get("old") == 0
        assert sorted(numbers.items()) == [("18", 18), ("19", 19), ("old", 0)]

    def test_counts_by_size(self) -> None:
        texts = SharedLruCache[int, str](100, len)
        for number in range(20):
            texts.put(number, "x" * 30)
        assert (len(texts), texts.size) == (3, 90)

    def test_counts_a_value_once(self) -> None:
        texts = SharedLruCache[str, str](100, len)
        for _ in range(5):
            texts.put("same", "x" * 30)
        assert (len(texts), texts.size) == (1, 30)

    def test_does_not_keep_what_is_larger_than_all_may_be(self) -> None:
        texts = SharedLruCache[str, str](100, len)
        texts.put("small", "x")
        texts.put("large", "x" * 101)
        assert texts.items() == [("small", "x")]

    def test_forgets_what_is_removed_once_or_twice(self) -> None:
        numbers = SharedLruCache[str, int](3)
        numbers.put("gone", 1)
        for _ in range(2):
            numbers.remove("gone")
        assert numbers.get("gone") is None
