//! Generations on disk: whole or not at all, one writer, readers undisturbed, the same bytes by every road.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{dump, generation, knowledge, reference, reference_fact, row, text, with_reference};
use guanxi_graph::Vocabulary;
use guanxi_graph::encode::{ENCODING, canonical, encode_readings};
use guanxi_graph::{
    BuildConfig, Change, Decision, EntityDecision, Form, Generation, Knowledge, Seal, StoreError, Summary, Update,
    rejection,
};
use guanxi_model::{
    ClaimJudgement, EntityId, EntityJudgement, Extraction, Judgements, NameKind, Qualifier, Reference, Sameness,
    Status, Verdict,
};
use proptest::prelude::*;
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("guanxi.db");
    (parent, path)
}

fn article(source: &str, object: &str) -> Extraction {
    text(source, &format!("Acme owns {object}")).claim("Acme", "owns", object).done()
}

fn begin(path: &Path) -> Result<Update<'static>, StoreError> {
    Update::begin(path, knowledge(), config())
}

/// The form under test: both are, in turn, where RocksDB is compiled in.
fn config() -> BuildConfig {
    let form = if cfg!(feature = "disk") { Form::Disk } else { Form::Table };
    BuildConfig { form, ..BuildConfig::default() }
}

fn build(path: &Path, texts: &[Extraction]) -> Summary {
    let mut update = begin(path).unwrap();
    texts.iter().for_each(|text| update.add(text.clone()));
    update.commit().unwrap()
}

#[test]
fn a_build_is_read_back_whole() {
    let (_parent, path) = folder();
    let texts = [article("a", "Bolt"), article("b", "Cell")];
    let summary = build(&path, &texts);
    assert_eq!((summary.changed, summary.revision, summary.added), (true, 1, 2));
    assert_eq!((summary.counts.documents, summary.counts.claims, summary.counts.facts), (2, 2, 2));
    let opened = Generation::open(&path).unwrap();
    assert_eq!((opened.revision(), opened.meta().counts), (1, summary.counts));
    let history = opened.vocabulary().history_graph();
    let history = opened.store().quads_for_pattern(None, None, None, Some(history.as_ref().into())).count();
    assert!(history > 0);
    assert_eq!((opened.store().len().unwrap() - history) as u64, summary.counts.quads);
    let fresh = generation(texts.to_vec());
    assert_eq!(dump(&opened), dump(&fresh));
    assert_eq!(opened.meta().checksum, fresh.meta().checksum);
    assert_eq!((opened.facts(), opened.entities(), opened.claims()), (fresh.facts(), fresh.entities(), fresh.claims()));
    let mut documents: Vec<_> = texts.iter().map(|text| text.document.clone()).collect();
    documents.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(opened.documents(), documents);
    let fact = &opened.facts()[0];
    assert_eq!(opened.fact(&fact.id).as_ref(), Some(fact));
}

#[test]
fn a_build_repeated_changes_nothing() {
    let (_parent, path) = folder();
    let texts = [article("a", "Bolt"), article("b", "Cell")];
    build(&path, &texts);
    let files = listing(&path);
    let again = build(&path, &texts);
    assert_eq!((again.changed, again.revision, again.replaced), (false, 1, 2));
    assert_eq!(listing(&path), files);
    let update = begin(&path).unwrap();
    assert!(update.has("a", &texts[0].document.id) && !update.has("a", &texts[1].document.id));
    assert!(!update.has("c", &texts[0].document.id));
    drop(update);
    let other_rules =
        Update::begin(&path, knowledge(), BuildConfig { rules: Some("f00d".into()), ..config() }).unwrap();
    assert!(!other_rules.has("a", &texts[0].document.id), "other rules may read the same text otherwise");
}

#[test]
fn what_nothing_has_changed_of_is_not_weighed_anew() {
    let (_parent, path) = folder();
    let texts = [article("a", "Bolt"), article("b", "Cell")];
    let pboc = reference(vec![row("cn-pboc", "Regulator", &["People's Bank of China"])], Vec::new());
    let begin = |fingerprint, reference, config| begin_by(&path, fingerprint, reference, config);
    let none = Reference::default();
    let mut update = begin("one", &none, config());
    texts.iter().for_each(|text| update.add(text.clone()));
    let first = update.commit().unwrap();

    // A fingerprint that lies shows that nobody looks any further.
    let again = begin("one", &pboc, config()).commit().unwrap();
    assert_eq!((again.changed, again.revision, again.counts), (false, 1, first.counts));
    assert!(again.told == first.told && !again.told.is_empty());
    let other = begin("two", &pboc, config()).commit().unwrap();
    assert_eq!((other.changed, other.revision), (true, 2));
    assert!(!begin("three", &pboc, config()).commit().unwrap().changed, "it is weighed, and comes to the same");
    assert!(!begin("three", &none, config()).commit().unwrap().changed, "that was noted");

    let mut judgements = Judgements::default();
    judgements.judge(rejection(&texts[0].claims[0], &texts[0], "a slip"));
    let judged = BuildConfig { judgements, ..config() };
    assert_eq!(begin("three", &pboc, judged.clone()).commit().unwrap().counts.rejected, 1);
    assert!(!begin("three", &none, judged.clone()).commit().unwrap().changed);
    let mut update = begin("three", &pboc, judged);
    update.forget("b");
    assert_eq!(update.commit().unwrap().counts.documents, 1);
    assert_eq!(begin("three", &pboc, config()).commit().unwrap().counts.rejected, 0);
}

