//! Names in Chinese characters that stand in no list. A stretch is cut into words; what no dictionary knows is the
//! core of a name, its neighbours tell where the name ends: an ending such as 科技 or 银行, a title, a verb of saying.

mod body;
mod series;

use guanxi_names::{Word, WordKind};

use super::{Candidate, Finder, Found};
use crate::classes::ClassSet;
use crate::scan::{Token, TokenKind};

/// Longest Chinese name, in characters.
const LONGEST: usize = 20;
/// Longest ending of a name, in characters: 监督管理委员会, 会计师事务所.
const LONGEST_ENDING: usize = 8;
/// A known name as short as this may stand across two words by chance.
const MOST_TEARABLE: usize = 3;
/// A name that nothing but its strangeness shows, in characters.
const LONGEST_BARE: usize = 6;
/// Longest name that only its place in the sentence shows, in characters.
const MOST_BY_POSITION: usize = 8;
/// Longest name with its legal form, in characters.
const LONGEST_LEGAL: usize = 32;

/// Looks at every stretch of Chinese characters that no other finder claimed.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let mut proposals = bare_authorities(finder);
    if finder.tokens.iter().any(|token| token.kind == TokenKind::Han) {
        in_stretches(finder, candidates, &mut proposals);
    }
    proposals.retain(|proposal| may_swallow(finder, proposal, candidates));
    candidates.extend(proposals);
    series::number_vehicles(finder, candidates);
}

/// Cuts every stretch, and drops the short known names that its words tear.
fn in_stretches(finder: &Finder<'_>, candidates: &mut Vec<Candidate>, proposals: &mut Vec<Candidate>) {
    let mut taken = vec![false; finder.tokens.len()];
    for candidate in candidates.iter() {
        // A nominal such as 公司 may be the end of a longer name, a known name part of one (重庆度小满小额贷款有限公司).
        if !matches!(candidate.found, Found::Nominal(_) | Found::Known(_) | Found::Again(_)) {
            taken[candidate.start..candidate.end].fill(true);
        }
    }
    // 公平会处海川银行: an authority that opens its clause is part of no other name.
    let opening = proposals.iter().filter(|body| finder.is_behind_sign(body.start));
    let bodies: Vec<_> = opening.map(|body| body.start..body.end).collect();
    for body in &bodies {
        taken[body.clone()].fill(true);
    }
    let given = short_known_names(finder, candidates);
    let mut standing = Vec::new();
    let mut start = 0;
    while start < finder.tokens.len() {
        let end = stretch_end(finder, start, &taken);
        if end > start {
            Stretch::new(finder, start, end, &given, &mut standing).propose(proposals);
        }
        start = end.max(start + 1);
    }
    // 京东 is no firm in 北京东城, 币安 none in 货币安全, and 金融委 is not the 金融委员会 of another country.
    candidates.retain(|candidate| {
        let span = (candidate.start, candidate.end);
        let part_of_body = bodies.iter().any(|body| body.contains(&span.0) && span.1 < body.end);
        !given.contains(&span) || !part_of_body && (taken[candidate.start] || standing.contains(&span))
    });
}

/// 金管局, 公平会: authorities by their short names, whatever country they are of.
fn bare_authorities(finder: &Finder<'_>) -> Vec<Candidate> {
    let [Some(regulator), Some(body)] = ["Regulator", "PublicBody"].map(|class| finder.classes.set(class)) else {
        return Vec::new();
    };
    let opening = finder.where_token(|token| finder.lexicon.bare_authorities.may_open(token));
    let found = opening.filter_map(|start| {
        let (length, ()) = finder.lexicon.bare_authorities.longest(&finder.tokens[start..])?;
        let ministry = matches!(finder.piece(start + length - 1), "部" | "院" | "省" | "署" | "科");
        let found = Found::Name { classes: if ministry { body } else { regulator }, shown: true, quoted: false };
        Some(Candidate { start, end: start + length, found })
    });
    found.collect()
}

/// Known names of firms and places that two words may form by chance: their first token and one past their last.
fn short_known_names(finder: &Finder<'_>, candidates: &[Candidate]) -> Vec<(usize, usize)> {
    let named_alone = finder.classes.union(&["Agent", "Place"]);
    let short = candidates.iter().filter(|candidate| {
        let named = match candidate.found {
            Found::Known(row) => finder.known.row(row).classes.meets(named_alone),
            Found::Again(_) => true,
            _ => false,
        };
        let han = finder.tokens[candidate.start..candidate.end].iter().all(|token| token.kind == TokenKind::Han);
        named && han && (2..=MOST_TEARABLE).contains(&(candidate.end - candidate.start))
    });
    short.map(|candidate| (candidate.start, candidate.end)).collect()
}

/// A name that no list has may hold a place or a line of business; to hold a known firm it must be a firm's
/// full name, or it would melt two firms that stand side by side.
fn may_swallow(finder: &Finder<'_>, proposal: &Candidate, candidates: &[Candidate]) -> bool {
    let agent = finder.classes.set("Agent").unwrap_or_default();
    let is_known_agent = |candidate: &Candidate| match candidate.found {
        Found::Known(row) => finder.known.row(row).classes.meets(agent),
        Found::Again(_) => true,
        _ => false,
    };
    let touched =
        candidates.iter().filter(|candidate| candidate.start < proposal.end && proposal.start < candidate.end);
    let words = finder.words(proposal.start, proposal.end);
    let full_name =
        words.ends_with("公司") || words.ends_with(['）', ')']) || BODIES[2..].iter().any(|body| words.ends_with(body));
    let shown = matches!(proposal.found, Found::Name { shown: true, .. });
    // 任命李晓华为董事长: a person shown as such is not cut short by a firm's name that reaches beyond.
    let person = finder.classes.set("Person");
    let is_person = matches!(proposal.found, Found::Name { classes, shown: true, .. } if Some(classes) == person);
    let touched = touched.filter(|candidate| !is_person || candidate.end <= proposal.end);
    // 上海证券交易所纪律处分委员会: an authority's name may hold another's.
    let authorities = finder.classes.union(&["Regulator", "PublicBody", "Exchange"]);
    let is_body =
        matches!(proposal.found, Found::Name { classes, shown: true, .. } if classes.without(authorities).is_empty());
    let is_authority = |candidate: &Candidate| match candidate.found {
        Found::Known(row) => finder.known.row(row).classes.without(authorities).is_empty(),
        _ => false,
    };
    let mut touched = touched.peekable();
    touched.peek().is_none()
        || (shown || proposal.end - proposal.start >= 4)
            && touched.all(|candidate| {
                !is_known_agent(candidate)
                    || full_name
                    || is_body && is_authority(candidate) && is_behind_place(finder, proposal.start, candidate.start)
            })
}

