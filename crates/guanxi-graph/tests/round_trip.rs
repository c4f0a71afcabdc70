//! decode ∘ encode = identity, for everything that a text can hold.

use std::collections::BTreeMap;

use guanxi_graph::Vocabulary;
use guanxi_graph::decode::{decode_extraction, decode_fact, decode_readings};
use guanxi_graph::encode::{canonical, encode_extraction, encode_fact, encode_readings};
use guanxi_model::{
    Argument, Basis, Claim, ClaimId, Comparator, Confidence, Conflict, Decimal, Document, DocumentId, Entity, EntityId,
    EntityName, Evidence, Extraction, Fact, FactId, FactObject, Language, Money, NameKind, Note, NoteKind, Number,
    Object, PartialDate, Qualifier, QualifierValue, Qualifiers, Section, Span, Status, Validity, Value,
};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Quad, Term};
use oxigraph::store::Store;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn an_extraction_comes_back_from_its_quads(extraction in extraction(), base in base()) {
        let extraction = canonical(extraction);
        let vocabulary = Vocabulary::new(&base).unwrap();
        let quads = encode_extraction(&extraction, &vocabulary);
        prop_assert_eq!(&decode_extraction(quads.clone(), &vocabulary).unwrap(), &extraction);
        prop_assert_eq!(&decode_extraction(through_text(&quads), &vocabulary).unwrap(), &extraction);
        prop_assert_eq!(&decode_extraction(through_store(&quads), &vocabulary).unwrap(), &extraction);
    }

    #[test]
    fn a_canonical_extraction_stays_as_it_is(extraction in extraction()) {
        let once = canonical(extraction);
        prop_assert_eq!(canonical(once.clone()), once);
    }

    #[test]
    fn several_readings_of_one_text_come_back(readings in vec(extraction(), 1..4)) {
        let vocabulary = Vocabulary::default();
        let id = readings[0].document.id.clone();
        let mut readings: Vec<Extraction> = readings.into_iter().map(|mut reading| {
            reading.document.id = id.clone();
            canonical(reading)
        }).collect();
        readings.sort_by(|a, b| a.document.source.cmp(&b.document.source));
        readings.dedup_by(|a, b| a.document.source == b.document.source);
        let quads = encode_readings(&readings, &vocabulary);
        prop_assert_eq!(decode_readings(through_store(&quads), &vocabulary).unwrap(), readings);
    }

    #[test]
    fn a_fact_comes_back_from_its_quads(fact in fact()) {
        let vocabulary = Vocabulary::default();
        let quads = encode_fact(&fact, &vocabulary);
        let claims = fact.claims.clone();
        prop_assert_eq!(&decode_fact(through_store(&quads), claims.clone(), &vocabulary).unwrap(), &fact);
        prop_assert_eq!(&decode_fact(through_text(&quads), claims, &vocabulary).unwrap(), &fact);
    }

    #[test]
    fn claims_are_cheap_and_name_every_node(extraction in extraction()) {
        let vocabulary = Vocabulary::default();
        let quads = encode_extraction(&canonical(extraction), &vocabulary);
        let mut of_claims: BTreeMap<String, usize> = BTreeMap::new();
        for quad in &quads {
            let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { panic!("a blank node: {quad}") };
            prop_assert!(!matches!(quad.object, Term::BlankNode(_)), "{quad}");
            if vocabulary.claim_id(subject.as_ref()).is_some() {
                *of_claims.entry(subject.to_string()).or_default() += 1;
            }
        }
        // One more, `gx:of`, comes with the fact.
        prop_assert!(of_claims.values().all(|count| *count < 14));
    }
}

