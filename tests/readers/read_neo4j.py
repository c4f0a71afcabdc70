"""The tables for neo4j-admin, by Python's CSV reader: typed heads, lists, and ends that exist."""

import csv

from shared import FACTS, FOLDER, agree


def rows(name):
    with open(FOLDER / "neo4j" / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


nodes, edges = rows("nodes.csv"), rows("relationships.csv")
assert all(row[":LABEL"].split("\x1f")[-1] == row["class"] for row in nodes)
ids = {row["id:ID"] for row in nodes}
assert all(row[":START_ID"] in ids and row[":END_ID"] in ids for row in edges)
names = {told["predicate"] for told in FACTS.values()}
predicate = {"".join(f"_{c}" if c.isupper() else c for c in name).upper(): name for name in names}
agree(
    {row["id:ID"]: row["label"] for row in nodes},
    {row["id"]: (row[":START_ID"], row[":END_ID"], predicate[row[":TYPE"]], row["confidence:double"]) for row in edges},
    "csv",
)
