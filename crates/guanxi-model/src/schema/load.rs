//! From TOML to a checked [`Schema`]: first every file by itself, then every reference from one kind to another.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::{
    Class, ClassKind, Edge, EdgeKind, FAMILIES, Labels, PREFIXES, Predicate, Range, Schema, SchemaError, ValueKind,
    Walk,
};
use crate::data_file::{DataFile, unknown};
use crate::{Qualifier, Share};

/// Qualifiers that every predicate takes.
const COMMON_QUALIFIERS: [Qualifier; 3] = [Qualifier::Date, Qualifier::ValidFrom, Qualifier::ValidTo];

pub(super) fn load(files: &[DataFile<'_>]) -> Result<Schema, Vec<SchemaError>> {
    let mut loader = Loader::default();
    for &file in files {
        loader.read(file);
    }
    loader.check_names();
    loader.check_parents();
    let classes = loader.classes();
    let predicates = loader.predicates();
    let mut errors = loader.errors;
    if errors.is_empty() {
        return Ok(Schema { classes, predicates });
    }
    errors.sort();
    Err(errors)
}

type Name = Spanned<String>;

/// A file of `kind = "class"`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    #[serde(rename = "kind")]
    _kind: String,
    name: Name,
    #[serde(default)]
    class_kind: ClassKind,
    #[serde(default)]
    parents: Vec<Name>,
    family: Option<Name>,
    label: Labels,
    definition: String,
    #[serde(default)]
    close_match: Vec<Name>,
}