#[test]
fn a_claim_looks_as_the_vocabulary_shows_it() {
    let article = crate::common::text("articles/a.txt", "Acme invests in Bolt.")
        .published("2025-11-06")
        .claim("Acme", "investsIn", "Bolt")
        .confidence(931)
        .on(Qualifier::Date, "2025-11")
        .done();
    let vocabulary = Vocabulary::default();
    let claim = &article.claims[0];
    let lines: Vec<String> = encode_extraction(&article, &vocabulary).iter().map(ToString::to_string).collect();
    let graph = format!("<https://w3id.org/guanxi/doc/{}>", article.document.id);
    let about_claim = |property: &str, object: &str| {
        format!("<https://w3id.org/guanxi/claim/{}> <{property}> {object} {graph}", claim.id)
    };
    let gx = |name: &str| format!("https://w3id.org/guanxi/ns#{name}");
    let node = |name: &str| format!("<https://w3id.org/guanxi/id/{}>", crate::common::id("Company", name));
    for line in [
        about_claim("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", &format!("<{}>", gx("Claim"))),
        about_claim(&gx("subject"), &node("Acme")),
        about_claim(&gx("predicate"), &format!("<{}>", gx("investsIn"))),
        about_claim(&gx("object"), &node("Bolt")),
        about_claim(&gx("status"), &format!("<{}>", gx("asserted"))),
        about_claim(&gx("confidence"), "\"0.931\"^^<http://www.w3.org/2001/XMLSchema#decimal>"),
        about_claim(&gx("rule"), "\"test.rule@1\""),
        about_claim(&gx("start"), "\"0\"^^<http://www.w3.org/2001/XMLSchema#integer>"),
        about_claim(&gx("end"), "\"10\"^^<http://www.w3.org/2001/XMLSchema#integer>"),
        about_claim(&gx("quote"), "\"Acme investsIn\""),
        about_claim(
            &gx("detail"),
            "\"{\\\"subject\\\":{\\\"span\\\":[0,4],\\\"text\\\":\\\"Acme\\\"},\
             \\\"object\\\":{\\\"mention\\\":{\\\"span\\\":[0,4],\\\"text\\\":\\\"Bolt\\\"}},\
             \\\"qualifiers\\\":[[\\\"date\\\",{\\\"date\\\":\\\"2025-11\\\"}]],\
             \\\"support\\\":[\\\"test.rule@1\\\"],\\\"section\\\":\\\"body\\\",\\\"sentence\\\":[0,15]}\"\
             ^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>",
        ),
        format!(
            "{graph} <https://schema.org/datePublished> \"2025-11-06\"^^<http://www.w3.org/2001/XMLSchema#date> {graph}"
        ),
        format!("{graph} <{}> \"articles/a.txt\" {graph}", gx("source")),
        format!("{graph} <{}> \"{}\" {graph}", gx("sha256"), article.document.id),
    ] {
        assert!(lines.contains(&line), "{line}\nis none of\n{}", lines.join("\n"));
    }
}

#[test]
fn what_is_not_ours_is_an_error() {
    let vocabulary = Vocabulary::default();
    let quads = encode_extraction(&crate::common::text("a", "x").claim("A", "owns", "B").done(), &vocabulary);
    for missing in ["confidence", "detail", "subject", "name", "status"] {
        let term = vocabulary.term(missing);
        let cut: Vec<Quad> = quads.iter().filter(|quad| quad.predicate != term).cloned().collect();
        let error = decode_extraction(cut, &vocabulary).unwrap_err().to_string();
        assert!(error.contains(missing), "{error}");
    }
    assert!(decode_extraction(quads, &Vocabulary::new("https://example.org/").unwrap()).is_err());
}

fn through_text(quads: &[Quad]) -> Vec<Quad> {
    let lines: String = quads.iter().map(|quad| format!("{quad} .\n")).collect();
    RdfParser::from_format(RdfFormat::NQuads).for_slice(&lines).map(Result::unwrap).collect()
}

fn through_store(quads: &[Quad]) -> Vec<Quad> {
    let store = Store::new().unwrap();
    store.extend(quads.iter().cloned()).unwrap();
    store.iter().map(Result::unwrap).collect()
}

