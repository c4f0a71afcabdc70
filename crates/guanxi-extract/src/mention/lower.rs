//! A word in small letters, as finders compare words: without a copy on the heap where it is short.

use std::ops::Deref;

/// Longer words of the lists that finders compare with are not known.
const LONGEST: usize = 16;

/// A word in small letters.
pub(crate) enum Lower<'a> {
    Short([u8; LONGEST], usize),
    /// Has no capitals.
    AsIs(&'a str),
    Long(String),
}

impl<'a> Lower<'a> {
    pub(super) fn of(word: &'a str) -> Self {
        if !word.is_ascii() {
            return match word.chars().any(char::is_uppercase) {
                true => Self::Long(word.to_lowercase()),
                false => Self::AsIs(word),
            };
        }
        if !word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Self::AsIs(word);
        }
        if word.len() > LONGEST {
            return Self::Long(word.to_ascii_lowercase());
        }
        let mut short = [0; LONGEST];
        short[..word.len()].copy_from_slice(word.as_bytes());
        short.make_ascii_lowercase();
        Self::Short(short, word.len())
    }
}

impl Deref for Lower<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Short(short, length) => std::str::from_utf8(&short[..*length]).unwrap_or_default(),
            Self::AsIs(word) => word,
            Self::Long(word) => word,
        }
    }
}
