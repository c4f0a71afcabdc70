"""GraphML by networkx."""

import networkx

from shared import FOLDER, agree

graph = networkx.read_graphml(FOLDER / "graph.graphml", force_multigraph=True)
agree(
    {node: data["label"] for node, data in graph.nodes(data=True)},
    {
        key: (source, target, data["predicate"], data["confidence"])
        for source, target, key, data in graph.edges(keys=True, data=True)
    },
    f"networkx {networkx.__version__}",
)
