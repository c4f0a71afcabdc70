"""rustworkx. Its PageRank gives no ranks where it has not settled: 20 rounds are timed, the answer is that of more."""

import contextlib

import rustworkx
from shared import (
    AUTHORITY, FAR, FUND, HOPS, NODES, OWNER, POPULAR, ROUNDS, ask, nodes, pairs, parts, paths, ranks, resident, tell,
)


def graph(name: str) -> rustworkx.PyDiGraph:
    made = rustworkx.PyDiGraph()
    made.add_nodes_from([None] * NODES)
    made.extend_from_edge_list(list(map(tuple, pairs(name).tolist())))
    return made


def twenty_rounds() -> None:
    with contextlib.suppress(rustworkx.FailedToConverge):
        rustworkx.pagerank(every, max_iter=ROUNDS, tol=0.0)


before = resident()
every = graph("all")
tell(question="bytes", bytes=(resident() - before) / every.num_edges())
reach, trace, holds, owns = map(graph, ["reach", "trace", "holds", "owns"])
ask({
    "reach": (
        lambda: [node for layer in rustworkx.bfs_layers(reach, [AUTHORITY])[:7] for node in layer],
        nodes(AUTHORITY),
    ),
    "paths": (lambda: rustworkx.all_simple_paths(trace, OWNER, POPULAR, cutoff=HOPS + 1), paths),
    "shortest": (
        lambda: rustworkx.dijkstra_shortest_paths(trace, OWNER, target=FAR)[FAR],
        lambda path: [len(path) - 1],
    ),
    "closure": (lambda: rustworkx.descendants(holds, FUND), nodes(FUND)),
    "owners": (lambda: rustworkx.ancestors(owns, FAR), nodes(FAR)),
    "strong": (lambda: rustworkx.strongly_connected_components(every), lambda found: parts(map(len, found))),
    "weak": (lambda: rustworkx.weakly_connected_components(every), lambda found: parts(map(len, found))),
    "pagerank": (
        twenty_rounds,
        lambda _: ranks(dict(rustworkx.pagerank(every, max_iter=1000, tol=1e-16).items())),
    ),
})
