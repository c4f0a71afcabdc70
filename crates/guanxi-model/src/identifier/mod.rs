//! Identifiers: what registers, exchanges and Wikidata call an entity, read strictly and written one way.
//!
//! | kind | form | checked by |
//! |---|---|---|
//! | LEI | 18 letters and digits, 2 check digits | ISO 17442-1, check digits of ISO/IEC 7064 MOD 97-10 |
//! | unified social credit code (统一社会信用代码) | 18 of 31 characters, digits in places 3 to 8, the last one a check character | GB 32100-2015, MOD 31 with weights 3^i |
//! | ISIN | 2 letters, 9 letters and digits, 1 check digit | ISO 6166, the Luhn sum over the digits of all characters |
//! | MIC | 4 letters and digits, one of them a letter | ISO 10383, form only |
//! | ticker | `MIC:TICKER` | form only |
//! | Wikidata item | `Q` and a number | form only |
//! | register number | `SCHEME:NUMBER`, the scheme as org-id.guide or GLEIF's list of registration authorities has it | of some thirty registers (`data/registers.txt` of this crate) form and check digits; else form only |
//!
//! ```
//! use guanxi_model::identifier::{Identifier, Kind};
//!
//! let lei: Identifier = "lei:HWUP KR0M POU8 FGXB T394".parse()?;
//! assert_eq!((lei.kind(), lei.text()), (Kind::Lei, "HWUPKR0MPOU8FGXBT394"));
//! let mistake = Identifier::parse(Kind::Isin, "US0378331006").unwrap_err();
//! assert_eq!(mistake.to_string(), "ISIN US0378331006: the check digit is 6, 5 was expected");
//! # Ok::<(), guanxi_model::identifier::IdentifierError>(())
//! ```

mod register;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// What kind of identifier it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Legal Entity Identifier: one a legal entity.
    Lei,
    /// 统一社会信用代码: one an organisation in mainland China.
    SocialCredit,
    /// International Securities Identification Number: one a security, many an issuer.
    Isin,
    /// Market Identifier Code: of a market or its operator.
    Mic,
    /// What a security is called on one exchange.
    Ticker,
    /// An item of Wikidata.
    Wikidata,
    /// A number in a national register, with the scheme it belongs to.
    Register,
}

const KINDS: [Kind; 7] =
    [Kind::Lei, Kind::SocialCredit, Kind::Isin, Kind::Mic, Kind::Ticker, Kind::Wikidata, Kind::Register];

/// An identifier of right form, in its one spelling: capitals, ASCII, no spaces.
///
/// Displayed and parsed as `prefix:text`, for instance `isin:US0378331005` and `ticker:XNAS:AAPL`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    kind: Kind,
    text: String,
}

/// Why a text is no identifier; each says of what kind it was taken to be and how it was read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// Too long or too short.
    #[error("{kind} {text}: it has {found} characters, {expected} were expected")]
    Length {
        /// What it was taken to be.
        kind: Kind,
        /// The text without spaces, in capitals.
        text: String,
        /// How many characters there are.
        found: usize,
        /// How many such an identifier has.
        expected: usize,
    },
    /// A character that cannot stand where it stands.
    #[error("{kind} {text}: character {place} is {found:?}, {expected} was expected")]
    Character {
        /// What it was taken to be.
        kind: Kind,
        /// The text without spaces, in capitals.
        text: String,
        /// Which character, from 1.
        place: usize,
        /// The character.
        found: char,
        /// What may stand there, in words.
        expected: &'static str,
    },
    /// The characters contradict their sum: one of them is mistyped.
    #[error("{kind} {text}: the check digit is {found}, {expected} was expected")]
    CheckDigit {
        /// What it was taken to be.
        kind: Kind,
        /// The text without spaces, in capitals.
        text: String,
        /// The check digit or digits as they stand.
        found: String,
        /// Those that the other characters come to.
        expected: String,
    },
    /// Not of the form at all.
    #[error("{kind} {text:?}: {expected} was expected")]
    Form {
        /// What it was taken to be.
        kind: Kind,
        /// The text as it was given.
        text: String,
        /// The form, in words.
        expected: &'static str,
    },
    /// A number that its register does not give.
    #[error("{kind} {text}: {forms} was expected (# is a digit, + one but 0, @ a letter, * either)")]
    RegisterForm {
        /// What it was taken to be.
        kind: Kind,
        /// Scheme and number, as they were read.
        text: String,
        /// The forms of its register's numbers.
        forms: &'static str,
    },
    /// A number of a register of which the digits contradict each other.
    #[error("{kind} {text}: its digits contradict its check digit; one of them is mistyped")]
    RegisterCheck {
        /// What it was taken to be.
        kind: Kind,
        /// Scheme and number, as they were read.
        text: String,
    },
    /// No known prefix before the first colon.
    #[error(
        "{text:?}: no kind of identifier stands before a colon; known are lei, uscc, isin, mic, ticker, wikidata, register"
    )]
    UnknownKind {
        /// The text as it was given.
        text: String,
    },
}