fn begin_by<'a>(path: &Path, fingerprint: &'a str, reference: &'a Reference, config: BuildConfig) -> Update<'a> {
    let knowledge = Knowledge { fingerprint: Some(fingerprint), ..with_reference(reference) };
    Update::begin(path, knowledge, config).unwrap()
}

#[test]
fn sources_share_a_document_and_take_it_along() {
    let (_parent, path) = folder();
    let (a, copy) = (text("a", "same"), text("b", "same"));
    let both = [a.clone().claim("Acme", "owns", "Bolt").done(), copy.claim("Acme", "owns", "Bolt").done()];
    let summary = build(&path, &both);
    assert_eq!((summary.counts.sources, summary.counts.documents, summary.counts.claims), (2, 1, 1));
    let opened = Generation::open(&path).unwrap();
    let id = both[0].document.id.clone();
    assert_eq!(opened.sources(), [("a".to_owned(), id.clone()), ("b".to_owned(), id.clone())]);
    assert_eq!(opened.facts()[0].support, 1);

    let mut update = begin(&path).unwrap();
    assert_eq!(update.forget("a"), 1);
    update.commit().unwrap();
    let one = Generation::open(&path).unwrap();
    assert_eq!(one.sources(), [("b".to_owned(), id)]);
    assert_eq!(dump(&one), dump(&generation(vec![both[1].clone()])));

    let mut update = begin(&path).unwrap();
    assert_eq!(update.forget("b"), 1);
    let summary = update.commit().unwrap();
    assert_eq!((summary.counts.documents, summary.forgotten), (0, 1));
    assert_eq!(dump(&Generation::open(&path).unwrap()), dump(&generation(vec![])));
}

#[test]
fn the_second_reading_of_a_text_comes_to_light_when_the_first_is_forgotten() {
    let (_parent, path) = folder();
    // The same words under another headline say something of somebody else.
    let first = text("a", "same").title("Acme").claim("Acme", "owns", "Bolt").done();
    let second = text("b", "same").title("Ajax").claim("Ajax", "owns", "Bolt").done();
    build(&path, &[second.clone(), first.clone()]);
    assert_eq!(Generation::open(&path).unwrap().claims(), first.claims);
    let mut update = begin(&path).unwrap();
    update.forget("a");
    update.commit().unwrap();
    let left = Generation::open(&path).unwrap();
    assert_eq!(left.claims(), second.claims);
    assert_eq!(dump(&left), dump(&generation(vec![second])));
}

#[test]
fn new_content_replaces_old() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    let summary = build(&path, &[article("a", "Cell")]);
    assert_eq!((summary.revision, summary.added, summary.replaced, summary.counts.documents), (2, 0, 1, 1));
    assert_eq!(dump(&Generation::open(&path).unwrap()), dump(&generation(vec![article("a", "Cell")])));
}

#[test]
fn the_history_tells_what_came_when_and_what_went() {
    let (_parent, path) = folder();
    let (bolt, cell, dome) = (article("a", "Bolt"), article("a", "Cell"), article("b", "Dome"));
    let [bolt_id, cell_id, dome_id] = [&bolt, &cell, &dome].map(|text| text.document.id.clone());
    build(&path, &[bolt, dome.clone()]);
    build(&path, std::slice::from_ref(&cell));
    let replaced = Change { revision: 2, source: "a".into(), document: bolt_id, replaced_by: Some(cell_id.clone()) };
    let opened = Generation::open(&path).unwrap();
    let history = opened.history();
    assert_eq!(history.revisions.keys().collect::<Vec<_>>(), [&1, &2]);
    assert_eq!(history.documents, [(cell_id.clone(), 2), (dome_id.clone(), 1)].into());
    assert_eq!((&history.changes, history.claims.len()), (&[replaced.clone()].into(), 0));
    let learned = |generation: &Generation| {
        let history = generation.history();
        generation.claims().iter().map(|claim| history.learned_in(claim).unwrap()).collect::<BTreeSet<_>>()
    };
    assert_eq!(learned(&opened), [1, 2].into());

    // Other rules find one claim more in a text that is the same.
    let more = text("b", "Acme owns Dome").claim("Acme", "owns", "Dome").claim("Dome", "owns", "Echo").done();
    let mut update = Update::begin(&path, knowledge(), BuildConfig { rules: Some("f00d".into()), ..config() }).unwrap();
    update.add(more.clone());
    assert_eq!(update.forget("a"), 1);
    update.commit().unwrap();
    let opened = Generation::open(&path).unwrap();
    let history = opened.history();
    let forgotten = Change { revision: 3, source: "a".into(), document: cell_id, replaced_by: None };
    assert_eq!(history.changes, [replaced, forgotten].into());
    assert_eq!(history.revisions[&3].rules.as_deref(), Some("f00d"));
    assert_eq!((history.documents, history.claims), ([(dome_id, 1)].into(), [(more.claims[1].id.clone(), 3)].into()));
    assert_eq!(learned(&opened), [1, 3].into());
    assert_eq!(dump(&opened), dump(&generation(vec![more])), "what happened is no part of what is known");
}

