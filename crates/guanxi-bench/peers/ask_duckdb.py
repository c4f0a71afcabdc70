"""DuckDB in memory, on one thread, by recursive queries."""

import duckdb
from shared import AUTHORITY, FAR, FOLDER, FUND, HOPS, OWNER, POPULAR, ask, nodes, paths, resident, tell

database = duckdb.connect(":memory:", config={"threads": 1})


def table(name: str) -> None:
    database.execute(
        f"CREATE TABLE {name} AS SELECT * FROM read_csv('{FOLDER / name}.csv', header = false,"
        " columns = {'source': 'INTEGER', 'target': 'INTEGER'})"
    )


def column(query: str) -> list:
    return [row[0] for row in database.execute(query).fetchall()]


def spread(edges: str, start: int, source: str = "source", target: str = "target") -> list:
    return column(
        f"WITH RECURSIVE reached(node) AS (SELECT {start} UNION"
        f" SELECT {target} FROM reached JOIN {edges} ON {source} = node) SELECT node FROM reached"
    )


REACH = f"""
    WITH RECURSIVE reached(node, hops) AS (
        SELECT {AUTHORITY}, 0
        UNION SELECT target, hops + 1 FROM reached JOIN reach ON source = node WHERE hops < 6
    ) SELECT DISTINCT node FROM reached"""
PATHS = f"""
    WITH RECURSIVE walked(node, path) AS (
        SELECT {OWNER}, [{OWNER}]
        UNION ALL SELECT target, list_append(path, target) FROM walked JOIN trace ON source = node
        WHERE len(path) <= {HOPS} AND node <> {POPULAR} AND NOT list_contains(path, target)
    ) SELECT path FROM walked WHERE node = {POPULAR}"""
SHORTEST = f"""
    WITH RECURSIVE reached(node, hops) USING KEY (node) AS (
        SELECT {OWNER}, 0
        UNION (
            SELECT target, min(reached.hops) + 1 FROM reached JOIN trace ON source = reached.node
            LEFT JOIN recurring.reached AS known ON known.node = target WHERE known.node IS NULL GROUP BY target
        )
    ) SELECT hops FROM reached WHERE node = {FAR}"""

before = resident()
for name in ["reach", "trace", "holds", "owns"]:
    table(name)
rows = sum(column(f"SELECT count(*) FROM {name}")[0] for name in ["reach", "trace", "holds", "owns"])
tell(question="bytes", bytes=(resident() - before) / rows)
ask({
    "reach": (lambda: column(REACH), nodes(AUTHORITY)),
    "paths": (lambda: column(PATHS), paths),
    "shortest": (lambda: column(SHORTEST), lambda found: found),
    "closure": (lambda: spread("holds", FUND), nodes(FUND)),
    "owners": (lambda: spread("owns", FAR, "target", "source"), nodes(FAR)),
})