impl Kind {
    /// What stands before the colon in the displayed form: `lei`, `uscc`, `isin`, `mic`, `ticker`, `wikidata`, `register`.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Lei => "lei",
            Self::SocialCredit => "uscc",
            Self::Isin => "isin",
            Self::Mic => "mic",
            Self::Ticker => "ticker",
            Self::Wikidata => "wikidata",
            Self::Register => "register",
        }
    }

    /// Whether an entity has no more than one of the kind, so that two of them tell two entities apart.
    /// Of register numbers that holds within one scheme.
    pub fn is_one_per_entity(self) -> bool {
        matches!(self, Self::Lei | Self::SocialCredit | Self::Wikidata | Self::Register)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lei => "LEI",
            Self::SocialCredit => "unified social credit code",
            Self::Isin => "ISIN",
            Self::Mic => "MIC",
            Self::Ticker => "ticker",
            Self::Wikidata => "Wikidata item",
            Self::Register => "register number",
        })
    }
}

impl Identifier {
    /// Reads a text as an identifier of this kind: width, case, spaces and, where check digits follow, hyphens are
    /// spelling.
    ///
    /// # Errors
    /// What is wrong with it: length, alphabet, check digit (with the one that was expected), or form.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, IdentifierError> {
        let text = match kind {
            Kind::Lei => lei(&bare(text))?,
            Kind::SocialCredit => social_credit(&bare(text))?,
            Kind::Isin => isin(&bare(text))?,
            Kind::Mic => mic(&spaceless(text))?,
            Kind::Ticker => ticker(text)?,
            Kind::Wikidata => wikidata(text)?,
            Kind::Register => register(text)?,
        };
        Ok(Self { kind, text })
    }

    /// What a bare text surely is: an LEI, a social credit code or an ISIN with right check digits, or a Wikidata item.
    /// A number of a register, a MIC and a ticker look like anything, and are not guessed.
    pub fn recognize(text: &str) -> Option<Self> {
        let kind = match bare(text).chars().count() {
            20 => Kind::Lei,
            18 => Kind::SocialCredit,
            12 => Kind::Isin,
            _ => Kind::Wikidata,
        };
        [kind, Kind::Wikidata].into_iter().find_map(|kind| Self::parse(kind, text).ok())
    }

    /// A number of the one register of a country (ISO 3166-1 alpha-2, capitals) whose numbers look so. Nothing where none
    /// does, or several do.
    pub fn in_country(country: &str, number: &str) -> Option<Self> {
        let number = spaceless(number);
        let mut read = register::of_country(country)
            .filter_map(|register| Some(format!("{}:{}", register.scheme, register.read(&number).ok()?)));
        let text = read.next().filter(|_| read.next().is_none())?;
        Some(Self { kind: Kind::Register, text })
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The identifier in its one spelling, without the prefix of its kind.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether no entity can bear both: they are of a kind (and register) that gives each entity one.
    pub fn conflicts_with(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.kind.is_one_per_entity()
            && self.scheme() == other.scheme()
            && self != other
            && !self.scheme().is_some_and(|scheme| register::called(scheme).iter().any(|register| register.gives_many))
    }

    /// The register that a register number belongs to, the market of a ticker.
    pub fn scheme(&self) -> Option<&str> {
        matches!(self.kind, Kind::Register | Kind::Ticker).then(|| self.text.split(':').next()).flatten()
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.prefix(), self.text)
    }
}