/// Whether nothing, or only a place, stands between two tokens: 香港廉政公署, but no 原证监会.
fn is_behind_place(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let place = || finder.known.longest(finder.text, &finder.tokens[start..end]);
    start == end || start < end && place().is_some_and(|(length, _)| start + length == end)
}

/// Characters, and short brackets among them: 深圳某某（中国）有限公司.
fn stretch_end(finder: &Finder<'_>, start: usize, taken: &[bool]) -> usize {
    let is_han = |at: usize| finder.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Han) && !taken[at];
    let mut end = start;
    while is_han(end) || end > start && bracket_end(finder, end).is_some_and(is_han) {
        end = if is_han(end) { end + 1 } else { bracket_end(finder, end).unwrap_or(end + 1) };
    }
    end
}

/// One past the closing bracket of two characters in brackets that open at `at`.
fn bracket_end(finder: &Finder<'_>, at: usize) -> Option<usize> {
    let inside = finder.tokens.get(at + 1).is_some_and(|token| token.kind == TokenKind::Han);
    (is_opening_bracket(finder.piece(at)) && inside && is_closing_bracket(finder.piece(at + 3))).then_some(at + 4)
}

fn is_opening_bracket(piece: &str) -> bool {
    matches!(piece, "（" | "(")
}

fn is_closing_bracket(piece: &str) -> bool {
    matches!(piece, "）" | ")")
}

/// One past （有限合伙） where it stands at `at`: the legal form of a partnership, behind whatever it calls itself.
fn partnership_end(finder: &Finder<'_>, at: usize) -> Option<usize> {
    let close = (at + 5..at + 8).find(|&close| is_closing_bracket(finder.piece(close)))?;
    let partners = is_opening_bracket(finder.piece(at)) && {
        let inside = finder.words(at + 1, close);
        inside.ends_with("合伙") || inside.ends_with("合夥")
    };
    partners.then_some(close + 1)
}

/// Whether a stock code in brackets stands at a token: （600510）, (行情600901,诊股), (300571.SZ).
fn stock_code_follows(finder: &Finder<'_>, at: usize) -> bool {
    let code = |at: usize| {
        let piece = finder.piece(at);
        piece.len() >= 4 && piece.len() <= 6 && piece.bytes().all(|byte| byte.is_ascii_digit())
    };
    is_opening_bracket(finder.piece(at))
        && (code(at + 1) && matches!(finder.piece(at + 2), ")" | "）" | "." | ".SZ" | ".SH" | ".HK")
            || finder.piece(at + 1) == "行" && code(at + 3))
}

/// What stands before one of these, back to a word that no name holds, is a legal name.
const LEGAL_FORMS: [&str; 8] =
    ["有限公司", "股份有限公司", "有限责任公司", "有限責任公司", "合伙企业", "合夥企業", "股份公司", "集团有限公司"];
/// What names of groups and bodies end in, where little stands between it and their places.
const BODIES: [&str; 12] =
    ["集团", "集團", "协会", "協會", "学会", "學會", "商会", "商會", "研究院", "设计院", "設計院", "研究所"];

/// What a word can do for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// No name reaches across it.
    Stop,
    /// A single character that is a word as well, before what makes a name: 开 in 开江物流.
    Lead,
    /// A verb or adjective of the dictionary, in no list: no part of a name but at its head, before a strong ending.
    Plain,
    /// A common noun that is hardly part of a name: 客户, 董事长.
    Common,
    /// A noun that a name may hold: 新能源.
    Noun,
    /// A rare noun, which makes a name before an ending: 北岸集团.
    RareNoun,
    /// A word that often ends names, though it does not show what they name.
    Ending,
    /// A place, which may open a name.
    Place,
    /// A common word that opens names, but is none alone.
    Opening,
    /// What makes a name.
    Core,
    /// A single character that is a word as well: part of a name between characters that no dictionary knows.
    Weak,
    /// The same, where it may open a name too: 三, 东, 中.
    Front,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    start: usize,
    end: usize,
    role: Role,
}

/// A stretch of characters, cut into words.
struct Stretch<'f, 'a> {
    finder: &'f Finder<'a>,
    parts: Vec<Part>,
    end: usize,
    /// Where legal forms end, and words such as 集团 and 协会.
    forms: Vec<Form>,
}

/// The end of what shows a name.
#[derive(Clone, Copy, Debug)]
struct Form {
    part: usize,
    /// One of [`BODIES`], not a legal form.
    is_body: bool,
}

impl<'f, 'a> Stretch<'f, 'a> {
    fn new(
        finder: &'f Finder<'a>,
        start: usize,
        end: usize,
        given: &[(usize, usize)],
        standing: &mut Vec<(usize, usize)>,
    ) -> Self {
        let characters: Vec<char> = (start..end).filter_map(|at| finder.piece(at).chars().next()).collect();
        let within = given.iter().filter(|&&(first, last)| start <= first && last <= end);
        let inside: Vec<(usize, usize)> = within.map(|&(first, last)| (first - start, last - start)).collect();
        let mut parts = Vec::new();
        for word in finder.lexicon.dictionary.segment(&characters, &inside) {
            let (word_start, word_end) = (start + word.start, start + word.end);
            // 微软 may be a word of the dictionary as well.
            if given.contains(&(word_start, word_end)) {
                standing.push((word_start, word_end));
            }
            let place = || finder.known.longest(finder.text, &finder.tokens[word_start..word_end]);
            let is_place = word.kind == WordKind::Given
                && place().is_some_and(|(_, row)| Some(finder.known.row(row).classes) == finder.classes.set("Place"));
            let role = if is_place { Role::Place } else { role(&word) };
            parts.push(Part { start: word_start, end: word_end, role });
        }
        let mut stretch = Self { finder, parts, end, forms: Vec::new() };
        stretch.lay_lists_over();
        stretch.settle_traders();
        stretch.settle_single_characters();
        let forms = (0..stretch.parts.len()).filter_map(|part| stretch.form_at(part)).collect();
        stretch.forms = forms;
        stretch
    }

