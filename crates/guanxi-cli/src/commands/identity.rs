//! `guanxi entity merge`, `split`, `different`, `undo`, `list`, and why an entity is one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use guanxi::entities::{self, Decided, Party, ids_of};
use guanxi::graph::Generation;
use guanxi::judgements::{self, ChangeOptions};
use guanxi::model::{Claim, DocumentId, Entity, EntityId, EntityJudgement, Extraction, Judgements, Object, Sameness};
use guanxi::query::NameIndex;

use crate::args::{Database, JudgementFile, RowFormat, Store};
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::rows::Rows;
use crate::session::Session;

/// Longest list of quotes for one name, and of edges for one alias.
const MOST_SHOWN: usize = 5;

/// Where a decision is written, and what it says of itself.
#[derive(Debug, clap::Args)]
pub struct Decision {
    /// Why they are one, or two
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    because: String,
    /// Who decides it
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    author: String,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    judgements: JudgementFile,
}

/// Decides that several are one.
pub fn merge(session: &Session, names: &[String], decision: &Decision) -> CommandResult {
    let known = Known::open(session, &decision.store)?;
    let entities = names.iter().map(|name| known.entity(name)).collect::<Result<Vec<_>, _>>()?;
    let parties: Vec<Party> = entities.iter().map(|entity| entities::party(&known.generation, entity)).collect();
    let decisions = entities::one_of(&parties, &decision.author, &decision.because);
    if decisions.is_empty() {
        return Err(CommandError::new(Kind::Usage, "these names mean one entity already"));
    }
    tell_conflicts(session, &entities);
    decide(session, decision, decisions)
}

/// Numbers of registers that no two things share: who decides may know better, but is told.
fn tell_conflicts(session: &Session, entities: &[Entity]) {
    for (at, one) in entities.iter().enumerate() {
        for other in &entities[at + 1..] {
            if let Some((number, another)) = one.conflicting_identifiers(other) {
                let (one, other) = (one.label(), other.label());
                session
                    .insist(format_args!("warning: {one} has {number}, {other} has {another}: no one thing has both"));
            }
        }
    }
}

/// Decides that two are two.
pub fn different(session: &Session, one: &str, other: &str, decision: &Decision) -> CommandResult {
    let known = Known::open(session, &decision.store)?;
    let both = [known.entity(one)?, known.entity(other)?];
    if both[0].id == both[1].id {
        let message = format!("`{one}` and `{other}` are one entity in this store: {}", both[0].id);
        let hint = "`guanxi entity split` parts a name, or a document, from an entity";
        return Err(CommandError::new(Kind::Usage, message).hint(hint));
    }
    let pair = both.map(|entity| entities::party(&known.generation, &entity));
    decide(session, decision, entities::two_of(vec![pair], &decision.author, &decision.because))
}

/// Decides that what was merged into an entity by a name, or what a document calls so, is somebody else.
pub fn split(
    session: &Session,
    entity: &str,
    name: Option<&str>,
    document: Option<&str>,
    decision: &Decision,
) -> CommandResult {
    let known = Known::open(session, &decision.store)?;
    let entity = known.entity(entity)?;
    let pairs = match (name, document) {
        (Some(name), _) => {
            let schema = session.schema()?;
            let family = schema.family(&entity.class).unwrap_or("agent");
            entities::apart_by_name(&known.generation, family, &entity, name)
        }
        (None, Some(document)) => entities::apart_by_document(&known.generation, &entity, document),
        (None, None) => Ok(Vec::new()),
    };
    let pairs = pairs.map_err(|error| {
        CommandError::new(Kind::NotFound, error).hint("`guanxi entity show --why` lists names and documents")
    })?;
    decide(session, decision, entities::two_of(pairs, &decision.author, &decision.because))
}

/// Takes back what was decided on one entity, or on two.
pub fn undo(
    session: &Session,
    one: &str,
    other: Option<&str>,
    store: &Store,
    judgements: &JudgementFile,
) -> CommandResult {
    let known = Known::open(session, store)?;
    let one = known.ids(one)?;
    let other = other.map(|name| known.ids(name)).transpose()?;
    drop(known);
    let options = ChangeOptions { judgements: session.judgements(judgements), keep: None };
    let decided = session.guanxi()?.undo_entities(&session.db(store), &options, &one, other.as_ref());
    tell(session, "taken back", &decided.map_err(store::change_failure)?);
    Ok(Outcome::Done)
}