/// A file of `kind = "predicate"`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PredicateFile {
    #[serde(rename = "kind")]
    _kind: String,
    name: Name,
    label: Labels,
    inverse_label: Labels,
    definition: String,
    subject: SubjectTable,
    object: Spanned<ObjectTable>,
    #[serde(default)]
    qualifiers: Vec<Name>,
    #[serde(default)]
    symmetric: bool,
    #[serde(default)]
    functional: bool,
    #[serde(default)]
    derived: bool,
    #[serde(default)]
    outlives_subject: bool,
    #[serde(default)]
    close_match: Vec<Name>,
    edge: Option<Spanned<EdgeTable>>,
    walk: Option<Spanned<Walk>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectTable {
    role: String,
    classes: Spanned<Vec<Name>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectTable {
    role: String,
    classes: Option<Vec<Name>>,
    value: Option<ValueKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EdgeTable {
    kind: EdgeKind,
    #[serde(default)]
    from: End,
    share: Option<Name>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum End {
    #[default]
    Subject,
    Object,
}

#[derive(Default)]
struct Loader<'a> {
    classes: Vec<(DataFile<'a>, ClassFile)>,
    predicates: Vec<(DataFile<'a>, PredicateFile)>,
    /// Names of classes whose files do not load, lest each mention of them be an error too.
    broken: Vec<String>,
    errors: Vec<SchemaError>,
}

impl<'a> Loader<'a> {
    fn read(&mut self, file: DataFile<'a>) {
        let table = match file.parse() {
            Ok(table) => table,
            Err(errors) => return self.errors.extend(errors),
        };
        let text_at =
            |key: &str| table.get_ref().get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned);
        let name = text_at("name").unwrap_or_default();
        let read = match text_at("kind").as_deref() {
            Some("class") => {
                let class = file.read(table, &name);
                if class.is_err() {
                    self.broken.push(name);
                }
                class.map(|class| self.classes.push((file, class)))
            }
            Some("predicate") => file.read(table, &name).map(|predicate| self.predicates.push((file, predicate))),
            other => {
                let start = table.get_ref().get("kind").map_or(0, |kind| kind.span().start);
                let message = match other {
                    Some(kind) => unknown("kind", kind, ["class", "predicate"]),
                    None => "says no kind: write kind = \"class\" or kind = \"predicate\"".to_owned(),
                };
                Err(vec![file.error(start, &name, message)])
            }
        };
        if let Err(errors) = read {
            self.errors.extend(errors);
        }
    }

    fn check_names(&mut self) {
        let mut first: BTreeMap<&str, DataFile<'_>> = BTreeMap::new();
        let names = self.classes.iter().map(|(file, class)| (file, &class.name));
        for (&file, name) in names.chain(self.predicates.iter().map(|(file, predicate)| (file, &predicate.name))) {
            if let Some(other) = first.insert(name.get_ref(), file) {
                let message = format!("this name is taken: {} has it too", other.name);
                self.errors.push(file.error(name.span().start, name.get_ref(), message));
            }
        }
    }

    fn check_parents(&mut self) {
        let parents: BTreeMap<&str, Vec<&str>> = self
            .classes
            .iter()
            .map(|(_, class)| {
                (class.name.get_ref().as_str(), class.parents.iter().map(|p| p.get_ref().as_str()).collect())
            })
            .collect();
        for (file, class) in &self.classes {
            let name = class.name.get_ref().as_str();
            let mut fail = |at: &Name, message| self.errors.push(file.error(at.span().start, name, message));
            let circle = path_back(name, name, &parents, &mut Vec::new());
            // One report a circle, at its least class.
            if let Some(path) = circle
                && path.iter().all(|other| name <= *other)
            {
                let circle = path.iter().map(|other| format!(" → {other}")).collect::<String>();
                fail(&class.name, format!("descends from itself: {name}{circle}"));
            }
            match &class.family {
                Some(family) if !FAMILIES.contains(&family.get_ref().as_str()) => {
                    fail(family, unknown("family", family.get_ref(), FAMILIES));
                }
                None if class.class_kind == ClassKind::Entity && class.parents.is_empty() => {
                    fail(&class.name, format!("needs parents or a family: one of {}", FAMILIES.join(", ")));
                }
                _ => {}
            }
        }
    }

    fn classes(&mut self) -> Vec<Class> {
        let known = self.class_names();
        let mut classes: Vec<Class> = Vec::new();
        for (file, class) in &self.classes {
            let name = class.name.get_ref();
            let mut checker = Checker { file: *file, name, known: &known, errors: &mut self.errors };
            classes.push(Class {
                name: name.as_str().into(),
                parents: checker.classes(&class.parents),
                family: class.family.as_ref().map(|family| family.get_ref().as_str().into()),
                kind: class.class_kind,
                labels: class.label.clone(),
                definition: class.definition.clone(),
                close_match: checker.close_matches(&class.close_match),
            });
        }
        classes.sort_by(|a, b| a.name.cmp(&b.name));
        classes
    }

    fn predicates(&mut self) -> Vec<Predicate> {
        let known = self.class_names();
        let mut predicates: Vec<Predicate> = Vec::new();
        for (file, predicate) in &self.predicates {
            let name = predicate.name.get_ref();
            let mut checker = Checker { file: *file, name, known: &known, errors: &mut self.errors };
            predicates.extend(checker.predicate(predicate));
        }
        predicates.sort_by(|a, b| a.name.cmp(&b.name));
        predicates
    }

    fn class_names(&self) -> Vec<String> {
        let names = self.classes.iter().map(|(_, class)| class.name.get_ref()).chain(&self.broken);
        names.cloned().collect()
    }
}

/// Checks one file against the names of all.
struct Checker<'c> {
    file: DataFile<'c>,
    name: &'c str,
    known: &'c [String],
    errors: &'c mut Vec<SchemaError>,
}

impl Checker<'_> {
    /// `None` where it has no use as a predicate; every reason is among the errors.
    fn predicate(&mut self, file: &PredicateFile) -> Option<Predicate> {
        if file.subject.classes.get_ref().is_empty() {
            self.fail(file.subject.classes.span().start, "the subject needs at least one class".to_owned());
        }
        let domain = self.classes(file.subject.classes.get_ref());
        let qualifiers = self.qualifiers(&file.qualifiers);
        let close_match = self.close_matches(&file.close_match);
        let edge = file.edge.as_ref().map(|edge| self.edge(edge.get_ref()));
        let range = self.range(&file.object);
        let walk = file.walk.as_ref().map(|walk| *walk.get_ref()).unwrap_or_default();
        match &range {
            Some(Range::Classes(_)) if edge.is_none() => {
                self.fail(file.name.span().start, "its object is an entity, so it needs an `edge`".to_owned());
            }
            Some(Range::Value(_)) => {
                let edge = file.edge.as_ref().map(Spanned::span);
                let walked = file.walk.as_ref().filter(|_| walk != Walk::default()).map(Spanned::span);
                for span in edge.into_iter().chain(walked) {
                    self.fail(span.start, "its object is a value: no edge, and no walk along it".to_owned());
                }
            }
            _ => {}
        }
        Some(Predicate {
            name: self.name.into(),
            labels: file.label.clone(),
            inverse_labels: file.inverse_label.clone(),
            subject_role: file.subject.role.clone(),
            object_role: file.object.get_ref().role.clone(),
            definition: file.definition.clone(),
            domain,
            range: range?,
            qualifiers,
            symmetric: file.symmetric,
            functional: file.functional,
            derived: file.derived,
            outlives_subject: file.outlives_subject,
            close_match,
            edge,
            walk,
        })
    }

    fn range(&mut self, object: &Spanned<ObjectTable>) -> Option<Range> {
        match (&object.get_ref().classes, object.get_ref().value) {
            (Some(classes), None) if !classes.is_empty() => Some(Range::Classes(self.classes(classes))),
            (None, Some(value)) => Some(Range::Value(value)),
            _ => {
                self.fail(object.span().start, "the object needs either `classes` or a `value`".to_owned());
                None
            }
        }
    }

    fn edge(&mut self, edge: &EdgeTable) -> Edge {
        let share = edge.share.as_ref().and_then(|text| match text.get_ref().parse::<Share>() {
            Ok(share) => Some(share),
            Err(error) => {
                self.fail(text.span().start, error.to_string());
                None
            }
        });
        Edge { from_object: edge.from == End::Object, kind: edge.kind, default_share: share }
    }

    fn classes(&mut self, names: &[Name]) -> Vec<Arc<str>> {
        for name in names.iter().filter(|name| !self.known.contains(name.get_ref())) {
            let message = unknown("class", name.get_ref(), self.known.iter().map(String::as_str));
            self.fail(name.span().start, message);
        }
        // In the order in which they are written: the likeliest first.
        let mut classes: Vec<Arc<str>> = Vec::new();
        for name in names.iter().map(|name| name.get_ref().as_str()) {
            if !classes.iter().any(|known| **known == *name) {
                classes.push(name.into());
            }
        }
        classes
    }

    fn qualifiers(&mut self, names: &[Name]) -> Vec<Qualifier> {
        let mut qualifiers = COMMON_QUALIFIERS.to_vec();
        for name in names {
            match Qualifier::from_name(name.get_ref()) {
                Some(qualifier) => qualifiers.push(qualifier),
                None => {
                    let known = Qualifier::ALL.iter().map(|qualifier| qualifier.name());
                    self.fail(name.span().start, unknown("qualifier", name.get_ref(), known));
                }
            }
        }
        qualifiers.sort();
        qualifiers.dedup();
        qualifiers
    }

    fn close_matches(&mut self, terms: &[Name]) -> Vec<String> {
        for term in terms {
            if let Some((prefix, _)) = term.get_ref().split_once(':').filter(|_| !term.get_ref().contains(' '))
                && !PREFIXES.iter().any(|(known, _)| *known == prefix)
            {
                let known = PREFIXES.iter().map(|(known, _)| *known);
                self.fail(term.span().start, unknown("prefix", prefix, known));
            }
        }
        terms.iter().map(|term| term.get_ref().clone()).collect()
    }

    fn fail(&mut self, offset: usize, message: String) {
        self.errors.push(self.file.error(offset, self.name, message));
    }
}

/// A way from `from` up to `goal`, in at least one step.
fn path_back<'n>(
    from: &str,
    goal: &str,
    parents: &BTreeMap<&'n str, Vec<&'n str>>,
    seen: &mut Vec<&'n str>,
) -> Option<Vec<&'n str>> {
    for &parent in parents.get(from)? {
        if parent == goal {
            return Some(vec![parent]);
        }
        if !seen.contains(&parent) {
            seen.push(parent);
            if let Some(mut path) = path_back(parent, goal, parents, seen) {
                path.insert(0, parent);
                return Some(path);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: (&str, &str) =
        ("Agent.toml", "kind='class'\nname='Agent'\nfamily='agent'\nlabel={en='a',zh='甲'}\ndefinition='d'\n");

    const OWNS: &str = "\
kind = 'predicate'
name = 'owns'
label = { en = 'owns', zh = '持有' }
inverse_label = { en = 'owned by', zh = '股东' }
definition = 'd'
subject = { role = 'owner', classes = ['Agent'] }
object = { role = 'owned', classes = ['Agent'] }
qualifiers = ['percent']
edge = { kind = 'ownership', share = '(50, 100]' }
walk = { trace = 'forward', owners = 'backward' }
";

    fn class(name: &str, more: &str) -> String {
        format!("kind = 'class'\nname = '{name}'\n{more}\nlabel = {{ en = 'x', zh = 'x' }}\ndefinition = 'd'\n")
    }

    fn errors(files: &[(&str, &str)]) -> Vec<String> {
        let errors = Schema::load(files.iter().copied()).unwrap_err();
        assert!(errors.iter().all(|error| error.column >= 1));
        errors.iter().map(SchemaError::to_string).collect()
    }

    #[test]
    fn a_schema_loads_in_any_order_of_files() {
        let company = class("Company", "parents = ['Agent']");
        let files = [("owns.toml", OWNS), ("Company.toml", company.as_str()), AGENT];
        let schema = Schema::load(files).unwrap();
        assert_eq!(schema, Schema::load(files.into_iter().rev()).unwrap());
        assert!(schema.is_a("Company", "Agent") && schema.family("Company") == Some("agent"));

        let owns = schema.predicate("owns").unwrap();
        assert_eq!(owns.qualifiers, [Qualifier::Percent, Qualifier::Date, Qualifier::ValidFrom, Qualifier::ValidTo]);
        let edge = Edge { from_object: false, kind: EdgeKind::Ownership, default_share: Some(Share::majority()) };
        assert_eq!(owns.edge, Some(edge));
        assert!(owns.walk.trace.goes_forward() && !owns.walk.reach.goes_forward() && owns.walk.owners.goes_backward());
        assert!(schema.predicate("own").is_none());
    }

    #[test]
    fn a_predicate_ends_with_its_subject_unless_it_says_otherwise() {
        let act = OWNS.replace("'owns'", "'bought'") + "\n";
        let act = act.replacen("definition = 'd'", "definition = 'd'\noutlives_subject = true", 1);
        let schema = Schema::load([AGENT, ("owns.toml", OWNS), ("bought.toml", act.as_str())]).unwrap();
        let outlives = |name| schema.predicate(name).unwrap().outlives_subject;
        assert!(outlives("bought") && !outlives("owns"));
    }

    #[test]
    fn each_fault_of_a_predicate_is_told() {
        for (right, wrong, expected) in [
            (
                "definition = 'd'",
                "definiton = 'd'",
                "owns.toml:5: `owns`: unknown key `definiton`: did you mean `definition`?",
            ),
            (
                "classes = ['Agent'] }\nq",
                "classes = ['Agnt'] }\nq",
                "owns.toml:7: `owns`: unknown class `Agnt`: did you mean `Agent`?",
            ),
            ("'percent'", "'percnt'", "owns.toml:8: `owns`: unknown qualifier `percnt`: did you mean `percent`?"),
            ("'forward'", "'forwards'", "owns.toml:10: `owns`: unknown value `forwards`: did you mean `forward`?"),
            ("trace =", "trase =", "owns.toml:10: `owns`: unknown key `trase`: did you mean `trace`?"),
            (
                "'(50, 100]'",
                "'50'",
                "owns.toml:9: `owns`: `50` is no share: write 25%, or an interval such as (50, 100]",
            ),
            (
                "edge = { kind = 'ownership', share = '(50, 100]' }",
                "",
                "owns.toml:2: `owns`: its object is an entity, so it needs an `edge`",
            ),
            (
                "role = 'owned', classes = ['Agent']",
                "role = 'owned'",
                "owns.toml:7: `owns`: the object needs either `classes` or a `value`",
            ),
            (
                "subject = { role = 'owner', classes = ['Agent'] }",
                "subject = { role = 'owner', classes = [] }",
                "owns.toml:6: `owns`: the subject needs at least one class",
            ),
            ("zh = '持有'", "", "owns.toml:3: `owns`: missing key `zh`"),
            (
                "qualifiers",
                "close_match = ['shema:funder']\nqualifiers",
                "owns.toml:8: `owns`: unknown prefix `shema`: did you mean `schema`?",
            ),
            (
                "kind = 'predicate'",
                "kind = 'predicat'",
                "owns.toml:1: `owns`: unknown kind `predicat`: did you mean `predicate`?",
            ),
            (
                "kind = 'predicate'\n",
                "",
                "owns.toml:1: `owns`: says no kind: write kind = \"class\" or kind = \"predicate\"",
            ),
        ] {
            let text = OWNS.replacen(right, wrong, 1);
            assert_ne!(text, OWNS, "{right}");
            let told = errors(&[AGENT, ("owns.toml", &text)]);
            assert!(told.contains(&expected.to_owned()), "{told:#?} lacks {expected}");
            // A missing key before the misspelt one is the only echo.
            assert!(told.len() <= 2, "{told:#?}");
        }
    }

    #[test]
    fn a_value_is_no_arrow() {
        let text = OWNS.replace("role = 'owned', classes = ['Agent']", "role = 'owned', value = 'money'");
        let message = "`owns`: its object is a value: no edge, and no walk along it";
        assert_eq!(
            errors(&[AGENT, ("o.toml", &text)]),
            [format!("o.toml:9: {message}"), format!("o.toml:10: {message}")]
        );
    }

    #[test]
    fn each_fault_of_classes_is_told() {
        let orphan = class("Company", "parents = ['Agnet']");
        assert_eq!(
            errors(&[AGENT, ("c.toml", &orphan)]),
            ["c.toml:3: `Company`: unknown class `Agnet`: did you mean `Agent`?"]
        );
        assert_eq!(
            errors(&[("c.toml", &class("Company", ""))]),
            ["c.toml:2: `Company`: needs parents or a family: one of agent, product, regulation, activity, place"]
        );
        assert_eq!(
            errors(&[("c.toml", &class("Company", "family = 'agents'"))]),
            ["c.toml:3: `Company`: unknown family `agents`: did you mean `agent`?"]
        );
        assert_eq!(
            errors(&[AGENT, ("b.toml", AGENT.1)]),
            ["b.toml:2: `Agent`: this name is taken: Agent.toml has it too"]
        );
    }

    #[test]
    fn a_circle_of_parents_is_told_once() {
        let files = [("A", "B"), ("B", "C"), ("C", "B"), ("D", "D")]
            .map(|(name, parent)| (format!("{name}.toml"), class(name, &format!("parents = ['{parent}']"))));
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(
            errors(&files),
            ["B.toml:2: `B`: descends from itself: B → C → B", "D.toml:2: `D`: descends from itself: D → D",]
        );
    }

    #[test]
    fn errors_of_all_files_come_together_without_echo() {
        let broken = class("Company", "parnts = ['Agent']");
        let owns = OWNS.replace("classes = ['Agent']", "classes = ['Company']");
        assert_eq!(
            errors(&[AGENT, ("owns.toml", &owns), ("Company.toml", &broken), ("x.toml", "name = \n")]),
            [
                "Company.toml:3: `Company`: unknown key `parnts`: did you mean `parents`?",
                "x.toml:1: string values must be quoted, expected literal string",
            ]
        );
    }
}
