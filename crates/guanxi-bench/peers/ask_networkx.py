"""networkx. Its PageRank gives no ranks where it has not settled: 20 rounds are timed, the answer is that of more."""

import contextlib

import networkx
from shared import (
    AUTHORITY, FAR, FUND, HOPS, NODES, OWNER, POPULAR, ROUNDS, ask, nodes, pairs, parts, paths, ranks, resident, tell,
)


def graph(name: str, kind: type[networkx.DiGraph] = networkx.DiGraph) -> networkx.DiGraph:
    made = kind()
    made.add_nodes_from(range(NODES))
    made.add_edges_from(pairs(name).tolist())
    return made


def twenty_rounds() -> None:
    with contextlib.suppress(networkx.PowerIterationFailedConvergence):
        networkx.pagerank(every, max_iter=ROUNDS, tol=0.0)


before = resident()
every = graph("all", networkx.MultiDiGraph)
tell(question="bytes", bytes=(resident() - before) / every.number_of_edges())
reach, trace, holds, owns = map(graph, ["reach", "trace", "holds", "owns"])
ask({
    "reach": (lambda: networkx.single_source_shortest_path_length(reach, AUTHORITY, cutoff=6), nodes(AUTHORITY)),
    "paths": (lambda: list(networkx.all_simple_paths(trace, OWNER, POPULAR, cutoff=HOPS)), paths),
    "shortest": (
        lambda: networkx.bidirectional_shortest_path(trace, OWNER, FAR),
        lambda path: [len(path) - 1],
    ),
    "closure": (lambda: networkx.descendants(holds, FUND), nodes(FUND)),
    "owners": (lambda: networkx.ancestors(owns, FAR), nodes(FAR)),
    "strong": (
        lambda: list(networkx.strongly_connected_components(every)),
        lambda found: parts(map(len, found)),
    ),
    "weak": (lambda: list(networkx.weakly_connected_components(every)), lambda found: parts(map(len, found))),
    "pagerank": (twenty_rounds, lambda _: ranks(networkx.pagerank(every, max_iter=1000, tol=1e-16))),
})
