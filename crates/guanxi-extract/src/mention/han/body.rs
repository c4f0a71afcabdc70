//! Authorities by their form: a place, or a word such as 国家, then what they watch over, then 局, 署, 部, 委员会 or
//! 法院. 加拿大金融机构监理总署, 国家矿山安全监察局, 国家外汇管理局琼州分局.

use super::{Candidate, Found, LONGEST_ENDING, Part, Role, Stretch};
use crate::classes::ClassSet;
use crate::phrases::Phrases;

/// Longest name of an authority without its branch, in characters.
const LONGEST_BODY: usize = 20;
/// Longest name of the place of a branch, in characters.
const LONGEST_SEAT: usize = 5;
/// A branch of a branch: 深圳市税务局 and 稽查局 behind 国家税务总局.
const MOST_BRANCHES: usize = 2;
/// What an authority without a place before it is called beside its ending, at least, in characters: 运输安全 of
/// 运输安全委员会, but no 管理委员会.
const LEAST_WITHOUT_PLACE: usize = 3;

/// What the endings of authorities end in, for a quick look.
const CLOSING: [&str; 18] =
    ["局", "署", "部", "厅", "廳", "院", "会", "會", "委", "办", "辦", "关", "關", "队", "隊", "处", "處", "方"];

/// What shows that the name of an authority begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// A country, or a word such as 国家.
    National,
    /// A province, a city.
    Local,
    /// Nothing but that a clause or the object of a verb begins.
    Unplaced,
}

/// One past an authority's name, and what it may be.
struct Ending {
    end: usize,
    classes: ClassSet,
}

impl Stretch<'_, '_> {
    /// The authorities named in the stretch, one behind the other.
    pub(super) fn bodies(&self) -> Vec<Candidate> {
        let mut bodies = Vec::new();
        if !(self.parts[0].start..self.end).any(|at| CLOSING.contains(&self.finder.piece(at))) {
            return bodies;
        }
        let mut first = 0;
        while first < self.parts.len() {
            let body = self.body(first);
            first = body.as_ref().map_or(first + 1, |body| self.part_at(body.end));
            bodies.extend(body);
        }
        bodies
    }

    /// The authority whose name begins with this part.
    fn body(&self, first: usize) -> Option<Candidate> {
        let start = self.parts[first].start;
        let (opening, called_from) = self.opening_of_body(first)?;
        let Ending { mut end, classes } = self.end_of_body(start, opening, called_from)?;
        for _ in 0..MOST_BRANCHES {
            end = self.branch_end(end).unwrap_or(end);
        }
        // 证监会 in 中国证监会 is told by that name.
        if called_from > start && self.is_known(called_from, end) {
            return None;
        }
        let found = Found::Name { classes, shown: true, quoted: false };
        Some(Candidate { start, end, found })
    }

    /// How the name opens that may begin with this part, and the first token behind that.
    fn opening_of_body(&self, first: usize) -> Option<(Opening, usize)> {
        let start = self.parts[first].start;
        let lexicon = self.finder.lexicon;
        let rest = &self.finder.tokens[start..self.end];
        let national = [&lexicon.authority_openings, &lexicon.authority_countries, &lexicon.countries];
        // The words of a country's name may be torn: 萨尔瓦|多数|字.
        if let Some((length, ())) = national.iter().find_map(|list| list.longest(rest)) {
            return Some((Opening::National, start + length));
        }
        if let Some(behind) = self.place_end(first) {
            return Some((Opening::Local, behind));
        }
        let plain = matches!(self.parts[first].role, Role::Noun | Role::RareNoun | Role::Common | Role::Ending)
            || self.is_listed(first, &lexicon.authority_words);
        (plain && self.begins_freely(first) && self.step_of_body(start).is_some()).then_some((Opening::Unplaced, start))
    }

    /// One past the places that begin here, one within the other: 四川省, 汇川市, 广州市越秀区.
    fn place_end(&self, first: usize) -> Option<usize> {
        let start = self.parts.get(first)?.start;
        let mut end = self.single_place_end(first)?;
        while let Some(next) = self.single_place_end(self.part_at(end))
            && next - start <= LONGEST_BODY
        {
            end = next;
        }
        Some(end)
    }

