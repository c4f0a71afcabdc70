//! Texts that nobody writes, and that must not take more time than their size explains.

/// Names of the shapes; each at factor 1 of the size that nobody exceeds by accident.
pub const SHAPES: [&str; 5] =
    ["one line without end", "one sentence of Chinese", "brackets in brackets", "bullets", "one row of a table"];

pub fn text(shape: &str, factor: usize) -> String {
    match shape {
        "one line without end" => {
            "Acme Holdings bought a stake in Bolt Energy and it sold the rest. ".repeat(190_000 * factor)
        }
        "one sentence of Chinese" => "北岸集团收购了海棠科技的股份，".repeat(20_000 * factor),
        "brackets in brackets" => {
            let depth = 25_000 * factor;
            format!("{}Acme{}", "(".repeat(depth), ")".repeat(depth))
        }
        "bullets" => "- Acme bought Bolt\n".repeat(25_000 * factor),
        _ => "Acme | bought | 12% | ".repeat(12_000 * factor),
    }
}
