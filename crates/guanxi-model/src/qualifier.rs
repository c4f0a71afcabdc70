//! What a claim says beside subject, predicate and object.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::PartialDate;

macro_rules! qualifiers {
    ($($variant:ident $name:literal $kind:ident $doc:literal,)*) => {
        /// The closed list of qualifiers, in the order in which they are printed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Qualifier {
            $(#[doc = $doc] $variant,)*
        }

        impl Qualifier {
            /// Every qualifier, in printing order.
            pub const ALL: &'static [Qualifier] = &[$(Qualifier::$variant,)*];

            /// Its name in output and in the vocabulary.
            pub fn name(self) -> &'static str {
                match self {
                    $(Qualifier::$variant => $name,)*
                }
            }

            /// What its value is.
            pub fn kind(self) -> QualifierKind {
                match self {
                    $(Qualifier::$variant => QualifierKind::$kind,)*
                }
            }

            /// What it says, in a sentence.
            pub fn definition(self) -> &'static str {
                match self {
                    $(Qualifier::$variant => $doc,)*
                }
            }
        }
    };
}

qualifiers! {
    Amount "amount" Decimal "A figure, in whole units of `currency` where there is one.",
    Currency "currency" Text "ISO 4217 code.",
    Percent "percent" Decimal "An exact share or stake, 0 to 100.",
    PercentMin "percentMin" Decimal "Least share of an interval.",
    PercentMax "percentMax" Decimal "Greatest share of an interval.",
    Round "round" Text "Financing round: seed, A, B, …, IPO.",
    Lead "lead" Flag "Whether the investor led the round.",
    Date "date" Date "When it happened.",
    ValidFrom "validFrom" Date "Since when it holds.",
    ValidTo "validTo" Date "Until when it held.",
    Role "role" Text "Office held.",
    PercentMinExclusive "percentMinExclusive" Flag "Whether `percentMin` itself is excluded.",
    PercentMaxExclusive "percentMaxExclusive" Flag "Whether `percentMax` itself is excluded.",
    Stage "stage" Text "How far a listing has come.",
    Ticker "ticker" Text "Trading symbol.",
    Instrument "instrument" Text "Equity, convertible notes, debt, …",
    Direct "direct" Flag "Whether the holding is direct.",
    Class "class" Text "Class of shares.",
    Goods "goods" Text "What is supplied.",
    Into "into" Text "Which firm a merger leaves.",
    Metric "metric" Text "Name of the figure as written.",
    Period "period" Text "The span of time that a figure covers.",
    Basis "basis" Text "Pre-money, post-money, market capitalisation.",
    Measure "measure" Text "Fine, order, ban, suit, warning letter.",
    Licence "licence" Text "Which licence.",
    Means "means" Text "How control is held.",
    Comparator "comparator" Text "How the figure bounds the true one; only beside a figure.",
}

impl Qualifier {
    /// The qualifier of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|qualifier| qualifier.name() == name)
    }
}

/// What the value of a qualifier is: the variants of [`QualifierValue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QualifierKind {
    /// A figure.
    Decimal,
    /// A date at its precision.
    Date,
    /// A word.
    Text,
    /// Yes or no.
    Flag,
}

/// The value of one qualifier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum QualifierValue {
    /// A figure.
    Decimal(#[serde(with = "crate::packed::decimal")] Decimal),
    /// A date at its precision.
    Date(PartialDate),
    /// A word: a currency code, a round, a role.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

/// The qualifiers of one claim or fact, in printing order.
pub type Qualifiers = BTreeMap<Qualifier, QualifierValue>;