    fn single_place_end(&self, first: usize) -> Option<usize> {
        let place = self.parts.get(first)?;
        let is_form = |at: usize| matches!(self.finder.piece(at), "市" | "县" | "縣" | "省" | "区" | "區" | "州");
        if let Some(end) = self.known_place_end(place.start) {
            return Some(end);
        }
        if place.role == Role::Place {
            // 汶川县
            let formed = self.parts.get(first + 1).filter(|next| next.end == place.end + 1 && is_form(place.end));
            return Some(formed.map_or(place.end, |form| form.end));
        }
        let coined =
            |part: &Part| matches!(part.role, Role::Core | Role::Opening | Role::Lead | Role::Place | Role::Stop);
        let within = |part: &&Part| part.end - place.start <= LONGEST_SEAT && coined(part);
        let ends = |part: &Part| part.end - place.start >= 3 && is_form(part.end - 1);
        // 由沿海州渔业厅: no state of 海州.
        if place.role == Role::Stop || !self.begins_freely(first) {
            return None;
        }
        let mut parts = self.parts[first..].iter().take_while(within);
        let last = parts.find(|part| ends(part) || part.role == Role::Stop)?;
        ends(last).then_some(last.end)
    }

    /// Whether a sign or a word of the lists stands before a part.
    fn begins_freely(&self, part: usize) -> bool {
        self.finder.is_behind_sign(self.parts[part].start) || part > 0 && self.is_listed_stop(part - 1)
    }

    /// One past the known place whose name begins at a token, and ends where a word does.
    fn known_place_end(&self, start: usize) -> Option<usize> {
        let finder = self.finder;
        let (length, row) = finder.known.longest(finder.text, &finder.tokens[start..self.end])?;
        let is_place = Some(finder.known.row(row).classes) == finder.classes.set("Place");
        (is_place && self.is_border(start + length)).then_some(start + length)
    }

    /// The first ending behind what an authority may be called.
    fn end_of_body(&self, start: usize, opening: Opening, called_from: usize) -> Option<Ending> {
        let mut at = called_from;
        while let Some(end) = self.step_of_body(at).or_else(|| self.link_of_body(called_from, at)) {
            let unplaced = opening == Opening::Unplaced;
            if end - start > LONGEST_BODY || unplaced && self.begins_placed(at) {
                break;
            }
            at = end;
            if let Some((length, classes)) = self.body_ending(called_from, end, opening) {
                let least = match opening {
                    _ if unplaced => LEAST_WITHOUT_PLACE,
                    _ if length == 1 => 2,
                    _ => 0,
                };
                return (end - length - called_from >= least).then_some(Ending { end, classes });
            }
        }
        None
    }

    /// The ending of an authority right before `end`, in what stands behind `called_from`.
    fn body_ending(&self, called_from: usize, end: usize, opening: Opening) -> Option<(usize, ClassSet)> {
        let (lexicon, classes) = (self.finder.lexicon, self.finder.classes);
        let tokens = &self.finder.tokens[called_from..end];
        let body = classes.set("PublicBody")?;
        if let Some((length, ())) = lexicon.ministry_endings.longest_at_end(tokens, LONGEST_ENDING) {
            return (opening == Opening::National || length > 1).then_some((length, body));
        }
        let authority = body | classes.set("Regulator")?;
        // 监管局 shows more than 局 does, 委员会 of the lists no more than here.
        let shown = lexicon.suffixes.longest_at_end(tokens, LONGEST_ENDING);
        let shown =
            shown.filter(|(_, shown)| shown.without(authority).is_empty()).map(|(length, shown)| (length, *shown));
        let plain = lexicon.authority_endings.longest_at_end(tokens, LONGEST_ENDING);
        let plain = plain.map(|(length, ())| (length, authority));
        shown.filter(|(_, shown)| *shown != body).or(plain).or(shown)
    }

