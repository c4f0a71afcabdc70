"""SHACL by pyshacl: the Turtle of the corpus keeps to the shapes that are made from the schema."""

from pathlib import Path

import pyshacl
import rdflib
from rdflib.namespace import RDF

from shared import FOLDER, STORE

GX = rdflib.Namespace("https://w3id.org/guanxi/ns#")
shapes = rdflib.Graph().parse(Path(__file__).resolve().parents[2] / "data" / "vocab" / "shapes.ttl")


def validated(graph):
    conforms, _, told = pyshacl.validate(graph, shacl_graph=shapes)
    return conforms, told


store = rdflib.Graph().parse(FOLDER / "store.ttl")
claims = set(store.subjects(RDF.type, GX.Claim))
assert len(claims) == len(STORE["claims"])
conforms, told = validated(store)
assert conforms, told[:3000]
# Shapes that nothing can break would hold of everything.
bare = rdflib.Graph().add((min(claims), RDF.type, GX.Claim))
assert not validated(bare)[0]
print(f"{len(store)} triples, {len(claims)} claims (pyshacl {pyshacl.__version__})")