#[test]
fn a_dump_with_its_history_gives_the_same_bytes_back() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt"), article("b", "Cell")]);
    let strict = guanxi_model::Confidence::from_thousandths(800);
    let settings = BuildConfig { rules: Some("f00d".into()), fact_confidence: strict, ..config() };
    let mut update = Update::begin(&path, knowledge(), settings.clone()).unwrap();
    update.add(article("a", "Dome"));
    update.commit().unwrap();
    let whole = |generation: &Generation| {
        let mut bytes = Vec::new();
        generation.dump_with_history(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let opened = Generation::open(&path).unwrap();
    assert!(whole(&opened).contains("graph/history") && !dump(&opened).contains("graph/history"));

    let (_other, copy) = folder();
    let mut update = begin(&copy).unwrap();
    update.restore(whole(&opened).as_bytes(), Seal::Required, None).unwrap();
    assert_eq!(update.commit().unwrap().revision, 2);
    let restored = Generation::open(&copy).unwrap();
    assert_eq!(whole(&restored), whole(&opened));
    assert_eq!(restored.meta(), opened.meta());
    assert!(!Update::begin(&copy, knowledge(), settings).unwrap().commit().unwrap().changed, "it goes on from there");

    let (_third, plain) = folder();
    let mut update = begin(&plain).unwrap();
    update.restore(dump(&opened).as_bytes(), Seal::Required, Some(strict)).unwrap();
    assert_eq!(update.commit().unwrap().revision, 1);
    assert_eq!(dump(&Generation::open(&plain).unwrap()), dump(&opened));
}

#[test]
fn a_dump_that_is_not_whole_is_refused() {
    let (_parent, path) = folder();
    let judged = article("a", "Bolt");
    let mut update = begin(&path).unwrap();
    [judged.clone(), article("b", "Cell")].into_iter().for_each(|text| update.add(text));
    update.judgements_mut().judge(rejection(&judged.claims[0], &judged, "not said"));
    update.commit().unwrap();
    let whole = dump(&Generation::open(&path).unwrap());
    let closing = whole.lines().last().unwrap();
    assert!(closing.starts_with("# guanxi dump: ") && closing.contains(" quads, sha-256 "), "{closing}");

    let restore = |dump: &str, seal| {
        let (_parent, path) = folder();
        let mut update = begin(&path).unwrap();
        update.restore(dump.as_bytes(), seal, None).map_err(|error| error.to_string())?;
        let summary = update.commit().unwrap();
        Ok::<_, String>(summary.counts.rejected)
    };
    assert_eq!(restore(&whole, Seal::Required), Ok(1));
    let lines: Vec<&str> = whole.lines().collect();
    let of = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    for cut in 1..lines.len() {
        let refused = restore(&of(&lines[..cut]), Seal::Required);
        assert!(refused.is_err(), "{cut} lines pass for a dump");
    }
    let without_closing = of(&lines[..lines.len() - 1]);
    assert!(restore(&without_closing, Seal::Required).unwrap_err().contains("closing line is missing"));
    assert_eq!(restore(&without_closing, Seal::Waived), Ok(1));
    let in_a_line = &whole[..whole.len() - closing.len() - 3];
    assert!(restore(in_a_line, Seal::Required).unwrap_err().contains("in the middle of a line"));
    let changed = whole.replacen("Cell", "Cull", 1);
    assert!(restore(&changed, Seal::Required).unwrap_err().contains("checksum"));
    let twice = format!("{whole}{whole}");
    assert!(restore(&twice, Seal::Required).unwrap_err().contains("its closing line tells"));
    // By hand, somebody took the judgement out and left the verdict.
    let no_judgement: String =
        whole.lines().filter(|line| !line.contains("/judgement/")).map(|line| format!("{line}\n")).collect();
    assert!(restore(&no_judgement, Seal::Waived).unwrap_err().contains("no judgement says why"));
}

#[test]
fn a_decision_stands_in_the_history_with_its_revision() {
    let (_parent, path) = folder();
    let text = article("a", "Bolt");
    build(&path, std::slice::from_ref(&text));
    let judgement = rejection(&text.claims[0], &text, "not said");
    let commit = |judgements: Judgements| {
        let mut update = begin(&path).unwrap();
        *update.judgements_mut() = judgements;
        update.commit().unwrap()
    };
    let mut judgements = Judgements::default();
    judgements.judge(judgement.clone());
    assert_eq!(commit(judgements).withdrawn, 0);
    let decision = |revision, verdict| Decision {
        revision,
        claim: judgement.claim.clone(),
        document: judgement.document.clone(),
        verdict,
        because: "not said".to_owned(),
    };
    let decisions = || Generation::open(&path).unwrap().history().decisions;
    let rejected = decision(2, Some(Verdict::Rejected));
    assert_eq!(decisions(), [rejected.clone()].into());
    assert_eq!(commit(Judgements::default()).withdrawn, 1);
    assert_eq!(decisions(), [rejected, decision(3, None)].into());
    assert_eq!(dump(&Generation::open(&path).unwrap()), dump(&generation(vec![text])));

    let mut update = begin(&path).unwrap();
    update.purge("a").unwrap();
    update.commit().unwrap();
    assert_eq!(decisions(), BTreeSet::new());
}

#[test]
fn decisions_on_entities_stand_in_the_history_and_travel_with_it() {
    let (_parent, path) = folder();
    let text = article("a", "Bolt");
    build(&path, std::slice::from_ref(&text));
    let [one, other] = [0, 1].map(|at| text.entities[at].id.clone());
    let judged = |one: &EntityId, verdict| {
        let both = [(one.clone(), "Acme".to_owned()), (other.clone(), "Bolt".to_owned())];
        EntityJudgement::new(both, verdict, "lw", "two firms")
    };
    let commit = |judgement: Option<EntityJudgement>| {
        let mut update = begin(&path).unwrap();
        *update.judgements_mut() = Judgements::default();
        judgement.into_iter().for_each(|judgement| update.judgements_mut().judge_entities(judgement));
        update.commit().unwrap()
    };
    commit(Some(judged(&one, Sameness::Different)));
    commit(Some(judged(&one, Sameness::Unsure)));
    commit(None);
    let [lesser, greater] = if one < other { [&one, &other] } else { [&other, &one] };
    let decision = |revision, verdict| EntityDecision {
        revision,
        one: lesser.clone(),
        other: greater.clone(),
        verdict,
        because: "two firms".to_owned(),
    };
    let all: BTreeSet<EntityDecision> =
        [decision(2, Some(Sameness::Different)), decision(3, Some(Sameness::Unsure)), decision(4, None)].into();
    let generation = Generation::open(&path).unwrap();
    assert_eq!(generation.history().entity_decisions, all);
    assert_eq!(generation.history().decisions, BTreeSet::new());
    assert_eq!(dump(&generation), dump(&crate::common::generation(vec![text])));

    let mut whole = Vec::new();
    generation.dump_with_history(&mut whole).unwrap();
    let (_parent, copy) = folder();
    let mut update = begin(&copy).unwrap();
    update.restore(whole.as_slice(), Seal::Required, None).unwrap();
    update.commit().unwrap();
    assert_eq!(Generation::open(&copy).unwrap().history(), generation.history());
}

#[test]
fn as_many_old_generations_are_kept_as_there_are() {
    let (_parent, path) = folder();
    for (object, keep) in [("Bolt", Some(2)), ("Cell", Some(2)), ("Dome", Some(2)), ("Echo", None), ("Fern", None)] {
        let mut update = Update::begin(&path, knowledge(), BuildConfig { keep, ..config() }).unwrap();
        update.add(article("a", object));
        update.commit().unwrap();
    }
    assert_eq!(Generation::revisions(&path).unwrap(), [3, 4, 5]);
    let (_parent, path) = folder();
    for object in ["Bolt", "Cell"] {
        let mut update = Update::begin(&path, knowledge(), BuildConfig { keep: None, ..config() }).unwrap();
        update.add(article("a", object));
        update.commit().unwrap();
    }
    assert_eq!(Generation::revisions(&path).unwrap(), [2]);
}

#[test]
fn a_commit_that_fails_in_its_last_moment_leaves_nothing() {
    let (_parent, path) = folder();
    for before in [0, 1] {
        let files = if path.exists() { listing(&path) } else { Vec::new() };
        let mut update = begin(&path).unwrap();
        update.add(article("a", ["Bolt", "Cell"][before]));
        let refused = update.commit_with(|| Err(StoreError::NotAStore { path: path.clone() }));
        assert!(matches!(refused, Err(StoreError::NotAStore { .. })));
        let left: Vec<String> = listing(&path).into_iter().filter(|name| name.contains(['/', 'C'])).collect();
        let were: Vec<String> = files.into_iter().filter(|name| name.contains(['/', 'C'])).collect();
        assert_eq!(left, were);
        build(&path, &[article("a", "Bolt")]);
    }
}

#[test]
fn what_to_forget_is_named_by_source_name_or_hash() {
    let text = article("dir/a.txt", "Bolt");
    let hash = text.document.id.as_str().to_owned();
    for (selector, gone) in [
        ("dir/a.txt", 1),
        (hash.as_str(), 1),
        (&hash[..8], 1),
        (&hash[..8].to_uppercase(), 1),
        (&hash[..7], 0),
        ("a.txt", 0),
        ("", 0),
    ] {
        let (_parent, path) = folder();
        let mut update = begin(&path).unwrap();
        update.add(text.clone());
        assert_eq!(update.forget(selector), gone, "{selector}");
    }
}

#[test]
fn what_is_written_of_a_document_is_numbered() {
    let reading = |source: &str, title: &str| {
        let text = text(source, "same").title(title).publisher("Daily").published("2025-11-06");
        let text = text.entity("Company", &["Acme Holdings", "Acme", "艾克美"], NameKind::Legal);
        let text = text.claim("Acme Holdings", "owns", "Bolt").on(Qualifier::Date, "2024-05").status(Status::Ended);
        text.value("Acme Holdings", "raised", crate::common::money(5, "USD")).confidence(655).done()
    };
    let readings = [reading("a", "One \"two\""), reading("b", "Three")].map(canonical);
    let quads = encode_readings(&readings, &Vocabulary::default());
    let mut lines: Vec<String> = quads.iter().map(ToString::to_string).collect();
    lines.sort();
    let written = lines.concat().bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let why = "what is written of documents has changed: count ENCODING up, or stores keep what they would not write";
    assert_eq!((ENCODING, lines.len(), written), (1, 40, 13_032_098_801_253_674_898), "{why}");
}

#[test]
fn a_changed_reference_is_a_change() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    let rows = |names: &[&str]| {
        let rows = vec![row("cn-pboc", "Regulator", names), row("activity-lending", "Activity", &["lending"])];
        reference(rows, vec![reference_fact("cn-pboc", "regulates", "activity-lending")])
    };
    let commit =
        |reference: &Reference| Update::begin(&path, with_reference(reference), config()).unwrap().commit().unwrap();
    let first = rows(&["People's Bank of China"]);
    assert!(commit(&first).changed);
    assert!(!commit(&first).changed);
    assert!(commit(&rows(&["People's Bank of China", "PBoC"])).changed);
    let summary = commit(&Reference::default());
    assert_eq!((summary.changed, summary.revision), (true, 4));
    assert_eq!(dump(&Generation::open(&path).unwrap()), dump(&generation(vec![article("a", "Bolt")])));
}

