//! How the text stands to what it says: cues with scope.

use guanxi_model::Status;

use crate::lexicon::{Cue, Lexicon, Scope};
use crate::scan::{Token, TokenKind};

/// A cue does not govern what stands further away than this, in tokens.
const REACH: usize = 14;

/// Words that belong together stand no further apart than this.
const NEAR: usize = 5;

/// 将其持股, 已将股权: here 将 plans nothing.
fn puts_object_first(text: &str, tokens: &[Token], at: usize, name_follows: bool) -> bool {
    let piece = |at: usize| tokens.get(at).map_or("", |token| &text[token.start as usize..token.end as usize]);
    matches!(piece(at), "将" | "將")
        && (name_follows
            || at > 0 && piece(at - 1) == "已"
            || matches!(piece(at + 1), "其" | "所" | "手" | "名" | "旗")
            || matches!((piece(at + 1), piece(at + 2)), ("全", "部" | "数" | "數" | "体" | "體"))
            // 将持有的股份转让, but 将持有 and 将持股20% are plans.
            || piece(at + 1) == "持"
                && match piece(at + 2) {
                    "有" => piece(at + 3) == "的",
                    "股" => tokens.get(at + 3).is_some_and(|next| next.kind == TokenKind::Han),
                    _ => true,
                })
}

/// Words between "former" and what it describes: "the former second-largest shareholder", "its former joint owner".
const DEGREES: [&str; 31] = [
    "-",
    "'s",
    "’s",
    "'",
    "’",
    "co",
    "joint",
    "sole",
    "main",
    "major",
    "majority",
    "minority",
    "largest",
    "biggest",
    "second",
    "third",
    "controlling",
    "principal",
    "key",
    "long",
    "time",
    "longtime",
    "direct",
    "indirect",
    "part",
    "lead",
    "leading",
    "strategic",
    "founding",
    "early",
    "top",
];

fn is_degree(word: &str) -> bool {
    DEGREES.iter().any(|degree| word.eq_ignore_ascii_case(degree))
}

/// Words and signs within which, or by which, the reach of cues is told.
pub(crate) const PARTING: &str = "; ； but while whereas although though 但 而 which who because when , ， and its their his \
    her 's ’s sell selling sale divest offload dispose unload 出 转 轉 减 減 并 以";

/// First words of cues that govern every verb behind them, joined by "and" or not.
const AUXILIARIES: [&str; 27] = [
    "once",
    "formerly",
    "previously",
    "not",
    "n",
    "n't",
    "never",
    "no",
    "neither",
    "will",
    "would",
    "may",
    "might",
    "could",
    "can",
    "should",
    "to",
    "if",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "did",
    "reportedly",
];

/// A cue at a place in a sentence: tokens `start..end` of it.
pub(crate) struct Placed {
    pub(crate) cue: Cue,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Of a cue that describes a noun the token where this noun begins at the latest.
    described: usize,
    /// "not" and "will" govern both verbs of "not buy and sell", "rejected" its own object alone.
    auxiliary: bool,
    /// "nobody believes that" governs a clause, with what stands aside in it.
    clause: bool,
}

/// What cues say of one relation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// Of all cues the greatest: denied > ended > reported > conditional > planned.
    pub(crate) status: Status,
    /// The same, but for cues that say that it has ended.
    but_for_end: Status,
    /// Whether a plan or a rumour is told as past: "once tried to buy", 曾计划收购.
    past_plan: bool,
}

impl Told {
    fn of<'p>(governing: impl Iterator<Item = &'p Placed> + Clone) -> Self {
        let greatest = |cues: &mut dyn Iterator<Item = &'p Placed>| {
            cues.map(|placed| placed.cue.status).max().unwrap_or(Status::Asserted)
        };
        let ended = |placed: &&Placed| placed.cue.status == Status::Ended;
        let past_plan = governing.clone().filter(ended).any(|end| {
            governing.clone().any(|plan| {
                matches!(plan.cue.status, Status::Planned | Status::Reported)
                    && (end.cue.scope == Scope::After || end.end <= plan.start && plan.start - end.end <= NEAR)
            })
        });
        Self {
            status: greatest(&mut governing.clone()),
            but_for_end: greatest(&mut governing.filter(|placed| !ended(placed))),
            past_plan,
        }
    }

    /// The same, at least planned.
    pub(crate) fn planned(self) -> Self {
        let at_least = |status: Status| status.max(Status::Planned);
        Self { status: at_least(self.status), but_for_end: at_least(self.but_for_end), ..self }
    }

    /// The status of a thing that happens: it does not end, and what was planned once did not come about.
    pub(crate) fn of_event(self) -> Status {
        if self.past_plan { self.but_for_end.max(Status::Denied) } else { self.but_for_end }
    }
}

