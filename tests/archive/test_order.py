"""The order of articles as one number: that of the database, for every instant that a page can state."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from archive.order import ARTICLES, first_from, number, pk_of

SECONDS = st.datetimes(datetime(1800, 1, 1), datetime(2201, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)
PKS = st.integers(1, ARTICLES - 1)
PLACES = st.tuples(SECONDS, PKS)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@given(PLACES, PLACES)
@example((BEGINNING, 1), (BEGINNING - timedelta(seconds=1), ARTICLES - 1))
@example((BEGINNING, 1), (BEGINNING, 2))
def test_numbers_stand_as_seconds_and_keys_do(one, other):
    assert (number(*one) < number(*other)) == (one < other)
    assert -(2**62) <= number(*one) < 2**62


@given(PLACES)
def test_the_key_is_read_back(place):
    assert pk_of(number(*place)) == place[1]


@given(PLACES, SECONDS, st.timedeltas(timedelta(), timedelta(microseconds=999_999)))
def test_a_bound_parts_what_the_instants_part(place, second, fraction):
    bound = second + fraction
    assert (number(*place) >= first_from(bound)) == (place[0] >= bound)


def test_what_lies_beyond_all_bounds_has_a_place_too():
    far = [datetime.min.replace(tzinfo=UTC), BEGINNING, datetime.max.replace(tzinfo=UTC)]
    numbers = [number(at, pk) for at in far for pk in (-1, 0, 2**80)]
    assert numbers == sorted(numbers)
    assert all(-(2**62) <= each < 2**62 for each in numbers)