    /// 物流商, 光伏企: a trade's people are no part of a name.
    fn settle_traders(&mut self) {
        for index in 1..self.parts.len() {
            let part = self.parts[index];
            let trader = matches!(self.finder.piece(part.start), "商" | "厂" | "廠" | "企" | "股" | "圈" | "界" | "店");
            let noun = matches!(self.parts[index - 1].role, Role::Ending | Role::Noun | Role::RareNoun);
            if trader && part.end - part.start == 1 && noun {
                self.parts[index - 1].role = Role::Common;
                self.parts[index].role = Role::Common;
            }
        }
    }

    /// 三 in 三岳食品 and 包 in 大成包材 are parts of the name, 遭 before one and 原 behind one are words.
    fn settle_single_characters(&mut self) {
        for index in 0..self.parts.len() {
            let core = |at: Option<usize>| {
                at.and_then(|at| self.parts.get(at)).is_some_and(|part| matches!(part.role, Role::Core | Role::Opening))
            };
            let after_common = index
                .checked_sub(1)
                .is_some_and(|before| matches!(self.parts[before].role, Role::Common | Role::Ending));
            let opens_stretch = index == 0 && self.finder.is_behind_sign(self.parts[0].start);
            let ending = self.parts.get(index + 1).is_some_and(|part| part.role == Role::Ending);
            let (before, behind) = (core(index.checked_sub(1)), core(Some(index + 1)));
            // 前高盛交易员, 原顺丰副总裁: what was is no part of the name.
            let former =
                matches!(self.finder.piece(self.parts[index].start), "前" | "原" | "现" | "現" | "后" | "後" | "新");
            let kin = is_kin(self.finder, self.parts[index].start);
            let part = &mut self.parts[index];
            let single = part.end - part.start == 1;
            part.role = match part.role {
                _ if kin && single => Role::Common,
                // 骆振邦之弟
                _ if single && is_kin(self.finder, part.end) && self.finder.piece(part.start) == "之" => Role::Stop,
                Role::Weak | Role::Front if former && single && !before => Role::Stop,
                // 手中有海川集团, 就延迟披露罚海川集团
                Role::Weak | Role::Front | Role::Core | Role::Lead
                    if single
                        && !opens_stretch
                        && !before
                        && self.finder.lexicon.han_verbs.contains(&self.finder.tokens[part.start].hash) =>
                {
                    Role::Stop
                }
                Role::Weak if before && (behind || ending) => Role::Core,
                Role::Weak if behind && (opens_stretch || after_common) => Role::Opening,
                Role::Front if behind || before && ending => Role::Core,
                Role::Weak if behind => Role::Lead,
                Role::Weak | Role::Front => Role::Stop,
                role => role,
            };
        }
    }

    /// Where words of the lists stand, they overrule the dictionary, unless they cut a longer word of it in two.
    fn lay_lists_over(&mut self) {
        let finder = self.finder;
        let mut at = self.parts.first().map_or(self.end, |part| part.start);
        // The part in which `at` is.
        let mut first = 0;
        while at < self.end {
            let Some((end, role)) = listed(finder, at, self.end) else {
                at += 1;
                continue;
            };
            first += self.parts[first..].iter().take_while(|part| part.end <= at).count();
            let last = first + self.parts[first..].iter().take_while(|part| part.start < end).count();
            // 中国 is a common word, and a place before a name.
            if role == Role::Common
                && self.parts[first].role == Role::Place
                && self.parts[first].start == at
                && self.parts[first].end == end
            {
                at = end;
                continue;
            }
            let torn = |part: &Part, inner: usize| {
                !matches!(part.role, Role::Core | Role::Weak | Role::Front) && part.end - part.start > inner
            };
            let opens = self.parts[first].start == at || !torn(&self.parts[first], end - at);
            let closes = self.parts[last - 1].end == end || !torn(&self.parts[last - 1], end - at);
            if !opens || !closes {
                at += 1;
                continue;
            }
            let word = Part { start: at, end, role };
            let (before, behind) = (self.parts[first], self.parts[last - 1]);
            at = end;
            // Nearly always it takes the place of whole words.
            if before.start == word.start && behind.end == word.end {
                self.parts[first] = word;
                self.parts.drain(first + 1..last);
                continue;
            }
            let head = Part { end: word.start, role: Role::Core, ..before };
            let tail = Part { start: word.end, role: Role::Core, ..behind };
            let pieces = [head, word, tail].into_iter().filter(|part| part.start < part.end);
            self.parts.splice(first..last, pieces);
        }
    }

    fn propose(&self, proposals: &mut Vec<Candidate>) {
        if let Some(candidate) = self.contraction() {
            return proposals.push(candidate);
        }
        if let Some(candidate) = self.dotted_person() {
            proposals.push(candidate);
        }
        let bodies = self.bodies();
        // 故丹麦金融监管局: no name that begins before an authority's takes part of it.
        let tears_body = |name: &Candidate| {
            let next = bodies.partition_point(|body| body.end <= name.start);
            bodies.get(next).is_some_and(|body| body.start < name.end)
        };
        let mut part = 0;
        while part < self.parts.len() {
            if let Some((candidate, next)) = self
                .person(part)
                .or_else(|| self.by_form(part))
                .or_else(|| self.by_ending(part))
                .or_else(|| self.bare(part))
                .filter(|(candidate, _)| !tears_body(candidate))
            {
                if !self.describes_next_name(part, candidate.end) {
                    proposals.push(candidate);
                }
                part = next;
            } else {
                part += 1;
            }
        }
        proposals.extend(self.by_position().filter(|name| !tears_body(name)));
        proposals.extend(bodies);
    }

    /// Where only a firm stands, any words name one: 收购亲和源58%股权, 黑牡丹（600510）, 高能环境公告.
    fn by_position(&self) -> Option<Candidate> {
        let parts = if self.stake_follows() {
            self.tail(self.parts.len() - usize::from(self.ends_in_de()))
        } else if stock_code_follows(self.finder, self.end) {
            self.tail(self.parts.len())
        } else {
            self.announcer()?
        };
        let (start, end) = (parts.first()?.start, parts.last()?.end);
        let finder = self.finder;
        // 长城动漫, but not 北京 alone, nor 收购文化30%股权.
        let named = |part: &Part| {
            part.role == Role::Core || part.end - part.start >= 2 && part.role != Role::Ending || parts.len() >= 2
        };
        let possible = (2..=MOST_BY_POSITION).contains(&(end - start))
            && parts.iter().any(named)
            && !finder.lexicon.han_generic.contains(finder.words(start, end))
            && finder.known.longest(finder.text, &finder.tokens[start..end]).is_none();
        let classes = finder.classes.set("Company")?;
        let found = Found::Name { classes, shown: true, quoted: false };
        possible.then_some(Candidate { start, end, found })
    }

