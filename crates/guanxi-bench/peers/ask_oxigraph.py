"""oxigraph in memory, by property paths; it has none that counts hops or tells paths. Of its bytes those a triple."""

import csv

import pyoxigraph
from shared import AUTHORITY, FAR, FOLDER, FUND, ask, nodes, resident, tell

store = pyoxigraph.Store()


def triples() -> list[tuple[str, str, str]]:
    with open(FOLDER / "facts.csv", newline="", encoding="ascii") as file:
        return [tuple(row) for row in csv.reader(file)]


def subjects(path: str, start: int) -> list[str]:
    query = f"SELECT DISTINCT ?node {{ <n:{start}> {path} ?node }}"
    return [solution[0].value[2:] for solution in store.query(query)]


facts = triples()
text = "".join(f"<n:{source}> <p:{predicate}> <n:{target}> .\n" for source, target, predicate in facts).encode()
before = resident()
store.bulk_load(text, pyoxigraph.RdfFormat.N_TRIPLES)
tell(question="bytes", bytes=(resident() - before) / len(store))
STEP = "(<p:regulates>|<p:licenses>|^<p:operatesIn>)"
ask({
    "reach": (lambda: subjects("/".join([STEP] + [f"({STEP}?)"] * 5), AUTHORITY), nodes(AUTHORITY)),
    "closure": (lambda: subjects("(<p:owns>|<p:investsIn>)+", FUND), nodes(FUND)),
    "owners": (lambda: subjects("(^<p:owns>)+", FAR), nodes(FAR)),
})
