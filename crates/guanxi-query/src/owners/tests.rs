//! The test vectors of the rules, those on which two rules differ side by side.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use guanxi_model::{Decimal, PartialDate, Share};

use super::structure::unknown_share;
use super::*;
use crate::Explainer;
use crate::path::Filter;
use crate::testing::{graph, id};

/// The rules of the project.
fn rules() -> Vec<Rule> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rules-of-ownership");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    load_rules(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

fn version(calculator: Calculator, day: &str) -> Version {
    let rules = rules();
    let rule = rules.iter().find(|rule| rule.calculator == calculator).unwrap();
    rule.version(Some(day.parse().unwrap())).unwrap().clone()
}

/// Parties called by single letters, of which small ones are persons. `xA50` is a stake, `xA?` one of unknown share,
/// `xA20-30` an interval, `x>A` control, `x=y` concert.
struct Small {
    names: Vec<char>,
    structure: Structure,
}

impl Small {
    fn new(ties: &str) -> Self {
        let mut names: Vec<char> = ties.chars().filter(|c| c.is_ascii_alphabetic()).collect();
        names.sort_unstable();
        names.dedup();
        let node = |c: char| names.iter().position(|&name| name == c).unwrap() as Node;
        let (mut stakes, mut controls, mut concerts) = (Vec::new(), Vec::new(), Vec::new());
        for tie in ties.split_whitespace() {
            let letters: Vec<char> = tie.chars().collect();
            match letters[1] {
                '>' => {
                    controls.push(Control { controller: node(letters[0]), controlled: node(letters[2]), votes: None });
                }
                '=' => concerts.push((node(letters[0]), node(letters[2]))),
                _ => stakes.push(Stake {
                    owner: node(letters[0]),
                    owned: node(letters[1]),
                    share: share(&tie[2..]),
                    has_figure: !tie.ends_with('?'),
                    indirect: false,
                }),
            }
        }
        let party = |&name: &char| if name.is_ascii_lowercase() { Party::Person } else { Party::Company };
        let parties = names.iter().map(party).collect();
        Self { structure: Structure::new(parties, stakes, controls, concerts), names }
    }

    fn node(&self, name: char) -> Node {
        self.names.iter().position(|&known| known == name).unwrap() as Node
    }

    fn answer(&self, company: char, calculator: Calculator, day: &str, blocked: &str) -> Answer {
        let blocked: BTreeSet<Node> = blocked.chars().map(|name| self.node(name)).collect();
        let config = OwnersConfig::default();
        owners(&self.structure, self.node(company), calculator, &version(calculator, day), &blocked, &config)
    }

    /// `p 68.181818181818% ownership; q 20.454545454545%`: sure owners, `|` possible ones, `|` the rest.
    fn told(&self, answer: &Answer) -> String {
        let one = |owner: &Owner| {
            let grounds: Vec<&str> = owner.reasons.iter().map(|reason| reason.ground.name()).collect();
            format!("{} {} {}", self.names[owner.party as usize], owner.share, grounds.join(" ")).trim_end().to_owned()
        };
        let all = |owners: &[Owner]| owners.iter().map(one).collect::<Vec<_>>().join("; ");
        format!("{} | {} | {}", all(&answer.owners), all(&answer.possible), all(&answer.below))
    }
}

fn share(text: &str) -> Share {
    let figure = |text: &str| text.parse::<Decimal>().unwrap();
    match text.split_once('-') {
        _ if text == "?" => unknown_share(),
        Some((min, max)) => Share { min: figure(min), max: figure(max), ..Share::exact(Decimal::ZERO) },
        None => Share::exact(figure(text)),
    }
}

/// Vectors 1 to 5 of the rules: the cascade beside the product. `x` and `y` are blocked; the last company is asked.
#[test]
fn the_cascade_and_the_product_differ() {
    let table = [
        // ties, asked, blocked since 2014, blocked before (no aggregation), product of x
        ("xA50 AB50", 'B', true, true, "25%"),
        ("xA50 xB50 AC25 BC25", 'C', true, false, "25%"),
        ("xA50 xB10 AB40", 'B', true, false, "30%"),
        ("xA50 xB25 AC25 BC25", 'C', false, false, "18.75%"),
        ("xA25 xB25 AC50 BC50", 'C', false, false, "25%"),
        ("xA25 yA25", 'A', true, false, "25%"),
        ("xA49.99", 'A', false, false, "49.99%"),
        ("xA50", 'A', true, true, "50%"),
    ];
    for (ties, company, since, before, product) in table {
        let small = Small::new(ties);
        let blocked = if ties.contains('y') { "xy" } else { "x" };
        let is_blocked = |day| {
            let answer = small.answer(company, Calculator::Ofac, day, blocked);
            matches!(answer.finding, Finding::Blocked { .. })
        };
        assert_eq!((is_blocked("2020-01-01"), is_blocked("2010-01-01")), (since, before), "{ties}");
        let answer = small.answer(company, Calculator::Eu, "2027-07-10", "");
        let x = [answer.owners, answer.possible, answer.below].concat();
        let x = x.into_iter().find(|owner| owner.party == small.node('x')).unwrap();
        assert_eq!(x.share.to_string(), product, "{ties}");
    }
}