impl FromStr for Identifier {
    type Err = IdentifierError;

    /// Reads `prefix:text`.
    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let unknown = || IdentifierError::UnknownKind { text: text.to_owned() };
        let (prefix, rest) = text.split_once([':', '：']).ok_or_else(unknown)?;
        let prefix = spaceless(prefix).to_ascii_lowercase();
        let kind = KINDS.into_iter().find(|kind| kind.prefix() == prefix).ok_or_else(unknown)?;
        Self::parse(kind, rest)
    }
}

fn lei(text: &str) -> Result<String, IdentifierError> {
    has_length(Kind::Lei, text, 20)?;
    each_is(Kind::Lei, text, 0..18, "a letter or a digit", |c| c.is_ascii_alphanumeric())?;
    each_is(Kind::Lei, text, 18..20, "a digit", |c| c.is_ascii_digit())?;
    let remainder = text[..18].chars().chain("00".chars()).fold(0, |remainder, character| {
        let value = base_36(character);
        (remainder * if value < 10 { 10 } else { 100 } + value) % 97
    });
    has_check_digit(Kind::Lei, text, &format!("{:02}", 98 - remainder))
}

/// The characters of GB 32100-2015 by their value: no I, O, S, V, Z.
const SOCIAL_CREDIT: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn social_credit(text: &str) -> Result<String, IdentifierError> {
    let kind = Kind::SocialCredit;
    has_length(kind, text, 18)?;
    each_is(kind, text, 0..18, "a digit or a letter other than I, O, S, V, Z", |c| SOCIAL_CREDIT.contains(c))?;
    each_is(kind, text, 2..8, "a digit of the administrative division", |c| c.is_ascii_digit())?;
    let (sum, _) = text[..17].chars().fold((0, 1), |(sum, weight), character| {
        let value = SOCIAL_CREDIT.find(character).unwrap_or_default();
        (sum + value * weight, weight * 3 % 31)
    });
    let expected = (31 - sum % 31) % 31;
    has_check_digit(kind, text, &SOCIAL_CREDIT[expected..=expected])
}

fn isin(text: &str) -> Result<String, IdentifierError> {
    has_length(Kind::Isin, text, 12)?;
    each_is(Kind::Isin, text, 0..2, "a letter", |c| c.is_ascii_uppercase())?;
    each_is(Kind::Isin, text, 2..11, "a letter or a digit", |c| c.is_ascii_alphanumeric())?;
    each_is(Kind::Isin, text, 11..12, "a digit", |c| c.is_ascii_digit())?;
    let digits = text[..11].chars().map(base_36);
    let digits = digits.flat_map(|value| [(value >= 10).then_some(value / 10), Some(value % 10)]).flatten();
    let digits: Vec<u32> = digits.chain([0]).collect();
    has_check_digit(Kind::Isin, text, &((10 - luhn(&digits)) % 10).to_string())
}

/// The Luhn sum, of which nothing is left where the last digit is right.
fn luhn(digits: &[u32]) -> u32 {
    let doubled = |(place, digit): (usize, &u32)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { *digit };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10
}

fn mic(text: &str) -> Result<String, IdentifierError> {
    has_length(Kind::Mic, text, 4)?;
    each_is(Kind::Mic, text, 0..4, "a letter or a digit", |c| c.is_ascii_alphanumeric())?;
    match text.contains(|c: char| c.is_ascii_uppercase()) {
        true => Ok(text.to_owned()),
        false => Err(IdentifierError::Form { kind: Kind::Mic, text: text.to_owned(), expected: "at least one letter" }),
    }
}

fn ticker(given: &str) -> Result<String, IdentifierError> {
    let text = spaceless(given);
    let is_symbol = |symbol: &str| {
        (1..=16).contains(&symbol.len())
            && symbol.contains(|c: char| c.is_ascii_alphanumeric())
            && symbol.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '&'))
    };
    let (market, symbol) =
        text.split_once(':').filter(|(_, symbol)| is_symbol(symbol)).ok_or(IdentifierError::Form {
            kind: Kind::Ticker,
            text: given.to_owned(),
            expected: "MIC:TICKER, as XNAS:AAPL,",
        })?;
    Ok(format!("{}:{symbol}", mic(market)?))
}

