"""Daemons for stories; see house.py."""
import pytest
from house import House


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A story that failed shows what its daemons said."""
    outcome = yield
    report = outcome.get_result()
    house = getattr(item, "funcargs", {}).get("make_daemon")
    if report.failed and isinstance(house, House):
        for daemon in house.daemons:
            report.sections.append(("stderr of %s" % daemon.directory, daemon.said()[-8000:]))


@pytest.fixture
def make_daemon():
    house = House()
    yield house
    house.close()


@pytest.fixture(scope="module")
def shared_daemon():
    """One for all stories of a file: where each leaves nothing that another would notice."""
    house = House()
    yield house()
    house.close()


@pytest.fixture
def daemon(make_daemon):
    return make_daemon()


@pytest.fixture
def client(daemon):
    with daemon.client() as connected:
        yield connected
