//! What follows from what, and mistakes in the files that say so.

use crate::common::{
    SCHEMA, at_home, change, data, fact, is_plain, pairs, reference, reference_fact, row, rule_row, text, until,
    with_reference,
};
use guanxi_graph::{BuildConfig, Derivations, Generation};
use guanxi_model::reference::{Instrument, Lifecycle, ReferenceEntity};
use guanxi_model::{Basis, EntityId, Fact, NameKind, Reference, Status};

fn rows(rule: ReferenceEntity) -> Reference {
    reference(
        vec![
            at_home("CN", row("cn-nfra", "Regulator", &["Financial Regulator"])),
            at_home("CN", row("place-shanghai", "Place", &["Shanghai"])),
            row("activity-lending", "Activity", &["lending"]),
            row("activity-payments", "Activity", &["payments"]),
            rule,
        ],
        vec![reference_fact("cn-nfra", "issued", "cn-rule"), reference_fact("cn-rule", "governs", "activity-lending")],
    )
}

fn rule(lifecycle: Lifecycle, instrument: Instrument) -> ReferenceEntity {
    rule_row("cn-rule", "Lending Rule", lifecycle, instrument)
}

fn lender() -> guanxi_model::Extraction {
    text("a", "a")
        .entity("Activity", &["lending"], NameKind::Short)
        .known_as("lending", "activity-lending")
        .entity("Place", &["Shanghai"], NameKind::Short)
        .known_as("Shanghai", "place-shanghai")
        .claim("Bolt", "operatesIn", "lending")
        .confidence(812)
        .claim("Bolt", "headquarteredIn", "Shanghai")
        .claim("Acme", "headquarteredIn", "Shanghai")
        .claim("Acme", "investsIn", "Bolt")
        .claim("Acme", "partnersWith", "Bolt")
        .claim("Acme", "operatesIn", "lending")
        .status(Status::Planned)
        .done()
}

fn build(reference: &Reference, texts: Vec<guanxi_model::Extraction>) -> Generation {
    Generation::in_memory(texts, &with_reference(reference), &BuildConfig::default()).unwrap()
}

fn derived(generation: &Generation, predicate: &str) -> Vec<Fact> {
    generation.facts().into_iter().filter(|fact| *fact.predicate == *predicate).collect()
}

#[test]
fn who_issues_a_binding_rule_supervises() {
    let generation = build(&rows(rule(Lifecycle::InForce, Instrument::DepartmentRule)), vec![]);
    let facts = generation.facts();
    let found = fact(&facts, &generation.entities(), "Financial Regulator", "supervises", "lending");
    assert_eq!(found.basis, Basis::Derived);
    assert_eq!(found.because.as_deref(), Some("supervises.by-rule"));
    let premises: Vec<&str> =
        found.premises.iter().map(|id| &*facts.iter().find(|fact| fact.id == *id).unwrap().predicate).collect();
    assert!(premises.contains(&"issued") && premises.contains(&"governs") && premises.len() == 2);
    assert!(is_plain(&generation, found));
}

#[test]
fn drafts_plans_laws_and_dead_bodies_supervise_nothing() {
    for (lifecycle, instrument) in [
        (Lifecycle::Draft, Instrument::DepartmentRule),
        (Lifecycle::Repealed, Instrument::NormativeDocument),
        (Lifecycle::InForce, Instrument::Plan),
        (Lifecycle::InForce, Instrument::Law),
    ] {
        assert_eq!(derived(&build(&rows(rule(lifecycle, instrument)), vec![]), "supervises"), []);
    }
    let mut dead = rows(rule(Lifecycle::InForce, Instrument::NormativeDocument));
    assert_eq!(derived(&build(&dead, vec![]), "supervises").len(), 1);
    change(&mut dead, |rows, _| {
        let body = rows.iter_mut().find(|row| row.entity.id.as_str() == "cn-nfra").unwrap();
        *body = until("2023", body.clone());
    });
    assert_eq!(derived(&build(&dead, vec![]), "supervises"), []);
}