    fn ends_in_de(&self) -> bool {
        self.parts.last().is_some_and(|last| matches!(self.finder.piece(last.start), "的" | "之"))
    }

    /// Whether "58.33%的股权" stands behind the stretch.
    fn stake_follows(&self) -> bool {
        let finder = self.finder;
        let is_number = finder.tokens.get(self.end).is_some_and(|token| token.kind == TokenKind::Number);
        let Some(percent) = (self.end + 1..self.end + 4).find(|&at| matches!(finder.piece(at), "%" | "％")) else {
            return false;
        };
        let of = usize::from(matches!(finder.piece(percent + 1), "的" | "之"));
        is_number && matches!(finder.piece(percent + 1 + of), "股" | "权" | "權")
    }

    /// The last parts before one, back to a word that no name holds.
    fn tail(&self, end: usize) -> &[Part] {
        // 鸡矿医院、双矿医院各85%股权
        let shares = |part: &Part| matches!(self.finder.piece(part.start), "各" | "共") && part.end - part.start == 1;
        let end = end - usize::from(self.parts[..end].last().is_some_and(shares));
        let coded = stock_code_follows(self.finder, self.end);
        let of_firm = |part: &Part| self.may_be_of_firm(part) || coded && part.role == Role::Place;
        let begin = self.parts[..end].iter().rposition(|part| !of_firm(part)).map_or(0, |stop| stop + 1);
        &self.parts[begin..end]
    }

    fn may_be_of_firm(&self, part: &Part) -> bool {
        let words = &self.finder.tokens[part.start..part.end];
        let ends_here = !self.parts.iter().any(|next| next.start == part.end && next.role != Role::Stop);
        match part.role {
            Role::Common => self.finder.lexicon.firm_trades.exact(words).is_some(),
            Role::Place => !ends_here,
            Role::Plain => false,
            // 黑 of 黑牡丹 is a word of the dictionary, 股份 of 锌业股份 one of the rules.
            Role::Stop => {
                words.len() == 1 && self.finder.lexicon.han_stops.exact(words).is_none()
                    || ends_here && self.finder.words(part.start, part.end) == "股份"
            }
            _ => !self.is_bracket_at(part.start),
        }
    }

    /// Who opens the sentence and announces something: 高能环境公告, 锌业股份：拟….
    fn announcer(&self) -> Option<&[Part]> {
        let finder = self.finder;
        let first = self.parts.first()?.start;
        if !(first == 0 || matches!(finder.piece(first - 1), "】" | "]" | "：" | ":")) {
            return None;
        }
        let end = self.parts.iter().position(|part| !self.may_be_of_firm(part)).unwrap_or(self.parts.len());
        let name = &self.parts[..end];
        let behind = name.last()?.end;
        let headed = matches!(finder.piece(behind), "：" | ":");
        let rest = finder.tokens.get(behind + usize::from(headed)..)?;
        let announces = finder.lexicon.announcing.longest(rest).is_some();
        (announces && behind - first >= 3).then_some(name)
    }

    /// 卡特琳·博姆: a foreign person, where the stretch ends at the dot.
    fn dotted_person(&self) -> Option<Candidate> {
        let dotted = matches!(self.finder.piece(self.end), "·" | "•" | "‧");
        let last = self.parts.iter().rposition(|part| !self.may_be_of_person(part)).map_or(0, |stop| stop + 1);
        let start = self.parts.get(last)?.start;
        let behind = (self.end + 1..(self.end + 6).min(self.finder.tokens.len()))
            .take_while(|&at| {
                let rest = &self.finder.tokens[at..];
                let lexicon = self.finder.lexicon;
                // 索托马约尔: 约 is part of a transliterated name.
                let stop = lexicon.han_stops.longest(rest).map_or(0, |(length, ())| length);
                let sounds =
                    || self.finder.tokens.get(at + 1).is_some_and(|next| lexicon.foreign_sounds.contains(&next.hash));
                rest[0].kind == TokenKind::Han
                    && (stop == 0 || stop == 1 && sounds())
                    && lexicon.person_verbs.longest(rest).is_none()
                    && lexicon.titles.longest(rest).is_none()
            })
            .count();
        let person = self.finder.classes.set("Person")?;
        let found = Found::Name { classes: person, shown: true, quoted: false };
        (dotted && behind >= 1 && self.end - start <= 6).then_some(Candidate {
            start,
            end: self.end + 1 + behind,
            found,
        })
    }

    fn may_be_of_person(&self, part: &Part) -> bool {
        matches!(part.role, Role::Core | Role::Opening | Role::Lead)
            || part.end - part.start == 1
                && part.role == Role::Stop
                && self.finder.lexicon.han_stops.longest(&self.finder.tokens[part.start..part.end]).is_none()
    }

    /// 韩国公平交易委员会（公平委）: what fills a bracket, its characters those of the words before it, in order.
    fn contraction(&self) -> Option<Candidate> {
        let finder = self.finder;
        let start = self.parts.first()?.start;
        let opening = start.checked_sub(1).filter(|&before| matches!(finder.piece(before), "（" | "("))?;
        let closed = matches!(finder.piece(self.end), "）" | ")");
        if !closed || !(2..=8).contains(&(self.end - start)) {
            return None;
        }
        let mut before = opening.saturating_sub(LONGEST)..opening;
        let contracts =
            (start..self.end).all(|at| before.any(|other| finder.tokens[other].hash == finder.tokens[at].hash));
        let classes = finder.classes.set("Organization").unwrap_or_default();
        let found = Found::Name { classes, shown: false, quoted: false };
        (contracts && opening > 2 * (self.end - start) - 2).then_some(Candidate { start, end: self.end, found })
    }

    /// The first part that begins at or behind a token.
    fn part_at(&self, token: usize) -> usize {
        self.parts.partition_point(|part| part.start < token)
    }