#[test]
fn a_threshold_is_kept_and_its_change_is_a_change() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    let strict = BuildConfig { fact_confidence: guanxi_model::Confidence::from_thousandths(950), ..config() };
    let summary = Update::begin(&path, knowledge(), strict).unwrap().commit().unwrap();
    assert!(summary.changed);
    let opened = Generation::open(&path).unwrap();
    assert_eq!(opened.meta().fact_confidence.thousandths(), 950);
    assert!(!crate::common::is_plain(&opened, &opened.facts()[0]));
}

#[test]
fn readers_keep_their_generation_and_old_ones_go() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    let reader = Generation::open(&path).unwrap();
    build(&path, &[article("a", "Cell")]);
    assert_eq!(Generation::open(&path).unwrap().revision(), 2);
    assert_eq!(dump(&reader), dump(&generation(vec![article("a", "Bolt")])));
    assert_eq!(Generation::open_revision(&path, 1).unwrap().revision(), 1, "a reader holds it");
    drop(reader);
    build(&path, &[article("a", "Dome")]);
    let error = Generation::open_revision(&path, 1).unwrap_err();
    assert!(matches!(&error, StoreError::NoRevision { revision: 1, kept, .. } if kept == &[3]), "{error}");

    let keeping = || BuildConfig { keep: Some(1), ..config() };
    for object in ["Echo", "Fern"] {
        let mut update = Update::begin(&path, knowledge(), keeping()).unwrap();
        update.add(article("a", object));
        update.commit().unwrap();
    }
    assert_eq!(Generation::open_revision(&path, 4).unwrap().revision(), 4);
    assert!(Generation::open_revision(&path, 3).is_err());
}

