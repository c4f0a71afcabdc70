//! Small questions about names, for whoever talks to people.

use guanxi_names::fold;

/// Whether two names differ in nothing but case, width, script variant and the like.
pub fn same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_folded() {
        assert!(same("騰訊控股", "腾讯控股") && !same("腾讯", "腾讯控股"));
    }
}
