"""Who speaks: the kernel says which user, settings say what that user may."""
import pytest
from house import story
from wireroom import NotAllowed, Refused, SourceMissing, SourceNotYours, UnknownPeer

ONE_SOURCE = "principals:\n  ticker:\n    uid: 0\n    sources: [dpa]\n    roles: [submit]\n"
TWO_SOURCES = ONE_SOURCE.replace("[dpa]", "[dpa, afp]").replace("[submit]", "[submit, read]")
SOMEBODY_ELSE = ONE_SOURCE.replace("uid: 0", "uid: 12345")


def test_a_source_may_be_left_out_where_there_is_exactly_one(make_daemon):
    daemon = make_daemon(config=ONE_SOURCE)
    with daemon.client() as client:
        assert (client.welcome["principal"], client.welcome["sources"]) == ("ticker", ["dpa"])
        assert client.submit(story()).source == "dpa"
        with pytest.raises(SourceNotYours):
            client.submit(story(), source="reuters")


def test_with_two_sources_one_must_be_named(make_daemon):
    daemon = make_daemon(config=TWO_SOURCES)
    with daemon.client() as client:
        with pytest.raises(SourceMissing):
            client.submit(story())
        assert client.submit(story(), source="afp").source == "afp"


def test_a_role_that_is_not_had_is_refused_by_name(make_daemon):
    daemon = make_daemon(config=ONE_SOURCE)
    with daemon.client() as client:
        client.submit(story())
        for question in (lambda: client.get("dpa", "a:1"), client.status, lambda: list(client.list()),
                         lambda: next(client.follow(after=0))):
            with pytest.raises(NotAllowed):
                question()


def test_a_user_whom_settings_do_not_name_is_nobody(make_daemon):
    daemon = make_daemon(config=SOMEBODY_ELSE)
    with daemon.client() as client:
        assert (client.welcome["principal"], client.welcome["roles"]) == ("", [])
        with pytest.raises((UnknownPeer, NotAllowed)):
            client.submit(story(), source="dpa")


@pytest.mark.parametrize("open_", [False, True], ids=["closed", "--open"])
def test_a_claimed_name_is_believed_under_open_alone(make_daemon, open_):
    daemon = make_daemon(start=False)
    daemon.start(*(["--open"] if open_ else []))
    with daemon.client(principal="somebody") as client:
        assert (client.welcome["principal"] == "somebody") == open_


@pytest.mark.parametrize("source", ["UPPER", "with space", "dpa/afp", "ümlaut", ".", "a_b"])
def test_a_source_has_small_letters_digits_and_dashes(client, source):
    with pytest.raises(Refused) as caught:
        client.submit(story(), source=source)
    assert caught.value.field == "source"
