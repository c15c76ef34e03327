"""What goes wrong with an office is found within two visits and named right."""

import pytest

from tests.spiders.faults import FAULTS, results


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_within_two_visits_and_nothing_before_it(fault):
    *healthy, first, second = results(fault)
    _, outcome, kind = FAULTS[fault]
    classes = [name for name in second.counts if name.startswith("class/")]

    assert not [each.reason for each in healthy if each.outcome.trouble]
    assert first.outcome.trouble
    assert (second.outcome, classes) == (outcome, [f"class/{kind}"])
    assert second.reason
