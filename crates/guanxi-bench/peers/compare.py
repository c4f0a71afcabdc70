"""Asks guanxi and its peers the same questions of the same invented worlds, and prints a table of what each costs.

    compare.py BENCH FOLDER [EDGES…]

BENCH is guanxi-bench, FOLDER takes the virtual environment and the worlds, EDGES are 100000 and 1000000 unless told.
Every peer is a process of its own, on one thread where it can be told so. An answer that is not ours is told in the
table and below it, and makes this end with 1. Where no package index can be reached, the peers in Python are left out.
"""

import json
import math
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "tests" / "readers"))

from environment import environment  # noqa: E402

OURS = "guanxi"
# Peers in Python, and in how large a world each is asked: networkx is left out of large ones.
PEERS = {
    "rustworkx": math.inf, "igraph": math.inf, "networkx": 100_000, "DuckDB": math.inf, "kuzu": math.inf,
    "oxigraph": math.inf, "scipy": math.inf,
}
COLUMNS = [OURS, "petgraph", "graph", *PEERS]
LIBRARIES = {"petgraph", "graph", "rustworkx", "igraph", "networkx", "scipy"}
DATABASES = {"DuckDB": 10, "kuzu": 10, "oxigraph": 50}
# The crate `graph` would take every core, and numpy several.
ALONE = os.environ | {"RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
# Seconds that a question may take before the peer is stopped.
LIMIT = 120
# Question: what is asked, and how many times as fast as the fastest library we mean to be; None where nobody else is
# asked. Walks are asked twice of us: by numbers alone, as of the peers, and as our commands walk.
QUESTIONS = {
    "reach": ("reach of an authority, ≤ 6 hops", 2),
    "reach explained": ("the same by `guanxi reach`: schema, filters, paths", None),
    "paths": ("all simple paths between hubs, ≤ 5 hops", 2),
    "paths explained": ("the same by `guanxi trace`: schema, filters, facts", None),
    "owners": ("owners of one company, direct and indirect", 2),
    "shortest": ("shortest path", 2),
    "shortest explained": ("the same by `guanxi trace`", None),
    "closure": ("closure (invests or owns)+", 2),
    "strong": ("strong components", 2),
    "weak": ("weak components", 0.9),
    "pagerank": ("PageRank, 20 rounds", 0.9),
    "effective": ("effective ownership, all companies", 1),
}
MOST_BYTES = 40
# The same query through our layer and past it.
SPARQL, DIRECT = "sparql ", "oxigraph called directly"
MOST_OVER = 5
# The answer to a question, or what came instead; by question, then by who was asked.
Results = dict[str, dict[str, dict]]


def main(bench: str, folder: str, sizes: list[str]) -> int:
    home = Path(folder).resolve()
    home.mkdir(parents=True, exist_ok=True)
    python = environment(home / "venv", [HERE / "requirements.txt"])
    if python is None:
        print("skipped: no package index, so the peers in Python could not be installed: NONE OF THEM WAS ASKED\n")
    wrong = []
    for size in sizes or ["100000", "1000000"]:
        world = home / size
        results = {question: {} for question in [*QUESTIONS, "bytes"]}
        for line in lines([bench, "graph", size, "--peers", world]):
            results.setdefault(line["question"], {})[line["who"]] = line
        for peer, most in PEERS.items():
            if python and int(size) <= most:
                answers_of(peer, python, world, results)
        wrong += judge(results)
        report(int(size), results)
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def lines(command: list) -> Iterator[dict]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ALONE) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}")


def answers_of(peer: str, python: Path, world: Path, results: Results) -> None:
    """Asks a peer; where a question takes it too long, it is begun anew with those that come after."""
    left = [question for question, (_, factor) in QUESTIONS.items() if factor]
    while left:
        late = asked(peer, [python, HERE / f"ask_{peer.lower()}.py", world, *left], results)
        if late is None:
            return
        results[late][peer] = {"instead": f"> {LIMIT} s"}
        left = left[left.index(late) + 1:]


