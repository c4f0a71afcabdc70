//! Chinese names that a model cuts, settled against those of the finders.

use super::{Candidate, Finder, Found, is_quotation_mark};
use crate::learned::{BorderModel, Cut, Cuts};
use crate::scan::TokenKind;

/// Figures stay; of names, the model's borders win where it is sure, what it is sure to be no name goes, and what no
/// finder found comes.
pub(crate) fn settle(
    finder: &Finder<'_>,
    model: &BorderModel,
    cuts: &Cuts,
    candidates: Vec<Candidate>,
) -> Vec<Candidate> {
    let mut replaced = vec![false; candidates.len()];
    let mut settled = Vec::with_capacity(candidates.len());
    for cut in &cuts.names {
        let Some(cut) = trimmed(finder, *cut) else { continue };
        // Candidates stand in order and touch none of each other.
        let first = candidates.partition_point(|candidate| candidate.end <= cut.start);
        let behind = candidates.partition_point(|candidate| candidate.start < cut.end);
        let touched: Vec<&Candidate> = (first..behind).filter(|&at| !replaced[at]).map(|at| &candidates[at]).collect();
        let is_found = touched.iter().any(|candidate| (candidate.start, candidate.end) == (cut.start, cut.end));
        if is_found || cut.confidence < least(finder, model, &cut, &touched) {
            continue;
        }
        replaced[first..behind].fill(true);
        settled.push(Candidate { start: cut.start, end: cut.end, found: found(finder, cut.start, cut.end) });
    }
    let is_refused = |candidate: &Candidate| {
        let open = matches!(candidate.found, Found::Name { shown: false, quoted: false, .. });
        let near = cuts.names.partition_point(|cut| cut.end <= candidate.start);
        let cut = cuts.names.get(near).is_some_and(|cut| cut.start < candidate.end);
        open && !cut && model.is_none(cuts, candidate.start, candidate.end)
    };
    let kept = candidates.into_iter().zip(replaced).filter(|(candidate, replaced)| !replaced && !is_refused(candidate));
    settled.extend(kept.map(|(candidate, _)| candidate));
    settled.sort_unstable_by_key(|candidate| candidate.start);
    settled
}

/// A cut without quotation marks around it, and without the 先生 behind a person.
fn trimmed(finder: &Finder<'_>, mut cut: Cut) -> Option<Cut> {
    const ADDRESSES: [&str; 3] = ["先生", "女士", "小姐"];
    let is_mark = |at: usize| finder.piece(at).chars().all(is_quotation_mark);
    while cut.start < cut.end && is_mark(cut.start) {
        cut.start += 1;
    }
    while cut.start < cut.end && is_mark(cut.end - 1) {
        cut.end -= 1;
    }
    if cut.end > cut.start + 2 && ADDRESSES.contains(&finder.words(cut.end - 2, cut.end)) {
        cut.end -= 2;
    }
    // 王明所控制的, but 研究所.
    if cut.end > cut.start + 1
        && finder.piece(cut.end - 1) == "所"
        && finder.lexicon.suffixes.longest_at_end(&finder.tokens[cut.start..cut.end], 8).is_none()
    {
        cut.end -= 1;
    }
    (cut.start < cut.end && !is_part_of_a_text(finder, &cut) && !is_verb(finder, &cut) && !is_trade(finder, &cut))
        .then_some(cut)
}

/// 京东投资了美团, 云杉资本控股的公司: the last word is what somebody does.
fn is_verb(finder: &Finder<'_>, cut: &Cut) -> bool {
    let controls = cut.end >= cut.start + 2 && finder.words(cut.end - 2, cut.end) == "控股";
    matches!(finder.piece(cut.end), "了" | "着" | "著") || controls && finder.piece(cut.end) == "的"
}

/// 第一章, 第七条: of a law, not of the world.
fn is_part_of_a_text(finder: &Finder<'_>, cut: &Cut) -> bool {
    const PARTS: [&str; 9] = ["章", "条", "條", "节", "節", "款", "项", "項", "期"];
    finder.piece(cut.start) == "第" && PARTS.contains(&finder.piece(cut.end - 1))
}

