"""Parquet by pyarrow."""

import pyarrow
import pyarrow.parquet

from shared import FOLDER, STORE, agree

nodes, edges = (pyarrow.parquet.read_table(FOLDER / "parquet" / f"{name}.parquet") for name in ["nodes", "edges"])
assert pyarrow.types.is_list(nodes.schema.field("names").type), nodes.schema
claims = set(STORE["claims"])
assert all(set(row["claims"] or []) <= claims for row in edges.to_pylist())
agree(
    {row["id"]: row["label"] for row in nodes.to_pylist()},
    {row["id"]: (row["source"], row["target"], row["predicate"], row["confidence"]) for row in edges.to_pylist()},
    f"pyarrow {pyarrow.__version__}",
)