#[test]
fn there_is_one_writer() {
    let (_parent, path) = folder();
    let first = begin(&path).unwrap();
    assert!(matches!(begin(&path).unwrap_err(), StoreError::Locked { .. }));
    drop(first);
    assert!(begin(&path).is_ok());
}

#[test]
fn what_a_killed_build_left_is_cleaned_up() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    let before = dump(&Generation::open(&path).unwrap());
    // Killed while writing, after renaming the folder, while replacing CURRENT, while removing an old generation.
    let generations = path.join("gen");
    fs::create_dir(generations.join("2.tmp")).unwrap();
    fs::write(generations.join("2.tmp/quads.table"), b"half a file").unwrap();
    copy(&generations.join("1"), &generations.join("2"));
    fs::write(generations.join("2/quads.table"), b"never current").unwrap();
    fs::write(path.join("CURRENT.tmp"), b"2").unwrap();
    fs::create_dir(generations.join("0.gone")).unwrap();
    assert_eq!(dump(&Generation::open(&path).unwrap()), before);
    assert!(matches!(Generation::open_revision(&path, 2), Err(StoreError::NoRevision { .. })));

    let summary = build(&path, &[article("b", "Cell")]);
    assert_eq!(summary.revision, 2);
    assert_eq!(listing(&generations).iter().filter(|name| !name.contains('/')).collect::<Vec<_>>(), ["2"]);
    assert!(!path.join("CURRENT.tmp").exists());
    assert_eq!(Generation::open(&path).unwrap().meta().counts.documents, 2);
}