def asked(peer: str, command: list, results: Results) -> str | None:
    """The question that took too long, if one did."""
    question = None
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=ALONE)
    with process, selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if question and not selector.select(LIMIT):
                process.kill()
                return question
            line = process.stdout.readline()
            if not line:
                break
            told = json.loads(line)
            if told.get("begins"):
                question = told["question"]
            elif "seconds" in told:
                # It has answered once; the other runs take what they take.
                question = None
            elif not told.get("never"):
                results[told["question"]][peer] = told
    if process.returncode != 0:
        sys.exit(f"{peer}: ask_{peer.lower()}.py ended with {process.returncode}")
    return None


def judge(results: Results) -> list[str]:
    """Marks the answers that are not ours, and says which they are. What a peer does not tell is not compared."""
    wrong = []
    for question, answers in results.items():
        ours = answers[OURS].get("answer")
        for who, result in answers.items():
            if "answer" in result and not all(map(same, ours, result["answer"])):
                result["differs"] = True
                if (question, who) != ("pagerank", "graph"):
                    wrong.append(f"{question}: {who} answers {result['answer']}, guanxi {ours}")
    return wrong


def same(ours: float, theirs: float) -> bool:
    return math.isclose(ours, theirs, rel_tol=1e-5) if isinstance(ours, float) else ours == theirs


def report(size: int, results: Results) -> None:
    load = Path("/proc/loadavg").read_text().split()[0] if Path("/proc/loadavg").exists() else "unknown"
    print(f"{size:,} edges; milliseconds of the processor / of the wall, medians; load of the machine {load}\n")
    print(f"| | {' | '.join(COLUMNS)} | gate |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    for question, (text, factor) in QUESTIONS.items():
        cells = [cell(results[question].get(who)) for who in COLUMNS]
        print(f"| {text} | {' | '.join(cells)} | {gate(results[question], factor)} |")
    sizes = [results["bytes"].get(who, {}).get("bytes") for who in COLUMNS]
    met = "met" if sizes[0] <= MOST_BYTES else "**not met**"
    cells = ["–" if told is None else f"{told:.0f}" for told in sizes]
    print(f"| bytes an edge | {' | '.join(cells)} | ≤ {MOST_BYTES}: {met} |\n")
    print("\\*: another answer than ours. ¹: one run.\n")
    for question, answers in results.items():
        if question.startswith(SPARQL):
            print(through_our_layer(question.removeprefix(SPARQL), answers))
    print(flush=True)


def through_our_layer(question: str, answers: dict[str, dict]) -> str:
    ours, theirs = answers[OURS], answers[DIRECT]
    over = (ours["processor"] / theirs["processor"] - 1) * 100
    met = "met" if over <= MOST_OVER else "**not met**"
    return (
        f"- {QUESTIONS[question][0]}, by SPARQL over an imported store: {cell(ours)} through our layer, {cell(theirs)}"
        f" by {DIRECT} over the same quads in memory; {over:+.0f} % (≤ {MOST_OVER} %: {met})"
    )


def cell(result: dict | None) -> str:
    if result is None:
        return "–"
    if "instead" in result:
        return result["instead"]
    marks = ("\\*" if result.get("differs") else "") + ("¹" if result["runs"] == 1 else "")
    return f"{figure(result['processor'])} / {figure(result['wall'])}{marks}"


def figure(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def gate(answers: dict[str, dict], factor: float | None) -> str:
    """Against the fastest library and each database, by time of the processor."""
    ours = answers[OURS]["processor"]
    times = {who: result["processor"] for who, result in answers.items() if "processor" in result}
    library = min(LIBRARIES & times.keys(), key=times.get, default=None)
    wanted = ([(library, factor)] if library else []) + [
        (who, least) for who, least in DATABASES.items() if who in times
    ]
    told = [
        f"{times[who] / ours:.3g} × {who} (≥ {least}: {'met' if times[who] >= least * ours else '**not met**'})"
        for who, least in wanted
    ]
    return "; ".join(told) or "–"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