    /// Whether a word ends before a token.
    fn is_border(&self, token: usize) -> bool {
        token == self.end || self.parts.get(self.part_at(token)).is_some_and(|part| part.start == token)
    }

    /// 越南物流 is a trade in a country, 韩国交易所 and 日本银行 are institutions of one.
    fn is_trade_of_country(&self, first: usize, end: usize) -> bool {
        const INSTITUTIONS: [&str; 7] = ["银行", "航空", "电信", "公司", "集团", "石油", "证券"];
        let finder = self.finder;
        let words = finder.words(self.parts[first].start, end);
        let company = finder.classes.set("Company").unwrap_or_default();
        let of_trade = self.ending_at(self.parts[first].start, end).is_some_and(|(_, classes)| classes.meets(company));
        (self.is_country(first) || words.starts_with("中国") || words.starts_with("中國"))
            && of_trade
            && !INSTITUTIONS.iter().any(|ending| guanxi_names::fold(words).ends_with(ending))
    }

    fn form_at(&self, part: usize) -> Option<Form> {
        let (begin, end) = (self.parts[0].start, self.parts[part].end);
        if !matches!(
            self.finder.piece(end - 1),
            "司" | "业" | "業" | "团" | "團" | "会" | "會" | "院" | "所" | "心" | "金"
        ) {
            return None;
        }
        let words = self.finder.words(begin, end);
        if LEGAL_FORMS.iter().any(|form| words.ends_with(form)) || partnership_end(self.finder, end).is_some() {
            return Some(Form { part, is_body: false });
        }
        let bracketed = is_closing_bracket(self.finder.piece(end));
        let own = self.finder.words(self.parts[part].start, end);
        (!bracketed && BODIES.contains(&own)).then_some(Form { part, is_body: true })
    }

    /// 浙江盛和网络科技有限公司, 河南投资集团: a legal form shows a name whatever words it is made of.
    fn by_form(&self, first: usize) -> Option<(Candidate, usize)> {
        let start = self.parts[first].start;
        let reached = |form: &&Form| {
            form.part > first
                && self.parts[form.part].end - start <= LONGEST_LEGAL
                && self.opens_legal_name(first, **form)
                && self.goes_on_to_form(first, **form)
        };
        let form = self.forms.iter().rev().find(reached)?;
        let end = self.parts[form.part].end;
        let coined =
            |part: &Part| matches!(part.role, Role::Core | Role::Opening | Role::Lead | Role::Place | Role::RareNoun);
        if !self.parts[first..form.part].iter().any(coined) && end - start < 8 {
            return None;
        }
        let (end, classes) = match partnership_end(self.finder, end) {
            Some(end) => (end, self.finder.classes.union(&["Company", "Fund"])),
            None => (end, self.ending_at(start, end)?.1),
        };
        let found = Found::Name { classes, shown: true, quoted: false };
        Some((Candidate { start, end, found }, self.part_at(end)))
    }

    fn opens_legal_name(&self, first: usize, Form { part: form, is_body }: Form) -> bool {
        let free = || match first.checked_sub(1) {
            None => true,
            Some(before) => match self.parts[before].role {
                Role::Stop => self.is_listed_stop(before),
                role => matches!(role, Role::Plain | Role::Common),
            },
        };
        match self.parts[first].role {
            Role::Core | Role::Opening | Role::Lead => !self.is_bracket(first),
            // 印尼苏拉镍业有限公司 is 苏拉镍业 of Indonesia.
            Role::Place => !self.is_country(first) || first + 1 >= form || self.by_form(first + 1).is_none(),
            Role::RareNoun | Role::Noun | Role::Ending => !is_body && free(),
            Role::Plain => !is_body && self.stands_free(first) && self.parts[first + 1].role == Role::Ending,
            _ => false,
        }
    }

    /// Whether nothing between two parts ends the name or begins another.
    fn goes_on_to_form(&self, first: usize, Form { part: form, is_body }: Form) -> bool {
        let lexicon = self.finder.lexicon;
        let mut ended = false;
        if is_body && !(1..=4).contains(&(form - first - 1)) {
            return false;
        }
        (first + 1..form).all(|at| {
            let part = self.parts[at];
            let words = &self.finder.tokens[part.start..part.end];
            let bracketed = self.is_bracket(at) || self.is_bracket(at - 1);
            ended |= part.role == Role::Ending;
            let of_names = || self.is_made_of_legal_name_words(words);
            match part.role {
                Role::Core | Role::Opening | Role::Lead => bracketed || !ended,
                Role::Place => bracketed || self.parts[at - 1].role == Role::Place,
                // 盛和, 联和: a character that is a word as well, right behind the first of the name.
                Role::Stop if part.end - part.start == 1 => self.is_second_character(first, at),
                Role::Stop => of_names() || !is_body && !self.is_listed_stop(at),
                Role::Common => {
                    of_names()
                        || !is_body && lexicon.han_leads.exact(words).is_none() && lexicon.titles.exact(words).is_none()
                }
                Role::Plain => !is_body || of_names(),
                _ => true,
            }
        })
    }

    /// 股权投资 is 股权 and 投资.
    fn is_made_of_legal_name_words(&self, words: &[Token]) -> bool {
        let mut rest = words;
        while let Some((length, ())) = self.finder.lexicon.legal_name_words.longest(rest) {
            rest = &rest[length..];
        }
        rest.is_empty()
    }

    /// Whether a part is a word of the lists, not only one that the dictionary says is no noun.
    fn is_listed_stop(&self, part: usize) -> bool {
        let Part { start, end, .. } = self.parts[part];
        self.finder.lexicon.han_stops.exact(&self.finder.tokens[start..end]).is_some()
    }

    fn is_bracket(&self, part: usize) -> bool {
        self.is_bracket_at(self.parts[part].start)
    }

    fn is_bracket_at(&self, token: usize) -> bool {
        let piece = self.finder.piece(token);
        is_opening_bracket(piece) || is_closing_bracket(piece)
    }

    /// Whether one character, behind places, parts the beginning of a name from this part.
    fn is_second_character(&self, first: usize, at: usize) -> bool {
        let head = self.parts[first..at].iter().rev().take_while(|part| part.role != Role::Place);
        self.parts[first].role == Role::Place
            && head.map(|part| part.end - part.start).sum::<usize>() == 1
            && matches!(
                self.finder.piece(self.parts[at].start),
                "和" | "同" | "达" | "因" | "有" | "超" | "等" | "元" | "为" | "将"
            )
    }