#[test]
fn a_first_build_that_was_killed_leaves_no_store_but_a_place_for_one() {
    let (_parent, path) = folder();
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("lock"), b"").unwrap();
    fs::write(path.join("format.tmp"), b"").unwrap();
    assert!(matches!(Generation::open(&path), Err(StoreError::NotFound { .. })));
    drop(begin(&path).unwrap());
    assert!(matches!(Generation::open(&path), Err(StoreError::NotFound { .. })));
    assert_eq!(build(&path, &[]).revision, 1);
}

#[test]
fn a_damaged_generation_is_told() {
    for (damage, told) in [("quads.table", "damaged"), ("meta.json", "damaged")] {
        let (_parent, path) = folder();
        let mut update = Update::begin(&path, knowledge(), BuildConfig::default()).unwrap();
        update.add(article("a", "Bolt"));
        update.commit().unwrap();
        let file = path.join("gen/1").join(damage);
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        let error = Generation::open(&path).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains(damage), "{error}");
        assert!(begin(&path).is_err(), "nothing is built on a damaged generation");
    }
    let (_parent, path) = folder();
    build(&path, &[]);
    fs::remove_dir_all(path.join("gen/1")).unwrap();
    assert!(matches!(Generation::open(&path), Err(StoreError::Corrupt { .. })));
    fs::write(path.join("CURRENT"), "one").unwrap();
    assert!(matches!(Generation::open(&path), Err(StoreError::Corrupt { .. })));
}

#[test]
fn generations_that_lost_their_current_are_not_cleared() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    build(&path, &[article("b", "Cell")]);
    fs::remove_file(path.join("CURRENT")).unwrap();
    let error = begin(&path).unwrap_err().to_string();
    assert!(error.contains("CURRENT"), "{error}");
    assert!(path.join("gen/2/meta.json").exists());
    let told = Generation::open(&path).unwrap_err().to_string();
    assert!(told.contains("write the newest number, 2, into it"), "{told}");
}

#[test]
fn a_first_generation_that_lost_its_current_is_taken_up() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    let before = dump(&Generation::open(&path).unwrap());
    fs::remove_file(path.join("CURRENT")).unwrap();
    assert!(matches!(Generation::open(&path), Err(StoreError::Corrupt { .. })));
    drop(begin(&path).unwrap());
    assert_eq!(dump(&Generation::open(&path).unwrap()), before);
    assert_eq!(build(&path, &[article("b", "Cell")]).counts.documents, 2);
}

#[test]
fn changed_bytes_do_not_pass_for_the_store() {
    let (_parent, path) = folder();
    let mut update = Update::begin(&path, knowledge(), BuildConfig::default()).unwrap();
    update.add(article("a", "Bolt"));
    update.commit().unwrap();
    let (_other_parent, other) = folder();
    let mut update = Update::begin(&other, knowledge(), BuildConfig::default()).unwrap();
    update.add(article("a", "Cell"));
    update.commit().unwrap();
    fs::copy(other.join("gen/1/quads.table"), path.join("gen/1/quads.table")).unwrap();
    let error = Generation::open(&path).unwrap_err().to_string();
    assert!(error.contains("checksum"), "{error}");
}

#[test]
fn other_places_are_left_alone() {
    let (parent, path) = folder();
    assert!(matches!(Generation::open(&path), Err(StoreError::NotFound { .. })));
    assert!(!path.exists(), "opening makes nothing");
    fs::write(parent.path().join("notes.txt"), b"mine").unwrap();
    assert!(matches!(begin(parent.path()), Err(StoreError::NotAStore { .. })));
    assert!(matches!(begin(&parent.path().join("notes.txt")), Err(StoreError::NotAStore { .. })));
    assert!(matches!(Generation::open(&parent.path().join("notes.txt")), Err(StoreError::NotFound { .. })));
    assert_eq!(listing(parent.path()), ["notes.txt"]);
}

#[test]
fn a_store_of_another_version_is_told() {
    let (_parent, path) = folder();
    build(&path, &[]);
    fs::write(path.join("format"), "1\n").unwrap();
    for error in [Generation::open(&path).unwrap_err(), begin(&path).unwrap_err()] {
        assert!(matches!(&error, StoreError::OtherVersion { found, known: 3, .. } if found == "1"), "{error}");
    }
}

#[test]
fn a_base_must_be_an_iri() {
    let (_parent, path) = folder();
    let config = BuildConfig { base: "nonsense".to_owned(), ..config() };
    assert!(matches!(Update::begin(&path, knowledge(), config), Err(StoreError::BadBase { .. })));
    assert!(!path.exists());
}