/// What each rule makes of the same holdings.
#[test]
fn the_rules_side_by_side() {
    use Calculator::{CnBo, CnControl, Eu, EuAmld};
    let table: &[(&str, char, [&str; 4])] = &[
        // Exactly 25 percent: or more, more than.
        (
            "xA25 yA75",
            'A',
            [
                "y 75% ownership control; x 25% ownership |  | ",
                "y 75% ownership control |  | x 25%",
                "y 75% ownership control; x 25% ownership |  | ",
                "y 75% control |  | x 25%",
            ],
        ),
        // Half of the votes is no majority.
        (
            "xA50 yA50",
            'A',
            [
                "x 50% ownership; y 50% ownership |  | ",
                "x 50% ownership; y 50% ownership |  | ",
                "x 50% ownership; y 50% ownership |  | ",
                " |  | x 50%; y 50%",
            ],
        ),
        // 18 percent by the product, a third by control of whoever holds it.
        (
            "xA60 AB30 yB70 zA40",
            'B',
            [
                "y 70% ownership control; x 18% held-by-controlled |  | z 12%",
                "y 70% ownership control; x 18% held-by-controlled |  | z 12%",
                "y 70% ownership control |  | x 18%; z 12%",
                "y 70% control |  | x 18%; z 12%",
            ],
        ),
        // An interest in whoever controls the company: 30 percent of 60.
        (
            "xA30 yA70 AB60 zB40",
            'B',
            [
                "y 42% ownership control held-by-controlled interest-in-controller; z 40% ownership; x 18% interest-in-controller |  | ",
                "y 42% ownership control held-by-controlled; z 40% ownership |  | x 18%",
                "y 42% ownership control; z 40% ownership |  | x 18%",
                "y 42% control |  | z 40%; x 18%",
            ],
        ),
        // Two hold a majority together and act in concert.
        (
            "xA30 yA21 zA49 x=y",
            'A',
            [
                "z 49% ownership; x 30% ownership joint-control; y 21% joint-control |  | ",
                "z 49% ownership; x 30% ownership |  | y 21%",
                "z 49% ownership; x 30% ownership joint-control; y 21% joint-control |  | ",
                "x 30% joint-control; y 21% joint-control |  | z 49%",
            ],
        ),
        // Control by contract, without a share.
        (
            "xA100 y>A",
            'A',
            [
                "x 100% ownership control; y 0% control |  | ",
                "x 100% ownership control; y 0% control |  | ",
                "x 100% ownership control; y 0% control |  | ",
                "x 100% control; y 0% control |  | ",
            ],
        ),
        // An interval that reaches the threshold somewhere.
        (
            "xA20-30 yA?",
            'A',
            [
                " | y (0, 80] ownership control; x [20, 30] ownership | ",
                " | y (0, 80] ownership control; x [20, 30] ownership | ",
                " | y (0, 80] ownership control; x [20, 30] ownership | ",
                " | y (0, 80] control | x [20, 30]",
            ],
        ),
    ];
    for (ties, company, expected) in table {
        let small = Small::new(ties);
        for (calculator, expected) in [Eu, EuAmld, CnBo, CnControl].into_iter().zip(expected) {
            let day = if calculator == EuAmld { "2024-12-01" } else { "2027-08-01" };
            let answer = small.answer(*company, calculator, day, "");
            assert_eq!(small.told(&answer), *expected, "{ties} under {}", calculator.name());
        }
    }
}

#[test]
fn a_version_changes_the_threshold() {
    let small = Small::new("xA25 yA30 zA45");
    let then = small.answer('A', Calculator::CnBo, "2020-01-01", "");
    let now = small.answer('A', Calculator::CnBo, "2024-11-01", "");
    assert_eq!((then.owners.len(), now.owners.len()), (2, 3));
}

