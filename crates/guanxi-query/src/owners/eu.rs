//! The EU regulation: 25 percent or more, multiplied and added; control beside it; and both mixed over several levels.

use super::Answer;
use super::inquiry::{Inquiry, Screen};

pub(super) fn owners(inquiry: &Inquiry<'_>) -> Answer {
    let mut screen = Screen::new();
    inquiry.by_ownership(&mut screen);
    inquiry.by_votes(&mut screen);
    inquiry.by_control(&mut screen);
    inquiry.by_joint_control(&mut screen);
    inquiry.by_controlled_holders(&mut screen);
    inquiry.by_interest_in_controllers(&mut screen);
    inquiry.answer(screen)
}
