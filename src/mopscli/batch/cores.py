"""Work shared out to the cores; knows nothing of what it is."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def in_order(cores: int, jobs: Iterable[Job], work: Callable[[Job], Result]) -> Iterator[tuple[Job, Result]]:
    """Yield each job with its result, in the order of the jobs; no more are begun than wait to be taken."""
    waiting: deque[tuple[Job, Future[Result]]] = deque()
    with ThreadPoolExecutor(cores) as pool:
        for job in jobs:
            waiting.append((job, pool.submit(work, job)))
            if len(waiting) > cores:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
