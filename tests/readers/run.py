"""Exports the demonstration corpus in every format and has each read back by somebody else's library.

    run.py GUANXI FOLDER [NAME…]

GUANXI is the program, FOLDER takes the virtual environment and the exports, NAME picks single readers. Each
read_NAME.py beside this file says ok by ending, and fails by an assertion. Where no package index can be reached, the
readers cannot be installed: then, and only then, this says `skipped` and ends well without having read anything.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

from environment import environment

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BASE = "https://w3id.org/guanxi/"

# Format, where it goes. One line of `guanxi export` each.
EXPORTS = {
    "nq": "store.nq", "trig": "store.trig", "jsonld": "store.jsonld", "nt": "store.nt", "ttl": "store.ttl",
    "rdfxml": "store.rdf", "csv": "csv", "graphml": "graph.graphml", "gexf": "graph.gexf", "cyjs": "graph.cyjs",
    "mermaid": "graph.mmd", "ftm": "graph.ftm.json", "bods": "graph.bods.json", "neo4j": "neo4j",
    "cypher": "graph.cypher", "parquet": "parquet",
}


def main(guanxi, folder, names):
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python = environment(folder / "venv", sorted(HERE.glob("requirements*.txt")))
    if python is None:
        print("skipped: no package index, so the readers could not be installed and NO EXPORT WAS READ BACK")
        return 0
    out = export(Path(guanxi).resolve(), folder / "exports")
    readers = {path.stem.removeprefix("read_"): path for path in sorted(HERE.glob("read_*.py"))}
    chosen = {name: path for name, path in readers.items() if not names or name in names}

    def read_back(reader):
        began = time.monotonic()
        done = subprocess.run([python, reader, out], capture_output=True, text=True)
        return done, time.monotonic() - began

    passed = failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, (done, seconds) in zip(chosen, pool.map(read_back, chosen.values())):
            good = done.returncode == 0
            passed, failed = passed + good, failed + (not good)
            print(f"{'ok    ' if good else 'FAILED'} {name}: {done.stdout.strip()}, {seconds:.0f} s", flush=True)
            if not good:
                print(done.stderr)
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed; 0 ignored")
    return 1 if failed or not passed else 0


def export(guanxi, folder):
    """Every export of a store of the corpus, and in store.json what the store itself says."""
    subprocess.run(["rm", "-rf", folder], check=True)
    folder.mkdir(parents=True)

    def run(*arguments):
        done = subprocess.run([guanxi, *arguments], cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"guanxi {' '.join(map(str, arguments))}\n{done.stderr}")
        return done.stdout

    run("build", ROOT / "data" / "corpus", "--quiet")
    for format, path in EXPORTS.items():
        run("export", "--format", format, "-o", path, "--quiet")
    (folder / "store.json").write_text(json.dumps(said(run), ensure_ascii=False))
    return folder


def said(run):
    """By SPARQL: the plain facts of the entities of which texts tell, and what these are called."""

    def ask(query):
        rows = json.loads(run("query", "--format", "json", "--limit", "10000000", "-e", query))["results"]["bindings"]
        return [{name: local(cell["value"]) for name, cell in row.items()} for row in rows]

    facts = ask(
        "SELECT ?fact ?subject ?predicate ?object ?basis ?confidence { GRAPH ?graph {"
        " ?fact a gx:Fact ; gx:subject ?subject ; gx:predicate ?predicate ; gx:status gx:asserted ; gx:basis ?basis ;"
        " gx:confidence ?confidence . OPTIONAL { ?fact gx:object ?object } FILTER NOT EXISTS { ?fact gx:validTo ?to }"
        " FILTER(?confidence >= 0.7) } }"
    )
    texts = [fact for fact in facts if fact["basis"] == "text"]
    told = {fact[end] for fact in texts for end in ["subject", "object"] if end in fact}
    among = [fact for fact in facts if fact["subject"] in told and fact.get("object", fact["subject"]) in told]
    names = ask("SELECT ?entity ?name { ?entity rdfs:label ?name }")
    classes = ask("SELECT ?entity ?class { ?entity a ?class }")
    claims = ask("SELECT ?claim ?fact { GRAPH ?graph { ?claim gx:of ?fact } }")
    return {
        "entities": sorted(told),
        "facts": {fact["fact"]: fact for fact in among},
        "names": [[row["entity"], row["name"]] for row in names if row["entity"] in told],
        "classes": {row["entity"]: row["class"] for row in classes if row["entity"] in told},
        "claims": sorted(row["claim"] for row in claims),
        "quads": sum(not line.startswith("#") for line in run("dump").splitlines()),
    }


def local(iri):
    for folder in ["id/", "fact/", "claim/", "doc/", "ns#"]:
        if iri.startswith(BASE + folder):
            return unquote(iri[len(BASE + folder):])
    return iri


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
