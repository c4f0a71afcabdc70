//! Numbers of national registers: of which form they are, and which of their digits checks the others.
//!
//! The registers are data (`data/registers.txt` of this crate). The crate `stdnum` has more rules, and neither the names of
//! the registers nor GLEIF's codes for them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A register of firms.
pub(super) struct Register {
    /// What the register is called before a number.
    pub scheme: &'static str,
    /// ISO 3166-1 alpha-2 code.
    country: &'static str,
    /// Other names of it, between spaces.
    also_called: &'static str,
    /// The forms as they stand in the table.
    pub forms: &'static str,
    /// Whether leading zeros may be left out.
    is_padded: bool,
    /// Whether one body may have several numbers.
    pub gives_many: bool,
    checks: Vec<Check>,
}

/// Why a number stands in no such register.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// It has other characters, or more or fewer of them.
    Form,
    /// Its digits contradict each other.
    Check,
}

enum Check {
    Luhn,
    Sum { weights: Vec<u32>, modulus: u32, remainder: u32 },
    Rest { weights: Vec<Vec<u32>>, modulus: u32 },
    Left { weights: Vec<u32>, modulus: u32, is_cut: bool },
    Korea,
    Taiwan,
}

static REGISTERS: LazyLock<Vec<Register>> = LazyLock::new(|| {
    let lines = include_str!("../../data/registers.txt").lines();
    let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|line| register(line).unwrap_or_else(|| unreachable!("registers.txt: {line}"))).collect()
});

static BY_NAME: LazyLock<HashMap<&'static str, Vec<&'static Register>>> = LazyLock::new(|| {
    let mut by_name: HashMap<&'static str, Vec<&'static Register>> = HashMap::new();
    for register in REGISTERS.iter() {
        for name in register.also_called.split_whitespace().chain([register.scheme]) {
            by_name.entry(name).or_default().push(register);
        }
    }
    by_name
});

/// The registers of this name, as org-id.guide or GLEIF have it: several where one authority keeps them.
pub(super) fn called(scheme: &str) -> &'static [&'static Register] {
    BY_NAME.get(scheme).map_or(&[], Vec::as_slice)
}

/// The registers of a country.
pub(super) fn of_country(country: &str) -> impl Iterator<Item = &'static Register> {
    REGISTERS.iter().filter(move |register| register.country == country)
}

impl Register {
    /// The one spelling of a number, which is given in capitals and without spaces.
    ///
    /// # Errors
    /// Why it is no number of this register.
    pub fn read(&self, given: &str) -> Result<String, Mistake> {
        let bare: String = given.chars().filter(|c| c.is_alphanumeric()).collect();
        let number = self.forms().find_map(|form| self.padded(&bare, form)).ok_or(Mistake::Form)?;
        let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
        match self.checks.iter().all(|check| check.holds(&digits)) {
            true => Ok(number),
            false => Err(Mistake::Check),
        }
    }

    fn forms(&self) -> impl Iterator<Item = &'static str> {
        self.forms.split(' ')
    }

    /// The number in this form, with the zeros that were left out.
    fn padded(&self, bare: &str, form: &str) -> Option<String> {
        let missing = form.len().checked_sub(bare.len()).filter(|missing| *missing == 0 || self.is_padded)?;
        // A number that is a few digits long is likelier another one.
        let may_be_padded = missing == 0 || (bare.len() >= 3 && bare.bytes().all(|byte| byte.is_ascii_digit()));
        let number = "0".repeat(missing) + bare;
        (may_be_padded && has_form(&number, form)).then_some(number)
    }
}

fn has_form(number: &str, form: &str) -> bool {
    number.len() == form.len()
        && number.chars().zip(form.chars()).all(|(character, wanted)| match wanted {
            '#' => character.is_ascii_digit(),
            '+' => matches!(character, '1'..='9'),
            '@' => character.is_ascii_uppercase(),
            '*' => character.is_ascii_digit() || character.is_ascii_uppercase(),
            itself => character == itself,
        })
}

impl Check {
    fn holds(&self, digits: &[u32]) -> bool {
        match self {
            Self::Luhn => super::luhn(digits) == 0,
            Self::Sum { weights, modulus, remainder } => weighted(weights, digits) % modulus == *remainder,
            Self::Rest { weights, modulus } => {
                let mut rests = weights.iter().map(|weights| weighted(weights, digits) % modulus);
                digits[weights[0].len()] == rests.find(|rest| *rest < 10).unwrap_or(0)
            }
            Self::Left { weights, modulus, is_cut } => {
                let left = modulus - weighted(weights, digits) % modulus;
                let digit = if *is_cut { left % 10 } else { Some(left).filter(|left| *left < 10).unwrap_or(0) };
                digits[weights.len()] == digit
            }
            Self::Korea => {
                let sum = weighted(&[1, 3, 7, 1, 3, 7, 1, 3, 5, 1], digits) + digits[8] * 5 / 10;
                sum.is_multiple_of(10)
            }
            Self::Taiwan => {
                let products = digits.iter().zip([1, 2, 1, 2, 1, 2, 4, 1]).map(|(digit, weight)| digit * weight);
                let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
                // A 7 before the last comes to 28, of which the digits may be added up once or twice.
                sum.is_multiple_of(5) || (digits[6] == 7 && (sum + 1).is_multiple_of(5))
            }
        }
    }
}

fn weighted(weights: &[u32], digits: &[u32]) -> u32 {
    weights.iter().zip(digits).map(|(weight, digit)| weight * digit).sum()
}