#[test]
fn the_base_can_change() {
    let (_parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    let config = BuildConfig { base: "https://example.org/kg/".to_owned(), ..config() };
    assert!(Update::begin(&path, knowledge(), config.clone()).unwrap().commit().unwrap().changed);
    let opened = Generation::open(&path).unwrap();
    let fresh = Generation::in_memory(vec![article("a", "Bolt")], &knowledge(), &config).unwrap();
    assert_eq!(dump(&opened), dump(&fresh));
    assert!(!dump(&opened).contains("w3id.org"));
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt;

    let (parent, path) = folder();
    build(&path, &[article("a", "Bolt")]);
    let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    // The superuser writes everywhere; there is nothing to see for it.
    if fs::write(path.join("probe"), b"").is_err() {
        assert!(Generation::open(&path).is_ok());
        fs::remove_file(path.join("lock")).unwrap_err();
        let elsewhere = parent.path().join("guanxi.db/deeper");
        assert!(matches!(begin(&elsewhere), Err(StoreError::ReadOnly { .. })));
    }
    set(0o755);
}

#[cfg(not(feature = "disk"))]
#[test]
fn the_disk_form_names_its_feature() {
    let (_parent, path) = folder();
    let config = BuildConfig { form: Form::Disk, ..BuildConfig::default() };
    let error = Update::begin(&path, knowledge(), config).unwrap_err().to_string();
    assert!(error.contains("--features disk"), "{error}");
    assert!(!path.exists());

    build(&path, &[]);
    let meta = path.join("gen/1/meta.json");
    let text = fs::read_to_string(&meta).unwrap().replace("\"table\"", "\"disk\"");
    fs::write(&meta, text).unwrap();
    assert!(matches!(Generation::open(&path), Err(StoreError::DiskNotCompiledIn)));
}

#[cfg(feature = "disk")]
#[test]
fn a_store_changes_its_form() {
    let (_parent, path) = folder();
    for form in [Form::Table, Form::Disk, Form::Table] {
        let mut update = Update::begin(&path, knowledge(), BuildConfig { form, ..BuildConfig::default() }).unwrap();
        update.add(article("a", "Bolt"));
        assert!(update.commit().unwrap().changed);
        let opened = Generation::open(&path).unwrap();
        assert_eq!(opened.meta().form, form);
        assert_eq!(dump(&opened), dump(&generation(vec![article("a", "Bolt")])));
    }
}

#[test]
fn what_is_purged_leaves_no_byte() {
    let (_parent, path) = folder();
    let secret = |content: &str| {
        let text =
            text("dir/secret.txt", content).title("Oysters and Pearls").claim("Marrowfat", "owns", "Peachblossom");
        text.done()
    };
    let words = ["secret.txt", "Oysters", "Marrowfat", "Peachblossom"];
    let hashes: Vec<String> = ["first", "second"].map(|content| secret(content).document.id.as_str().to_owned()).into();
    let keeping = || BuildConfig { keep: Some(9), ..config() };
    let commit = |texts: &[Extraction], config: BuildConfig| {
        let mut update = Update::begin(&path, knowledge(), config).unwrap();
        texts.iter().for_each(|text| update.add(text.clone()));
        update.commit().unwrap()
    };
    commit(&[article("a", "Bolt"), secret("first")], keeping());
    commit(&[secret("second")], keeping());
    // What was rejected is quoted by a judgement.
    let mut judged = keeping();
    judged.judgements.judge(rejection(&secret("second").claims[0], &secret("second"), "not said"));
    commit(&[], judged.clone());
    let found = |path: &Path| {
        let everything = [&words[..], &hashes.iter().map(String::as_str).collect::<Vec<_>>()].concat();
        everything.into_iter().filter(|words| holds(path, words.as_bytes())).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found(&path).len(), 6, "the search finds what there is");

    let mut update = Update::begin(&path, knowledge(), keeping()).unwrap();
    assert_eq!(update.forget("dir/secret.txt"), 1);
    update.commit().unwrap();
    assert!(!found(&path).is_empty(), "forgotten, it lives on in kept generations and the history");

    let reader = Generation::open_revision(&path, 2).unwrap();
    let purge = |config: BuildConfig| {
        let mut update = Update::begin(&path, knowledge(), config).unwrap();
        assert_eq!(update.purge("dir/nothing.txt").unwrap(), 0);
        let number = update.purge("dir/secret.txt").unwrap();
        assert!(update.judgements().is_empty());
        (number, update.commit())
    };
    let (number, committed) = purge(judged.clone());
    assert_eq!(number, 1, "it is found in older generations and in the history");
    assert!(matches!(committed, Err(StoreError::InUse { left, .. }) if left == [2]));
    drop(reader);
    let (number, committed) = purge(BuildConfig { judgements: Default::default(), ..judged });
    assert_eq!(number, 1);
    committed.unwrap();
    assert_eq!(found(&path), Vec::<String>::new());
    let left = Generation::open(&path).unwrap();
    assert_eq!(dump(&left), dump(&generation(vec![article("a", "Bolt")])));
    assert_eq!(left.history().changes, BTreeSet::new());
}

#[test]
fn a_text_that_another_source_holds_is_not_purged() {
    let (_parent, path) = folder();
    let both = ["a", "b"].map(|source| text(source, "same").claim("Acme", "owns", "Bolt").done());
    build(&path, &both);
    let mut update = begin(&path).unwrap();
    assert_eq!(update.purge("a").unwrap(), 1);
    update.commit().unwrap();
    let left = Generation::open(&path).unwrap();
    assert_eq!(dump(&left), dump(&generation(vec![both[1].clone()])));
    assert_eq!(left.history().documents.len(), 1);
}

/// Whether any file below holds these bytes, or has them in its name.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    listing(folder).iter().any(|name| {
        let path = folder.join(name);
        let found = |all: &[u8]| all.windows(bytes.len()).any(|part| part == bytes);
        found(name.as_bytes()) || (path.is_file() && found(&fs::read(path).unwrap()))
    })
}

