//! Whether two names of organisations may belong to one: a score, the features that it came of, and a verdict.
//!
//! Each name is cut into tokens, and each token is of a [kind](TokenKind) that says how much it tells: a brand much, a line of
//! business less, "Group" and 科技 little. Tokens of both names are aligned: the same, the same in another spelling
//! (`&` and `and`, `Labour` and `Labor`, `First` and `1st`), run together (`Van der Bilt`), in pinyin, or a slip of the
//! pen. The score is the share of weight that is aligned; what a careful reader would object to puts a ceiling on it:
//!
//! | objection | ceiling |
//! |---|---|
//! | numbers, series or years differ (Fund II, Fund III) | different |
//! | both name places, and other ones | different |
//! | a brand or a line of business is left over on either side (HSBC, HSBC Life) | different |
//! | kinds of legal form exclude each other (AG, GmbH) | different |
//! | only "Group", "Holdings", 科技 or a place is left over | possible |
//! | legal forms that a company changes in its life (Ltd, plc; AG, SE; 有限公司, 股份有限公司) | possible |
//! | a slip of the pen, another order, another language, pinyin, initials | possible |
//!
//! `Different` says that the names are no ground to hold their bearers for one, not that they are two: a short name or a new
//! name looks different too. `Possible` wants further evidence. All sums are whole thousandths, so every machine says the
//! same; comparing is symmetric (a property test).
//!
//! ```
//! use guanxi_names::compare::{Verdict, compare};
//!
//! assert_eq!(compare("Procter & Gamble Co.", "The Procter and Gamble Company").verdict, Verdict::Same);
//! assert_eq!(compare("中国平安保险（集团）股份有限公司", "Ping An Insurance (Group) Company of China, Ltd.").verdict, Verdict::Possible);
//! assert_eq!(compare("平安银行", "平安证券").verdict, Verdict::Different);
//! ```

mod align;
mod legal;
mod parts;
mod vocabulary;

use align::Alignment;

pub use legal::LegalForms;
pub use parts::{NameParts, TokenKind};

/// What two names come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The names are no ground to hold their bearers for one.
    Different,
    /// They may be one; further evidence has to say so.
    Possible,
    /// One name in two spellings.
    Same,
}

/// How numbers or places of two names stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agreement {
    /// The same on both sides, or none on either.
    Agree,
    /// One side has one that the other lacks.
    OneSided,
    /// Each side has one that the other lacks.
    Differ,
}

/// How the legal forms of two names stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormAgreement {
    /// One of them has none, or one that says nothing of its kind.
    Unknown,
    /// Of one kind.
    Agree,
    /// Of kinds that one company may have one after the other.
    Convertible,
    /// Of kinds that exclude each other.
    Contradict,
}

/// What a score came of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Features {
    /// The folded keys are equal ([`name_key`](crate::name_key)).
    pub same_key: bool,
    /// What the legal forms say.
    pub legal_forms: FormAgreement,
    /// Share of the weight of all tokens that is aligned, in thousandths.
    pub aligned: u16,
    /// Letters that have to be changed for the aligned tokens to be the same.
    pub edits: u16,
    /// Aligned tokens stand in another order.
    pub reordered: bool,
    /// A token is pinyin of one of the other name.
    pub pinyin: bool,
    /// Tokens of two languages are set against each other.
    pub translated: bool,
    /// Words are parted otherwise that are no brands, or single letters: Metro Bank, Metrobank.
    pub run_together: bool,
    /// One name is the initials of the other, or its usual two characters (工行).
    pub initials: bool,
    /// What numbers, ordinals, series and years say.
    pub numbers: Agreement,
    /// What places say.
    pub places: Agreement,
    /// The tokens of each name that nothing of the other fits.
    pub left_over: [Vec<(String, TokenKind)>; 2],
}

/// Two names compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How alike they are, from 0 to 1000.
    pub thousandths: u16,
    /// What that comes to.
    pub verdict: Verdict,
    /// What it came of.
    pub features: Features,
}

impl Comparison {
    /// How alike the names are, from 0 to 1.
    pub fn score(&self) -> f64 {
        f64::from(self.thousandths) / 1000.0
    }
}

/// From here names are the same.
const SAME: u16 = 900;
/// From here they may be.
const POSSIBLE: u16 = 600;

/// Compares two names as they are written. Whoever compares a name with many reads its [`NameParts`] once.
pub fn compare(one: &str, other: &str) -> Comparison {
    NameParts::read(one).compare(&NameParts::read(other))
}