/// Vector 7: two companies that own each other altogether.
#[test]
fn a_closed_circle_has_no_person_behind_it() {
    let small = Small::new("AB100 BA100");
    for calculator in [Calculator::Eu, Calculator::CnBo, Calculator::CnControl] {
        let answer = small.answer('A', calculator, "2027-08-01", "");
        assert_eq!(answer.finding, Finding::Circle);
        assert!(answer.owners.is_empty() && answer.possible.is_empty());
        assert!(answer.upstream.iter().all(|(_, share)| share.max <= Decimal::ONE_HUNDRED));
    }
}

/// Vector 8.
#[test]
fn a_cross_holding_is_a_linear_system() {
    let small = Small::new("pA60 BA30 AB40 qB60");
    let answer = small.answer('A', Calculator::Eu, "2027-08-01", "");
    assert_eq!(
        small.told(&answer),
        "p 68.181818181818% ownership control; q 20.454545454545% held-by-controlled |  | "
    );
    let [end] = &answer.ends[..] else { panic!("{:?}", answer.ends) };
    assert_eq!(end.stopped, Stopped::PartlyKnown { rest: Decimal::from(10) });
    let shares = answer.owners.iter().map(|owner| owner.share.min);
    let total = shares.sum::<Decimal>() + end.share.min;
    assert_eq!(total.round_dp(9).normalize(), Decimal::ONE_HUNDRED, "who is behind the circle, known or not");
}

/// Vector 10, and what a threshold makes of the ends of an interval.
#[test]
fn intervals_stay_intervals() {
    let small = Small::new("xA50-60 AB40-50 xB5");
    let answer = small.answer('B', Calculator::Eu, "2027-08-01", "");
    assert_eq!(answer.owners[0].share.to_string(), "[25, 35]");
    let open = |text: &str| text.parse::<Share>().unwrap();
    let more_than = Threshold { percent: Decimal::from(25), inclusive: false };
    let or_more = Threshold { inclusive: true, ..more_than };
    assert_eq!(more_than.judge(&open("(25, 50]")), Verdict::Reaches);
    assert_eq!(more_than.judge(&open("[25, 50]")), Verdict::MayReach);
    assert_eq!(or_more.judge(&open("[10, 25)")), Verdict::Below);
    assert_eq!(or_more.judge(&open("[10, 25]")), Verdict::MayReach);
    assert_eq!(more_than.judge(&open("[10, 25]")), Verdict::Below);
}

#[test]
fn the_absences_are_told_apart() {
    let finding = |ties: &str, company| Small::new(ties).answer(company, Calculator::Eu, "2027-08-01", "").finding;
    assert_eq!(finding("AB10", 'A'), Finding::NoOwnerKnown);
    assert_eq!(finding("xA10 yA10", 'A'), Finding::NobodyReaches { untraced: Decimal::from(80) });
    assert_eq!(finding("BA100", 'A'), Finding::NobodyReaches { untraced: Decimal::from(100) });
    let spread: String = ('a'..='k').map(|c| format!("{c}A9 ")).collect();
    let small = Small::new(&spread);
    assert_eq!(small.answer('A', Calculator::CnControl, "2024-08-01", "").finding, Finding::NoController);
    assert_eq!(
        Small::new("xA10").answer('A', Calculator::CnControl, "2024-08-01", "").finding,
        Finding::NobodyReaches { untraced: Decimal::from(90) }
    );
}

#[test]
fn figures_that_cannot_all_be_true_are_cut_and_told() {
    let small = Small::new("xA80 xB80 AC70 BC70");
    let answer = small.answer('C', Calculator::Eu, "2027-08-01", "");
    assert_eq!(answer.owners[0].share.to_string(), "100%");
    assert!(answer.remarks.contains(&Remark::Capped { owner: small.node('x') }), "{:?}", answer.remarks);
    let over = Remark::OverTheWhole { owned: small.node('C'), total: Decimal::from(140) };
    assert!(answer.remarks.contains(&over), "{:?}", answer.remarks);
}

/// Who consolidates a company through another does not hold it twice.
#[test]
fn a_parent_over_two_levels_counts_once() {
    let mut small = Small::new("pA100 AB60 BC60");
    let (a, c) = (small.node('A'), small.node('C'));
    let parent = Stake { owner: a, owned: c, share: Share::majority(), has_figure: false, indirect: false };
    let stakes = small.structure.stakes().iter().cloned().chain([parent]).collect();
    small.structure = Structure::new(small.structure.parties.clone(), stakes, Vec::new(), Vec::new());
    let answer = small.answer('C', Calculator::Eu, "2027-08-01", "");
    assert_eq!(answer.owners[0].share.to_string(), "36%");
    assert_eq!(answer.remarks, [Remark::Repeated { owner: a, owned: c }]);
}