#[test]
fn a_regulator_reaches_companies_but_not_their_investors() {
    let generation = build(&rows(rule(Lifecycle::InForce, Instrument::DepartmentRule)), vec![lender()]);
    let facts = generation.facts();
    let reached = derived(&generation, "reaches");
    assert_eq!(reached.len(), 1, "Acme only invests, is a partner, and plans to lend: {reached:#?}");
    let found = fact(&facts, &generation.entities(), "Financial Regulator", "reaches", "Bolt");
    assert_eq!(found.because.as_deref(), Some("reaches.by-activity"));
    assert_eq!(found.confidence.thousandths(), 812, "that of the weakest premise");
}

/// Who is at home where `homes` says, and does what the regulator of China regulates.
fn reached(homes: &[(&str, &str)], more: Vec<guanxi_model::Extraction>) -> Vec<String> {
    let mut rows = vec![
        at_home("CN", row("cn-nfra", "Regulator", &["Financial Regulator"])),
        at_home("EU", row("eu-eba", "Regulator", &["Banking Authority"])),
        at_home("EU", row("place-eu", "Place", &["Union"])),
        at_home("FR", row("place-paris", "Place", &["Paris"])),
        at_home("CN", row("place-shanghai", "Place", &["Shanghai"])),
        row("activity-lending", "Activity", &["lending"]),
        row("xx-unknown", "Company", &["Unknown"]),
    ];
    rows[2].members = vec!["DE".to_owned(), "FR".to_owned()];
    let mut facts: Vec<_> =
        ["cn-nfra", "eu-eba"].map(|body| reference_fact(body, "regulates", "activity-lending")).into();
    facts.push(reference_fact("xx-unknown", "operatesIn", "activity-lending"));
    for (id, country) in homes {
        rows.push(at_home(country, row(id, "Company", &[&format!("Firm {id}")])));
        facts.push(reference_fact(id, "operatesIn", "activity-lending"));
    }
    let generation = build(&reference(rows, facts), more);
    let reached = derived(&generation, "reaches");
    reached.iter().map(|fact| format!("{} {}", fact.subject, fact.object.entity().unwrap())).collect()
}

#[test]
fn a_line_of_business_leads_nowhere_across_a_border() {
    let mut found = reached(&[("cn-bank", "CN"), ("fr-bank", "FR"), ("gb-bank", "GB"), ("eu-bank", "EU")], vec![]);
    found.sort();
    assert_eq!(found, ["cn-nfra cn-bank", "eu-eba eu-bank", "eu-eba fr-bank"]);
}

#[test]
fn headquarters_tell_a_country_that_no_row_does() {
    let seat = |source: &str, place: &str, place_id: &str| {
        let text = text(source, source).entity("Company", &["Unknown"], NameKind::Short);
        let text = text.known_as("Unknown", "xx-unknown").entity("Place", &[place], NameKind::Short);
        text.known_as(place, place_id).claim("Unknown", "headquarteredIn", place)
    };
    assert_eq!(reached(&[], vec![]), [""; 0]);
    assert_eq!(reached(&[], vec![seat("a", "Paris", "place-paris").done()]), ["eu-eba xx-unknown"]);
    let doubtful = seat("a", "Paris", "place-paris").confidence(600).done();
    assert_eq!(reached(&[], vec![doubtful]), [""; 0]);
    let former = seat("a", "Paris", "place-paris").status(Status::Ended).done();
    let now = seat("b", "Shanghai", "place-shanghai").done();
    assert_eq!(reached(&[], vec![former, now.clone()]), ["cn-nfra xx-unknown"]);
    let both = vec![seat("a", "Paris", "place-paris").done(), now];
    assert_eq!(reached(&[], both), [""; 0], "two countries are none");
}

#[test]
fn headquarters_that_a_conclusion_needs_are_a_premise() {
    let generation = build(&rows(rule(Lifecycle::InForce, Instrument::DepartmentRule)), vec![lender()]);
    let facts = generation.facts();
    let reached = &derived(&generation, "reaches")[0];
    let premises = facts.iter().filter(|fact| reached.premises.contains(&fact.id)).map(|fact| &*fact.predicate);
    let mut premises: Vec<&str> = premises.collect();
    premises.sort_unstable();
    assert_eq!(premises, ["headquarteredIn", "operatesIn", "supervises"]);
}

