//! What every stage of guanxi shares about names: extraction resolves mentions with it, the graph mints ids with it,
//! the query side looks names up with it. One folding for all, so that the same name is the same key everywhere.
//!
//! ```
//! use guanxi_names::{fold, mint_entity_id, name_key};
//!
//! assert_eq!(fold("《螞蟻集團》"), "蚂蚁集团");
//! assert_eq!(name_key("Ａｃｍｅ Holdings Co., Ltd."), "acme holdings");
//! assert_eq!(mint_entity_id("agent", "Acme Inc."), mint_entity_id("agent", "ACME"));
//! ```

pub mod compare;
mod fold;
pub mod index;
mod legal_form;
pub mod likeness;
pub mod pinyin;
mod script;
mod table;
mod words;

use guanxi_model::EntityId;
use sha2::{Digest, Sha256};

pub use fold::fold;
pub use index::Index;
use legal_form::strip_legal_form;
pub use likeness::{Likeness, likeness};
pub use script::{Script, is_han, language_of, script};
pub use table::Table;
pub use words::{Dictionary, Word, WordKind, segment};

/// What the spellings of one name share: folded, without its legal form. Never empty for a name that is not.
pub fn name_key(name: &str) -> String {
    let folded = fold(name);
    match strip_legal_form(&folded) {
        "" => name.to_owned(),
        bare => bare.to_owned(),
    }
}

/// The id of an entity that no reference row names: the same on every machine for every spelling of the name.
///
/// `family` is that of its class in the schema: agent, product, regulation, activity, place.
pub fn mint_entity_id(family: &str, name: &str) -> EntityId {
    minted(family, 0, &name_key(name))
}

/// The id of an entity whose name another one of the same text bears too, but for the legal form: that counts here.
pub fn mint_namesake_id(family: &str, name: &str) -> EntityId {
    minted(family, 1, &fold(name))
}

/// Whether the id was minted from this name.
pub fn is_minted_from(id: &EntityId, family: &str, name: &str) -> bool {
    *id == mint_entity_id(family, name) || *id == mint_namesake_id(family, name)
}

fn minted(family: &str, way: u8, text: &str) -> EntityId {
    let digest = Sha256::new().chain_update(family).chain_update([way]).chain_update(text).finalize();
    let head = u64::from_be_bytes(std::array::from_fn(|byte| digest[byte]));
    EntityId::new(format!("{family}-{head:016x}"))
}

/// How alike two folded names are, from 0 to 1: for "did you mean", never for identity.
///
/// Jaro–Winkler: it forgives swapped letters, and a common beginning counts for more than a common end.
pub fn similarity(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        for (name, key) in [
            ("Tencent Holdings Limited", "tencent holdings"),
            ("TENCENT  HOLDINGS LTD.", "tencent holdings"),
            ("騰訊控股有限公司", "腾讯控股"),
            ("“腾讯控股”", "腾讯控股"),
            ("Limited", "limited"),
            ("有限公司", "有限公司"),
            ("《》", "《》"),
            (".", "."),
            ("", ""),
        ] {
            assert_eq!(name_key(name), key, "{name}");
        }
    }

    #[test]
    fn an_id_depends_on_family_and_key_alone() {
        let id = mint_entity_id("agent", "Acme Group Inc.");
        assert_eq!(id, mint_entity_id("agent", "ACME GROUP"));
        assert_ne!(id, mint_entity_id("product", "Acme Group Inc."));
        assert_ne!(id, mint_entity_id("agent", "Acme"));
        assert_ne!(mint_namesake_id("agent", "Acme AG"), mint_namesake_id("agent", "Acme GmbH"));
        // Fixed for ever: stores of other machines hold it.
        assert_eq!(mint_entity_id("agent", "Acme").as_str(), "agent-68c1d49f8324367e");
    }

    #[test]
    fn a_slip_of_the_pen_is_nearer_than_another_name() {
        assert!(similarity("tencnet", "tencent") > 0.9);
        assert!(similarity("腾迅控股", "腾讯控股") > 0.8);
        assert!(similarity("tencent", "baidu") < 0.6);
    }
}
