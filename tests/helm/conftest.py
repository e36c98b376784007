import pytest

from tests.helm.rendering import SIZES, Rendered, sizes


@pytest.fixture(params=SIZES)
def rendered(request: pytest.FixtureRequest) -> Rendered:
    """The chart in each size, with all that can be switched on."""
    return sizes()[request.param]