fn register(line: &'static str) -> Option<Register> {
    let columns: Vec<&str> = line.split('|').map(str::trim).collect();
    let [scheme, country, forms, check, also_called, _] = columns[..] else { return None };
    let (is_padded, forms) = forms.strip_prefix("0 ").map_or((false, forms), |forms| (true, forms));
    let (gives_many, forms) = forms.strip_prefix("many ").map_or((false, forms), |forms| (true, forms));
    let checks = check.split(';').map(str::trim).filter(|check| *check != "-").map(check_of).collect::<Option<_>>()?;
    Some(Register { scheme, country, also_called, forms, is_padded, gives_many, checks })
}

fn check_of(text: &str) -> Option<Check> {
    let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
    let mut parts = rest.split(" mod ");
    let (weights, modulus, cut) = (parts.next()?, parts.next().map(str::parse), parts.next());
    let numbers = |text: &str| text.split_whitespace().map(|number| number.parse().ok()).collect::<Option<Vec<u32>>>();
    let modulus = || modulus.clone()?.ok();
    Some(match kind {
        "luhn" => Check::Luhn,
        "korea" => Check::Korea,
        "taiwan" => Check::Taiwan,
        "sum" => {
            let (weights, remainder) = weights.split_once(" = ")?;
            Check::Sum { weights: numbers(weights)?, modulus: modulus()?, remainder: remainder.parse().ok()? }
        }
        "rest" => {
            Check::Rest { weights: weights.split(" or ").map(numbers).collect::<Option<_>>()?, modulus: modulus()? }
        }
        "left" => Check::Left { weights: numbers(weights)?, modulus: modulus()?, is_cut: cut.is_some() },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that stand in public registers, and what they are written as.
    const GIVEN: [(&str, &str, &str); 33] = [
        ("AU-ABN", "49 004 028 077", "49004028077"),
        ("RA000014", "004 028 077", "004028077"),
        ("BE-KBO", "0417.497.106", "0417497106"),
        ("RA000025", "417497106", "0417497106"),
        ("BR-CNPJ", "33.000.167/0001-01", "33000167000101"),
        ("CH-FDJP", "CHE-116.281.710", "CHE116281710"),
        ("CZ-ICO", "45274649", "45274649"),
        ("DK-CVR", "22756214", "22756214"),
        ("EE-RIK", "10137319", "10137319"),
        ("FI-PRH", "0112038-9", "01120389"),
        ("FR-RCS", "542 051 180", "542051180"),
        ("FR-SIRET", "54205118000066", "54205118000066"),
        ("RA000585", "102498", "00102498"),
        ("GB-COH", "SC095000", "SC095000"),
        ("GB-COH", "R0000123", "R0000123"),
        ("HK-CR", "0000010", "0000010"),
        ("IN-CIN", "L17110MH1973PLC019786", "L17110MH1973PLC019786"),
        ("IT-CF", "00484960588", "00484960588"),
        ("JP-JCN", "1180301018771", "1180301018771"),
        ("KR-BRN", "124-81-00998", "1248100998"),
        ("NL-KVK", "17085815", "17085815"),
        ("NO-BRC", "923 609 016", "923609016"),
        ("NZ-NZBN", "9429036975273", "9429036975273"),
        ("PL-KRS", "28860", "0000028860"),
        ("PL-NIP", "774-00-01-454", "7740001454"),
        ("PT-NIPC", "504499777", "504499777"),
        ("RU-INN", "7707083893", "7707083893"),
        ("RA000499", "1027700132195", "1027700132195"),
        ("SE-BLV", "556012-5790", "5560125790"),
        ("SG-UEN", "199901152M", "199901152M"),
        ("TH-DBD", "0107544000108", "0107544000108"),
        ("TW-UBN", "22099131", "22099131"),
        ("ZA-CIPC", "1919/001365/06", "191900136506"),
    ];

    fn one(scheme: &str) -> &'static Register {
        called(scheme)[0]
    }

    #[test]
    fn numbers_of_registers_hold() {
        for (scheme, given, written) in GIVEN {
            assert_eq!(one(scheme).read(given), Ok(written.to_owned()), "{scheme} {given}");
        }
    }

    /// Every digit is part of the sum, so that one that is mistyped is found, but where a rule lets two digits be one.
    #[test]
    fn a_mistyped_digit_is_caught() {
        for (scheme, _, written) in GIVEN {
            let register = one(scheme);
            let is_lax = register
                .checks
                .iter()
                .any(|check| matches!(check, Check::Taiwan | Check::Rest { .. } | Check::Left { .. }));
            if register.checks.is_empty() {
                continue;
            }
            let mut missed = 0;
            for (at, digit) in written.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                let other = (digit.to_digit(10).unwrap() + 1) % 10;
                let mistyped = format!("{}{other}{}", &written[..at], &written[at + 1..]);
                missed += usize::from(register.read(&mistyped).is_ok());
            }
            assert!(missed <= usize::from(is_lax || scheme == "JP-JCN"), "{scheme}: {missed}");
        }
    }

    #[test]
    fn the_table_names_each_register_once() {
        let names: Vec<_> = REGISTERS.iter().map(|register| register.scheme).collect();
        assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
        assert!(REGISTERS.iter().all(|register| register.scheme.starts_with(register.country)));
        assert_eq!(one("RA000473").scheme, "NO-BRC");
        assert!(called("RA999999").is_empty());
        assert_eq!(one("PL-NIP").read("0000028860"), Err(Mistake::Form));
        assert_eq!(one("GB-COH").read("12"), Err(Mistake::Form));
        assert_eq!(one("NO-BRC").read("923609017"), Err(Mistake::Check));
    }
}