/// 私人银行, 食品企业, and the 半导体 of 半导体企业: what somebody does for a living.
fn is_trade(finder: &Finder<'_>, cut: &Cut) -> bool {
    const FIRMS: [&str; 2] = ["企业", "企業"];
    let words = finder.words(cut.start, cut.end);
    let goes_on = cut.end + 2 <= finder.tokens.len() && FIRMS.contains(&finder.words(cut.end, cut.end + 2));
    let ends = FIRMS.iter().any(|firms| words.ends_with(firms)) && !has_legal_form(finder, cut.end);
    goes_on || ends || finder.lexicon.han_generic.contains(words)
}

/// How sure a model must be of a name to take the place of what finders found there; more than it can be, of figures and
/// of what lists know in full.
fn least(finder: &Finder<'_>, model: &BorderModel, cut: &Cut, touched: &[&Candidate]) -> u16 {
    const NEVER: u16 = u16::MAX;
    let is_known = |candidate: &&Candidate| matches!(candidate.found, Found::Known(_));
    let known: usize = touched.iter().copied().filter(is_known).map(|candidate| candidate.end - candidate.start).sum();
    // 中国中粮集团 is a country and a firm, 宝洁大中华区 a part of a firm that stands for all of it.
    let is_told = known == cut.end - cut.start || known > 0 && matches!(finder.piece(cut.end - 1), "区" | "區");
    let of = |candidate: &Candidate| match &candidate.found {
        // A name that shows what it is ends where it shows it: neither 孟宪, of 孟宪之, nor 云杉资本控股的 …
        Found::Name { shown: true, .. } if cut.start == candidate.start => NEVER,
        // 王明所 controls: no name goes on with a word that names do not hold.
        Found::Name { .. } if cut.start == candidate.start && goes_on_with_word(finder, candidate.end, cut.end) => {
            NEVER
        }
        Found::Name { quoted: false, shown: true, .. } => model.overrules,
        Found::Name { quoted: false, .. } => model.replaces,
        _ if candidate.start < cut.start || cut.end < candidate.end => NEVER,
        // 资产管理公司 is no name, 某某资产管理有限公司 is one.
        Found::Nominal(_) if has_legal_form(finder, cut.end) => model.replaces,
        // 印度电动: a country before a word is no part of a name.
        Found::Known(_) if finder.lexicon.countries.exact(&finder.tokens[candidate.start..candidate.end]).is_some() => {
            NEVER
        }
        // 索尼金融 is not 索尼.
        Found::Known(_) | Found::Again(_) if !is_told => model.outdoes,
        _ => NEVER,
    };
    touched.iter().map(|candidate| of(candidate)).max().unwrap_or(model.adds)
}

/// Whether what stands between is a word that ends names.
fn goes_on_with_word(finder: &Finder<'_>, from: usize, end: usize) -> bool {
    from < end && finder.lexicon.han_stops.exact(&finder.tokens[from..end]).is_some()
}

/// Whether a name that ends here ends in a legal form.
fn has_legal_form(finder: &Finder<'_>, end: usize) -> bool {
    ["有限公司", "有限责任公司", "有限責任公司", "集团公司", "集團公司", "股份公司", "合伙企业", "合夥企業"]
        .iter()
        .any(|form| finder.words(0, end).ends_with(form))
}

/// What a name shows of itself.
fn found(finder: &Finder<'_>, start: usize, end: usize) -> Found {
    let tokens = &finder.tokens[start..end];
    let ending = finder.lexicon.suffixes.longest_at_end(tokens, 8).filter(|(length, _)| *length < tokens.len());
    if let Some((_, &classes)) = ending
        && tokens[0].kind == TokenKind::Han
    {
        return Found::Name { classes, shown: true, quoted: false };
    }
    let classes = finder.classes.union(&["Company", "Fund", "Product", "Person"]);
    Found::Name { classes: classes | finder.classes.organization_itself(), shown: false, quoted: false }
}