/// The cues of one sentence.
pub(crate) struct Cues {
    placed: Vec<Placed>,
    /// Tokens that part clauses: a cue does not govern across them.
    parted: Vec<usize>,
    commas: Vec<usize>,
    /// Where "which" and "who" stand.
    relatives: Vec<usize>,
    /// Where "and" stands.
    joints: Vec<usize>,
    /// Where "its" stands, and 's.
    possessives: Vec<usize>,
    /// Where 并 or 以 stands behind a comma.
    goes_on: Vec<usize>,
    /// Where something is sold.
    sales: Vec<usize>,
    /// Tokens of names.
    names: Vec<usize>,
}

impl Cues {
    /// Finds the cues among the tokens of a sentence; what is part of a name is none (传 in 启原传感).
    pub(crate) fn new(lexicon: &Lexicon, text: &str, tokens: &[Token], in_name: impl Fn(usize) -> bool) -> Self {
        let piece = |token: &Token| &text[token.start as usize..token.end as usize];
        let mut placed = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match lexicon.cues.longest(&tokens[at..]).filter(|_| !in_name(at)) {
                // 将其持股增至: here 将 only puts the object first.
                Some((1, _)) if puts_object_first(text, tokens, at, in_name(at + 1)) => at += 1,
                Some((length, cues)) => {
                    let opens = at == 0 || matches!(piece(&tokens[at - 1]), "\"" | "“" | "「" | "‘" | "'");
                    let first = &text[tokens[at].start as usize..tokens[at].end as usize];
                    let auxiliary = !first.is_ascii() || AUXILIARIES.contains(&first.to_lowercase().as_str());
                    let count = cues.iter().filter(|cue| opens || cue.scope != Scope::Opening);
                    let passes =
                        |at: &usize| in_name(*at) || tokens.get(*at).is_some_and(|token| is_degree(piece(token)));
                    let end = at + length;
                    let described = (end..).find(|at| !passes(at)).unwrap_or(end);
                    let clause = piece(&tokens[end - 1]) == "that";
                    placed.extend(count.map(|&cue| Placed { cue, start: at, end, described, auxiliary, clause }));
                    at += length;
                }
                None => at += 1,
            }
        }
        // All that is looked for below; most tokens are none of it.
        let marks: Vec<(usize, &Token)> = tokens
            .iter()
            .enumerate()
            .filter(|(at, token)| token.gates & lexicon.parts_cues != 0 && !in_name(*at))
            .collect();
        let parts = |token: &Token| {
            matches!(
                &text[token.start as usize..token.end as usize],
                ";" | "；"
                    | "but"
                    | "while"
                    | "whereas"
                    | "although"
                    | "though"
                    | "但"
                    | "而"
                    | "which"
                    | "who"
                    | "because"
                    | "when"
            )
        };
        let where_it =
            |is: &dyn Fn(&Token) -> bool| marks.iter().filter(|(_, token)| is(token)).map(|(at, _)| *at).collect();
        let parted = where_it(&parts);
        let is_comma = |token: &Token| matches!(&text[token.start as usize..token.end as usize], "," | "，");
        let commas = where_it(&is_comma);
        let where_is =
            |words: &[&str]| where_it(&|token| words.contains(&&text[token.start as usize..token.end as usize]));
        let (relatives, joints) = (where_is(&["which", "who"]), where_is(&["and"]));
        let possessives = where_is(&["its", "their", "his", "her", "'s", "’s"]);
        let is_sale = |at: &usize| {
            let second = tokens.get(at + 1).map_or("", piece);
            matches!(piece(&tokens[*at]), "sell" | "selling" | "sale" | "divest" | "offload" | "dispose" | "unload")
                || matches!(
                    (piece(&tokens[*at]), second),
                    ("出" | "转" | "轉" | "减" | "減", "售" | "让" | "讓" | "持")
                )
        };
        let goes_on = |at: &usize| *at > 0 && matches!(piece(&tokens[*at]), "并" | "以") && is_comma(&tokens[at - 1]);
        let goes_on = marks.iter().map(|(at, _)| *at).filter(goes_on).collect();
        let sales = marks.iter().map(|(at, _)| *at).filter(is_sale).collect();
        let names = (0..tokens.len()).filter(|&at| in_name(at)).collect();
        Self { placed, parted, commas, relatives, joints, possessives, goes_on, sales, names }
    }

    /// What is said of a relation whose trigger is tokens `start..end` of the sentence.
    ///
    /// `is_state`: it holds rather than happens; what is to be sold is held still.
    pub(crate) fn told(&self, start: usize, end: usize, is_state: bool) -> Told {
        let governs = |placed: &&Placed| self.governs(placed, start, end) && !self.is_undone(placed);
        let holds_still = |placed: &&Placed| is_state && self.is_of_sale(placed, start);
        Told::of(self.placed.iter().filter(|placed| governs(placed) && !holds_still(placed)))
    }

    /// Whether a plan or a rumour is about a sale that is told before a token.
    fn is_of_sale(&self, placed: &Placed, stop: usize) -> bool {
        placed.cue.status < Status::Ended && self.sales.iter().any(|at| (placed.end..stop).contains(at))
    }

    /// The greatest status that any cue of the sentence gives, whatever it governs.
    pub(crate) fn greatest(&self) -> Status {
        self.placed.iter().map(|placed| placed.cue.status).max().unwrap_or(Status::Asserted)
    }

    /// What a description says of itself: only cues within tokens `covers`, or just before them, count ("the former
    /// lender Acme"), and, where `may_end`, those that say that it has ended. `is_state` as in [`Cues::told`].
    pub(crate) fn told_within(
        &self,
        trigger: (usize, usize),
        covers: (usize, usize),
        may_end: bool,
        is_state: bool,
    ) -> Told {
        let within = |placed: &Placed| {
            let ends = placed.cue.status == Status::Ended;
            let touches = placed.end == covers.0 || placed.start <= covers.1 + 1 && placed.cue.scope == Scope::After;
            placed.end > covers.0 && placed.start < covers.1 || ends && (may_end || touches)
        };
        let governs = |placed: &Placed| self.governs(placed, trigger.0, trigger.1) && !self.is_undone(placed);
        let holds_still = |placed: &Placed| is_state && self.is_of_sale(placed, covers.1);
        Told::of(self.placed.iter().filter(|placed| within(placed) && governs(placed) && !holds_still(placed)))
    }

    /// The cue nearest to a trigger that gives its relation this status, where it stands in the same clause.
    pub(crate) fn telling(&self, start: usize, end: usize, status: Status) -> Option<(usize, usize)> {
        let telling = self.placed.iter().filter(|placed| {
            placed.cue.status == status
                && placed.cue.scope != Scope::Sentence
                && self.governs(placed, start, end)
                && !self.is_undone(placed)
                // "No longer lending, Alder Bank was founded in 1921": what ended is told of something else.
                && !(status == Status::Ended && self.is_aside(placed.end.min(start), start))
        });
        let far = |placed: &&Placed| start.saturating_sub(placed.end).max(placed.start.saturating_sub(end));
        telling.min_by_key(far).map(|placed| (placed.start, placed.end))
    }

    /// Every cue of the sentence.
    pub(crate) fn all(&self) -> &[Placed] {
        &self.placed
    }

    /// Whether a cue governs a relation whose trigger is tokens `start..end` of the sentence.
    pub(crate) fn governs(&self, placed: &Placed, start: usize, end: usize) -> bool {
        match placed.cue.scope {
            Scope::Sentence => true,
            Scope::Before | Scope::Opening => {
                // "will supply" and "formerly owned by" may be the trigger itself.
                if placed.start >= start {
                    return placed.end < end && placed.cue.status == Status::Planned
                        || placed.end <= end && placed.cue.status == Status::Ended;
                }
                placed.start < start
                    && self.distance(placed.end.min(start), start) <= self.reach(placed.end.min(start), start)
                    && !self.is_parted(placed.end.min(start), start)
                    && (placed.auxiliary || !self.joints.iter().any(|at| (placed.end.min(start)..start).contains(at)))
                    && !self.is_in_relative_clause(placed.start, placed.end.min(start), start)
                    && !(placed.cue.status == Status::Ended && self.is_in_apposition(placed.start, start))
                    && !(placed.cue.status == Status::Denied
                        && self.is_aside(placed.end.min(start), start)
                        && !(placed.clause && self.passes_an_aside(placed.end.min(start), start)))
                    && !(placed.cue.status == Status::Denied
                        && placed.auxiliary
                        && self.is_possessed(placed.end.min(start), start))
            }
            Scope::Describing => {
                placed.start >= start && placed.end < end || (placed.end..=placed.described).contains(&start)
            }
            // "fined Acme and suspended its chief": a verb of its own behind "and" is about something else.
            Scope::After => {
                placed.start >= end
                    && self.distance(end, placed.start) <= REACH
                    && !self.is_parted(end, placed.start)
                    && !(placed.start > end && self.joints.contains(&(placed.start - 1)))
                    && !self.is_about_another(end, placed.start)
            }
        }
    }

    /// Tokens between two places, names left out: however long a name is, it is one thing.
    fn distance(&self, from: usize, to: usize) -> usize {
        let names = self.names.partition_point(|name| *name < to) - self.names.partition_point(|name| *name < from);
        (to - from).saturating_sub(names)
    }

    /// 计划明年推出越野车，并进军巴西; 将通过子公司，以现金收购: 并 and 以 go on with what was begun.
    fn reach(&self, from: usize, to: usize) -> usize {
        if self.goes_on.iter().any(|at| (from..to).contains(at)) { 2 * REACH } else { REACH }
    }

    /// "It is not true that A, a broker, owns B": the commas hold an aside, and the clause goes on.
    fn passes_an_aside(&self, from: usize, to: usize) -> bool {
        self.commas.iter().filter(|at| (from..to).contains(at)).count() == 2
    }

    /// "A, not B, bought C": what is denied ends at the comma.
    fn is_aside(&self, from: usize, to: usize) -> bool {
        self.commas.iter().any(|at| (from..to).contains(at))
    }

    /// "Lindqvist, until then finance director of Scheldt, took over": what is over is said between the commas.
    fn is_in_apposition(&self, cue: usize, to: usize) -> bool {
        cue.checked_sub(1).is_some_and(|before| self.commas.contains(&before)) && self.is_aside(cue, to)
    }

    /// "Dunlin, which may sell its unit, was fined": what is said between the commas stays there.
    fn is_in_relative_clause(&self, cue: usize, from: usize, to: usize) -> bool {
        let opening = self.relatives.iter().rev().find(|&&at| at < cue);
        let closed_before = |opening: usize| self.commas.iter().any(|at| (opening..cue).contains(at));
        opening.is_some_and(|&opening| !closed_before(opening)) && self.is_aside(from, to)
    }

    /// "has not sold its 34% stake": what is possessed is not denied.
    fn is_possessed(&self, from: usize, to: usize) -> bool {
        self.possessives.iter().any(|at| (from..to).contains(at) && to - at < NEAR)
    }

    /// 海棠科技董事长王明表示满意，李晓华已离职: behind the comma somebody else is spoken of.
    fn is_about_another(&self, from: usize, to: usize) -> bool {
        // "A venture with Acme, Bolt, was dissolved": an apposition stands between the commas.
        let in_names = |at: usize| self.names.contains(&at);
        let apposition = self.commas.iter().rev().skip_while(|at| **at >= to).nth(1);
        if to > 0
            && self.commas.contains(&(to - 1))
            && apposition.is_some_and(|&comma| comma >= from && (comma + 1..to - 1).all(in_names))
        {
            return false;
        }
        let comma = self.commas.iter().find(|at| (from..to).contains(at));
        comma.is_some_and(|comma| self.names.iter().any(|name| (*comma..to).contains(name)))
    }

    /// "has not sold", 拟出售所持: an end that is denied, or a sale that is planned, is none.
    fn is_undone(&self, placed: &Placed) -> bool {
        const CLOSE: usize = 2;
        let is_sale = self.sales.contains(&placed.start);
        placed.cue.status == Status::Ended
            && self.placed.iter().any(|other| {
                (other.cue.status == Status::Denied || is_sale && other.cue.status == Status::Planned)
                    && other.end <= placed.start
                    && placed.start - other.end <= CLOSE
            })
    }

    fn is_parted(&self, from: usize, to: usize) -> bool {
        self.parted.iter().any(|at| (from..to).contains(at))
    }
}