    /// The name that begins with this part and ends in a word such as 公司, 银行, 证监局.
    fn by_ending(&self, first: usize) -> Option<(Candidate, usize)> {
        let start = self.parts[first].start;
        let opens = match self.parts[first].role {
            Role::Core | Role::Opening | Role::Lead => !self.is_bracket(first),
            // 印尼苏拉镍业 is 苏拉镍业 of Indonesia.
            Role::Place => {
                !self.is_country(first) || first + 1 >= self.parts.len() || self.by_ending(first + 1).is_none()
            }
            // 汇款公司 is any firm of that trade.
            Role::RareNoun => {
                let behind = self.parts[first].end;
                self.ending_follows(first)
                    && !(self.finder.piece(behind) == "公" && self.finder.piece(behind + 1) == "司")
            }
            // 启明创投, 光合储能: ordinary words, but nothing else ends so.
            Role::Plain | Role::Noun => self.strong_ending_follows(first) && self.stands_free(first),
            _ => false,
        };
        if !opens {
            return None;
        }
        let plain = matches!(self.parts[first].role, Role::Plain | Role::Noun);
        let mut best: Option<(usize, ClassSet)> = None;
        let mut has_core = false;
        for part in &self.parts[first..] {
            let parts_names = match part.role {
                // 天津华胜股权投资管理有限公司
                Role::Stop => !self.is_within_legal_name(part),
                Role::Plain | Role::Lead => part.start > start,
                _ => false,
            };
            if part.end - start > LONGEST || parts_names {
                break;
            }
            let ending = self.ending_at(start, part.end).filter(|_| part.start > start || part.end - start >= 3);
            match (ending, best) {
                // Endings follow each other: 科技 + 股份 + 有限公司. A gap means that a second name has begun.
                (Some((length, _)), Some((before, _))) if part.end - length > before => break,
                // 霁云晖 does not end in 云.
                (Some((1, _)), None) if self.is_core_at(part.end) => {}
                // 持有海棠科技股份 is shares in 海棠科技; only 股份有限公司 goes on with a name that has ended.
                (Some(_), Some((before, _)))
                    if before == part.start && self.finder.words(part.start, part.end) == "股份" => {}
                (Some((_, classes)), _) => best = Some((part.end, classes)),
                (None, Some(_)) if part.role != Role::Ending => break,
                (None, _) => {}
            }
            let inside_ending = best.is_some_and(|(end, _)| end == part.end);
            match part.role {
                Role::Core | Role::Opening if best.is_some_and(|(end, _)| end < part.end) => break,
                Role::Core | Role::Opening | Role::Place | Role::RareNoun => has_core = true,
                Role::Common if !inside_ending && !self.legal_form_follows(part.end) => break,
                _ => {}
            }
        }
        let (end, classes) = best?;
        let name = self.finder.words(start, end);
        let full = self.finder.piece(end - 2) == "公" && self.finder.piece(end - 1) == "司" && end - start >= 8;
        if plain && !self.ends_free(end) {
            return None;
        }
        if !(has_core || full || plain)
            || self.is_trade_of_country(first, end)
            || self.finder.lexicon.han_generic.contains(name)
        {
            return None;
        }
        let candidate = Candidate { start, end, found: Found::Name { classes, shown: true, quoted: false } };
        Some((candidate, self.part_at(end)))
    }

    /// 智利渔业集团Humboldt Pesca, 瓶装饮料Lotus Brew: words of the dictionary right before a name say what it names.
    fn describes_next_name(&self, first: usize, end: usize) -> bool {
        let own = self.parts[first..].iter().take_while(|part| part.start < end);
        let is_plain = |part: &Part| !matches!(part.role, Role::Core | Role::Opening | Role::Lead);
        let nouns = self.parts.iter().filter(|part| part.start >= end);
        let next = nouns.take_while(|part| part.role == Role::Common).last().map_or(end, |noun| noun.end);
        let opens_name = self.finder.tokens.get(next).is_some_and(|token| match token.kind {
            TokenKind::Word => token.capital,
            _ => matches!(self.finder.piece(next), "“" | "「" | "\""),
        });
        opens_name && own.into_iter().all(is_plain)
    }

    fn is_core_at(&self, token: usize) -> bool {
        self.parts.iter().any(|part| part.start == token && part.role == Role::Core)
    }

    fn strong_ending_follows(&self, part: usize) -> bool {
        let behind = self.parts[part].end;
        let next = self.parts.get(part + 1).map_or(behind, |next| next.end);
        self.finder.lexicon.strong_endings.exact(&self.finder.tokens[behind..next]).is_some()
    }

    /// 重庆啤酒, 上海通用: a place and a trade of two characters each before a verb.
    fn is_place_with_trade(&self, place: usize) -> bool {
        let words = self.finder.words(self.parts[place].start, self.parts[place].end);
        self.parts[place].end - self.parts[place].start == 2
            && !matches!(words, "中国" | "中國")
            && self.parts.get(place + 1).is_some_and(|trade| {
                matches!(trade.role, Role::Noun | Role::RareNoun | Role::Plain | Role::Ending)
                    && trade.end - trade.start == 2
                    && self.verb_follows(trade.end)
            })
    }

    /// Whether a word of the rules stands at a token: 收购, 公告.
    fn verb_follows(&self, token: usize) -> bool {
        self.parts.iter().any(|part| part.start == token && part.role == Role::Stop && part.end - part.start >= 2)
    }

    /// 股权 in 天津华胜股权投资管理有限公司: a word that legal names hold, with the legal form behind it.
    fn is_within_legal_name(&self, part: &Part) -> bool {
        let listed = self.finder.lexicon.legal_name_words.exact(&self.finder.tokens[part.start..part.end]).is_some();
        let next = self.parts.iter().find(|next| next.start == part.end);
        let names_another = next.is_none_or(|next| matches!(next.role, Role::Core | Role::Opening | Role::Place));
        listed && !names_another && self.legal_form_follows(part.end)
    }

    /// Whether a name that ends here is followed by a listed word or nothing.
    fn ends_free(&self, end: usize) -> bool {
        self.parts.iter().find(|part| part.start == end).is_none_or(|next| next.role == Role::Stop)
    }

