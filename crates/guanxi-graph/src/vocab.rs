//! The IRIs of guanxi's own terms, minted under one base, and the foreign terms beside them.

use std::fmt::Write;

use guanxi_model::{ClaimId, DocumentId, EntityId, EntityName, FactId, PartialDate, Validity};
use oxigraph::model::{NamedNode, NamedNodeRef};

/// `rdfs:label`
pub const LABEL: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/2000/01/rdf-schema#label");
/// `skos:altLabel`
pub const ALT_LABEL: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#altLabel");
/// `skos:broader`
pub const BROADER: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#broader");
/// `rdf:JSON`
pub const JSON: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON");
/// `schema:datePublished`
pub const DATE_PUBLISHED: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://schema.org/datePublished");
/// `schema:headline`
pub const HEADLINE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://schema.org/headline");
/// `schema:publisher`
pub const PUBLISHER: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://schema.org/publisher");

/// Mints the IRIs of one store, and reads ids back out of them.
///
/// Terms stand under `<base>ns#`, entities under `<base>id/`, documents under `<base>doc/`, claims and facts under
/// `<base>claim/` and `<base>fact/`, judgements under `<base>judgement/`, imports under `<base>import/`, names that were borne for a time under `<base>name/`, records of the history under `<base>revision/` and `<base>change/`. Whatever a local
/// part holds beside ASCII letters, digits and `-._~` is percent-encoded, so that every id, however odd, has one IRI and
/// comes back unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    base: String,
    terms: String,
}

impl Vocabulary {
    /// Base of every IRI unless a setting says otherwise.
    pub const DEFAULT_BASE: &'static str = "https://w3id.org/guanxi/";

    /// The vocabulary under `base`; `None` unless `base` is an absolute IRI that ends in `/`.
    pub fn new(base: &str) -> Option<Self> {
        NamedNode::new(base).ok().filter(|_| base.ends_with('/'))?;
        Some(Self { base: base.to_owned(), terms: format!("{base}ns#") })
    }

