//! 受益所有人: equity, then votes, then actual control, alone or in concert.

use super::Answer;
use super::inquiry::{Inquiry, Screen};
use super::rules::Verdict;

pub(super) fn owners(inquiry: &Inquiry<'_>) -> Answer {
    let mut screen = Screen::new();
    inquiry.by_ownership(&mut screen);
    inquiry.by_votes(&mut screen);
    let found = screen.values().flatten().any(|reason| reason.verdict == Verdict::Reaches);
    if !(inquiry.version.in_turn && found) {
        inquiry.by_control(&mut screen);
        inquiry.by_joint_control(&mut screen);
    }
    inquiry.answer(screen)
}
