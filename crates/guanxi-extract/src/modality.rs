//! How the text stands to what it says: cues with scope.

use guanxi_model::Status;

use crate::lexicon::{Cue, Lexicon, Scope};
use crate::scan::Token;

/// A cue does not govern what stands further away than this, in tokens.
const REACH: usize = 14;

fn puts_object_first(text: &str, tokens: &[Token], name_follows: bool) -> bool {
    let piece = |at: usize| tokens.get(at).map_or("", |token| &text[token.start as usize..token.end as usize]);
    matches!(piece(0), "将" | "將")
        && (name_follows || matches!(piece(1), "其" | "所" | "持" | "手" | "名" | "旗" | "全"))
}

/// Words and signs within which, or by which, the reach of cues is told.
pub(crate) const PARTING: &str = "; ； but while whereas although though 但 而 which who because when , ， and its their his \
    her 's ’s";

/// First words of cues that govern every verb behind them, joined by "and" or not.
const AUXILIARIES: [&str; 24] = [
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
    /// "not" and "will" govern both verbs of "not buy and sell", "rejected" its own object alone.
    auxiliary: bool,
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
    /// Tokens of names.
    names: Vec<usize>,
}

impl Cues {
    /// Finds the cues among the tokens of a sentence; what is part of a name is none (传 in 启原传感).
    pub(crate) fn new(lexicon: &Lexicon, text: &str, tokens: &[Token], in_name: impl Fn(usize) -> bool) -> Self {
        let mut placed = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match lexicon.cues.longest(&tokens[at..]).filter(|_| !in_name(at)) {
                // 将其持股增至: here 将 only puts the object first.
                Some((1, _)) if puts_object_first(text, &tokens[at..], in_name(at + 1)) => at += 1,
                Some((length, cues)) => {
                    let first = &text[tokens[at].start as usize..tokens[at].end as usize];
                    let auxiliary = !first.is_ascii() || AUXILIARIES.contains(&first.to_lowercase().as_str());
                    placed.extend(cues.iter().map(|&cue| Placed { cue, start: at, end: at + length, auxiliary }));
                    at += length;
                }
                None => at += 1,
            }
        }
        // All that is looked for below; most tokens are none of it.
        let marks: Vec<(usize, &Token)> =
            tokens.iter().enumerate().filter(|(_, token)| token.gates & lexicon.parts_cues != 0).collect();
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
        let names = (0..tokens.len()).filter(|&at| in_name(at)).collect();
        Self { placed, parted, commas, relatives, joints, possessives, names }
    }

    /// The status of a relation whose trigger is tokens `start..end` of the sentence: of all cues that
    /// govern it, the greatest (denied > ended > reported > conditional > planned).
    pub(crate) fn status(&self, start: usize, end: usize) -> Status {
        let governing = self.placed.iter().filter(|placed| self.governs(placed, start, end) && !self.is_undone(placed));
        governing.map(|placed| placed.cue.status).max().unwrap_or(Status::Asserted)
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
            Scope::Before => {
                // "will supply" may be the trigger itself.
                if placed.start >= start {
                    return placed.end < end && placed.cue.status == Status::Planned;
                }
                placed.start < start
                    && start - placed.end.min(start) <= REACH
                    && !self.is_parted(placed.end.min(start), start)
                    && (placed.auxiliary || !self.joints.iter().any(|at| (placed.end.min(start)..start).contains(at)))
                    && !self.is_in_relative_clause(placed.start, placed.end.min(start), start)
                    && !(placed.cue.status == Status::Denied && self.is_aside(placed.end.min(start), start))
                    && !(placed.cue.status == Status::Denied && self.is_possessed(placed.end.min(start), start))
            }
            // "fined Acme and suspended its chief": a verb of its own behind "and" is about something else.
            Scope::After => {
                placed.start >= end
                    && placed.start - end <= REACH
                    && !self.is_parted(end, placed.start)
                    && !(placed.start > end && self.joints.contains(&(placed.start - 1)))
                    && !self.is_about_another(end, placed.start)
            }
        }
    }

    /// "A, not B, bought C": what is denied ends at the comma.
    fn is_aside(&self, from: usize, to: usize) -> bool {
        self.commas.iter().any(|at| (from..to).contains(at))
    }

    /// "Dunlin, which may sell its unit, was fined": what is said between the commas stays there.
    fn is_in_relative_clause(&self, cue: usize, from: usize, to: usize) -> bool {
        let opening = self.relatives.iter().rev().find(|&&at| at < cue);
        let closed_before = |opening: usize| self.commas.iter().any(|at| (opening..cue).contains(at));
        opening.is_some_and(|&opening| !closed_before(opening)) && self.is_aside(from, to)
    }

    /// "has not sold its 34% stake": what is possessed is not denied.
    fn is_possessed(&self, from: usize, to: usize) -> bool {
        const NEAR: usize = 4;
        self.possessives.iter().any(|at| (from..to).contains(at) && to - at <= NEAR)
    }

    /// 海棠科技董事长王明表示满意，李晓华已离职: behind the comma somebody else is spoken of.
    fn is_about_another(&self, from: usize, to: usize) -> bool {
        let comma = self.commas.iter().find(|at| (from..to).contains(at));
        comma.is_some_and(|comma| self.names.iter().any(|name| (*comma..to).contains(name)))
    }

    /// "has not sold": an end that is denied is none.
    fn is_undone(&self, placed: &Placed) -> bool {
        const NEAR: usize = 2;
        placed.cue.status == Status::Ended
            && self.placed.iter().any(|other| {
                other.cue.status == Status::Denied && other.end <= placed.start && placed.start - other.end <= NEAR
            })
    }

    fn is_parted(&self, from: usize, to: usize) -> bool {
        self.parted.iter().any(|at| (from..to).contains(at))
    }
}