impl NameParts {
    /// Compares with another name.
    pub fn compare(&self, other: &Self) -> Comparison {
        // Tokens are aligned greedily; a fixed order makes that the same from both sides.
        if (&other.key, &other.tokens) < (&self.key, &self.tokens) {
            let mut comparison = other.compare(self);
            comparison.features.left_over.reverse();
            return comparison;
        }
        let alignment = match self.is_joined_alike(other) {
            true => Alignment::whole(&self.tokens, &other.tokens),
            false => Alignment::of(&self.tokens, &other.tokens),
        };
        let mut features = features(self, other, &alignment);
        let mut thousandths = ceilings(&features, &alignment).fold(features.aligned, u16::min);
        if thousandths < POSSIBLE && self.abbreviates(other) {
            features.initials = true;
            thousandths = ceilings_of_forms(&features).fold(700, u16::min);
        }
        let verdict = match thousandths {
            SAME.. => Verdict::Same,
            POSSIBLE.. => Verdict::Possible,
            _ => Verdict::Different,
        };
        Comparison { thousandths, verdict, features }
    }

    fn abbreviates(&self, other: &Self) -> bool {
        self.is_abbreviation_of(other) || other.is_abbreviation_of(self)
    }
}

fn features(one: &NameParts, other: &NameParts, alignment: &Alignment) -> Features {
    let left_over = [alignment.left_over(0, &one.tokens), alignment.left_over(1, &other.tokens)];
    let agreement = |kind| {
        let has = |side: usize| left_over[side].iter().any(|token| token.kind == kind);
        match (has(0), has(1)) {
            (false, false) => Agreement::Agree,
            (true, true) => Agreement::Differ,
            _ => Agreement::OneSided,
        }
    };
    Features {
        same_key: one.key == other.key,
        legal_forms: one.forms.agreement(other.forms),
        aligned: alignment.share(&one.tokens, &other.tokens),
        edits: alignment.edits,
        reordered: alignment.is_reordered(),
        pinyin: alignment.pinyin,
        translated: alignment.translated,
        run_together: alignment.run_together,
        initials: false,
        numbers: agreement(TokenKind::Number),
        places: agreement(TokenKind::Place),
        left_over: left_over.map(|tokens| tokens.iter().map(|token| (token.text.clone(), token.kind)).collect()),
    }
}

/// What a careful reader would object to: the highest score that each objection leaves.
fn ceilings<'a>(features: &'a Features, alignment: &'a Alignment) -> impl Iterator<Item = u16> + 'a {
    let left_over =
        |side: usize, kinds: &[TokenKind]| features.left_over[side].iter().any(|(_, kind)| kinds.contains(kind));
    let telling = [TokenKind::Brand, TokenKind::Business];
    let loose = [TokenKind::Structure, TokenKind::Technology];
    let any_telling = left_over(0, &telling) || left_over(1, &telling);
    let any_loose = left_over(0, &loose) || left_over(1, &loose);
    let technology_against = (left_over(0, &[TokenKind::Technology]) && left_over(1, &loose))
        || (left_over(1, &[TokenKind::Technology]) && left_over(0, &loose));
    let structure_against = left_over(0, &loose) && left_over(1, &loose);
    let is_incomplete = any_loose || features.places == Agreement::OneSided;
    let is_first_of_series = features.numbers == Agreement::OneSided
        && features.left_over.iter().flatten().all(|(text, kind)| *kind != TokenKind::Number || text == "1");
    [
        (any_telling, 590),
        (technology_against, 590),
        (structure_against, 650),
        (any_loose, 850),
        (is_incomplete && !alignment.is_telling, 500),
        (features.places == Agreement::Differ, 400),
        (features.places == Agreement::OneSided, 750),
        (features.numbers != Agreement::Agree, if is_first_of_series { 700 } else { 300 }),
        (features.edits > 0, 890),
        (features.edits > 2, 590),
        (features.reordered, 850),
        (features.pinyin || features.translated || features.run_together, 850),
    ]
    .into_iter()
    .filter_map(|(applies, ceiling)| applies.then_some(ceiling))
    .chain(ceilings_of_forms(features))
}

fn ceilings_of_forms(features: &Features) -> impl Iterator<Item = u16> + use<> {
    match features.legal_forms {
        FormAgreement::Unknown | FormAgreement::Agree => None,
        FormAgreement::Convertible => Some(800),
        FormAgreement::Contradict => Some(500),
    }
    .into_iter()
}