fn base() -> impl Strategy<Value = String> {
    select(vec!["https://w3id.org/guanxi/".to_owned(), "http://localhost:8080/图谱/".to_owned()])
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{0,6}",
        2 => any::<String>(),
        1 => select(vec![
            "\u{0}\u{1}\u{1f}\u{7f}\u{85}\u{2028}\u{feff}".to_owned(),
            "\"quoted\" \\back\\slash\\ \\u0041 \\\"".to_owned(),
            "🏦💴👩‍👩‍👧‍👦".to_owned(),
            "\u{301}\u{20d0}lone marks\u{308}".to_owned(),
            "e\u{301} is not \u{e9}".to_owned(),
            "line\nfeed\r\nreturn\ttab".to_owned(),
            "\u{fffe}\u{ffff}\u{10ffff}\u{e000}".to_owned(),
            "人民银行《办法》".repeat(2_000),
            "<http://example.org/> . _:b @en ^^ #".to_owned(),
        ]),
    ]
}

fn id_text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z]{1,3}-[0-9a-f]{4}", 1 => hostile()]
}

fn date() -> impl Strategy<Value = PartialDate> {
    (0_i16..=9999, option::of((1_u8..=12, option::of(1_u8..=28)))).prop_map(|(year, rest)| match rest {
        None => PartialDate::year(year),
        Some((month, None)) => PartialDate::month(year, month).unwrap(),
        Some((month, Some(day))) => PartialDate::day(year, month, day).unwrap(),
    })
}

fn decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        any::<i64>().prop_map(Decimal::from),
        (any::<i64>(), 0_u32..=28).prop_map(|(number, scale)| Decimal::new(number, scale)),
        select(vec![Decimal::MAX, Decimal::MIN, Decimal::ZERO, -Decimal::ZERO]),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    (0_u32..5_000, 0_u32..300).prop_map(|(start, length)| Span::new(start, start + length))
}

fn argument() -> impl Strategy<Value = Argument> {
    (id_text(), option::of(span()), hostile()).prop_map(|(id, span, text)| Argument {
        entity: EntityId::new(id),
        span,
        text,
    })
}

fn comparator() -> impl Strategy<Value = Comparator> {
    select(Comparator::ALL.to_vec())
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        (decimal(), option::of(hostile()), hostile(), comparator()).prop_map(|(amount, currency, raw, comparator)| {
            Value::Money(Money { amount, currency, raw, comparator })
        }),
        (decimal(), hostile(), comparator()).prop_map(|(number, raw, comparator)| Value::Number(Number {
            number,
            raw,
            comparator
        })),
        date().prop_map(Value::Date),
    ]
}

fn qualifiers() -> impl Strategy<Value = Qualifiers> {
    let value = prop_oneof![
        decimal().prop_map(QualifierValue::Decimal),
        date().prop_map(QualifierValue::Date),
        hostile().prop_map(QualifierValue::Text),
        any::<bool>().prop_map(QualifierValue::Flag),
    ];
    prop::collection::btree_map(select(Qualifier::ALL.to_vec()), value, 0..5)
}

fn confidence() -> impl Strategy<Value = Confidence> {
    (0_u16..=1000).prop_map(Confidence::from_thousandths)
}

fn claim() -> impl Strategy<Value = Claim> {
    let object = prop_oneof![argument().prop_map(Object::Entity), value().prop_map(Object::Value)];
    let what = (argument(), id_text(), object, qualifiers(), select(Status::ALL.to_vec()), confidence());
    let how = (hostile(), vec(hostile(), 0..3), option::of(hostile()), select(Section::ALL.to_vec()));
    (id_text(), what, how, (span(), hostile(), span())).prop_map(
        |(id, (subject, predicate, object, qualifiers, status, confidence), how, (place, quote, sentence))| Claim {
            id: ClaimId::new(id),
            document: DocumentId::new(""),
            subject,
            predicate: predicate.into(),
            object,
            qualifiers,
            status,
            confidence,
            rule: how.0.into(),
            support: how.1.into_iter().map(Into::into).collect(),
            attributed_to: how.2,
            section: how.3,
            evidence: Evidence { span: place, text: quote },
            sentence,
        },
    )
}