    /// One past the word at a token, if an authority may be called by it: what it watches over, or how.
    fn step_of_body(&self, at: usize) -> Option<usize> {
        let lexicon = self.finder.lexicon;
        let rest = &self.finder.tokens[at..self.end];
        let listed = [&lexicon.authority_words, &lexicon.authority_endings, &lexicon.ministry_endings];
        let of_two = |list: &&Phrases<()>| list.longest(rest).map(|(length, ())| length).filter(|length| *length > 1);
        if let Some(length) = listed.iter().filter_map(of_two).max()
            && self.is_border(at + length)
        {
            return Some(at + length);
        }
        let index = self.part_at(at);
        let part = *self.parts.get(index).filter(|part| part.start == at)?;
        let of_body = match part.role {
            // 出局 is no authority.
            _ if part.end - part.start == 1 && self.is_ending(at) => {
                !matches!(self.finder.piece(at - 1), "出" | "布" | "设" | "設")
            }
            _ if self.is_listed(index, &lexicon.outside_authorities) || self.is_listed(index, &lexicon.titles) => false,
            Role::Noun | Role::RareNoun | Role::Ending | Role::Opening | Role::Front => true,
            // 经信 of 成都市经信局
            Role::Core => !self.is_known(at, part.end) && !self.finder.tokens[at].capital,
            Role::Common => !self.is_listed(index, &lexicon.han_leads),
            // 北京市第四中级人民法院
            _ => self.finder.piece(at) == "第",
        };
        of_body.then_some(part.end)
    }

    /// Whether a name of its own begins at a token, or a character that no dictionary knows stands there.
    fn begins_placed(&self, at: usize) -> bool {
        let index = self.part_at(at);
        let of_name = |part: &Part| matches!(part.role, Role::Core | Role::Place | Role::Front);
        let single_ending = self.is_border(at + 1) && self.is_ending(at);
        self.is_listed(index, &self.finder.lexicon.authority_openings) || of_name(&self.parts[index]) && !single_ending
    }

    /// Whether a character may end the name of an authority: 局.
    fn is_ending(&self, at: usize) -> bool {
        let (lexicon, own) = (self.finder.lexicon, &self.finder.tokens[at..=at]);
        lexicon.authority_endings.exact(own).or(lexicon.ministry_endings.exact(own)).is_some()
    }

    /// 与 of 银行与证券委员会: one past an "and" between two nouns of one name.
    fn link_of_body(&self, called_from: usize, at: usize) -> Option<usize> {
        let links = at > called_from && matches!(self.finder.piece(at), "与" | "與" | "和" | "及" | "暨");
        let next = self.part_at(at + 1);
        let begins_another = |next: usize| {
            self.is_listed(next, &self.finder.lexicon.authority_openings) || self.place_end(next).is_some()
        };
        (links && next < self.parts.len() && !begins_another(next) && self.step_of_body(at + 1).is_some())
            .then_some(at + 1)
    }

    /// One past 琼州分局 behind 国家外汇管理局, 稽查局 behind 广州市税务局.
    fn branch_end(&self, at: usize) -> Option<usize> {
        let branches = &self.finder.lexicon.authority_branches;
        let branch = |at: usize| {
            let rest = self.finder.tokens[..self.end].get(at..)?;
            branches.longest(rest).map(|(length, ())| at + length).filter(|&end| self.is_border(end))
        };
        let of_seat = |part: &&Part| matches!(part.role, Role::Place | Role::Core | Role::RareNoun | Role::Opening);
        let seat = self.parts[self.part_at(at).min(self.parts.len())..].iter().take_while(of_seat);
        let behind_seat = seat.map(|part| part.end).take_while(|end| end - at <= LONGEST_SEAT);
        branch(at).or_else(|| behind_seat.into_iter().find_map(branch))
    }

    /// Whether a known name begins at a token and ends before another.
    fn is_known(&self, start: usize, end: usize) -> bool {
        let finder = self.finder;
        finder.known.longest(finder.text, &finder.tokens[start..]).is_some_and(|(length, _)| start + length == end)
    }

    fn is_listed(&self, at: usize, list: &Phrases<()>) -> bool {
        let part = self.parts[at];
        list.exact(&self.finder.tokens[part.start..part.end]).is_some()
    }
}
