"""FollowTheMoney by followthemoney: every entity is valid, and every value is one that its property takes."""

import json

import followthemoney
from followthemoney import model

from shared import FACTS, FOLDER, STORE

PARTIES = {"Person", "Company", "PublicBody", "Organization"}
parties, links = {}, {}
for line in (FOLDER / "graph.ftm.json").read_text().splitlines():
    data = json.loads(line)
    entity = model.get_proxy(data)
    entity.schema.validate(data)
    for name, values in data["properties"].items():
        property = entity.schema.get(name)
        assert property is not None, (entity.schema.name, name)
        assert all(property.type.validate(value) for value in values), (name, values)
    (parties if entity.schema.name in PARTIES else links)[entity.id] = entity
classes = {"Person", "Company", "Fund", "Regulator", "PublicBody", "Exchange", "Organization"}
wanted = {entity for entity in STORE["entities"] if STORE["classes"][entity] in classes}
assert set(parties) == wanted, sorted(set(parties) ^ wanted)[:5]
held = {
    f"fact-{fact}" for fact, told in FACTS.items()
    if told["basis"] != "derived" and {told["subject"], told.get("object")} <= wanted
}
assert set(links) == held, sorted(set(links) ^ held)[:5]
for link in links.values():
    fact = FACTS[link.id.removeprefix("fact-")]
    ends = {end for property in (link.schema.source_prop, link.schema.target_prop) for end in link.get(property)}
    assert ends == {fact["subject"], fact["object"]}, link.id
names = {entity: name for entity, name in STORE["names"]}
assert all(names[id] in entity.get("name") for id, entity in parties.items())
print(f"{len(parties)} parties, {len(links)} links (followthemoney {followthemoney.__version__})")
