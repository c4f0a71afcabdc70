"""BODS by jsonschema, with the schema of BODS 0.4 that libcovebods ships: valid, and no record without a statement."""

import json
from importlib.util import find_spec
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from shared import FACTS, FOLDER

# The package itself is not imported: it would want what it was installed without.
schemas = Path(find_spec("libcovebods").submodule_search_locations[0]) / "data" / "schema-0-4-0"
found = [json.loads(path.read_text()) for path in sorted(schemas.glob("*.json"))]
registry = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in found if "$id" in schema)
statement = json.loads((schemas / "statement.json").read_text())
statements = json.loads((FOLDER / "graph.bods.json").read_text())
validator = Draft202012Validator(statement, registry=registry, format_checker=FormatChecker())
errors = [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(statements)]
assert not errors, errors[:5]
assert len({told["statementId"] for told in statements}) == len(statements)
seen, links = set(), 0
for told in statements:
    details = told["recordDetails"]
    if told["recordType"] == "relationship":
        assert {details["subject"], details["interestedParty"]} <= seen, told["recordId"]
        fact = FACTS[told["recordId"]]
        assert {fact["subject"], fact["object"]} == {details["subject"], details["interestedParty"]}
        links += 1
    else:
        seen.add(told["recordId"])
assert links >= sum(told["predicate"] in ["owns", "controls"] and told["basis"] != "derived" for told in FACTS.values()) > 0
print(f"{len(seen)} parties, {links} relationships (jsonschema, BODS 0.4)")
