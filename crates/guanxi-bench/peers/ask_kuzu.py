"""kuzu on disk, on one thread, by recursive relationships; of its bytes those of the file.

What it calls acyclic may stay where it ends, round a loop: such paths are dropped here.
"""

import tempfile
from pathlib import Path

import kuzu
from shared import AUTHORITY, FAR, FOLDER, FUND, HOPS, NODES, OWNER, POPULAR, ask, nodes, pairs, paths, tell

# Greatest number of hops that it follows.
DEPTH = 64

scratch = tempfile.TemporaryDirectory()
folder = Path(scratch.name)
connection = kuzu.Connection(kuzu.Database(str(folder / "graph"), buffer_pool_size=2 << 30), num_threads=1)


def run(query: str) -> list[list]:
    return connection.execute(query).get_all()


def size() -> int:
    run("CHECKPOINT")
    return sum(file.stat().st_size for file in folder.glob("graph*") if file.is_file())


(folder / "nodes.csv").write_text("".join(f"{node}\n" for node in range(NODES)))
run("CREATE NODE TABLE Node(id INT64 PRIMARY KEY)")
run(f"COPY Node FROM '{folder / 'nodes.csv'}' (header = false)")
run(f"CALL var_length_extend_max_depth = {DEPTH}")
for name in ["all", "reach", "trace", "holds", "owns"]:
    run(f"CREATE REL TABLE edges_{name}(FROM Node TO Node)")
    run(f"COPY edges_{name} FROM '{FOLDER / name}.csv' (header = false)")
    if name == "all":
        tell(question="bytes", bytes=size() / len(pairs(name)))


def reached(edges: str, start: int, hops: int) -> list[int]:
    query = f"MATCH (a:Node {{id: {start}}})-[:edges_{edges}* SHORTEST 1..{hops}]->(b:Node) RETURN b.id"
    return [row[0] for row in run(query)]


def owners() -> list[int]:
    query = f"MATCH (a:Node {{id: {FAR}}})<-[:edges_owns* SHORTEST 1..{DEPTH}]-(b:Node) RETURN b.id"
    return [row[0] for row in run(query)]


def between(kind: str, end: int, hops: int, told: str) -> list:
    query = f"MATCH p = (a:Node {{id: {OWNER}}})-[:edges_trace* {kind} 1..{hops}]->(b:Node {{id: {end}}}) RETURN {told}"
    return [row[0] for row in run(query)]


def simple_paths() -> list[list[int]]:
    found = between("ACYCLIC", POPULAR, HOPS, "properties(nodes(p), 'id')")
    return [path for path in found if len(set(path)) == len(path)]


ask({
    "reach": (lambda: reached("reach", AUTHORITY, 6), nodes(AUTHORITY)),
    "paths": (simple_paths, paths),
    "shortest": (lambda: between("SHORTEST", FAR, DEPTH, "length(p)"), lambda found: found),
    "closure": (lambda: reached("holds", FUND, DEPTH), nodes(FUND)),
    "owners": (owners, nodes(FAR)),
})
