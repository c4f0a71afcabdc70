"""What the readers share: the folder of the exports and what the store says of itself."""

import json
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1])
STORE = json.loads((FOLDER / "store.json").read_text())
FACTS = STORE["facts"]
VALUES = {f"value-{fact}" for fact, told in FACTS.items() if "object" not in told}
NODES = set(STORE["entities"]) | VALUES


def target(fact):
    return FACTS[fact].get("object", f"value-{fact}")


def agree(nodes, edges, reader):
    """Compares {id: label} and {id: (source, target, predicate, confidence)} with the store, and says how many."""
    assert set(nodes) == NODES, sorted(set(nodes) ^ NODES)[:5]
    assert set(edges) == set(FACTS), sorted(set(edges) ^ set(FACTS))[:5]
    for fact, (source, end, predicate, confidence) in edges.items():
        told = FACTS[fact]
        assert (source, end, predicate) == (told["subject"], target(fact), told["predicate"]), fact
        assert abs(float(confidence) - float(told["confidence"])) < 1e-9, fact
    names = {}
    for entity, name in STORE["names"]:
        names.setdefault(entity, set()).add(name)
    for entity in STORE["entities"]:
        assert nodes[entity] in names.get(entity, {entity}), (entity, nodes[entity])
    print(f"{len(nodes)} nodes, {len(edges)} edges ({reader})")
