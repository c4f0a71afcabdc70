//! 实际控制人: whoever decides over the company at the top, a person or a body, alone or in concert. That there is none
//! is an answer.

use guanxi_model::Decimal;

use super::control::Domain;
use super::inquiry::{Inquiry, Screen};
use super::rules::{Ground, Verdict};
use super::{Answer, Finding};

pub(super) fn owners(inquiry: &Inquiry<'_>) -> Answer {
    let parties = inquiry.upstream.parties.len();
    let alone = (1..parties).map(|at| vec![at]);
    let heads: Vec<Vec<usize>> = alone.chain(inquiry.upstream.groups.iter().cloned()).collect();
    let mut deciding: Vec<(Vec<usize>, Domain)> =
        heads.into_iter().map(|heads| (heads.clone(), Domain::of(&inquiry.upstream, &heads))).collect();
    deciding.retain(|(_, domain)| domain.verdict(0) != Verdict::Below);
    // Whom the company itself decides over is its subsidiary, and no answer to who decides over it.
    let own = Domain::of(&inquiry.upstream, &[0]);
    let candidates = deciding.len();
    deciding.retain(|(heads, _)| !heads.iter().all(|&at| own.verdict(at) == Verdict::Reaches));
    let is_circle = deciding.len() < candidates;

    let mut screen = Screen::new();
    for (heads, domain) in &deciding {
        if deciding.iter().any(|(others, above)| outranks(others, above, heads, domain)) {
            continue;
        }
        let ground = if heads.len() == 1 { Ground::Control } else { Ground::JointControl };
        for &at in heads {
            inquiry.add(&mut screen, at, ground, domain.verdict(0), inquiry.chains_of_member(domain, heads, at));
        }
    }
    let mut answer = inquiry.answer(screen);
    let nobody = answer.owners.is_empty() && answer.possible.is_empty();
    if nobody && is_circle {
        answer.finding = Finding::Circle;
    } else if nobody && matches!(answer.finding, Finding::NobodyReaches { .. }) {
        answer.finding = match hidden_majority(inquiry) {
            None => Finding::NoController,
            Some(untraced) => Finding::NobodyReaches { untraced },
        };
    }
    answer
}

/// Whether `others` decide over `heads`, who do not decide over them; or are a part of them that suffices.
fn outranks(others: &[usize], above: &Domain, heads: &[usize], domain: &Domain) -> bool {
    let is_part = others.len() < heads.len() && others.iter().all(|at| heads.contains(at));
    let decides = |domain: &Domain, over: &[usize]| over.iter().all(|&at| domain.verdict(at) == Verdict::Reaches);
    (is_part && above.verdict(0) <= domain.verdict(0)) || (decides(above, heads) && !decides(domain, others))
}

/// The direct shares of the company that nobody is known to hold, percent, where they may hide a majority.
fn hidden_majority(inquiry: &Inquiry<'_>) -> Option<Decimal> {
    let direct = inquiry.upstream.held_of(0);
    let untold = Decimal::ONE_HUNDRED - direct.map(|stake| stake.share.min).sum::<Decimal>();
    (untold > Decimal::from(50)).then_some(untold)
}
