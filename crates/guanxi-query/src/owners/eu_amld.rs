//! The EU directives: more than 25 percent, or a stake of more than 25 percent of somebody whom one controls, or control.

use super::Answer;
use super::inquiry::{Inquiry, Screen};

pub(super) fn owners(inquiry: &Inquiry<'_>) -> Answer {
    let mut screen = Screen::new();
    inquiry.by_ownership(&mut screen);
    inquiry.by_votes(&mut screen);
    inquiry.by_control(&mut screen);
    inquiry.by_controlled_holders(&mut screen);
    inquiry.answer(screen)
}