/// What somebody does to a store.
#[derive(Clone, Debug)]
enum Step {
    Add { source: u8, content: u8 },
    Forget { source: u8 },
    Purge { source: u8 },
    Reject { source: u8, content: u8 },
    Restore { source: u8, content: u8 },
    Judge(Sameness),
    Dump,
    Commit,
}

fn step() -> impl Strategy<Value = Step> {
    let pair = || (0_u8..4, 0_u8..5);
    prop_oneof![
        4 => pair().prop_map(|(source, content)| Step::Add { source, content }),
        1 => (0_u8..4).prop_map(|source| Step::Forget { source }),
        1 => (0_u8..4).prop_map(|source| Step::Purge { source }),
        2 => pair().prop_map(|(source, content)| Step::Reject { source, content }),
        1 => pair().prop_map(|(source, content)| Step::Restore { source, content }),
        1 => prop_oneof![Just(Sameness::Same), Just(Sameness::Different)].prop_map(Step::Judge),
        1 => Just(Step::Dump),
        2 => Just(Step::Commit),
    ]
}

/// Equal contents from different sources are read differently: the headline differs.
fn reading(source: u8, content: u8) -> Extraction {
    let object = ["Bolt", "Cell", "Dome", "Echo", "Fern"][content as usize];
    let subject = if source.is_multiple_of(2) { "Acme" } else { "Ajax" };
    text(&format!("source-{source}"), object).title(subject).claim(subject, "owns", object).done()
}

fn judgement(source: u8, content: u8) -> ClaimJudgement {
    let reading = reading(source, content);
    rejection(&reading.claims[0], &reading, "not said")
}

/// The two who own what the texts speak of: one merges their claims into facts of one, and so changes what the graph of
/// every document says.
fn of_owners(verdict: Sameness) -> EntityJudgement {
    let owner = |name: &str| (crate::common::id("Company", name), name.to_owned());
    EntityJudgement::new([owner("Acme"), owner("Ajax")], verdict, "lw", "said so")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(feature = "disk") { 12 } else { 300 }, ..ProptestConfig::default() })]

    #[test]
    fn a_dump_does_not_tell_how_the_store_came_about(steps in prop::collection::vec(step(), 1..14)) {
        let (parent, mut path) = folder();
        let mut left: std::collections::BTreeMap<u8, u8> = std::collections::BTreeMap::new();
        let mut judgements = Judgements::default();
        let mut update = begin(&path).unwrap();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Add { source, content } => {
                    update.add(reading(source, content));
                    left.insert(source, content);
                }
                Step::Forget { source } => {
                    let gone = update.forget(&format!("source-{source}"));
                    prop_assert_eq!(gone, usize::from(left.remove(&source).is_some()));
                }
                Step::Purge { source } => {
                    let was_there = left.remove(&source).is_some();
                    let gone = update.purge(&format!("source-{source}")).unwrap();
                    prop_assert!(gone == 1 || !was_there);
                    judgements = update.judgements().clone();
                }
                Step::Reject { source, content } => judgements.judge(judgement(source, content)),
                Step::Restore { source, content } => drop(judgements.withdraw(&judgement(source, content).claim)),
                Step::Judge(verdict) => judgements.judge_entities(of_owners(verdict)),
                Step::Dump | Step::Commit => {
                    update.commit().unwrap();
                    if let Step::Dump = step {
                        let mut whole = Vec::new();
                        Generation::open(&path).unwrap().dump_with_history(&mut whole).unwrap();
                        path = parent.path().join(format!("{number}.db"));
                        let mut copy = begin(&path).unwrap();
                        // A store without any text has nothing to restore.
                        if !left.is_empty() {
                            copy.restore(&whole[..], Seal::Required, None).unwrap();
                            prop_assert_eq!(copy.judgements(), &judgements);
                        }
                        copy.commit().unwrap();
                    }
                    update = begin(&path).unwrap();
                }
            }
            *update.judgements_mut() = judgements.clone();
        }
        update.commit().unwrap();
        let config = BuildConfig { judgements, ..BuildConfig::default() };
        let texts = left.iter().rev().map(|(source, content)| reading(*source, *content)).collect();
        let fresh = Generation::in_memory(texts, &knowledge(), &config).unwrap();
        let opened = Generation::open(&path).unwrap();
        prop_assert_eq!(dump(&opened), dump(&fresh));
        prop_assert_eq!(opened.sources().len(), left.len());
        let history = opened.history();
        prop_assert!(opened.claims().iter().all(|claim| history.learned_in(claim).is_some_and(|at| at <= opened.revision())));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

/// Every file and folder below, sorted.
fn listing(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, names: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            names.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
            if path.is_dir() {
                walk(&path, root, names);
            }
        }
    }
    let mut names = Vec::new();
    walk(folder, folder, &mut names);
    names.sort();
    names
}