fn wikidata(given: &str) -> Result<String, IdentifierError> {
    let text = spaceless(given);
    let number = text.strip_prefix('Q').filter(|number| {
        (1..=12).contains(&number.len()) && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    match number {
        Some(_) => Ok(text),
        None => Err(IdentifierError::Form {
            kind: Kind::Wikidata,
            text: given.to_owned(),
            expected: "Q and a number, as Q42,",
        }),
    }
}

fn register(given: &str) -> Result<String, IdentifierError> {
    let text = spaceless(given);
    let is_scheme = |scheme: &str| {
        (2..=24).contains(&scheme.len())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let is_number = |number: &str| {
        (1..=40).contains(&number.len())
            && number.contains(|c: char| c.is_ascii_digit())
            && number.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '/' | '(' | ')'))
    };
    let Some((scheme, number)) = text.split_once(':').filter(|(scheme, number)| is_scheme(scheme) && is_number(number))
    else {
        return Err(IdentifierError::Form {
            kind: Kind::Register,
            text: given.to_owned(),
            expected: "SCHEME:NUMBER, as GB-COH:00102498,",
        });
    };
    let registers = register::called(scheme);
    let Some(first) = registers.first() else { return Ok(text) };
    let read =
        registers.iter().find_map(|register| Some(format!("{}:{}", register.scheme, register.read(number).ok()?)));
    let (kind, text) = (Kind::Register, format!("{}:{number}", first.scheme));
    read.ok_or_else(|| match first.read(number) {
        Err(register::Mistake::Check) => IdentifierError::RegisterCheck { kind, text },
        _ => IdentifierError::RegisterForm { kind, text, forms: first.forms },
    })
}

fn has_length(kind: Kind, text: &str, expected: usize) -> Result<(), IdentifierError> {
    match text.chars().count() {
        found if found == expected => Ok(()),
        found => Err(IdentifierError::Length { kind, text: text.to_owned(), found, expected }),
    }
}

/// Whether each character of these places is as it should be. All places taken together have to be ASCII.
fn each_is(
    kind: Kind,
    text: &str,
    places: std::ops::Range<usize>,
    expected: &'static str,
    is_right: impl Fn(char) -> bool,
) -> Result<(), IdentifierError> {
    let mut characters = text.chars().enumerate().skip(places.start).take(places.len());
    match characters.find(|&(_, character)| !is_right(character)) {
        None => Ok(()),
        Some((place, found)) => {
            Err(IdentifierError::Character { kind, text: text.to_owned(), place: place + 1, found, expected })
        }
    }
}

fn has_check_digit(kind: Kind, text: &str, expected: &str) -> Result<String, IdentifierError> {
    let found = &text[text.len() - expected.len()..];
    if found == expected {
        return Ok(text.to_owned());
    }
    let (found, expected) = (found.to_owned(), expected.to_owned());
    Err(IdentifierError::CheckDigit { kind, text: text.to_owned(), found, expected })
}

/// Digits as they are, A to Z from 10: the values of ISO/IEC 7064 and ISO 6166.
fn base_36(character: char) -> u32 {
    character.to_digit(36).unwrap_or_default()
}

/// Narrow, in capitals, without spaces.
fn spaceless(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'))
        .collect::<String>()
        .to_uppercase()
}

/// Likewise, without the hyphens that part its groups.
fn bare(text: &str) -> String {
    spaceless(text).replace(['-', '‐', '‑', '–'], "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn identifiers_have_one_spelling() {
        for (given, written) in [
            ("lei:hwupkr0mpou8fgxbt394", "lei:HWUPKR0MPOU8FGXBT394"),
            ("LEI: HWUP-KR0M-POU8-FGXB-T394", "lei:HWUPKR0MPOU8FGXBT394"),
            ("isin: us 037833100 5", "isin:US0378331005"),
            ("isin:ＵＳ０３７８３３１００５", "isin:US0378331005"),
            ("isin:GB0002634946", "isin:GB0002634946"),
            ("uscc：9111 0000 8021 0043 3B", "uscc:91110000802100433B"),
            ("mic:xnas", "mic:XNAS"),
            ("lei:\u{202A}HWUPKR0MPOU8FGXBT394\u{202C}", "lei:HWUPKR0MPOU8FGXBT394"),
            ("ticker:xhkg:0700", "ticker:XHKG:0700"),
            ("ticker: XNYS : brk.b", "ticker:XNYS:BRK.B"),
            ("wikidata:q42", "wikidata:Q42"),
            ("register:gb-coh: 0010 2498", "register:GB-COH:00102498"),
            ("register:ra000585:102498", "register:GB-COH:00102498"),
            ("register:RA000388:0712345", "register:HK-CR:0712345"),
            ("register:RA000388:50712345", "register:HK-BRN:50712345"),
            ("register:CH-FDJP:CHE-116.281.710", "register:CH-UID:CHE116281710"),
            ("register:DE-HRB:Berlin 1234 B", "register:DE-HRB:BERLIN1234B"),
        ] {
            let identifier = given.parse::<Identifier>().map_err(|error| error.to_string());
            assert_eq!(identifier.map(|identifier| identifier.to_string()), Ok(written.to_owned()), "{given}");
            assert_eq!(written.parse::<Identifier>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn a_mistake_is_named() {
        for (given, message) in [
            ("lei:HWUPKR0MPOU8FGXBT395", "LEI HWUPKR0MPOU8FGXBT395: the check digit is 95, 94 was expected"),
            ("lei:HWUPKR", "LEI HWUPKR: it has 6 characters, 20 were expected"),
            ("lei:HWUPKR0MPOU8FGXBT39A", "LEI HWUPKR0MPOU8FGXBT39A: character 20 is 'A', a digit was expected"),
            (
                "lei:HWUPKR0MPOU8FGXBTÖ94",
                "LEI HWUPKR0MPOU8FGXBTÖ94: character 18 is 'Ö', a letter or a digit was expected",
            ),
            ("isin:1S0378331005", "ISIN 1S0378331005: character 1 is '1', a letter was expected"),
            (
                "uscc:91110000802100433C",
                "unified social credit code 91110000802100433C: the check digit is C, B was expected",
            ),
            (
                "uscc:9111000080210043IB",
                "unified social credit code 9111000080210043IB: character 17 is 'I', a digit or a letter other than I, O, \
                 S, V, Z was expected",
            ),
            ("mic:1234", "MIC \"1234\": at least one letter was expected"),
            ("ticker:AAPL", "ticker \"AAPL\": MIC:TICKER, as XNAS:AAPL, was expected"),
            ("wikidata:Q012", "Wikidata item \"Q012\": Q and a number, as Q42, was expected"),
            ("register:00102498", "register number \"00102498\": SCHEME:NUMBER, as GB-COH:00102498, was expected"),
            (
                "register:RA000585:12",
                "register number GB-COH:12: ######## @@###### @####### @@#####@ was expected (# is a digit, + one but 0, @ a \
                 letter, * either)",
            ),
            (
                "register:NO-BRC:923609017",
                "register number NO-BRC:923609017: its digits contradict its check digit; one of them is mistyped",
            ),
            (
                "cusip:037833100",
                "\"cusip:037833100\": no kind of identifier stands before a colon; known are lei, uscc, isin, mic, ticker, \
                 wikidata, register",
            ),
        ] {
            assert_eq!(given.parse::<Identifier>().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_bare_text_is_recognized_where_its_sum_agrees() {
        for (text, kind) in [
            ("HWUPKR0MPOU8FGXBT394", Some(Kind::Lei)),
            ("91110000802100433B", Some(Kind::SocialCredit)),
            ("US0378331005", Some(Kind::Isin)),
            ("Q312", Some(Kind::Wikidata)),
            ("US0378331006", None),
            ("XNAS", None),
            ("腾讯控股", None),
            ("", None),
        ] {
            assert_eq!(Identifier::recognize(text).map(|identifier| identifier.kind()), kind, "{text}");
        }
    }

    #[test]
    fn a_number_is_of_the_one_register_of_its_country_that_has_such_numbers() {
        for (country, number, written) in [
            ("GB", "00102498", Some("register:GB-COH:00102498")),
            ("FR", "542 051 180", Some("register:FR-SIREN:542051180")),
            ("PL", "7740001454", Some("register:PL-NIP:7740001454")),
            ("FR", "542 051 181", None),
            ("DE", "HRB 1234", None),
        ] {
            let read = Identifier::in_country(country, number).map(|identifier| identifier.to_string());
            assert_eq!(read.as_deref(), written, "{country} {number}");
        }
    }

    #[test]
    fn two_of_a_kind_that_is_given_once_are_two_entities() {
        let conflict = |one: &str, other: &str| {
            one.parse::<Identifier>().unwrap().conflicts_with(&other.parse::<Identifier>().unwrap())
        };
        assert!(conflict("wikidata:Q1", "wikidata:Q2"));
        assert!(conflict("register:GB-COH:00102498", "register:RA000585:102499"));
        assert!(conflict("register:XX-ABC:1", "register:XX-ABC:2"));
        // A firm has an establishment in each town.
        assert!(!conflict("register:FR-SIRET:54205118000066", "register:FR-SIRET:73282932000074"));
        assert!(!conflict("register:GB-COH:00102498", "register:CN-SAIC:2"));
        assert!(!conflict("wikidata:Q1", "wikidata:q1"));
        assert!(!conflict("ticker:XNAS:BIDU", "ticker:XHKG:9888"));
        assert!(!conflict("wikidata:Q1", "register:GB-COH:00102498"));
    }

    /// The text with the right check digits behind it, found by asking for those that are expected.
    fn completed(kind: Kind, body: &str, zeros: &str) -> String {
        match Identifier::parse(kind, &format!("{body}{zeros}")) {
            Ok(identifier) => identifier.text,
            Err(IdentifierError::CheckDigit { expected, .. }) => format!("{body}{expected}"),
            Err(other) => panic!("{other}"),
        }
    }

    fn with(text: &str, place: usize, character: char) -> String {
        text.chars().enumerate().map(|(at, old)| if at == place { character } else { old }).collect()
    }

    fn is_caught(kind: Kind, text: &str, place: usize, character: char) -> bool {
        let changed = with(text, place, character);
        Identifier::parse(kind, text).is_ok() && (changed == text || Identifier::parse(kind, &changed).is_err())
    }

    proptest! {
        /// MOD 97-10 promises it where the character keeps its number of digits.
        #[test]
        fn a_changed_character_of_an_lei_is_caught(body in "[0-9A-Z]{18}", place in 0..20usize, new in any::<prop::sample::Index>()) {
            let lei = completed(Kind::Lei, &body, "00");
            let old = lei.as_bytes()[place];
            let alike = if old.is_ascii_digit() { "0123456789" } else { "ABCDEFGHIJKLMNOPQRSTUVWXYZ" };
            let new = alike.as_bytes()[new.index(alike.len())] as char;
            prop_assert!(is_caught(Kind::Lei, &lei, place, new), "{} {} {}", lei, place, new);
        }

        /// 31 is prime and no difference of two characters reaches it.
        #[test]
        fn a_changed_character_of_a_social_credit_code_is_caught(
            head in "[1-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{9}", place in 0..18usize, new in 0..31usize,
        ) {
            let code = completed(Kind::SocialCredit, &head, "0");
            let new = SOCIAL_CREDIT.as_bytes()[new] as char;
            prop_assert!(is_caught(Kind::SocialCredit, &code, place, new), "{} {} {}", code, place, new);
        }

        /// The Luhn sum promises it for digits alone: some letters add up alike.
        #[test]
        fn a_changed_digit_of_an_isin_is_caught(body in "[A-Z]{2}[0-9A-Z]{9}", place in 2..12usize, new in "[0-9]") {
            let isin = completed(Kind::Isin, &body, "0");
            prop_assume!(isin.as_bytes()[place].is_ascii_digit());
            let new = new.chars().next().unwrap();
            prop_assert!(is_caught(Kind::Isin, &isin, place, new), "{} {} {}", isin, place, new);
        }

        #[test]
        fn text_never_panics_and_what_is_read_is_read_again(text in "\\PC{0,24}", kind in prop::sample::select(&KINDS[..])) {
            if let Ok(identifier) = Identifier::parse(kind, &text) {
                prop_assert_eq!(Identifier::parse(kind, identifier.text()), Ok(identifier));
            }
            let _ = Identifier::recognize(&text);
            let _ = text.parse::<Identifier>();
        }
    }
}