fn decide(session: &Session, decision: &Decision, decisions: Vec<EntityJudgement>) -> CommandResult {
    let options = ChangeOptions { judgements: session.judgements(&decision.judgements), keep: None };
    let decided = session.guanxi()?.judge_entities(&session.db(&decision.store), &options, decisions);
    let decided = decided.map_err(store::change_failure)?;
    tell(session, "decided", &decided);
    let generation = store::open_current(session, &decision.store)?;
    let fails = |decision: &&EntityJudgement| {
        let ids = [&decision.one, &decision.other].map(|id| generation.representative(id));
        decision.verdict == Sameness::Same && ids[0] != ids[1] && !decision.names.iter().any(String::is_empty)
    };
    match decided.judgements.iter().find(fails).filter(|decision| is_plain(&generation, decision)) {
        Some(decision) => {
            let [one, other] = &decision.names;
            session.insist(format!("{one} and {other} stay two: other decisions say that they are different"));
            Ok(Outcome::WithLosses)
        }
        None => Ok(Outcome::Done),
    }
}

/// Whether both ids stand in the store as they are, and not as what one document means.
fn is_plain(generation: &Generation, decision: &EntityJudgement) -> bool {
    [&decision.one, &decision.other].into_iter().all(|id| !generation.documents_naming(id).is_empty())
}

fn tell(session: &Session, done: &str, decided: &Decided) {
    for judgement in &decided.judgements {
        let [one, other] = &judgement.names;
        let EntityJudgement { one: id, other: other_id, verdict, .. } = judgement;
        session.say(format!("{done}: {one} ({id}) and {other} ({other_id}) are {verdict}"));
    }
    let counts = &decided.summary.counts;
    session.say(format!(
        "{} entities and {} facts, revision {}; written to {}",
        counts.entities,
        counts.facts,
        decided.summary.revision,
        decided.file.display()
    ));
}

