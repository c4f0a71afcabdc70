"""What the peers share: the edges and questions that `guanxi-bench graph EDGES --peers FOLDER` wrote, and the clock."""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy

FOLDER = Path(sys.argv[1])
# Those that are asked of this process.
WANTED = sys.argv[2:]
TOLD = json.loads((FOLDER / "questions.json").read_text())
NODES, HOPS, ROUNDS = TOLD["nodes"], TOLD["hops"], TOLD["rounds"]
AUTHORITY, OWNER, FUND, POPULAR, FAR = (TOLD[name] for name in ["authority", "owner", "fund", "popular", "far"])

RUNS = 5
# A run takes at least so many seconds, and what takes longer than the other is run once.
LEAST, LONG = 0.2, 10

Work = Callable[[], Any]
Answer = Callable[[Any], list]


def pairs(name: str) -> numpy.ndarray:
    """Edges, each in the direction in which it is walked, as two columns."""
    return numpy.loadtxt(FOLDER / f"{name}.csv", delimiter=",", dtype=numpy.int64, ndmin=2)


def ask(questions: dict[str, tuple[Work, Answer]]) -> None:
    """Prints the answer to each question that is wanted and what it costs, in milliseconds: medians."""
    for question in WANTED:
        if question not in questions:
            tell(question=question, never=True)
            continue
        work, answer = questions[question]
        tell(question=question, begins=True)
        began = time.perf_counter()
        found = work()
        first = time.perf_counter() - began
        tell(question=question, seconds=first)
        runs = RUNS if first <= LONG else 1
        times = [timed(work, max(1, int(LEAST / first))) for _ in range(runs)]
        processor, wall = (statistics.median(column) * 1e3 for column in zip(*times))
        tell(question=question, answer=answer(found), processor=processor, wall=wall, runs=runs)


def timed(work: Work, times: int) -> tuple[float, float]:
    began, before = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - before) / times, (time.perf_counter() - began) / times


def tell(**said: object) -> None:
    print(json.dumps(said), flush=True)


def resident() -> int:
    """Bytes of memory of this process."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def nodes(start: int) -> Answer:
    """The answer that is a set of nodes, of which the start is none."""
    return lambda found: digested({int(node) for node in found} - {start})


def paths(found: Iterable[Iterable[int]]) -> list:
    return digested(digest(path) for path in found)


def parts(sizes: Iterable[int]) -> list:
    sizes = list(sizes)
    return [len(sizes), sum(size * size for size in sizes)]


def ranks(found: dict[int, float] | list[float]) -> list:
    scores = list(found.values()) if isinstance(found, dict) else list(found)
    numbers = list(found) if isinstance(found, dict) else range(len(scores))
    return [max(zip(scores, numbers))[1], sum(score * score for score in scores)]


def digested(numbers: Iterable[int]) -> list:
    """How many numbers there are, and a number that stands for which."""
    numbers = sorted(numbers)
    return [len(numbers), digest(numbers)]


def digest(numbers: Iterable[int]) -> int:
    """As `walks.rs` reckons it."""
    folded = 0
    for number in numbers:
        folded = (folded * 1_000_003 + int(number) + 1) % 2_147_483_647
    return folded
