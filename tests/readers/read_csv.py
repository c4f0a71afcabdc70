"""CSV by Python's own reader: both tables, the apostrophe before what looks like a formula, the ids of claims."""

import csv
import json

from shared import FOLDER, STORE, agree


def rows(name):
    with open(FOLDER / "csv" / name, newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file, strict=True))
    for row in found:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@")), cell
    return found


nodes, edges = rows("nodes.csv"), rows("edges.csv")
claims = set(STORE["claims"])
for edge in edges:
    assert edge["basis"] != "text" or edge["quote"] and set(json.loads(edge["claims"])) <= claims, edge
agree(
    {row["id"]: row["label"].removeprefix("'") for row in nodes},
    {row["id"]: (row["source"], row["target"], row["predicate"], row["confidence"]) for row in edges},
    "csv",
)