fn entity() -> impl Strategy<Value = Entity> {
    let name = (hostile(), select(Language::ALL.to_vec()), select(NameKind::ALL.to_vec()))
        .prop_map(|(text, language, kind)| EntityName { text, language, kind });
    let identifiers = subsequence(
        ["lei:HWUPKR0MPOU8FGXBT394", "isin:US0378331005", "register:GB-COH:00102498", "wikidata:Q42"].to_vec(),
        0..4,
    );
    (id_text(), id_text(), vec(name, 0..6), option::of(hostile()), identifiers).prop_map(
        |(id, class, names, country, identifiers)| Entity {
            id: EntityId::new(id),
            class: class.into(),
            names,
            country,
            identifiers: identifiers.iter().map(|written| written.parse().unwrap()).collect(),
        },
    )
}

fn extraction() -> impl Strategy<Value = Extraction> {
    let kinds = vec![NoteKind::BadBytes, NoteKind::Empty, NoteKind::Binary, NoteKind::TooLong, NoteKind::BadRecord];
    let note = (select(kinds), hostile(), option::of(any::<u32>()), hostile())
        .prop_map(|(kind, source, line, message)| Note { kind, source, line, message });
    let document = (id_text(), hostile(), hostile(), option::of(hostile()), option::of(date()), option::of(hostile()));
    (document, vec(entity(), 0..4), vec(claim(), 0..4), vec(note, 0..3)).prop_map(
        |((id, name, source, title, published, publisher), entities, claims, notes)| Extraction {
            document: Document { id: DocumentId::new(id), name, source, title, published, publisher },
            entities,
            claims,
            notes,
        },
    )
}

fn fact() -> impl Strategy<Value = Fact> {
    let object = prop_oneof![
        id_text().prop_map(|id| FactObject::Entity(EntityId::new(id))),
        value().prop_map(FactObject::Value),
    ];
    let status = select(Status::ALL.to_vec());
    let basis = select(vec![Basis::Text, Basis::Reference, Basis::Derived]);
    let ids = || vec("[0-9a-f]{8}", 0..3);
    let standing =
        (option::of(hostile()), option::of(select(vec![Conflict::Denied, Conflict::OtherValue])), any::<bool>());
    (
        (id_text(), id_text(), id_text(), object, qualifiers()),
        (status, confidence(), option::of(date()), option::of(date()), basis),
        (any::<u32>(), any::<u32>(), ids(), ids()),
        standing,
    )
        .prop_map(|(what, how, (support, publishers, claims, premises), (because, conflict, unverified))| {
            let (id, subject, predicate, object, mut qualifiers) = what;
            let (status, confidence, from, to, basis) = how;
            // What resolution leaves out, for validity and value say it.
            qualifiers.retain(|qualifier, _| match qualifier {
                Qualifier::ValidFrom | Qualifier::ValidTo => false,
                Qualifier::Amount | Qualifier::Currency | Qualifier::Comparator => object.entity().is_some(),
                Qualifier::Date => !matches!(object, FactObject::Value(Value::Date(_))),
                _ => true,
            });
            let sorted = |mut ids: Vec<String>| {
                ids.sort();
                ids.dedup();
                ids
            };
            Fact {
                id: FactId::new(id),
                subject: EntityId::new(subject),
                predicate: predicate.into(),
                object,
                qualifiers,
                status,
                confidence,
                validity: Validity { from, to, ended: to.is_some() || status == Status::Ended },
                basis,
                unverified,
                support,
                publishers,
                claims: sorted(claims).into_iter().map(ClaimId::new).collect(),
                premises: sorted(premises).into_iter().map(FactId::new).collect(),
                because,
                conflict,
            }
        })
}
