"""GEXF by networkx."""

import networkx

from shared import FOLDER, agree

graph = networkx.read_gexf(FOLDER / "graph.gexf", version="1.3")
edges = graph.edges(data=True)
agree(
    {node: data["label"] for node, data in graph.nodes(data=True)},
    {data["id"]: (source, target, data["predicate"], data["confidence"]) for source, target, data in edges},
    f"networkx {networkx.__version__}",
)