    /// The base.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Prefixes that queries may use undeclared, with their namespaces, sorted by prefix.
    pub fn prefixes(&self) -> Vec<(&'static str, String)> {
        let foreign = |prefix, namespace: &str| (prefix, namespace.to_owned());
        vec![
            ("claim", format!("{}claim/", self.base)),
            ("doc", format!("{}doc/", self.base)),
            ("fact", format!("{}fact/", self.base)),
            ("gx", self.terms.clone()),
            ("id", format!("{}id/", self.base)),
            foreign("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
            foreign("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
            foreign("schema", "https://schema.org/"),
            foreign("skos", "http://www.w3.org/2004/02/skos/core#"),
            foreign("xsd", "http://www.w3.org/2001/XMLSchema#"),
        ]
    }

    /// A term of our own: a class, a predicate, a status, a property of claims and facts.
    pub fn term(&self, name: &str) -> NamedNode {
        node(&self.terms, name)
    }

    /// An entity.
    pub fn entity(&self, id: &EntityId) -> NamedNode {
        self.thing("id/", id.as_str())
    }

    /// A document; also the graph of its claims.
    pub fn document(&self, id: &DocumentId) -> NamedNode {
        self.thing("doc/", id.as_str())
    }

    /// A claim.
    pub fn claim(&self, id: &ClaimId) -> NamedNode {
        self.thing("claim/", id.as_str())
    }

    /// A fact.
    pub fn fact(&self, id: &FactId) -> NamedNode {
        self.thing("fact/", id.as_str())
    }

    /// A name that an entity bore for a time.
    pub fn name_held(&self, entity: &EntityId, name: &EntityName, validity: &Validity) -> NamedNode {
        let day = |day: Option<PartialDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let (language, kind) = (name.language.tag(), name.kind.name());
        let (from, to) = (day(validity.from), day(validity.to));
        self.thing("name/", &format!("{entity}~{language}~{kind}~{}~{from}~{to}", name.text))
    }

    /// The graph of facts from texts and derivations, and of merged entities: `gx:graph/facts`.
    pub fn facts_graph(&self) -> NamedNode {
        NamedNode::new_unchecked(format!("{}graph/facts", self.terms))
    }

    /// The graph of reference entities and facts: `gx:graph/reference`.
    pub fn reference_graph(&self) -> NamedNode {
        NamedNode::new_unchecked(format!("{}graph/reference", self.terms))
    }

    /// The graph of what happened to the store, which no dump holds unless asked to: `gx:graph/history`.
    pub fn history_graph(&self) -> NamedNode {
        NamedNode::new_unchecked(format!("{}graph/history", self.terms))
    }

    /// The graph of what people decided on claims and entities: `gx:graph/judgements`.
    pub fn judgements_graph(&self) -> NamedNode {
        NamedNode::new_unchecked(format!("{}graph/judgements", self.terms))
    }

    /// The graph of what was found of pairs of entities: `gx:graph/identity`.
    pub fn identity_graph(&self) -> NamedNode {
        NamedNode::new_unchecked(format!("{}graph/identity", self.terms))
    }

    /// The judgement on this claim.
    pub fn judgement(&self, claim: &ClaimId) -> NamedNode {
        self.thing("judgement/", claim.as_str())
    }

    /// The judgement on these two entities.
    pub fn judgement_on(&self, one: &EntityId, other: &EntityId) -> NamedNode {
        self.thing("judgement/", &format!("{one}~{other}"))
    }

    /// The claim that a judgement was made on.
    pub fn judged_claim(&self, iri: NamedNodeRef<'_>) -> Option<ClaimId> {
        self.local(iri, "judgement/").map(ClaimId::new)
    }

    /// An import, by its source; also the graph of its records.
    pub fn import(&self, source: &str) -> NamedNode {
        self.thing("import/", source)
    }

    /// The source of an import.
    pub fn import_source(&self, iri: NamedNodeRef<'_>) -> Option<String> {
        self.local(iri, "import/")
    }

    /// A revision of the store, in its history.
    pub fn revision(&self, number: u64) -> NamedNode {
        self.thing("revision/", &number.to_string())
    }

    /// A change of a source, in the history of the store.
    pub(crate) fn change(&self, id: &str) -> NamedNode {
        self.thing("change/", id)
    }

    /// A record of a file, in the history of the store.
    pub(crate) fn record(&self, id: &str) -> NamedNode {
        self.thing("record/", id)
    }

    /// A decision on a claim, in the history of the store.
    pub(crate) fn decision(&self, id: &str) -> NamedNode {
        self.thing("decision/", id)
    }

    /// The name of a term of our own.
    pub fn term_name(&self, iri: NamedNodeRef<'_>) -> Option<String> {
        decoded(iri.as_str().strip_prefix(&self.terms)?)
    }

    /// The id of an entity.
    pub fn entity_id(&self, iri: NamedNodeRef<'_>) -> Option<EntityId> {
        self.local(iri, "id/").map(EntityId::new)
    }

    /// The id of a document.
    pub fn document_id(&self, iri: NamedNodeRef<'_>) -> Option<DocumentId> {
        self.local(iri, "doc/").map(DocumentId::new)
    }

    /// The id of a claim.
    pub fn claim_id(&self, iri: NamedNodeRef<'_>) -> Option<ClaimId> {
        self.local(iri, "claim/").map(ClaimId::new)
    }

    /// The id of a fact.
    pub fn fact_id(&self, iri: NamedNodeRef<'_>) -> Option<FactId> {
        self.local(iri, "fact/").map(FactId::new)
    }

    /// Whether `iri` is the term of this name, which holds nothing that needs encoding.
    pub(crate) fn is_term(&self, iri: NamedNodeRef<'_>, name: &str) -> bool {
        iri.as_str().strip_prefix(&self.terms) == Some(name)
    }

    fn thing(&self, folder: &str, local: &str) -> NamedNode {
        node(&format!("{}{folder}", self.base), local)
    }

    fn local(&self, iri: NamedNodeRef<'_>, folder: &str) -> Option<String> {
        decoded(iri.as_str().strip_prefix(&self.base)?.strip_prefix(folder)?)
    }
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self { base: Self::DEFAULT_BASE.to_owned(), terms: format!("{}ns#", Self::DEFAULT_BASE) }
    }
}

fn node(namespace: &str, local: &str) -> NamedNode {
    let mut iri = String::with_capacity(namespace.len() + local.len());
    iri.push_str(namespace);
    for byte in local.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            iri.push(char::from(byte));
        } else {
            let _ = write!(iri, "%{byte:02X}");
        }
    }
    NamedNode::new_unchecked(iri)
}

fn decoded(local: &str) -> Option<String> {
    if !local.contains('%') {
        return Some(local.to_owned());
    }
    let mut bytes = Vec::with_capacity(local.len());
    let mut rest = local.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_whatever_they_hold() {
        let vocabulary = Vocabulary::default();
        for id in ["cn-tencent", "", "a b%20/#?<>\"", "小红书", "\u{0}\u{7f}"] {
            let iri = vocabulary.entity(&EntityId::new(id));
            assert!(NamedNode::new(iri.as_str()).is_ok(), "{iri}");
            assert_eq!(vocabulary.entity_id(iri.as_ref()), Some(EntityId::new(id)));
            assert_eq!(vocabulary.claim_id(iri.as_ref()), None);
        }
    }

    #[test]
    fn a_base_is_absolute_and_ends_in_a_slash() {
        assert_eq!(Vocabulary::new("https://example.org/kg/").unwrap().term("owns").as_str(), {
            "https://example.org/kg/ns#owns"
        });
        assert_eq!(Vocabulary::new("https://example.org/kg"), None);
        assert_eq!(Vocabulary::new("kg/"), None);
    }
}
