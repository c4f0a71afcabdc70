"""RDF by rdflib: N-Quads hold as many quads as the store, and every other syntax the same quads or triples."""

import rdflib
from rdflib.namespace import PROV, RDF

from shared import FOLDER, STORE

# Literals are compared as they are written.
rdflib.NORMALIZE_LITERALS = False
GX = rdflib.Namespace("https://w3id.org/guanxi/ns#")


def quads(name, format):
    dataset = rdflib.Dataset()
    dataset.parse(FOLDER / name, format=format)
    default = dataset.default_graph.identifier
    return {(s, p, o, None if g in (None, default) else g) for s, p, o, g in dataset.quads()}


def triples(name, format):
    return set(rdflib.Graph().parse(FOLDER / name, format=format))


store = quads("store.nq", "nquads")
assert len(store) == STORE["quads"], (len(store), STORE["quads"])
for name, format in [("store.trig", "trig"), ("store.jsonld", "json-ld")]:
    found = quads(name, format)
    assert found == store, (name, len(found), list(found ^ store)[:3])
plain = {(s, p, o) for s, p, o, _ in store}
plain |= {(s, PROV.wasDerivedFrom, g) for s, p, o, g in store if p == RDF.type and o == GX.Claim}
for name, format in [("store.nt", "nt"), ("store.ttl", "turtle"), ("store.rdf", "xml")]:
    found = triples(name, format)
    assert found == plain, (name, len(found), list(found ^ plain)[:3])
print(f"{len(store)} quads, {len(plain)} triples (rdflib {rdflib.__version__})")