/// Vector 11: the control of Ant, in its shape.
#[test]
fn concert_ends_and_so_does_control() {
    let lines = "
        Person:ma owns Company:yunbo percent=34
        Person:jing owns Company:yunbo percent=22
        Person:hu owns Company:yunbo percent=22
        Person:jiang owns Company:yunbo percent=22
        Person:ma actsInConcertWith Person:jing status=ended validFrom=2020-08 validTo=2023-01-07
        Person:jing actsInConcertWith Person:hu status=ended validFrom=2020-08 validTo=2023-01-07
        Person:hu actsInConcertWith Person:jiang status=ended validFrom=2020-08 validTo=2023-01-07
        Company:yunbo controls Company:junhan status=ended validTo=2023-01-07
        Company:yunbo controls Company:junao status=ended validTo=2023-01-07
        Company:junhan owns Company:ant percent=31.04
        Company:junao owns Company:ant percent=22.42
        Person:ma owns Company:junhan percent=20
        Company:funds owns Company:ant percent=46.54";
    let graph = graph(lines);
    let explainer = Explainer::of(&graph.generation);
    let on = |day: Option<&str>| {
        let as_of = day.map(|day| day.parse::<PartialDate>().unwrap());
        let holdings =
            Holdings::of(&graph.snapshot, &graph.schema, Filter { as_of, ..Filter::default() }, Some(&explainer));
        let version = version(Calculator::CnControl, day.unwrap_or("2024-12-01"));
        let company = holdings.party(&id("ant")).unwrap();
        let answer = owners(
            holdings.structure(),
            company,
            Calculator::CnControl,
            &version,
            &BTreeSet::new(),
            &OwnersConfig::default(),
        );
        let named: Vec<String> =
            answer.owners.iter().map(|owner| holdings.entity(owner.party).id.to_string()).collect();
        let ended = holdings.apart(&answer).iter().filter(|apart| apart.why == Why::Ended).count();
        (named.join(" "), answer, ended)
    };
    let (before, answer, _) = on(Some("2022-06"));
    let mut names: Vec<&str> = before.split(' ').collect();
    names.sort_unstable();
    assert_eq!(names, ["hu", "jiang", "jing", "ma"]);
    assert!(answer.owners.iter().all(|owner| owner.reasons[0].ground == Ground::JointControl));
    let (after, answer, ended) = on(None);
    assert_eq!((after.as_str(), answer.finding), ("", Finding::NoController));
    assert_eq!(answer.below.iter().find(|owner| owner.direct.is_none()).unwrap().share.to_string(), "6.208%");
    assert_eq!(ended, 2, "the control of both holders by the company of the agreement");
}

#[test]
fn what_is_planned_denied_or_over_owns_nothing() {
    let lines = "
        Person:x owns Company:a percent=30
        Person:y owns Company:a percent=40 status=planned
        Person:z owns Company:a percent=26 status=ended validTo=2023
        Company:b acquired Company:a percent=60
        Company:b owns Company:a status=ended validTo=2024
        Person:w owns Company:a percent=50 status=denied";
    let graph = graph(lines);
    let explainer = Explainer::of(&graph.generation);
    let holdings = Holdings::of(&graph.snapshot, &graph.schema, Filter::default(), Some(&explainer));
    let version = version(Calculator::Eu, "2027-08-01");
    let company = holdings.party(&id("a")).unwrap();
    let answer =
        owners(holdings.structure(), company, Calculator::Eu, &version, &BTreeSet::new(), &OwnersConfig::default());
    assert_eq!(answer.owners.len(), 1);
    assert!(answer.possible.is_empty() && answer.below.is_empty(), "{answer:?}");
    let why: Vec<Why> = holdings.apart(&answer).iter().map(|apart| apart.why).collect();
    assert_eq!(why, [Why::NotSettled, Why::Ended, Why::Ended]);
    let then = Filter { as_of: Some("2022".parse().unwrap()), ..Filter::default() };
    let holdings = Holdings::of(&graph.snapshot, &graph.schema, then, Some(&explainer));
    let answer =
        owners(holdings.structure(), company, Calculator::Eu, &version, &BTreeSet::new(), &OwnersConfig::default());
    assert_eq!(answer.owners.len(), 2);
}

