//! An invented world of owners and authorities, as large as one likes, from a fixed seed.
//!
//! Degrees follow a power law; holdings run in chains of up to twelve levels, two in a hundred in circles; shares of
//! one firm add up to a hundred at most, some are ranges and some unknown; facts begin and some end.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use guanxi::graph::Snapshot;
use guanxi::model::{
    Basis, Confidence, Decimal, Entity, EntityId, EntityName, Fact, FactId, FactObject, Language, NameKind,
    PartialDate, Qualifier, QualifierValue, Qualifiers, Schema, Share, Status, Validity,
};
use guanxi::query::owners::{Party, Stake, Structure};

use crate::chance::Chance;

/// Levels of a chain of holdings.
const LEVELS: usize = 12;
/// Most owners of one firm.
const OWNERS: usize = 8;

/// A tie between two nodes, by their numbers.
pub struct Tie {
    pub from: u32,
    pub to: u32,
    pub predicate: &'static str,
    pub status: Status,
    /// In thousandths.
    pub confidence: u16,
    /// Least and greatest share, in hundredths of a percent.
    pub share: Option<(u32, u32)>,
    /// Years.
    pub from_year: Option<i16>,
    pub to_year: Option<i16>,
}

/// Nodes by class, and ties.
pub struct World {
    /// First number of each class, in this order: authorities, activities, people, funds, companies.
    classes: [(u32, &'static str); 5],
    nodes: u32,
    /// By company: what of its shares has no owner yet, in hundredths of a percent.
    left: Vec<u32>,
    /// By company: one that it holds a part of; itself where there is none.
    holds: Vec<u32>,
    pub ties: Vec<Tie>,
}

impl World {
    /// A world of about `ties` ties and three nodes to ten of them.
    pub fn new(ties: usize, seed: u64) -> Self {
        let nodes = (ties * 3 / 10).max(100) as u32;
        let (authorities, activities) = (nodes / 2_000 + 5, nodes / 1_000 + 10);
        let (people, funds) = (nodes / 5, nodes / 25);
        let mut first = 0;
        let mut place = |count: u32| {
            let own = first;
            first += count;
            own
        };
        let starts = [place(authorities), place(activities), place(people), place(funds), place(0)];
        let companies = nodes - first;
        let classes = ["Regulator", "Activity", "Person", "Fund", "Company"];
        let mut world = Self {
            classes: std::array::from_fn(|class| (starts[class], classes[class])),
            nodes,
            left: vec![10_000; companies as usize],
            holds: (first..nodes).collect(),
            ties: Vec::with_capacity(ties),
        };
        world.fill(ties, &mut Chance::new(seed));
        world
    }

    pub fn nodes(&self) -> u32 {
        self.nodes
    }

    fn fill(&mut self, ties: usize, chance: &mut Chance) {
        let [authorities, activities, people, funds, companies] = self.classes.map(|class| class.0);
        for activity in activities..people {
            for _ in 0..=chance.below(3) {
                let authority = authorities + popular(chance, activities - authorities);
                self.push(authority, activity, "regulates", None, chance);
            }
        }
        while self.ties.len() < ties {
            let company = companies + chance.below((self.nodes - companies) as usize) as u32;
            match chance.below(100) {
                0..50 => self.owners_of(company, ties, chance),
                50..68 => {
                    let fund = funds + popular(chance, companies - funds);
                    self.push(fund, company, "investsIn", None, chance);
                }
                68..86 => {
                    let activity = activities + popular(chance, people - activities);
                    self.push(company, activity, "operatesIn", None, chance);
                }
                86..90 => {
                    let authority = authorities + popular(chance, activities - authorities);
                    self.push(authority, company, "licenses", None, chance);
                }
                90..95 => {
                    let other = companies + popular(chance, self.nodes - companies);
                    self.push(company, other, "partnersWith", None, chance);
                }
                _ => {
                    let other = companies + popular(chance, self.nodes - companies);
                    self.push(company, other, "supplies", None, chance);
                }
            }
        }
    }

    /// A firm's shares, dealt out to owners of the level above; two times in a hundred to one that it holds a
    /// part of, so that there are circles.
    fn owners_of(&mut self, company: u32, ties: usize, chance: &mut Chance) {
        let [.., people, funds, companies] = self.classes.map(|class| class.0);
        let firms = (self.nodes - companies) as usize;
        let level = (company - companies) as usize * LEVELS / firms;
        for _ in 0..=chance.below(OWNERS) {
            let left = self.left[(company - companies) as usize];
            if left < 10 || self.ties.len() == ties {
                return;
            }
            let share = 1 + chance.below(left as usize) as u32;
            let left = left - share;
            self.left[(company - companies) as usize] = left;
            let owner = match (chance.below(100), level) {
                (0..2, _) => self.held_below(company, 1 + chance.below(5)),
                (2..20, _) | (_, 0) => people + popular(chance, funds - people),
                (20..30, _) => funds + popular(chance, companies - funds),
                _ => {
                    let size = firms / LEVELS;
                    companies + ((level - 1) * size) as u32 + popular(chance, size.max(1) as u32)
                }
            };
            let known = match chance.below(100) {
                0..5 => None,
                5..20 => Some((share, (share + 500).min(share + left))),
                _ => Some((share, share)),
            };
            if owner >= companies && owner != company {
                self.holds[(owner - companies) as usize] = company;
            }
            self.push(owner, company, "owns", known, chance);
        }
    }

    /// Whom a firm holds a part of, so many levels down; itself, its own shares, where it holds nobody.
    fn held_below(&self, company: u32, levels: usize) -> u32 {
        let companies = self.classes[4].0;
        (0..levels).fold(company, |holder, _| self.holds[(holder - companies) as usize])
    }

    fn push(&mut self, from: u32, to: u32, predicate: &'static str, share: Option<(u32, u32)>, chance: &mut Chance) {
        let status = match chance.below(100) {
            0..90 => Status::Asserted,
            90..94 => Status::Planned,
            94..97 => Status::Ended,
            97..99 => Status::Reported,
            _ => Status::Denied,
        };
        let from_year = (chance.below(10) > 2).then(|| 1990 + chance.below(36) as i16);
        let ended = status == Status::Ended;
        let to_year = ended.then(|| from_year.unwrap_or(2010).max(2010) + chance.below(10) as i16);
        let confidence = 600 + chance.below(400) as u16;
        self.ties.push(Tie { from, to, predicate, status, confidence, share, from_year, to_year });
    }

    /// The class of a node.
    pub fn class(&self, node: u32) -> &'static str {
        self.classes[self.classes.partition_point(|class| class.0 <= node) - 1].1
    }

    /// The same as a snapshot of guanxi's.
    pub fn snapshot(&self, schema: &Schema) -> Snapshot {
        let id = |node: u32| EntityId::new(format!("n{node:08}"));
        let entity = |node: u32| Entity {
            id: id(node),
            class: self.class(node).into(),
            names: vec![EntityName {
                text: format!("{} {node}", self.class(node)),
                language: Language::English,
                kind: NameKind::Legal,
            }],
            country: None,
            identifiers: Vec::new(),
        };
        let fact = |(number, tie): (usize, &Tie)| Fact {
            id: FactId::new(format!("{number:032x}")),
            subject: id(tie.from),
            predicate: tie.predicate.into(),
            object: FactObject::Entity(id(tie.to)),
            qualifiers: tie.share.map(qualifiers).unwrap_or_default(),
            status: tie.status,
            confidence: Confidence::from_thousandths(tie.confidence),
            validity: Validity {
                from: tie.from_year.map(PartialDate::year),
                to: tie.to_year.map(PartialDate::year),
                ended: tie.to_year.is_some(),
            },
            basis: Basis::Text,
            unverified: false,
            support: 1,
            publishers: 1,
            claims: Vec::new(),
            premises: Vec::new(),
            because: None,
            conflict: None,
        };
        let entities = (0..self.nodes).map(entity).collect();
        Snapshot::of_facts(entities, self.ties.iter().enumerate().map(fact), schema)
    }

    /// What is told as held, and has not ended, for effective shares; a party has the number of its node.
    pub fn structure(&self) -> Structure {
        let party = |node: u32| match self.class(node) {
            "Person" => Party::Person,
            "Regulator" => Party::PublicBody,
            _ => Party::Company,
        };
        let holds = |tie: &&Tie| tie.predicate == "owns" && tie.status == Status::Asserted && tie.to_year.is_none();
        let stake = |tie: &Tie| {
            let percent = |hundredths: u32| Decimal::new(hundredths.into(), 2);
            let (min, max) = tie.share.unwrap_or((0, 10_000));
            let share = Share { min: percent(min), max: percent(max), min_exclusive: min == 0, max_exclusive: false };
            Stake { owner: tie.from, owned: tie.to, share, has_figure: tie.share.is_some(), indirect: false }
        };
        let stakes = self.ties.iter().filter(holds).map(stake).collect();
        Structure::new((0..self.nodes).map(party).collect(), stakes, Vec::new(), Vec::new())
    }

    /// So many people, those who hold most first.
    pub fn people(&self, count: u32) -> Vec<u32> {
        let [.., people, funds, _] = self.classes.map(|class| class.0);
        (people..funds).take(count as usize).collect()
    }

    /// `nodes.csv` (`id,class`) and `edges.csv`; shares in percent, empty where unknown.
    pub fn write_csv(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut nodes = BufWriter::new(File::create(folder.join("nodes.csv"))?);
        writeln!(nodes, "id,class")?;
        (0..self.nodes).try_for_each(|node| writeln!(nodes, "{node},{}", self.class(node)))?;
        nodes.flush()?;
        let mut edges = BufWriter::new(File::create(folder.join("edges.csv"))?);
        writeln!(edges, "from,to,predicate,status,confidence,share_min,share_max,valid_from,valid_to")?;
        let or_empty = |value: Option<String>| value.unwrap_or_default();
        for tie in &self.ties {
            let percent = |hundredths: u32| format!("{}.{:02}", hundredths / 100, hundredths % 100);
            writeln!(
                edges,
                "{},{},{},{},0.{:03},{},{},{},{}",
                tie.from,
                tie.to,
                tie.predicate,
                tie.status,
                tie.confidence,
                or_empty(tie.share.map(|share| percent(share.0))),
                or_empty(tie.share.map(|share| percent(share.1))),
                or_empty(tie.from_year.map(|year| year.to_string())),
                or_empty(tie.to_year.map(|year| year.to_string())),
            )?;
        }
        edges.flush()
    }
}

fn qualifiers((min, max): (u32, u32)) -> Qualifiers {
    let percent = |hundredths: u32| QualifierValue::Decimal(Decimal::new(hundredths.into(), 2));
    match min == max {
        true => Qualifiers::from([(Qualifier::Percent, percent(min))]),
        false => Qualifiers::from([(Qualifier::PercentMin, percent(min)), (Qualifier::PercentMax, percent(max))]),
    }
}

/// A number below `count`, small ones far more often: the tenth is chosen about as often as all from a hundred to a
/// thousand.
fn popular(chance: &mut Chance, count: u32) -> u32 {
    let uniform = chance.below(1 << 30) as f64 / f64::from(1 << 30);
    ((f64::from(count) + 1.0).powf(uniform) - 1.0) as u32 % count.max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_world_is_the_same_each_time_and_deals_no_more_than_there_is() {
        let (one, again) = (World::new(20_000, 7), World::new(20_000, 7));
        let folder = tempfile::tempdir().unwrap();
        let text = |world: &World| {
            world.write_csv(folder.path()).unwrap();
            fs::read_to_string(folder.path().join("edges.csv")).unwrap()
        };
        assert_eq!(text(&one), text(&again));
        assert_ne!(text(&one), text(&World::new(20_000, 8)));
        assert_eq!((one.ties.len(), one.nodes()), (20_000, 6_000));

        let mut held: BTreeMap<u32, u32> = BTreeMap::new();
        let mut degrees: BTreeMap<u32, u32> = BTreeMap::new();
        for tie in &one.ties {
            *held.entry(tie.to).or_default() += tie.share.map_or(0, |share| share.0);
            *degrees.entry(tie.from).or_default() += 1;
        }
        assert!(held.values().all(|share| *share <= 10_000));
        let greatest = degrees.values().max().unwrap();
        assert!(*greatest > 50 * 20_000 / 6_000, "few have most ties: {greatest}");
    }

    #[test]
    fn degrees_follow_a_power_law_and_facts_are_as_various_as_in_life() {
        let world = World::new(200_000, 7);
        let mut degrees = vec![0_u32; world.nodes() as usize];
        world.ties.iter().for_each(|tie| degrees[tie.from as usize] += 1);
        // Of a power law the nodes with twice as many ties are fewer by the same factor, however many that is.
        let with_at_least = |least: u32| degrees.iter().filter(|degree| **degree >= least).count() as f64;
        for least in [16, 32, 64, 128, 256] {
            let falls = with_at_least(least) / with_at_least(2 * least);
            assert!((1.4..4.0).contains(&falls), "{falls} from {least} on");
        }
        let part = |of: fn(&Tie) -> bool| world.ties.iter().filter(|tie| of(tie)).count() as f64 / 200_000.0;
        for (least, most, found) in [
            (0.04, 0.12, part(|tie| tie.share.is_some_and(|(min, max)| min < max))),
            (0.01, 0.06, part(|tie| tie.predicate == "owns" && tie.share.is_none())),
            (0.6, 0.8, part(|tie| tie.from_year.is_some())),
            (0.02, 0.04, part(|tie| tie.to_year.is_some())),
        ] {
            assert!((least..most).contains(&found), "{found} is not from {least} to {most}");
        }
    }

    #[test]
    fn holdings_run_in_chains_and_circles() {
        let world = World::new(20_000, 7);
        let schema = guanxi::schema(&guanxi::builtin::files()).unwrap();
        let snapshot = world.snapshot(&schema);
        assert_eq!(snapshot.edge_count(), world.ties.len());
        let config = guanxi::query::measure::CyclesConfig::default();
        let found = guanxi::query::path::circles(&snapshot, &schema, &Default::default(), &config);
        let longest = found.circles.last().map_or(0, |circle| circle.hops.len());
        assert!(longest > 2, "{longest} of {}, {:?}", found.circles.len(), found.completeness);

        // Firms in the longest chain that comes down to each: owners stand before what they own, but in circles, a tie of
        // which may lengthen a chain by one.
        let companies = world.classes[4].0;
        let mut chains = vec![1_usize; (world.nodes() - companies) as usize];
        let mut down: Vec<&Tie> = world.ties.iter().filter(|tie| tie.predicate == "owns").collect();
        down.retain(|tie| tie.from >= companies && tie.from < tie.to);
        down.sort_by_key(|tie| tie.to);
        for tie in down {
            let [owner, owned] = [tie.from, tie.to].map(|firm| (firm - companies) as usize);
            chains[owned] = chains[owned].max(chains[owner] + 1);
        }
        let longest = chains.into_iter().max();
        assert!(longest.is_some_and(|longest| (LEVELS..=LEVELS + 1).contains(&longest)), "{longest:?}");
    }
}
