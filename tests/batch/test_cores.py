"""Work shared out to the cores."""

import time

import pytest

from mopscli.batch.cores import in_order


def test_results_keep_the_order_of_the_jobs() -> None:
    """What a core has done sooner would come before what stands above it in the file."""

    def work(job: int) -> int:
        time.sleep(0.002 * (job % 3))
        return job * job

    assert list(in_order(2, range(20), work)) == [(job, job * job) for job in range(20)]


def test_no_more_is_begun_than_is_taken() -> None:
    """A large file would be in memory as a whole, as it is read faster than it is written."""
    begun = []
    results = in_order(2, (begun.append(job) or job for job in range(100)), str)  # type: ignore[func-returns-value]
    for number, (job, text) in enumerate(results):
        assert (job, text) == (number, str(number))
        assert len(begun) <= number + 3


def test_errors_come_through() -> None:
    """What goes wrong on another core would be lost, and half of a file be scored."""
    with pytest.raises(ZeroDivisionError):
        list(in_order(2, [1, 0, 1], lambda job: 1 / job))