    /// Whether a sign or a listed word stands before a part, not the rest of a phrase.
    fn stands_free(&self, part: usize) -> bool {
        match part.checked_sub(1) {
            None => self.finder.is_behind_sign(self.parts[part].start),
            Some(before) => self.parts[before].role == Role::Stop,
        }
    }

    /// 苏州启原传感技术有限公司: up to its legal form a name holds any noun.
    fn legal_form_follows(&self, token: usize) -> bool {
        let rest = self.parts.iter().skip_while(|part| part.start < token).take_while(|part| {
            let words = &self.finder.tokens[part.start..part.end];
            !matches!(part.role, Role::Stop | Role::Plain)
                || self.finder.lexicon.legal_name_words.exact(words).is_some()
        });
        rest.take(5).any(|part| {
            let words = self.finder.words(part.start, part.end);
            matches!(words, "有限公司" | "股份有限公司" | "有限责任公司" | "合伙企业" | "股份公司")
        })
    }

    /// Whether an ending of names that shows what it names stands right behind a part.
    fn ending_follows(&self, part: usize) -> bool {
        let behind = self.parts[part].end;
        let tokens = &self.finder.tokens[behind..self.end];
        self.finder
            .lexicon
            .suffixes
            .longest(tokens)
            .is_some_and(|(length, _)| self.parts.iter().any(|part| part.end == behind + length))
    }

    fn is_country(&self, part: usize) -> bool {
        let Part { start, end, .. } = self.parts[part];
        self.finder.lexicon.countries.exact(&self.finder.tokens[start..end]).is_some()
    }

    /// The longest ending of `start..end` that leaves something before it.
    fn ending_at(&self, start: usize, end: usize) -> Option<(usize, ClassSet)> {
        let tokens = &self.finder.tokens[start..end];
        let (length, classes) = self.finder.lexicon.suffixes.longest_at_end(tokens, LONGEST_ENDING)?;
        (length < tokens.len()).then_some((length, *classes))
    }

    /// Surname and one or two characters, with a title before or a verb of saying and serving behind.
    fn person(&self, first: usize) -> Option<(Candidate, usize)> {
        let finder = self.finder;
        let start = self.parts[first].start;
        let person = finder.classes.set("Person")?;
        let (surname, ()) = finder.lexicon.surnames.longest(&finder.tokens[start..self.end])?;
        let before = &finder.tokens[..start];
        let titled = finder.lexicon.titles.longest_at_end(before, 8).is_some()
            || is_kin(finder, start.wrapping_sub(1))
            || finder.lexicon.appointing.longest_at_end(before, 4).is_some();
        let followed = |at: usize| {
            finder.tokens.get(at).is_some() && finder.lexicon.person_verbs.longest(&finder.tokens[at..]).is_some()
        };
        let parts = |at: usize| {
            at == self.end
                || self.parts.iter().any(|part| part.start == at && !matches!(part.role, Role::Core | Role::Opening))
        };
        let of_name = |stop: usize| {
            let inside = self.parts.iter().filter(|part| part.start > start && part.start < stop);
            inside.into_iter().all(|part| {
                !matches!(part.role, Role::Stop | Role::Plain)
                    || finder.lexicon.han_stops.exact(&finder.tokens[part.start..part.end]).is_none()
            })
        };
        // 合伙人马骁曾于: the third character is a word of its own; 木村达也 is a name.
        let tears =
            |length: usize| length == 3 && surname == 1 && BEHIND_PERSONS.contains(&finder.piece(start + length - 1));
        // 行长沈开元对, 董事长沈柏年持有: what is a unit behind a figure ends a given name behind a title.
        let ends_in_unit = |stop: usize| {
            titled
                && UNITS.contains(&finder.piece(stop - 1))
                && self.parts.iter().any(|part| (part.start, part.end) == (stop - 1, stop))
                && (followed(stop) || self.parts.iter().any(|part| part.start == stop && part.role == Role::Stop))
        };
        let whole = |stop: usize| {
            of_name(stop) || ends_in_unit(stop) || surname == 2 && JAPANESE_ENDINGS.contains(&finder.piece(stop - 1))
        };
        let length = (1..=2).rev().map(|given| surname + given).find(|length| {
            let stop = start + length;
            stop <= self.end
                && whole(stop)
                && !tears(*length)
                && !self.names_firm(stop)
                && (titled && (parts(stop) || followed(stop))
                    || parts(stop) && followed(stop) && matches!(self.parts[first].role, Role::Core | Role::Opening))
        })?;
        let candidate = Candidate {
            start,
            end: start + length,
            found: Found::Name { classes: person, shown: true, quoted: false },
        };
        Some((candidate, self.part_at(start + length)))
    }

    /// 老股东沐阳创投跟投: an ending of firms' names stands here, and no name behind it.
    fn names_firm(&self, token: usize) -> bool {
        let rest = &self.finder.tokens[token.min(self.end)..self.end];
        let ending = self.finder.lexicon.suffixes.longest(rest).map(|(length, _)| length);
        ending.is_some_and(|length| length >= 2 && ends_here(self.finder, token + length))
    }

