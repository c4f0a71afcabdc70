//! An answer for people, and as a chart.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use guanxi::graph::Generation;
use guanxi::model::{Decimal, Fact, Qualifier, Share};
use guanxi::query::export::dot::{DotConfig, chart};
use guanxi::query::owners::{
    Answer, Calculator, Chain, Finding, Holdings, Node, OtherFigure, Owner, Remark, Right, Rule, Stake, Standing,
    Stopped, Verdict, Version, Why,
};

use super::{Args, Format};
use crate::commands::picture::{self, Language};
use crate::error::CommandError;
use crate::output;
use crate::output::people::{Narrator, qualifier_text};
use crate::session::{Session, quoted};

/// An answer with all that it takes to tell it.
pub(super) struct Told<'a> {
    pub answer: &'a Answer,
    pub holdings: &'a Holdings<'a>,
    pub narrator: &'a Narrator<'a>,
    pub rule: &'a Rule,
    pub version: &'a Version,
    pub args: &'a Args,
}

impl Told<'_> {
    pub(super) fn write(&self, session: &Session, generation: &Generation) -> Result<(), CommandError> {
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

    pub(super) fn finding(&self) -> String {
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

    pub(super) fn held_by_person(&self) -> Vec<&Stake> {
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
    pub(super) fn without_beginning(&self) -> Vec<&Fact> {
        match self.args.as_of {
            Some(_) => self.holdings.without_beginning(self.answer),
            None => Vec::new(),
        }
    }

    fn name_of(&self, fact: &Fact) -> String {
        self.narrator.both_names(&fact.subject)
    }

    pub(super) fn remark(&self, remark: &Remark) -> String {
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
    pub(super) fn facts(&self) -> BTreeMap<(Node, Node, usize), &Fact> {
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
}

pub(super) fn stopped(stopped: &Stopped) -> String {
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

pub(super) fn why(why: Why) -> &'static str {
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

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
