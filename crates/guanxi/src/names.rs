//! Small questions about names, for whoever talks to people.

use guanxi_names::fold;

/// Whether two names differ in nothing but case, width, script variant and the like.
pub fn same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// Whether a name holds these words somewhere, by the same measure.
pub fn holds(name: &str, words: &str) -> bool {
    fold(name).contains(&fold(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_folded() {
        assert!(same("騰訊控股", "腾讯控股") && !same("腾讯", "腾讯控股"));
        assert!(holds("People’s Bank of China", "people's bank") && !holds("Bank of China", "people"));
    }
}