/// Vector 9.
#[test]
fn an_owner_without_name_keeps_the_reason() {
    let graph =
        graph("Person:x owns Company:a percent=30\nname x en gloss anonymousPerson: subjectExemptFromDisclosure (s-1)");
    let explainer = Explainer::of(&graph.generation);
    let holdings = Holdings::of(&graph.snapshot, &graph.schema, Filter::default(), Some(&explainer));
    let company = holdings.party(&id("a")).unwrap();
    let version = version(Calculator::Eu, "2027-08-01");
    let answer =
        owners(holdings.structure(), company, Calculator::Eu, &version, &BTreeSet::new(), &OwnersConfig::default());
    let Finding::Undisclosed { reason, .. } = answer.finding else { panic!("{answer:?}") };
    assert_eq!(reason, "subjectExemptFromDisclosure");
}

/// A circle of majorities with somebody outside of it who decides, and without.
#[test]
fn no_subsidiary_of_a_company_controls_it() {
    let control = |ties: &str| {
        let small = Small::new(ties);
        let answer = small.answer('A', Calculator::CnControl, "2027-08-01", "");
        (small.told(&answer), answer.finding)
    };
    assert_eq!(control("BA60 CB60 AC60 xA40").1, Finding::Circle);
    assert_eq!(control("BA60 AB30 xB70").0, "x 51.219512195122% control |  | ");
}

/// Twelve companies, each but the first with a partner who has a tenth.
#[test]
fn a_chain_of_twelve_levels_is_followed_to_its_end() {
    let levels = "ABCDEFGHIJKL";
    let ties = levels.chars().zip(levels.chars().skip(1)).map(|(held, holder)| format!("{holder}{held}90 p{held}10"));
    let ties = format!("{} xL100", ties.collect::<Vec<_>>().join(" "));
    let small = Small::new(&ties);
    let product = (0..11).fold(Decimal::ONE_HUNDRED, |share, _| share * Decimal::new(9, 1));
    let answer = small.answer('A', Calculator::Eu, "2027-08-01", "");
    let [partner, holder] =
        ['p', 'x'].map(|name| answer.owners.iter().find(|owner| owner.party == small.node(name)).unwrap());
    assert_eq!(holder.share, Share::exact(product));
    assert_eq!(partner.share, Share::exact(Decimal::ONE_HUNDRED - product));
    assert_eq!(holder.chains[0].parties.len(), 13, "every level is told");
    let answer = small.answer('A', Calculator::CnControl, "2027-08-01", "");
    assert!(small.told(&answer).starts_with("x "), "a majority at every level");
    let answer = small.answer('A', Calculator::Ofac, "2027-08-01", "x");
    assert!(matches!(answer.finding, Finding::Blocked { .. }), "{:?}", answer.finding);
}

#[test]
fn what_others_hold_bounds_an_interval() {
    let small = Small::new("xA? yA30 zA45");
    let answer = small.answer('A', Calculator::Eu, "2027-08-01", "");
    assert_eq!(small.told(&answer), "z 45% ownership; y 30% ownership | x (0, 25] ownership | ");
    let small = Small::new("xA0-30 AB?");
    let answer = small.answer('B', Calculator::CnBo, "2027-08-01", "");
    assert_eq!(answer.possible[0].chains[0].share.unwrap().to_string(), "[0, 30]");
}

#[test]
fn a_person_has_no_owners() {
    let small = Small::new("xA60");
    assert_eq!(small.answer('x', Calculator::Eu, "2027-08-01", "").finding, Finding::Person);
}

/// The shares that `owner` holds of the company `a`, and what else is told of it.
fn stake_of_a(lines: &str, day: Option<&str>) -> (String, Vec<String>) {
    let graph = graph(lines);
    let explainer = Explainer::of(&graph.generation);
    let as_of = day.map(|day| day.parse::<PartialDate>().unwrap());
    let filter = Filter { as_of, ..Filter::default() };
    let holdings = Holdings::of(&graph.snapshot, &graph.schema, filter, Some(&explainer));
    let company = holdings.party(&id("a")).unwrap();
    let version = version(Calculator::Eu, "2027-08-01");
    let answer =
        owners(holdings.structure(), company, Calculator::Eu, &version, &BTreeSet::new(), &OwnersConfig::default());
    let others = holdings.other_figures(&answer).into_iter();
    let others = others.map(|other| format!("{:?} {} {}", other.right, other.share, other.standing.name())).collect();
    let stakes = holdings.structure().stakes_in(company).iter().map(|stake| stake.share.to_string());
    (stakes.collect::<Vec<_>>().join(" "), others)
}

