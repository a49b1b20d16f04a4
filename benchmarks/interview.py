"""Measure how long the next question takes: the answer saved to the disk, and the question chosen."""

import random
import statistics
import tempfile
import time
from pathlib import Path

from mopscli.assessment.questionnaire import prepare
from mopscli.cli.ask import AssessmentGuide
from mopscli.knowledge import bundled_folder, load
from mopscli.person.store import Store


def main() -> None:
    """Answer every question once, by chance."""
    knowledge = load(bundled_folder(), ("questions",))
    questionnaire = prepare(knowledge)
    roles = [knowledge.roles["head"], knowledge.roles["director"]]
    chance = random.Random(0)
    guide = AssessmentGuide(knowledge, questionnaire, roles, 0.05)
    given: dict[str, float | None] = {}
    times = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        number = store.begin(("head", "director"), "")
        asked = guide.next(given)
        while asked is not None:
            value = chance.choice(asked.choices).value
            start = time.perf_counter()
            store.answer(number, asked.key, value)
            given[asked.key] = value
            asked = guide.next(given)
            times.append(time.perf_counter() - start)
    print(
        f"{len(times)} questions: median {1000 * statistics.median(times):.1f} ms, most {1000 * max(times):.1f} ms"
    )


if __name__ == "__main__":
    main()
