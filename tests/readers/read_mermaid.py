"""Mermaid: no reader of it comes without a browser, so its lines are held against the grammar of what we write."""

import re

from shared import FACTS, FOLDER

NODE = re.compile(r'    (n_\w+)\["((?:[^"`<>&{}|]|<br/>)*)"\]')
EDGE = re.compile(r'    (n_\w+) (?:-->|-\.->)\|"[^"`<>&{}|]*"\| (n_\w+)')
lines = (FOLDER / "graph.mmd").read_text().splitlines()
assert lines[0] == "flowchart LR"
nodes, edges, facts = set(), 0, set()
for line in lines[1:]:
    if found := re.fullmatch(r"    %% ([0-9a-f]{32}) .*", line):
        facts.add(found[1])
    elif found := NODE.fullmatch(line):
        nodes.add(found[1])
    elif found := EDGE.fullmatch(line):
        assert set(found.groups()) <= nodes, line
        edges += 1
    else:
        raise AssertionError(line)
assert facts == {fact for fact, told in FACTS.items() if "object" in told} and edges == len(facts)
print(f"{len(nodes)} nodes, {edges} edges (pattern of lines)")