#[test]
fn who_is_named_is_reached_across_borders() {
    let rows = vec![
        at_home("CN", row("cn-nfra", "Regulator", &["Financial Regulator"])),
        at_home("FR", row("fr-bank", "Company", &["Banque"])),
    ];
    let generation = build(&reference(rows, vec![reference_fact("cn-nfra", "licenses", "fr-bank")]), vec![]);
    assert_eq!(derived(&generation, "reaches")[0].because.as_deref(), Some("reaches.directly"));
}

#[test]
fn an_old_rule_makes_no_supervisor_of_who_lost_the_power() {
    let supervisors = |power: Option<(Option<&str>, &str)>| {
        let mut reference = rows(rule(Lifecycle::InForce, Instrument::DepartmentRule));
        let fact = power.map(|(end, object)| {
            let mut fact = reference_fact("cn-nfra", "regulates", object);
            fact.validity.to = end.map(|end| end.parse().unwrap());
            fact.validity.ended = end.is_some();
            fact
        });
        change(&mut reference, |_, facts| facts.extend(fact));
        derived(&build(&reference, vec![]), "supervises").len()
    };
    assert_eq!(supervisors(None), 1);
    assert_eq!(supervisors(Some((None, "activity-lending"))), 1);
    assert_eq!(supervisors(Some((Some("2023-05"), "activity-lending"))), 0);
    assert_eq!(supervisors(Some((Some("2023-05"), "activity-payments"))), 1, "that was another power");
}

#[test]
fn a_premise_is_current_and_confident() {
    let doubtful = text("a", "a")
        .entity("Activity", &["lending"], NameKind::Short)
        .known_as("lending", "activity-lending")
        .claim("Bolt", "operatesIn", "lending")
        .confidence(500)
        .claim("Cell", "operatesIn", "lending")
        .status(Status::Ended)
        .done();
    let generation = build(&rows(rule(Lifecycle::InForce, Instrument::DepartmentRule)), vec![doubtful]);
    assert_eq!(derived(&generation, "reaches"), []);
}

#[test]
fn what_rests_on_an_unverified_row_is_unverified() {
    let mut reference = rows(rule(Lifecycle::Amended, Instrument::DepartmentRule));
    change(&mut reference, |_, facts| facts[0].source = None);
    let generation = build(&reference, vec![lender()]);
    assert!(derived(&generation, "supervises")[0].unverified && derived(&generation, "reaches")[0].unverified);

    // A verified path is told before an unverified one.
    change(&mut reference, |_, facts| facts.push(reference_fact("cn-nfra", "regulates", "activity-lending")));
    let generation = build(&reference, vec![lender()]);
    assert!(!derived(&generation, "reaches")[0].unverified);
}

#[test]
fn validity_is_what_the_premises_share() {
    let mut reference = rows(rule(Lifecycle::InForce, Instrument::DepartmentRule));
    change(&mut reference, |_, facts| {
        facts[0].validity.from = Some("2020-11".parse().unwrap());
        facts[1].validity.from = Some("2021".parse().unwrap());
    });
    let generation = build(&reference, vec![]);
    assert_eq!(derived(&generation, "supervises")[0].validity.from, Some("2021".parse().unwrap()));
}

#[test]
fn the_shipped_files_load() {
    let files = data("derivation");
    assert!(Derivations::load(pairs(&files), &SCHEMA).is_ok());
    let text: String = files.into_iter().map(|(_, text)| text).collect();
    let premises = text.lines().filter(|line| line.starts_with("when"));
    for forbidden in ["investsIn", "partnersWith", "competesWith"] {
        assert!(premises.clone().all(|line| !line.contains(forbidden)), "{forbidden}");
    }
}