/// Lists what was decided on entities.
pub fn list(session: &Session, database: &Database, file: &JudgementFile, format: RowFormat) -> CommandResult {
    let generation = store::open(session, database)?;
    let path = judgements::file(&generation, &session.db(database), &session.judgements(file));
    let path = path.map_err(store::change_failure)?;
    let decided = path.as_deref().map_or_else(|| Ok(Judgements::default()), judgements::read);
    let decided = decided.map_err(store::change_failure)?;
    let built: BTreeSet<String> = generation.entity_judgements().iter().map(|known| format!("{known:?}")).collect();
    let mut rows = Rows::new(&["one", "other", "verdict", "names", "author", "because", "built"]);
    for judgement in decided.entities() {
        rows.push([
            judgement.one.to_string(),
            judgement.other.to_string(),
            judgement.verdict.to_string(),
            judgement.names.join(" | "),
            judgement.author.clone(),
            judgement.because.clone(),
            if built.contains(&format!("{judgement:?}")) { "yes" } else { "not yet" }.to_owned(),
        ]);
    }
    let mut out = output::stdout();
    rows.write(session.row_format(format), &mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}

/// A store, and whom names mean in it.
struct Known {
    generation: Generation,
    index: NameIndex,
}

impl Known {
    fn open(session: &Session, store: &Store) -> Result<Self, CommandError> {
        let generation = store::open_current(session, store)?;
        let index = NameIndex::open(&generation)?;
        Ok(Self { generation, index })
    }

    fn entity(&self, name: &str) -> Result<Entity, CommandError> {
        let merged = self.generation.representative(&EntityId::new(name));
        if let Some(entity) = self.generation.entity(&merged) {
            return Ok(entity);
        }
        let id = names::resolve(&self.index, name)?;
        self.generation
            .entity(&id)
            .ok_or_else(|| CommandError::new(Kind::NotFound, format!("nothing is called `{name}`")))
    }

    /// Every id that a name means; an id as it is written.
    fn ids(&self, name: &str) -> Result<BTreeSet<EntityId>, CommandError> {
        let id = EntityId::new(name);
        let is_judged = self.generation.entity_judgements().iter().any(|judgement| judgement.is_on(&id));
        match is_judged {
            true => Ok([id].into()),
            false => Ok(ids_of(&self.generation, &self.entity(name)?.id)),
        }
    }
}

/// Shows which documents and rows gave each name, which verdicts hold, and which alias brought which edge.
pub fn why(entity: &Entity, generation: &Generation, out: &mut impl Write) -> io::Result<()> {
    let ids = ids_of(generation, &entity.id);
    let told = Telling::of(entity, &ids, generation);
    told.names(entity, out)?;
    verdicts(&ids, generation, out)?;
    told.edges(out)
}

/// What documents say of an entity.
struct Telling {
    /// By source of the document, with the ids by which it means the entity.
    readings: Vec<(String, Extraction, BTreeSet<EntityId>)>,
}

impl Telling {
    fn of(entity: &Entity, ids: &BTreeSet<EntityId>, generation: &Generation) -> Self {
        let splits = generation.splits();
        let bases = splits.iter().filter(|split| ids.contains(&split.id)).map(|split| &split.of);
        let named: BTreeSet<&EntityId> = ids.iter().chain(bases).collect();
        let naming: BTreeSet<DocumentId> = named.iter().flat_map(|id| generation.documents_naming(id)).collect();
        let mut readings = Vec::new();
        for document in naming {
            let Some(extraction) = generation.extraction(&document) else { continue };
            let own = named.iter().filter(|id| generation.representative_in(&document, id) == entity.id);
            readings.push((extraction.document.source.clone(), extraction.clone(), own.copied().cloned().collect()));
        }
        readings.sort_by(|a, b| a.0.cmp(&b.0));
        Self { readings }
    }

    fn names(&self, entity: &Entity, out: &mut impl Write) -> io::Result<()> {
        for name in &entity.names {
            let mut shown = 0;
            for (source, extraction, ids) in &self.readings {
                let bearers = extraction.entities.iter().filter(|known| ids.contains(&known.id));
                let mut bearers = bearers.filter(|known| known.names.contains(name));
                let Some(bearer) = bearers.next() else { continue };
                shown += 1;
                if shown > MOST_SHOWN {
                    writeln!(out, "  alias    {}  … and in more documents", name.text)?;
                    break;
                }
                let quote = extraction.claims.iter().find(|claim| claim.evidence.text.contains(&name.text));
                let quote = quote.map_or_else(String::new, |claim| format!(": “{}”", claim.evidence.text));
                writeln!(out, "  alias    {}  of {} in {source}{quote}", name.text, bearer.id)?;
            }
            if shown == 0 {
                writeln!(out, "  alias    {}  of the reference row", name.text)?;
            }
        }
        Ok(())
    }

    /// Each fact with the words by which each claim names the entity.
    fn edges(&self, out: &mut impl Write) -> io::Result<()> {
        let mut brought: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (source, extraction, ids) in &self.readings {
            for claim in &extraction.claims {
                for (words, id) in words(claim).into_iter().filter(|(_, id)| ids.contains(id)) {
                    let line =
                        format!("{} in {source} (claim {})", statement(claim, extraction), &claim.id.as_str()[..12]);
                    brought.entry(format!("“{words}” ({id})")).or_default().push(line);
                }
            }
        }
        for (alias, lines) in brought {
            for line in lines.iter().take(MOST_SHOWN) {
                writeln!(out, "  edge     by {alias}: {line}")?;
            }
            if lines.len() > MOST_SHOWN {
                writeln!(out, "  edge     by {alias}: … and {} more", lines.len() - MOST_SHOWN)?;
            }
        }
        Ok(())
    }
}

/// By which words a claim names its ends.
fn words(claim: &Claim) -> Vec<(&str, &EntityId)> {
    let object = match &claim.object {
        Object::Entity(argument) => Some(argument),
        Object::Value(_) => None,
    };
    let ends = [Some(&claim.subject), object].into_iter().flatten();
    ends.map(|argument| (argument.text.as_str(), &argument.entity)).collect()
}

fn statement(claim: &Claim, extraction: &Extraction) -> String {
    let label = |id: &EntityId| {
        let entity = extraction.entities.iter().find(|entity| entity.id == *id);
        entity.map_or_else(|| id.to_string(), |entity| entity.label().to_owned())
    };
    let object = match &claim.object {
        Object::Entity(argument) => label(&argument.entity),
        Object::Value(value) => value.to_string(),
    };
    format!("{} —{}→ {object}", label(&claim.subject.entity), claim.predicate)
}

fn verdicts(ids: &BTreeSet<EntityId>, generation: &Generation, out: &mut impl Write) -> io::Result<()> {
    let base = |id: &EntityId| id.as_str().rsplit_once('-').map(|(base, _)| EntityId::new(base));
    let is_own = |id: &EntityId| ids.contains(id) || base(id).is_some_and(|base| ids.contains(&base));
    let labels: BTreeMap<EntityId, String> =
        generation.entities().into_iter().map(|entity| (entity.id.clone(), entity.label().to_owned())).collect();
    let called = |id: &EntityId| {
        labels.get(&generation.representative(id)).map_or_else(|| id.to_string(), |label| format!("{label} ({id})"))
    };
    for judgement in generation.entity_judgements() {
        if is_own(&judgement.one) || is_own(&judgement.other) {
            let [one, other] = &judgement.names;
            let author = if judgement.author.is_empty() { "somebody" } else { &judgement.author };
            let EntityJudgement { one: id, other: other_id, verdict, because, .. } = &judgement;
            writeln!(out, "  decided  {one} ({id}) and {other} ({other_id}) are {verdict}, by {author}: {because}")?;
        }
    }
    for found in generation.verdicts() {
        let (own, other) = match (is_own(&found.one), is_own(&found.other)) {
            (true, _) => (&found.one, &found.other),
            (_, true) => (&found.other, &found.one),
            _ => continue,
        };
        let word = match found.verdict {
            Sameness::Same => "same     ",
            Sameness::Unsure => "may be   ",
            Sameness::Different => "not      ",
        };
        writeln!(out, "  {word}{own} and {}: {}", called(other), found.features.join("; "))?;
    }
    Ok(())
}
