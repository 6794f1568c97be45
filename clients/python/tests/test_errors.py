"""Each number of the table has its class."""
import pytest
import wireroom
from welcome import refused
from wireroom import errors
from wireroom._wire import ERRORS


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row.name)
def test_every_error_has_a_family_and_its_words(row):
    error = errors.refusal(refused(row.name, row.number, row.transient, retry_after_ms=1500, seq=4, at=9, field="f"))
    assert type(error) is not errors.Refused and row.number in type(error).numbers
    assert (error.transient, error.retry_after, error.seq, error.at, error.field) == (row.transient, 1.5, 4, 9, "f")
    assert row.name in str(error) and "because" in str(error)


def test_a_class_of_its_own_wins_over_its_family():
    assert type(errors.refusal(refused("IDS", 306, False))) is wireroom.IdReused
    assert issubclass(wireroom.StoreFull, wireroom.NoRoom)


def test_a_number_from_the_future_is_still_a_refusal():
    assert type(errors.refusal(refused("NEW_THING", 901))) is errors.Refused


def test_every_class_is_exported():
    kinds = {k.__name__ for k in errors.__dict__.values() if isinstance(k, type) and issubclass(k, errors.WireroomError)}
    assert kinds <= set(wireroom.__all__)
