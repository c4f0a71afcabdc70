"""igraph. Its PageRank solves the system (PRPACK), so that it knows of no rounds."""

import igraph
from shared import (
    AUTHORITY, FAR, FUND, HOPS, NODES, OWNER, POPULAR, ask, nodes, pairs, parts, paths, ranks, resident, tell,
)


def graph(name: str) -> igraph.Graph:
    return igraph.Graph(n=NODES, edges=pairs(name), directed=True)


before = resident()
every = graph("all")
tell(question="bytes", bytes=(resident() - before) / every.ecount())
reach, trace, holds, owns = map(graph, ["reach", "trace", "holds", "owns"])
ask({
    "reach": (lambda: reach.neighborhood(AUTHORITY, order=6, mode="out"), nodes(AUTHORITY)),
    "paths": (lambda: trace.get_all_simple_paths(OWNER, to=POPULAR, maxlen=HOPS), paths),
    "shortest": (lambda: trace.get_shortest_path(OWNER, FAR), lambda path: [len(path) - 1]),
    "closure": (lambda: holds.subcomponent(FUND, mode="out"), nodes(FUND)),
    "owners": (lambda: owns.subcomponent(FAR, mode="in"), nodes(FAR)),
    "strong": (lambda: every.connected_components(mode="strong"), lambda found: parts(found.sizes())),
    "weak": (lambda: every.connected_components(mode="weak"), lambda found: parts(found.sizes())),
    "pagerank": (lambda: every.pagerank(), ranks),
})