#[test]
fn the_latest_figure_counts_and_not_the_surest() {
    let lines = "
        document old 2021-05-01 The Paper
        Company:b owns Company:a percent=60 confidence=0.95
        document new 2024-03-01 The Paper
        Company:b owns Company:a percent=20 confidence=0.80
        document same 2024-03-01 Firth Courier
        Company:b owns Company:a percent=22 confidence=0.75";
    let told = |day| {
        let (share, others) = stake_of_a(lines, day);
        (share, others.join("; "))
    };
    let expected = |share: &str, others: &str| (share.to_owned(), others.to_owned());
    assert_eq!(told(None), expected("20%", "Equity 60% earlier; Equity 22% lessSure"));
    assert_eq!(told(Some("2022")), expected("60%", "Equity 20% later; Equity 22% later"));
    assert_eq!(told(Some("2020")), expected("60%", "Equity 60% counts; Equity 20% later; Equity 22% later"));
}

#[test]
fn of_two_figures_alike_none_is_said_to_be_surer() {
    let lines = "
        document one 2024-03-01 The Paper
        Company:b owns Company:a percent=20
        document two 2024-03-01 Firth Courier
        Company:b owns Company:a percent=30";
    let (share, others) = stake_of_a(lines, None);
    let other = if share == "20%" { "Equity 30% alike" } else { "Equity 20% alike" };
    assert_eq!(others, [other]);
}

#[test]
fn the_figure_of_a_day_long_past_counts_on_that_day() {
    let lines = "
        document one 2025-06-01 The Paper
        Company:b owns Company:a percent=60 status=ended date=2019
        Company:b owns Company:a percent=12 confidence=0.95";
    let share = |day| stake_of_a(lines, day).0;
    assert_eq!(share(None), "12%");
    assert_eq!(share(Some("2026")), "12%");
    assert_eq!(share(Some("2019")), "60%");
    assert_eq!(share(Some("2018")), "60%", "nobody said since when");
    assert_eq!(share(Some("2022")), "12%", "between the two the later one is the only one that is told");
}

#[test]
fn votes_and_shares_are_two_rights() {
    let lines = "
        Company:b owns Company:a percent=10
        document two 2024
        Person:p owns Company:b percent=100
        Company:b owns Company:a percent=60 class=votes";
    let (share, others) = stake_of_a(lines, None);
    assert_eq!((share.as_str(), others.len()), ("10%", 0));
    let graph = graph(lines);
    let explainer = Explainer::of(&graph.generation);
    let holdings = Holdings::of(&graph.snapshot, &graph.schema, Filter::default(), Some(&explainer));
    let company = holdings.party(&id("a")).unwrap();
    let grounds = |calculator| {
        let version = version(calculator, "2027-08-01");
        let config = OwnersConfig::default();
        let answer = owners(holdings.structure(), company, calculator, &version, &BTreeSet::new(), &config);
        let named = answer.owners.iter().map(|owner| holdings.entity(owner.party).id.to_string());
        named.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(grounds(Calculator::CnControl), "p", "by the votes of its company");
    assert_eq!(grounds(Calculator::Eu), "p");
}

#[test]
fn rules_are_checked_as_they_are_read() {
    let errors = load_rules([(
        "a.toml",
        "name = \"cn\"\nlabel = { en = \"\", zh = \"\" }\n[[version]]\nfrom = \"2024\"\nthreshold = \"125\"\nreached = \"more\"\n\
         law = \"\"\nsource = \"\"\narticles = { owner = \"1\" }\n",
    )])
    .unwrap_err();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors.len(), 5, "{errors:#?}");
    assert!(errors[0].starts_with("a.toml:1: `cn`: unknown rule `cn`"), "{errors:#?}");
    assert!(errors.iter().any(|error| error.contains("`2024` is no day: write 2024-11-01")), "{errors:#?}");
}

#[test]
fn before_a_rule_there_is_none() {
    let rules = rules();
    let names: Vec<&str> = rules.iter().map(|rule| rule.calculator.name()).collect();
    assert_eq!(names, ["eu", "eu-amld", "cn-bo", "cn-control", "ofac"]);
    assert!(rules.iter().all(|rule| rule.version(Some("1999".parse().unwrap())).is_none()));
    assert!(rules[0].version(Some("2026".parse().unwrap())).is_none() && rules[0].version(None).is_some());
}
