"""Cytoscape JSON by networkx, and by the JSON parser of Node where there is one."""

import json
import shutil
import subprocess

import networkx

from shared import FOLDER, agree

text = (FOLDER / "graph.cyjs").read_text()
document = json.loads(text)
graph = networkx.cytoscape_graph({**document, "directed": True, "multigraph": True, "data": {}})
if node := shutil.which("node"):
    count = "const {nodes, edges} = JSON.parse(require('fs').readFileSync(0)).elements; console.log(nodes.length, edges.length)"
    done = subprocess.run([node, "-e", count], input=text, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(document["elements"][kind])) for kind in ["nodes", "edges"]]
agree(
    {id: data["name"] for id, data in graph.nodes(data=True)},
    {
        data["id"]: (source, target, data["predicate"], data["confidence"])
        for source, target, data in graph.edges(data=True)
    },
    f"networkx {networkx.__version__}" + (", Node" if node else "; skipped: Node, which is not installed"),
)