#[test]
fn the_shipped_rows_bear_the_derivations() {
    let files = data("reference");
    let reference = Reference::load(pairs(&files), &SCHEMA).unwrap();
    let generation = build(&reference, vec![]);
    let supervised = derived(&generation, "supervises");
    assert!(!supervised.is_empty() && !derived(&generation, "reaches").is_empty());
    let row = |id| reference.entity(id).unwrap();
    assert!(supervised.iter().all(|fact| row(&fact.subject).validity.is_current()));
    let holds = |subject: &str, predicate: &str, object: &str| {
        let (subject, object) = (EntityId::new(subject), EntityId::new(object));
        let of = derived(&generation, predicate).into_iter().filter(|fact| fact.subject == subject);
        of.into_iter().any(|fact| fact.object.entity() == Some(&object))
    };
    for (regulator, company, expected) in [
        ("cn-nfra", "cn-bocom", true),
        ("fr-acpr", "fr-bnp-paribas", true),
        ("eu-eba", "fr-bnp-paribas", true),
        ("fr-acpr", "cn-bocom", false),
        ("eu-eba", "gb-hsbc", false),
        ("cn-cbirc", "cn-bocom", false),
    ] {
        assert_eq!(holds(regulator, "reaches", company), expected, "{regulator} reaches {company}");
    }
    // The measures of 2020 are in force; the power went to another body in 2023.
    assert!(!holds("cn-pboc", "supervises", "activity-financial-holding-companies"));
    assert!(holds("cn-nfra", "supervises", "activity-micro-lending"));
    assert_eq!(generation.meta().counts.entities as usize, reference.entities().len(), "no row is merged into another");
}

#[test]
fn mistakes_are_told_by_file_and_line() {
    let good = "[[rule]]\nname = \"r\"\nwhen = [\"?a issued ?b\", \"?b governs ?c\"]\nthen = \"?a supervises ?c\"\n";
    assert!(Derivations::load([("r.toml", good)], &SCHEMA).is_ok());
    for (wrong, right, error) in [
        ("?b governs ?c", "?b govern ?c", "r.toml:3: `r`: unknown predicate `govern`: did you mean `governs`?"),
        ("?b governs ?c", "?b governs c", "r.toml:3: `r`: `?b governs c` is no pattern"),
        ("?b governs ?c", "?b raised ?c", "r.toml:3: `r`: `raised` leads to a value"),
        ("?b governs ?c", "?b issued | ?c", "is no pattern"),
        ("supervises ?c", "supervises ?d", "r.toml:4: `r`: unknown variable `d`"),
        ("?a supervises", "?a regulates", "r.toml:4: `r`: `regulates` can be stated by texts"),
        ("name = \"r\"", "nam = \"r\"", "r.toml:2: unknown key `nam`"),
        ("?b governs ?c", "?b supervises ?c", "r.toml:3: `r`: `supervises` is derived from itself"),
        (
            "then",
            "where.a.class = \"Regulators\"\nthen",
            "r.toml:4: `r`: unknown class `Regulators`: did you mean `Regulator`?",
        ),
        ("then", "where.a.lifecycle = [\"inForce\"]\nthen", "r.toml:4: `r`: unknown lifecycle `inForce`"),
        ("then", "where.z.ended = false\nthen", "r.toml:4: `r`: unknown variable `z`"),
        ("then", "jurisdiction = \"?a over ?d\"\nthen", "r.toml:4: `r`: unknown variable `d`"),
        ("then", "jurisdiction = \"?a under ?c\"\nthen", "r.toml:4: `r`: `?a under ?c` is no jurisdiction"),
        ("then", "unless_ended = [\"?a regulates ?d\"]\nthen", "r.toml:4: `r`: unknown variable `d`"),
        ("then", "unless_ended = [\"?a regulate ?c\"]\nthen", "r.toml:4: `r`: unknown predicate `regulate`"),
        ("[[rule]]", "[[rule]", "r.toml:1:"),
    ] {
        let errors = Derivations::load([("r.toml", good.replacen(wrong, right, 1).as_str())], &SCHEMA).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|told| told.contains(error)), "{right}: {told:?}");
    }
    let twice = Derivations::load([("r.toml", good), ("s.toml", good)], &SCHEMA).unwrap_err();
    assert_eq!(twice[0].to_string(), "s.toml:2: `r`: another rule has this name: give each its own");
}