    /// Characters that no dictionary knows, with words on both sides: 万科 in 万科收购了…. Open in class.
    fn bare(&self, first: usize) -> Option<(Candidate, usize)> {
        let finder = self.finder;
        // 广州友谊, 上海福喜: a place glued to the name belongs to it.
        let place = usize::from(self.parts[first].role == Role::Place);
        let run = self.parts[first + place..].iter().take_while(|part| matches!(part.role, Role::Core | Role::Opening));
        let (core, strange) =
            run.fold((0, false), |(core, strange), part| (core + 1, strange || part.role == Role::Core));
        let mut next = first + place + core;
        let start = self.parts[first].start;
        let bare_place = place == 1 && core == 0 && !self.is_country(first) && self.stands_free(first);
        if !(strange || bare_place && self.is_place_with_trade(first)) || strange && self.is_country(first) {
            return None;
        }
        // 大成包装, 三岳物产: one word that often ends names belongs to it.
        if self.parts.get(next).is_some_and(|part| part.role == Role::Ending && part.start - start >= 2) {
            next += 1;
        }
        // 宏达经编, 大唐发电, 重庆啤酒: four characters before a verb of the trade are one name.
        let end = self.parts[next - 1].end;
        if end - start == 2
            && let Some(trade) = self.parts.get(next)
            && matches!(trade.role, Role::Noun | Role::RareNoun | Role::Plain)
            && trade.end - trade.start == 2
            && self.verb_follows(trade.end)
        {
            next += 1;
        }
        let end = self.parts[next - 1].end;
        let name = finder.words(start, end);
        // 一条窄巷里: what something is in is no firm.
        let is_site = matches!(finder.piece(end), "里" | "裡" | "内" | "內" | "旁") && self.is_border(end + 1);
        if is_site || !(2..=LONGEST_BARE).contains(&(end - start)) || finder.lexicon.han_generic.contains(name) {
            return None;
        }
        let surname = finder
            .lexicon
            .surnames
            .longest(&finder.tokens[start..end])
            .is_some_and(|(length, ())| end - start - length <= 2 && end > start + length);
        // 由何紫晴创立: 何 is a surname before characters that are no word.
        if place == 0 && end - start <= 2 && first > 0 && finder.piece(start - 1) == "何" {
            let classes = finder.classes.set("Person")?;
            return Some((
                Candidate { start: start - 1, end, found: Found::Name { classes, shown: false, quoted: false } },
                next,
            ));
        }
        let mut classes = finder.classes.union(&["Company", "Fund", "Product"]);
        if surname && end - start <= 4 {
            classes = classes | finder.classes.set("Person").unwrap_or_default();
        }
        Some((Candidate { start, end, found: Found::Name { classes, shown: false, quoted: false } }, next))
    }
}

/// A word of the lists that begins at a token: one past its end, and what it does to names.
fn listed(finder: &Finder<'_>, at: usize, end: usize) -> Option<(usize, Role)> {
    let lexicon = finder.lexicon;
    let first = &finder.tokens[at];
    let words = [&lexicon.han_stops, &lexicon.han_leads, &lexicon.han_common, &lexicon.titles];
    if !words.iter().any(|words| words.may_open(first)) && !lexicon.suffixes.may_open(first) {
        return None;
    }
    let tokens = &finder.tokens[at..end];
    let stop = lexicon.han_stops.longest(tokens).map(|(length, ())| (length, Role::Stop));
    let lead = lexicon.han_leads.longest(tokens).map(|(length, ())| (length, Role::Common));
    let common = lexicon.han_common.longest(tokens).map(|(length, ())| (length, Role::Common));
    let title = lexicon.titles.longest(tokens).map(|(length, ())| (length, Role::Common));
    // An ending of names stays one, though rules use the word as well (北山投资), unless something follows it at
    // once (北山投资海棠科技).
    let ending = lexicon.suffixes.longest(tokens).map(|(length, _)| (length, Role::Ending));
    let is_stop = |(length, _): (usize, Role)| lexicon.han_stops.exact(&tokens[..length]).is_some();
    let ended = |(length, _): (usize, Role)| {
        let before = &finder.tokens[at.saturating_sub(LONGEST_ENDING)..at];
        length < 4
            && before.last().is_some_and(|token| token.kind == TokenKind::Han)
            && lexicon.suffixes.longest_at_end(before, LONGEST_ENDING).is_some()
    };
    let ending = ending.filter(|&ending| !is_stop(ending) || ends_here(finder, at + ending.0) && !ended(ending));
    let words = [ending, stop, title, lead, common];
    let longest = words.into_iter().flatten().map(|(length, _)| length).max()?;
    let (length, role) = words.into_iter().flatten().find(|(length, _)| *length == longest)?;
    // 万通地产, 元大证券: what is a unit behind a figure opens a name elsewhere.
    let unit = UNITS.contains(&finder.piece(at)) && (at == 0 || finder.tokens[at - 1].kind != TokenKind::Number);
    let in_name = length == 1 && (unit || SOFT_STOPS.contains(&finder.piece(at)) && !finder.is_behind_sign(at));
    (length >= 2 || role == Role::Stop && !in_name).then_some((at + length, role))
}

/// 子 in 其子沈子谦 and 沈国强之子沈子谦.
fn is_kin(finder: &Finder<'_>, at: usize) -> bool {
    matches!(finder.piece(at), "子" | "女" | "妻" | "弟" | "兄" | "妹" | "姐" | "父" | "母" | "侄" | "婿" | "孙" | "孫")
        && at > 0
        && matches!(finder.piece(at - 1), "其" | "之")
        && !matches!(finder.piece(at + 1), "公")
}

/// Words behind a person's name that no name ends in.
const BEHIND_PERSONS: [&str; 20] = [
    "拟", "擬", "欲", "未", "曾", "将", "將", "已", "于", "於", "则", "則", "均", "亦", "现", "現", "也", "兼", "与",
    "與",
];
/// Words that names from Japan end in: 木村达也.
const JAPANESE_ENDINGS: [&str; 6] = ["也", "之", "一", "二", "三", "和"];

/// Words that names hold as well: 元 in 鸿元资本, 达 in 广达.
const SOFT_STOPS: [&str; 7] = ["因", "达", "超", "近", "有", "等", "前"];
const UNITS: [&str; 6] = ["元", "年", "月", "日", "亿", "万"];

/// Whether a clause, or a word that no name holds, comes next.
fn ends_here(finder: &Finder<'_>, at: usize) -> bool {
    match finder.tokens.get(at) {
        None => true,
        Some(token) if token.kind == TokenKind::Han => {
            finder.piece(at) != "了"
                && finder.piece(at) != "于"
                && finder.lexicon.han_stops.longest(&finder.tokens[at..]).is_some()
        }
        Some(token) => token.kind == TokenKind::Sign && !matches!(finder.piece(at), "“" | "「" | "《"),
    }
}

fn role(word: &Word) -> Role {
    let single = word.end - word.start == 1;
    match word.kind {
        WordKind::Unknown | WordKind::Given => Role::Core,
        WordKind::Opening => Role::Opening,
        WordKind::Place => Role::Place,
        WordKind::Ending => Role::Ending,
        WordKind::Noun => Role::Noun,
        WordKind::RareNoun => Role::RareNoun,
        WordKind::Verb | WordKind::Function if single => Role::Weak,
        WordKind::Numeral => Role::Front,
        WordKind::Verb | WordKind::Adjective if word.end - word.start == 2 => Role::Plain,
        WordKind::Verb | WordKind::Adjective | WordKind::Function => Role::Stop,
    }
}
