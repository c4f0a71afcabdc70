//! `guanxi owners`

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use guanxi::graph::{Generation, Snapshot};
use guanxi::model::{Confidence, Decimal, EntityId, EntityName, Fact, PartialDate, Qualifier, Share};
use guanxi::query::NameIndex;
use guanxi::query::export::dot::{DotConfig, chart};
use guanxi::query::owners::{
    Answer, Calculator, Chain, Finding, Holdings, Node, OtherFigure, Owner, OwnersConfig, Remark, Right, Rule, Stake,
    Standing, Stopped, Verdict, Version, Why, owners,
};
use guanxi::query::path::Filter;
use serde_json::{Value, json};

use crate::args::Database;
use crate::commands::picture::Language;
use crate::commands::{names, picture, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output::people::{Narrator, qualifier_text};
use crate::output::rows::{self, Rows};
use crate::output::{self, records};
use crate::session::{Session, quoted};

/// Tell who owns and who controls a company, as a law sees it
///
/// Shares are multiplied along chains of holdings and added over chains, circles included; control is tested apart. Only
/// what is asserted and has not ended is summed; what is planned or rumoured is listed and never counted. A share that no
/// text tells is an interval, and an owner whom it may lift over the threshold is listed as possible.
///
/// The rules: eu (EU regulation, from 2027-07-10), eu-amld (EU directives before it), cn-bo (beneficial owners in China),
/// cn-control (actual controllers in China), ofac (the American 50 Percent Rule, which needs --blocked). docs/owners.md
/// says what each does.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi owners 'Nordhafen Logistik' --rule eu
  guanxi owners 小红书 --rule cn-control --as-of 2024-12
  guanxi owners Tenpay --rule ofac --blocked sdn.txt
  guanxi owners 'Nordhafen Logistik' --format svg -o owners.svg
  guanxi owners --rules                    the rules, their thresholds and times")]
pub struct Args {
    #[command(flatten)]
    database: Database,
    /// A company: a name in either language, or an id
    #[arg(required_unless_present = "rules")]
    name: Option<String>,
    /// By which law: eu, eu-amld, cn-bo, cn-control, ofac
    #[arg(long, value_name = "RULE", default_value = "eu", value_parser = calculator)]
    rule: Calculator,
    /// The holdings of this day, month or year, by the rule of that time [default: what has not ended, by the newest]
    #[arg(long, value_name = "DATE")]
    as_of: Option<PartialDate>,
    /// Of ofac: who is blocked, a name or an id on each line; `#` begins a remark
    #[arg(long, value_name = "FILE")]
    blocked: Option<PathBuf>,
    /// Only facts at least this sure, 0 to 1
    #[arg(long, value_name = "P", default_value = "0.70", value_parser = output::probability)]
    min_confidence: Confidence,
    /// Leave out reference facts whose source nobody has checked
    #[arg(long)]
    verified: bool,
    /// Greatest number of chains told of each owner; the shares are of all
    #[arg(long, value_name = "N", default_value_t = 5)]
    chains: usize,
    /// List the rules instead: thresholds, times, laws
    #[arg(long, conflicts_with = "name")]
    rules: bool,
    /// How to print it; dot, svg and png are a chart
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Of a chart: which names stand first [default: en]
    #[arg(long, value_name = "LANG")]
    lang: Option<Language>,
    /// Of a chart: write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// A chart for Graphviz
    Dot,
    /// A chart, drawn by Graphviz
    Svg,
    /// The same as pixels
    Png,
}

fn calculator(name: &str) -> Result<Calculator, String> {
    let known = || Calculator::ALL.map(Calculator::name).join(", ");
    name.parse().map_err(|()| format!("the rules are {}", known()))
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let rules = session.rules_of_ownership()?;
    let Some(name) = args.name.as_deref().filter(|_| !args.rules) else {
        return list(&rules, args.format);
    };
    args.check()?;
    let missing = || CommandError::new(Kind::NotFound, format!("the data have no rule `{}`", args.rule.name()));
    let rule = rules.iter().find(|rule| rule.calculator == args.rule).ok_or_else(missing)?;
    let Some(version) = rule.version(args.as_of) else {
        return not_in_force(rule, args);
    };
    let schema = session.schema()?;
    let generation = store::open(session, &args.database)?;
    let snapshot = Snapshot::of(&generation, &schema);
    let index = NameIndex::open(&generation)?;
    let company = names::resolve(&index, name)?;
    let filter =
        Filter { as_of: args.as_of, min_confidence: args.min_confidence, verified: args.verified, ..Filter::default() };
    let narrator = Narrator::new(&generation, &schema).on(args.as_of);
    let holdings = Holdings::of(&snapshot, &schema, filter, Some(&narrator.explainer));
    let node = |id: &EntityId| {
        holdings.party(id).ok_or_else(|| CommandError::new(Kind::NotFound, format!("no entity `{id}`")))
    };
    let blocked = match &args.blocked {
        Some(file) => blocked(file, &index, &holdings)?.iter().map(node).collect::<Result<BTreeSet<Node>, _>>()?,
        None => BTreeSet::new(),
    };
    let config = OwnersConfig { chains: args.chains, ..OwnersConfig::default() };
    let answer = owners(holdings.structure(), node(&company)?, args.rule, version, &blocked, &config);
    let told = Told { answer: &answer, holdings: &holdings, narrator: &narrator, rule, version, args };
    told.write(session, &generation)?;
    Ok(Outcome::Done)
}

impl Args {
    fn check(&self) -> Result<(), CommandError> {
        let usage = |message: &str| Err(CommandError::new(Kind::Usage, message));
        match (self.rule, &self.blocked) {
            (Calculator::Ofac, None) => {
                return usage(
                    "--rule ofac asks whether blocked persons own the company: name them with --blocked FILE",
                );
            }
            (Calculator::Ofac, Some(_)) | (_, None) => {}
            (_, Some(_)) => return usage("--blocked is for --rule ofac alone"),
        }
        if matches!(self.format, Format::Text | Format::Json) {
            if self.output.is_some() {
                return usage("--output is for charts: add --format svg, png or dot");
            }
            if self.lang.is_some() {
                return usage("--lang is for charts: add --format svg, png or dot");
            }
        }
        Ok(())
    }
}

/// The entities of a file of names, one a line. A name that only begins theirs is refused: whom it means is a guess, and a
/// wrong one blocks somebody else.
fn blocked(file: &Path, index: &NameIndex, holdings: &Holdings<'_>) -> Result<Vec<EntityId>, CommandError> {
    let mut found = Vec::new();
    for (line, number) in lines(file)?.iter().zip(1..) {
        let name = line.split('#').next().unwrap_or_default().trim();
        if name.is_empty() {
            continue;
        }
        let place = format!("{}:{number}", file.display());
        let entity = names::resolve(index, name).map_err(|error| error.context(place.clone()))?;
        let known = holdings.party(&entity).map(|party| holdings.entity(party));
        let is_whole = |name_of: &EntityName| guanxi::names::same(&name_of.text, name);
        if known.is_some_and(|known| known.id.as_str() != name && !known.names.iter().any(is_whole)) {
            let message = format!("{place}: `{name}` is only a part of a name, or spelt otherwise, in {entity}");
            return Err(CommandError::new(Kind::NotFound, message).hint("write the whole name, or the id"));
        }
        found.push(entity);
    }
    match found.is_empty() {
        true => Err(CommandError::new(Kind::Usage, format!("{}: no name in it: write one a line", file.display()))),
        false => Ok(found),
    }
}

fn lines(file: &Path) -> Result<Vec<String>, CommandError> {
    let bytes = std::fs::read(file).map_err(|error| {
        let message = format!("{}: the list of blocked persons cannot be read: {error}", file.display());
        CommandError::new(Kind::Failed, message).hint("name a file with a name or an id on each line")
    })?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let lines = bytes.split(|byte| *byte == b'\n').zip(1..).map(|(line, number)| {
        let place = || format!("{}:{number}: no UTF-8: save the list as UTF-8", file.display());
        std::str::from_utf8(line).map(str::to_owned).map_err(|_| CommandError::new(Kind::Failed, place()))
    });
    lines.collect()
}

fn list(rules: &[Rule], format: Format) -> CommandResult {
    let mut table = Rows::new(&["rule", "name", "from", "until", "reached by", "law", "source"]);
    for (rule, version) in rules.iter().flat_map(|rule| rule.versions.iter().map(move |version| (rule, version))) {
        table.push([
            rule.calculator.name().to_owned(),
            format!("{} {}", rule.labels.en, rule.labels.zh),
            version.from.to_string(),
            version.until.map_or_else(String::new, |until| until.to_string()),
            version.threshold.to_string(),
            version.law.clone(),
            version.source.clone(),
        ]);
    }
    let mut out = output::stdout();
    let format = if format == Format::Json { rows::Format::Json } else { rows::Format::by_default() };
    table.write(format, &mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}

/// No version of the rule applied on the day: that is the whole answer.
fn not_in_force(rule: &Rule, args: &Args) -> CommandResult {
    let day = args.as_of.map(|day| day.to_string()).unwrap_or_default();
    let times = rule.versions.iter().map(|version| match version.until {
        Some(until) => format!("from {} to {until}", version.from),
        None => format!("from {}", version.from),
    });
    let times = times.collect::<Vec<_>>().join(", ");
    let mut out = output::text();
    match args.format {
        Format::Json => writeln!(
            out,
            "{:#}",
            json!({ "rule": rule.calculator.name(), "asOf": day, "finding": "ruleNotInForce", "times": times })
        )?,
        _ => writeln!(out, "rule {} did not apply on {day}: it applies {times}", rule.calculator.name())?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// An answer with all that it takes to tell it.
struct Told<'a> {
    answer: &'a Answer,
    holdings: &'a Holdings<'a>,
    narrator: &'a Narrator<'a>,
    rule: &'a Rule,
    version: &'a Version,
    args: &'a Args,
}

impl Told<'_> {
    fn write(&self, session: &Session, generation: &Generation) -> Result<(), CommandError> {
        let format = match self.args.format {
            Format::Text => {
                self.tell(&mut output::styled())?;
                let name = quoted(self.holdings.entity(self.answer.company).id.as_str());
                let db = session.db_option(&self.args.database);
                session.say(format!("next: guanxi owners{db} {name} --format svg -o owners.svg draws it"));
                return Ok(());
            }
            Format::Json => {
                let mut out = output::stdout();
                writeln!(out, "{:#}", self.record())?;
                return Ok(out.flush()?);
            }
            Format::Dot => picture::Format::Dot,
            Format::Svg => picture::Format::Svg,
            Format::Png => picture::Format::Png,
        };
        let config = DotConfig {
            chinese_first: self.args.lang == Some(Language::Zh),
            as_of: self.args.as_of,
            ..DotConfig::default()
        };
        let rule = self.rule.calculator.name();
        let picture = chart(generation, self.holdings, self.narrator.schema, self.answer, rule, &config);
        picture::write(session, &picture, format, self.args.output.as_deref())?;
        if picture.hidden.over_limit > 0 {
            session.insist(format!("not drawn: {} entities with the smallest shares", picture.hidden.over_limit));
        }
        Ok(())
    }

    fn tell(&self, out: &mut impl Write) -> std::io::Result<()> {
        let (answer, rule, version) = (self.answer, self.rule, self.version);
        writeln!(out, "{}: {}", self.name(answer.company), self.finding())?;
        let until = version.until.map(|until| format!(" to {until}")).unwrap_or_default();
        writeln!(out, "  rule {}: {}, {}", rule.calculator.name(), rule.labels.en, version.law)?;
        writeln!(out, "  {}; applies from {}{until}", version.threshold, version.from)?;
        self.owners("", &answer.owners, out)?;
        self.owners("possible: what is told leaves it open", &answer.possible, out)?;
        self.owners("not named by the rule", &answer.below, out)?;
        if answer.unlisted > 0 {
            writeln!(out, "… and {} more with smaller shares", answer.unlisted)?;
        }
        self.held(out)?;
        self.notes(out)?;
        self.apart(out)?;
        self.grounds(out)
    }

    fn owners(&self, title: &str, owners: &[Owner], out: &mut impl Write) -> std::io::Result<()> {
        if !title.is_empty() && !owners.is_empty() {
            writeln!(out, "\n{title}:")?;
        }
        for (owner, number) in owners.iter().zip(1..) {
            let direct = owner.direct.map(|direct| format!(", {} directly", percent(&direct))).unwrap_or_default();
            let gap = if title.is_empty() { "\n" } else { "" };
            writeln!(out, "{gap}{number}. {}  {}{direct}", self.name(owner.party), percent(&owner.share))?;
            for reason in &owner.reasons {
                let perhaps = if reason.verdict == Verdict::Reaches { "" } else { ", possibly" };
                writeln!(out, "   {}{perhaps}: {}", reason.ground.name().replace('-', " "), reason.article)?;
                for chain in &reason.chains {
                    writeln!(out, "     {}", self.chain(chain))?;
                }
            }
            for chain in &owner.chains {
                writeln!(out, "   {}", self.chain(chain))?;
            }
            if owner.more_chains {
                writeln!(out, "   … and more chains: --chains N tells more")?;
            }
        }
        Ok(())
    }

    /// `18%  Ada Marsh → Quill Holdings → Quayle Ferries`
    fn chain(&self, chain: &Chain) -> String {
        let parties = chain.parties.iter().map(|&party| self.narrator.name(&self.holdings.entity(party).id));
        let parties = parties.collect::<Vec<_>>().join(" → ");
        output::harmless(&match chain.share {
            Some(share) => format!("{}  {parties}", percent(&share)),
            None => parties,
        })
        .into_owned()
    }

    fn finding(&self) -> String {
        let total = |share: &Option<Share>| share.as_ref().map_or_else(|| "0%".to_owned(), percent);
        match &self.answer.finding {
            Finding::Owners => format!("{} by this rule", counted(self.answer.owners.len(), "owner")),
            Finding::Person => "a natural person, whom nobody owns".to_owned(),
            Finding::NoOwnerKnown => "no owner is known".to_owned(),
            Finding::NobodyReaches { untraced } if untraced.is_zero() => {
                "its owners are known, and none is one by this rule".to_owned()
            }
            Finding::NobodyReaches { untraced } => format!(
                "none of its known owners is one by this rule; {} is not traced to anybody",
                percent(&Share::exact(*untraced))
            ),
            Finding::Undisclosed { reason, .. } => format!("its owner is not disclosed: {reason}"),
            Finding::Circle if self.rule.calculator == Calculator::CnControl => {
                "no controller: the majority is held in a circle of companies that own each other".to_owned()
            }
            Finding::Circle => "no natural person: held in a circle of companies that own each other".to_owned(),
            Finding::NoController => {
                let found = "no actual controller: nobody has a majority, alone or in concert";
                match self.unknown_holders() {
                    unknown if unknown.is_empty() => found.to_owned(),
                    unknown => {
                        format!("{found}, unless one stands behind several of {unknown}, whose owners are not known")
                    }
                }
            }
            Finding::Listed => "it is on the list of blocked persons itself".to_owned(),
            Finding::Blocked { share } => format!("counts as blocked: {} is held by blocked persons", total(share)),
            Finding::MayBeBlocked { share } => {
                format!("may count as blocked: blocked persons may hold {}", total(share))
            }
            Finding::NotBlocked { share: None } => {
                "does not count as blocked: no blocked person holds any of it".to_owned()
            }
            Finding::NotBlocked { share } => {
                format!("does not count as blocked: only {} is held by blocked persons", total(share))
            }
            other => format!("{other:?}"),
        }
    }

    /// What a person holds, who has no owners.
    fn held(&self, out: &mut impl Write) -> std::io::Result<()> {
        let held = self.held_by_person();
        if !held.is_empty() {
            writeln!(out, "\nholds:")?;
        }
        held.iter().try_for_each(|stake| writeln!(out, "  {} of {}", percent(&stake.share), self.name(stake.owned)))
    }

    fn held_by_person(&self) -> Vec<&Stake> {
        match self.answer.finding {
            Finding::Person => self.holdings.held_by(self.answer.company),
            _ => Vec::new(),
        }
    }

    /// Whose owners are not known, with the greatest part of the company first.
    fn unknown_holders(&self) -> String {
        let mut ends: Vec<_> = self.answer.ends.iter().filter(|end| is_unknown(&end.stopped)).collect();
        ends.sort_by_key(|end| Reverse((end.share.max, end.share.min)));
        let told = ends.iter().take(3).map(|end| format!("{} ({})", self.name(end.party), percent(&end.share)));
        let more = if ends.len() > 3 { " and others" } else { "" };
        told.collect::<Vec<_>>().join(", ") + more
    }

    fn other_figure(&self, other: &OtherFigure) -> String {
        let right = if other.right == Right::Votes { " of the votes" } else { "" };
        let (owner, owned) = (self.name(other.owner), self.name(other.owned));
        let since = other.since.map_or_else(|| "without a day".to_owned(), |since| since.to_string());
        let share = percent(&other.share);
        let why = match other.standing {
            Standing::Counts => {
                return format!(
                    "{owner} → {owned}: {share}{right} is told only on {since}, and is taken to hold before"
                );
            }
            Standing::Earlier if other.since.is_none() => "another figure tells its day",
            Standing::Earlier => "another figure is of a later day",
            Standing::Later => "the day asked for is before it, and another figure is of an earlier day",
            Standing::LessSure => "another figure of that day is surer",
            Standing::Alike => {
                "another figure of that day is as sure; nothing tells which is right, and the claim of the lower id was taken"
            }
        };
        format!("{owner} → {owned}: {share}{right} ({since}) does not count: {why}")
    }

    /// Where chains end, what is odd, who is taken where nobody is found.
    fn notes(&self, out: &mut impl Write) -> std::io::Result<()> {
        if !self.answer.ends.is_empty() {
            writeln!(out, "\nwhere the search ends:")?;
        }
        for end in &self.answer.ends {
            writeln!(out, "  {} ({}): {}", self.name(end.party), percent(&end.share), stopped(&end.stopped))?;
        }
        let others = self.holdings.other_figures(self.answer);
        if !others.is_empty() {
            writeln!(out, "\nother figures:")?;
        }
        others.iter().try_for_each(|other| writeln!(out, "  {}", self.other_figure(other)))?;
        for fact in self.without_beginning() {
            writeln!(
                out,
                "\nnote: {}: its beginning is not known; it is taken to hold then",
                self.narrator.statement(fact)
            )?;
        }
        for remark in &self.answer.remarks {
            writeln!(out, "\nnote: {}", self.remark(remark))?;
        }
        if self.answer.owners.is_empty() {
            let officers = self.holdings.officers(self.answer.company);
            if let Some(article) = self.version.fallback.as_deref().filter(|_| !officers.is_empty()) {
                writeln!(out, "\nwhere nobody is found, {article} takes senior managers; known are:")?;
            }
            for fact in officers.iter().filter(|_| self.version.fallback.is_some()) {
                writeln!(out, "  {}  {}", self.name_of(fact), role(fact))?;
            }
        }
        for fact in self.holdings.listings(self.answer.company) {
            if let Some(article) = &self.version.listed {
                let market = fact.object.entity().map(|market| self.narrator.both_names(market)).unwrap_or_default();
                writeln!(out, "\nnote: listed on {market}; of listed companies {article} asks less")?;
            }
        }
        Ok(())
    }

    /// Facts that count only since nothing tells that they had not begun.
    fn without_beginning(&self) -> Vec<&Fact> {
        match self.args.as_of {
            Some(_) => self.holdings.without_beginning(self.answer),
            None => Vec::new(),
        }
    }

    fn name_of(&self, fact: &Fact) -> String {
        self.narrator.both_names(&fact.subject)
    }

    fn remark(&self, remark: &Remark) -> String {
        match remark {
            Remark::Capped { owner } => {
                format!("the chains of {} add up to more than 100%, and were cut there", self.name(*owner))
            }
            Remark::Repeated { owner, owned } => format!(
                "{} is told to hold {} as a whole or indirectly; the chains between them tell it already, so it is not added",
                self.name(*owner),
                self.name(*owned)
            ),
            Remark::OverTheWhole { owned, total } => format!(
                "the stakes in {} add up to {}: what is told of them cannot all be true",
                self.name(*owned),
                percent(&Share::exact(*total))
            ),
        }
    }

    fn apart(&self, out: &mut impl Write) -> std::io::Result<()> {
        let apart = self.holdings.apart(self.answer);
        if !apart.is_empty() {
            writeln!(out, "\nnot counted:")?;
        }
        for one in apart {
            writeln!(out, " {}:", why(one.why))?;
            self.narrator.explanation(&self.narrator.explainer.fact(one.fact), 1, out)?;
        }
        Ok(())
    }

    /// Every tie of the chains that are told, with what it rests on.
    fn grounds(&self, out: &mut impl Write) -> std::io::Result<()> {
        let facts = self.facts();
        if !facts.is_empty() {
            writeln!(out, "\nwhat it rests on:")?;
        }
        facts.values().try_for_each(|fact| self.narrator.explanation(&self.narrator.explainer.fact(fact), 1, out))
    }

    /// The facts along all chains that are told, and among those who act in concert.
    fn facts(&self) -> BTreeMap<(Node, Node, usize), &Fact> {
        let owners = || self.answer.owners.iter().chain(&self.answer.possible).chain(&self.answer.below);
        let chains = owners()
            .flat_map(|owner| owner.chains.iter().chain(owner.reasons.iter().flat_map(|reason| &reason.chains)));
        let ties = chains.flat_map(|chain| chain.parties.windows(2).map(|pair| (pair[0], pair[1])));
        let named: BTreeSet<Node> = self.answer.owners.iter().map(|owner| owner.party).collect();
        let concerts = self
            .holdings
            .structure()
            .concerts()
            .iter()
            .copied()
            .filter(|(a, b)| named.contains(a) && named.contains(b));
        let ties: BTreeSet<(Node, Node)> = ties.chain(concerts).collect();
        let facts = ties.into_iter().flat_map(|(from, to)| {
            self.holdings.facts(from, to).into_iter().enumerate().map(move |(at, fact)| ((from, to, at), fact))
        });
        facts.collect()
    }

    fn name(&self, party: Node) -> String {
        self.narrator.both_names(&self.holdings.entity(party).id)
    }

    fn record(&self) -> Value {
        let (answer, version) = (self.answer, self.version);
        let entity = |party: Node| records::entity(&self.holdings.entity(party).id, self.narrator);
        let chain = |chain: &Chain| {
            json!({
                "parties": chain.parties.iter().map(|&party| entity(party)).collect::<Vec<_>>(),
                "share": chain.share.as_ref().map(share),
            })
        };
        let owner = |owner: &Owner| {
            let reasons = owner.reasons.iter().map(|reason| {
                json!({
                    "ground": reason.ground.name(),
                    "certain": reason.verdict == Verdict::Reaches,
                    "article": reason.article,
                    "chains": reason.chains.iter().map(chain).collect::<Vec<_>>(),
                })
            });
            json!({
                "entity": entity(owner.party),
                "share": share(&owner.share),
                "direct": owner.direct.as_ref().map(share),
                "reasons": reasons.collect::<Vec<_>>(),
                "chains": owner.chains.iter().map(chain).collect::<Vec<_>>(),
                "moreChains": owner.more_chains,
            })
        };
        let owners = |owners: &[Owner]| owners.iter().map(owner).collect::<Vec<_>>();
        let ends = answer.ends.iter().map(
            |end| json!({ "entity": entity(end.party), "share": share(&end.share), "stopped": stopped(&end.stopped) }),
        );
        let explained = |fact: &Fact| records::explanation(&self.narrator.explainer.fact(fact), self.narrator);
        let apart = self.holdings.apart(answer);
        json!({
            "company": entity(answer.company),
            "rule": {
                "name": self.rule.calculator.name(),
                "law": version.law,
                "source": version.source,
                "from": version.from.to_string(),
                "until": version.until.map(|until| until.to_string()),
                "threshold": version.threshold.to_string(),
            },
            "asOf": self.args.as_of.map(|day| day.to_string()),
            "finding": finding_name(&answer.finding),
            "told": self.finding(),
            "owners": owners(&answer.owners),
            "possible": owners(&answer.possible),
            "below": owners(&answer.below),
            "moreBelow": answer.unlisted,
            "ends": ends.collect::<Vec<_>>(),
            "holds": self.held_by_person().iter().map(|stake| json!({ "entity": entity(stake.owned), "share": share(&stake.share) })).collect::<Vec<_>>(),
            "otherFigures": self.holdings.other_figures(answer).into_iter().map(|other| json!({
                "owner": entity(other.owner),
                "owned": entity(other.owned),
                "right": if other.right == Right::Votes { "votes" } else { "equity" },
                "share": share(&other.share),
                "since": other.since.map(|since| since.to_string()),
                "counts": other.standing == Standing::Counts,
                "standing": other.standing.name(),
            })).collect::<Vec<_>>(),
            "withoutBeginning": self.without_beginning().into_iter().map(explained).collect::<Vec<_>>(),
            "remarks": answer.remarks.iter().map(|remark| self.remark(remark)).collect::<Vec<_>>(),
            "notCounted": apart.iter().map(|one| json!({ "why": why(one.why), "fact": explained(one.fact) })).collect::<Vec<_>>(),
            "restsOn": self.facts().values().map(|fact| explained(fact)).collect::<Vec<_>>(),
        })
    }
}

fn finding_name(finding: &Finding) -> &'static str {
    match finding {
        Finding::Owners => "owners",
        Finding::Person => "person",
        Finding::NoOwnerKnown => "noOwnerKnown",
        Finding::NobodyReaches { .. } => "nobodyReaches",
        Finding::Undisclosed { .. } => "notDisclosed",
        Finding::Circle => "circle",
        Finding::NoController => "noController",
        Finding::Listed => "listed",
        Finding::Blocked { .. } => "blocked",
        Finding::MayBeBlocked { .. } => "mayBeBlocked",
        Finding::NotBlocked { .. } => "notBlocked",
        _ => "other",
    }
}

fn stopped(stopped: &Stopped) -> String {
    match stopped {
        Stopped::NoOwnerKnown => "no owner is known".to_owned(),
        Stopped::PartlyKnown { rest } => format!("owners of {} of it are not known", percent(&Share::exact(*rest))),
        Stopped::PublicBody => "a public body".to_owned(),
        Stopped::Undisclosed(reason) => format!("not disclosed: {reason}"),
        Stopped::Circle => "it and its owners own each other altogether".to_owned(),
    }
}

fn is_unknown(stopped: &Stopped) -> bool {
    matches!(stopped, Stopped::NoOwnerKnown | Stopped::PartlyKnown { .. })
}

fn why(why: Why) -> &'static str {
    match why {
        Why::NotSettled => "planned, reported or conditional",
        Why::Ended => "ended, or not of that day",
        Why::Unsure => "not sure enough",
        Why::Unverified => "unverified",
    }
}

fn role(fact: &Fact) -> String {
    fact.qualifiers.get(&Qualifier::Role).map(qualifier_text).unwrap_or_default()
}

/// For people, with four digits behind the point at most.
fn percent(share: &Share) -> String {
    let round = |percent: Decimal| percent.round_dp(4).normalize();
    let rounded = Share { min: round(share.min), max: round(share.max), ..*share };
    match rounded.as_exact() {
        Some(_) => rounded.to_string(),
        None => format!("{rounded}%"),
    }
}

/// With all its digits.
fn share(share: &Share) -> Value {
    json!({
        "min": share.min.normalize().to_string(),
        "max": share.max.normalize().to_string(),
        "minExclusive": share.min_exclusive,
        "maxExclusive": share.max_exclusive,
    })
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
