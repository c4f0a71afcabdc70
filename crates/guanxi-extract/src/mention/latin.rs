//! Names in Latin script that stand in no list: runs of capitalised words.

use super::{Candidate, Finder, Found};
use crate::classes::ClassSet;
use crate::scan::{Token, TokenKind};

/// Longest run taken for a name, in tokens.
const LONGEST: usize = 14;

/// Proposes every run of capitalised words, typed by its ending, its opening, a title before it.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let mut start = 0;
    while start < finder.tokens.len() {
        if !may_matter(finder, &finder.tokens[start]) {
            start += 1;
            continue;
        }
        let passed = finder.lexicon.not_names.longest(&finder.tokens[start..]);
        // "Chief Executive Jane Roe": what comes before the name may be no word of names.
        let titled = finder.lexicon.titles.longest(&finder.tokens[start..]);
        if let Some((length @ 2.., ())) = passed.max(titled) {
            start += length;
            continue;
        }
        // "On Monday Dunlin Bank rejected"; but "by Sun Media".
        if start > 0
            && names_a_day(finder, start)
            && finder.piece(start) != "Sun"
            && matches!(
                finder.piece(start - 1),
                "on" | "On" | "in" | "In" | "by" | "By" | "since" | "Since" | "last" | "Last" | "late" | "early"
            )
        {
            start += 1;
            continue;
        }
        if !begins_name(finder, start) {
            start += 1;
            continue;
        }
        let end = run_end(finder, start);
        propose(finder, start, end, candidates);
        start = end.max(start + 1);
    }
}

/// Whether a token may begin a name, or what names are not read within: most do neither.
fn may_matter(finder: &Finder<'_>, token: &Token) -> bool {
    token.capital
        || token.inner_capital
        || token.kind == TokenKind::Number
        || finder.lexicon.not_names.may_open(token)
        || finder.lexicon.titles.may_open(token)
}

fn begins_name(finder: &Finder<'_>, at: usize) -> bool {
    let token = &finder.tokens[at];
    if token.kind == TokenKind::Number {
        // 3i, 58.com, 360 Security: a number glued to letters.
        return finder.tokens.get(at + 1).is_some_and(|next| {
            next.kind == TokenKind::Word && !next.spaced && next.end - next.start > 2 && next.capital
        });
    }
    // Next plc, Scottish & Newcastle: what follows shows that an ordinary word or a demonym is the head of a name.
    let shown =
        token.capital && token.kind == TokenKind::Word && (form_is_behind(finder, at) || joined_to_name(finder, at));
    shown || is_name_word(finder, at, true) && !finder.lexicon.opens_no_name.contains(&token.hash)
}

/// "plc", "Ltd" right behind a word.
fn form_is_behind(finder: &Finder<'_>, at: usize) -> bool {
    matches!(finder.piece(at + 1), "plc" | "PLC" | "Plc" | "Inc" | "Ltd" | "Limited" | "LLC" | "Corp" | "AG" | "SE")
        && finder.tokens[at + 1].spaced
}

/// "& Newcastle" behind a word.
fn joined_to_name(finder: &Finder<'_>, at: usize) -> bool {
    finder.piece(at + 1) == "&" && finder.tokens.get(at + 2).is_some_and(|next| next.spaced && is_capital_word(next))
}

/// A capitalised word that is no ordinary word at the head of a sentence or in a headline.
fn is_name_word(finder: &Finder<'_>, at: usize, first: bool) -> bool {
    let token = &finder.tokens[at];
    if token.kind != TokenKind::Word {
        return false;
    }
    let inner_capital = !token.all_capitals && token.inner_capital;
    if !token.capital {
        // iQiyi, eBay
        return inner_capital && token.end - token.start > 3;
    }
    // "A Series B of $6 million", "A Ferrero spokesman": an article, if no initial.
    if first
        && matches!(finder.piece(at), "A" | "An" | "The")
        && (at == 0 || opens_sentence(finder, at))
        && finder.piece(at + 1) != "."
        && finder.piece(at + 1) != "&"
    {
        return false;
    }
    // "Quick-service chains": the first half of a compound at the head of a sentence.
    let compound = finder.piece(at + 1) == "-"
        && finder.tokens.get(at + 2).is_some_and(|next| !next.spaced && !next.capital && next.kind == TokenKind::Word)
        && !matches!(finder.piece(at + 2), "based" | "backed" | "owned" | "listed" | "led");
    // "Pharmaceuticals maker Lavipharm"
    let trade = finder
        .tokens
        .get(at + 1)
        .is_some_and(|next| next.spaced && !next.capital && finder.lexicon.company_nouns.contains(&next.hash));
    if first && at == 0 && trade && finder.tokens.get(at + 2).is_some_and(|name| name.capital) {
        return false;
    }
    if first && at == 0 && compound && finder.lexicon.is_common(token) {
        return false;
    }
    let ordinary = finder.lexicon.is_common(token) && (!token.all_capitals || finder.title_case) && !inner_capital;
    let capital_tells_nothing = finder.title_case || (first && at == 0) || (first && opens_sentence(finder, at));
    // "Jan de Wit", "Mark van Dyk"
    let particle =
        finder.tokens.get(at + 1).is_some_and(|next| !next.capital && finder.lexicon.connectors.contains(&next.hash));
    if first
        && particle
        && finder.tokens.get(at + 2).is_some_and(is_capital_word)
        && finder.lexicon.given_names.contains(&token.hash)
    {
        return true;
    }
    if ordinary && capital_tells_nothing {
        // "Skagen Bank Buys Rival": the ending of a name goes on with it.
        if !first && finder.lexicon.suffixes.longest(&finder.tokens[at..]).is_some() {
            return true;
        }
        // "Harbour Bank said": an ordinary word may open a name of several.
        return !finder.title_case
            && first
            && finder
                .tokens
                .get(at + 1)
                .is_some_and(|next| is_capital_word(next) && !next_is_ordinary(finder, at + 1))
            && !finder.lexicon.boundaries.contains(&token.hash);
    }
    !(ordinary && finder.lexicon.boundaries.contains(&token.hash) && first)
}

fn next_is_ordinary(finder: &Finder<'_>, at: usize) -> bool {
    let suffix = finder.lexicon.suffixes.longest(&finder.tokens[at..]).is_some();
    finder.lexicon.is_common(&finder.tokens[at]) && !suffix
}

/// Behind an opening quotation mark, a colon, a bullet or the dash of a dateline a capital tells nothing.
fn opens_sentence(finder: &Finder<'_>, at: usize) -> bool {
    at > 0
        && match finder.piece(at - 1) {
            "“" | "\"" | ":" | "：" | "•" => true,
            "-" | "–" | "—" => {
                finder.tokens[at].spaced && finder.tokens[at - 1].spaced && finder.tokens[0].all_capitals
            }
            _ => false,
        }
}

fn is_capital_word(token: &Token) -> bool {
    token.kind == TokenKind::Word && token.capital
}

fn run_end(finder: &Finder<'_>, start: usize) -> usize {
    let tokens = finder.tokens;
    let mut end = start + 1;
    while end < tokens.len() && end - start < LONGEST {
        let token = &tokens[end];
        let next_capital = |at: usize| tokens.get(at).is_some_and(is_capital_word);
        let piece = finder.piece(end);
        let step = match piece {
            // Seo Min-hyuk: the second half of a given name; but not Acme Holdings-backed.
            "-" if !token.spaced && end - start >= 2 && finishes_given_name(finder, end + 1) => 2,
            // Circular No. 9 of 2021
            "." if end > start + 1
                && finder.piece(end - 1) == "No"
                && is_number(finder, end + 1)
                && is_rule_word(finder, end - 2) =>
            {
                2
            }
            "of" if end > start + 3 && finder.piece(end - 2) == "." && is_number(finder, end + 1) => 2,
            // "fined Tanjung Securities RM3.2mil", "fined Te Ata NZ$210,000"
            _ if opens_money(finder, end) => 0,
            "family" => 1,
            "plc" | "llc" | "ltd" | "inc" | "gmbh" | "llp" | "asa" | "oyj" | "pjsc" if token.spaced => 1,
            // Halden Danmark A/S, Vale S/A
            "A" | "S" | "I" | "K" if finder.piece(end + 1) == "/" && matches!(finder.piece(end + 2), "S" | "A") => 3,
            "&" | "+" if next_capital(end + 1) => 2,
            // Coca-Cola, but not China-based.
            "-" if !token.spaced && next_capital(end + 1) && !tokens[end + 1].spaced => 2,
            // Acme Co., Ltd.
            "." if ends_with_abbreviation(finder, end) && legal_form_follows(finder, end + 1) => 1,
            "," if legal_form_follows(finder, end + 1) => 1,
            // St. James's Place
            "." if finder.piece(end - 1) == "St" && end == start + 1 && next_capital(end + 1) => 1,
            // J. P. Morgan
            "." if tokens[end - 1].all_capitals
                && tokens[end - 1].end - tokens[end - 1].start == 1
                && next_capital(end + 1) =>
            {
                1
            }
            // Hydro Workers' Pension Fund
            "'" | "’"
                if !token.spaced && next_capital(end + 1) && finder.lexicon.members.contains(&tokens[end - 1].hash) =>
            {
                1
            }
            // O'Mahony, D'Souza, Sa'dan
            "'" | "’" if !token.spaced && joins_name(finder, end) => 2,
            // Siyaphambili Fishers' Trust
            "'" | "’"
                if !token.spaced
                    && finder.piece(end - 1).ends_with('s')
                    && next_capital(end + 1)
                    && end - start >= 2
                    && finder.lexicon.suffixes.longest(&tokens[end + 1..]).is_some() =>
            {
                1
            }
            // Nancy's Pizza, Women's Health: what stands behind is no name by itself.
            "'s" | "’s" if end == start + 1 && next_capital(end + 1) && is_shop_of(finder, start, end + 1) => 2,
            // Macy's said, Rally's and Taco Bueno: nothing stands behind that could be the firm's.
            "'s" | "’s" if owns_nothing(finder, start, end + 1) => {
                end += 1;
                break;
            }
            "'s" | "’s" => 0,
            // A heading before a sentence: "History In May 2019".
            "In" | "On" | "Since" | "During" | "By" if opens_date(finder, end + 1) => 0,
            "of" if finder.lexicon.heads_with_of.contains(&tokens[end - 1].hash)
                && (next_capital(end + 1) || piece_is_the(finder, end + 1) && next_capital(end + 2)) =>
            {
                1
            }
            // Ring of Fire, House of Dragons
            "of" if end == start + 1 && start > 0 && next_capital(end + 1) && is_plain_head(finder, start) => 1,
            "of" if end > start + 1
                && tokens[start..end].iter().any(|token| finder.lexicon.heads_with_of.contains(&token.hash))
                && next_capital(end + 1) =>
            {
                1
            }
            "and" if titles_rule(finder, start, end + 1) => 1,
            "for" | "on" | "and" | "the"
                if within_institution(finder, start, end)
                    && !names_a_day(finder, end + 1)
                    && !(piece == "and" && piece_is_the(finder, end + 1))
                    && (next_capital(end + 1) || piece_is_the(finder, end + 1) && next_capital(end + 2)) =>
            {
                1
            }
            _ if token.kind == TokenKind::Word
                && finder.lexicon.connectors.contains(&token.hash)
                && !token.capital
                && next_capital(end + 1) =>
            {
                1
            }
            _ if is_name_word(finder, end, false)
                && token.spaced
                && (!is_title(finder, end) || names_an_office(finder, start, end)) =>
            {
                1
            }
            _ if token.kind == TokenKind::Number && token.spaced && continues_with_number(finder, end) => 1,
            _ if token.kind == TokenKind::Number
                && !token.spaced
                && token.end - token.start <= 4
                && !matches!(finder.piece(end + 1), "%") =>
            {
                1
            }
            _ => 0,
        };
        if step == 0 {
            break;
        }
        end += step;
    }
    // A full stop that belongs to the legal form belongs to the name.
    if finder.piece(end) == "."
        && end < tokens.len()
        && ends_with_abbreviation(finder, end)
        && (is_legal_form(finder, end - 1) || matches!(finder.piece(end - 1), "Bros" | "Jr" | "Sr"))
        && !tokens[end].spaced
    {
        end += 1;
    }
    end
}

/// Behind a possessive stands a verb, a preposition or the end; but "larger than Skagen Bank's".
fn owns_nothing(finder: &Finder<'_>, start: usize, behind: usize) -> bool {
    let sign = matches!(finder.piece(behind), "," | "." | ";" | ")" | "(");
    let word = finder.tokens.get(behind).is_some_and(|next| {
        next.kind == TokenKind::Word && !next.capital && finder.lexicon.behind_own_s.contains(&next.hash)
    });
    (sign || word) && !(start > 0 && matches!(finder.piece(start - 1), "than" | "and" | "as"))
}

/// "Nancy's" before "Pizza": a given name, and an ordinary word that is capitalised because it belongs to the name.
fn is_shop_of(finder: &Finder<'_>, owner: usize, behind: usize) -> bool {
    let group = matches!(finder.piece(owner), "Women" | "Men" | "Children" | "Kids");
    let owner = &finder.tokens[owner];
    let next = &finder.tokens[behind];
    (group || finder.lexicon.given_names.contains(&owner.hash))
        && !finder.title_case
        && finder.lexicon.is_common(next)
        && !next.all_capitals
        && !is_title(finder, behind)
}

/// An ordinary word with a capital within a sentence, which is nobody's title.
fn is_plain_head(finder: &Finder<'_>, at: usize) -> bool {
    !finder.title_case
        && !opens_sentence(finder, at)
        && finder.lexicon.is_common(&finder.tokens[at])
        && finder.lexicon.suffixes.longest(&finder.tokens[at..=at]).is_none()
        && !is_title(finder, at)
}

/// An apostrophe between two halves of one word.
fn joins_name(finder: &Finder<'_>, apostrophe: usize) -> bool {
    let before = &finder.tokens[apostrophe - 1];
    let behind = finder.tokens.get(apostrophe + 1);
    behind
        .is_some_and(|next| next.kind == TokenKind::Word && !next.spaced && (next.capital || next.end - next.start > 2))
        && before.end - before.start <= 4
}

fn opens_date(finder: &Finder<'_>, at: usize) -> bool {
    is_number(finder, at) || finder.tokens.get(at..).is_some_and(|rest| finder.lexicon.months.longest(rest).is_some())
}

/// A currency's letters glued to a figure or a sign.
fn opens_money(finder: &Finder<'_>, at: usize) -> bool {
    let piece = finder.piece(at);
    let sign = &piece[..piece.find(|c: char| c.is_ascii_digit()).unwrap_or(piece.len())];
    let known = || {
        finder.lexicon.glued_signs.contains_key(sign)
            || finder.lexicon.currencies.exact(&crate::scan::tokens(sign, 0, sign.len() as u32)).is_some()
    };
    let dollar_follows = finder.piece(at + 1) == "$" && !finder.tokens[at + 1].spaced;
    // "fined Moravan CZK 900,000"
    let code = is_number(finder, at + 1) && finder.lexicon.currencies.exact(&finder.tokens[at..=at]).is_some();
    finder.tokens[at].capital && (dollar_follows || code || !sign.is_empty() && sign.len() < piece.len() && known())
}

fn is_number(finder: &Finder<'_>, at: usize) -> bool {
    finder.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Number)
}

fn is_rule_word(finder: &Finder<'_>, at: usize) -> bool {
    matches!(
        finder.piece(at),
        "Circular"
            | "Decree"
            | "Law"
            | "Act"
            | "Order"
            | "Regulation"
            | "Directive"
            | "Notice"
            | "Resolution"
            | "Letter"
            | "Rule"
            | "Bill"
            | "Ordinance"
            | "Announcement"
            | "Guideline"
            | "Guidelines"
            | "Regulations"
            | "Rules"
            | "Directives"
            | "Bylaw"
            | "Bylaws"
    )
}

/// "the Payment and Settlement Bylaw": behind "and" the title of a rule goes on to its end.
fn titles_rule(finder: &Finder<'_>, start: usize, behind: usize) -> bool {
    const LONGEST_TITLE: usize = 5;
    let led = start > 0 && matches!(finder.piece(start - 1), "the" | "The" | "draft" | "new" | "its");
    let rest = (behind..(behind + LONGEST_TITLE).min(finder.tokens.len()))
        .take_while(|&at| is_capital_word(&finder.tokens[at]));
    led && rest.into_iter().any(|at| is_rule_word(finder, at))
}

/// "Office of the Data Protection Commissioner": whose office it is belongs to its name.
fn names_an_office(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    matches!(finder.piece(start), "Office" | "Bureau") && finder.piece(start + 1) == "of" && end > start + 2
}

/// `hyuk` in "Seo Min-hyuk": a small syllable behind a hyphen that is no participle.
fn finishes_given_name(finder: &Finder<'_>, at: usize) -> bool {
    let syllable = finder.piece(at);
    let token = finder.tokens.get(at);
    token.is_some_and(|token| token.kind == TokenKind::Word && !token.capital && !token.spaced)
        && (2..=5).contains(&syllable.len())
        && (!finder.lexicon.is_common(&finder.tokens[at]) || matches!(syllable, "won" | "in" | "sun" | "young"))
        && !["based", "owned", "led", "run", "made", "style", "wide", "like", "type", "era", "free"].contains(&syllable)
}

/// "… Stock Exchange on Monday"
fn names_a_day(finder: &Finder<'_>, at: usize) -> bool {
    let rest = &finder.tokens[at.min(finder.tokens.len())..];
    finder.lexicon.months.longest(rest).is_some() || finder.lexicon.not_names.longest(rest).is_some()
}

fn piece_is_the(finder: &Finder<'_>, at: usize) -> bool {
    finder.piece(at) == "the"
}

/// Titles of laws and names of ministries run over small words: "Ministry of Industry and Information Technology".
fn within_institution(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    finder.piece(end - 1) == "of"
        || finder.piece(end) != "the"
            && finder.tokens[start..end].iter().any(|token| finder.lexicon.heads_with_of.contains(&token.hash))
            && [" of ", " for "].iter().any(|small| finder.words(start, end).contains(small))
        || (finder.piece(end) == "for" || finder.piece(end) == "on")
            && finder.tokens[start..end].iter().any(|token| finder.lexicon.heads_with_of.contains(&token.hash))
}

/// "Fintech Development Plan 2022", "Series 7": a number that belongs to a title; never a year after a firm.
fn continues_with_number(finder: &Finder<'_>, at: usize) -> bool {
    matches!(
        finder.piece(at - 1),
        "Plan"
            | "Act"
            | "Decree"
            | "Order"
            | "Regulation"
            | "Directive"
            | "Law"
            | "Rules"
            | "Regulations"
            | "Guidelines"
            | "Directives"
            | "Bylaw"
            | "Bylaws"
            | "Code"
            | "Ordinance"
            | "Bill"
            | "Circular"
            | "Channel"
            | "Radio"
            | "Studio"
            | "Club"
    )
}

fn ends_with_abbreviation(finder: &Finder<'_>, dot: usize) -> bool {
    finder.lexicon.stop_words.is_abbreviation(finder.tokens[dot - 1].hash)
}

fn legal_form_follows(finder: &Finder<'_>, at: usize) -> bool {
    let at = if finder.piece(at) == "," { at + 1 } else { at };
    // "Jane Roe, co-founder of Acme": no legal form.
    at < finder.tokens.len() && is_legal_form(finder, at) && finder.piece(at + 1) != "-"
}

fn is_legal_form(finder: &Finder<'_>, at: usize) -> bool {
    const FORMS: [&str; 22] = [
        "inc", "ltd", "llc", "co", "corp", "plc", "ag", "sa", "s.a", "n.v", "nv", "b.v", "bv", "gmbh", "limited", "lp",
        "llp", "s.p.a", "spa", "se", "pte", "bhd",
    ];
    let lower = super::Lower::of(finder.piece(at).trim_end_matches('.'));
    FORMS.contains(&&*lower)
}

fn is_title(finder: &Finder<'_>, at: usize) -> bool {
    finder.lexicon.titles.longest(&finder.tokens[at..]).is_some()
}

fn propose(finder: &Finder<'_>, start: usize, end: usize, candidates: &mut Vec<Candidate>) {
    let (start, titled) = pass_titles(finder, start, end);
    let (start, honoured) = pass_honorifics(finder, start, end);
    // *ST凯马: a mark of the exchange before the name.
    let marked = start + 1 == end
        && matches!(finder.piece(start), "ST" | "SST")
        && finder.tokens.get(end).is_some_and(|next| next.kind == TokenKind::Han);
    if start >= end || marked || is_no_name(finder, start, end) || is_in_ticker(finder, start, end) {
        return;
    }
    let tokens = &finder.tokens[start..end];
    let person = titled || honoured || title_before(finder, start);
    if let Some((classes, shown)) = classes_of(finder, start, end, person) {
        let trimmed = tokens.len();
        candidates.push(Candidate {
            start,
            end: start + trimmed,
            found: Found::Name { classes, shown, quoted: false },
        });
    }
}

/// "Chief Executive Jane Roe": the title is no part of the name.
fn pass_titles(finder: &Finder<'_>, mut start: usize, end: usize) -> (usize, bool) {
    let mut passed = false;
    while start < end {
        match finder.lexicon.titles.longest(&finder.tokens[start..end]) {
            Some((length, ())) if start + length <= end => {
                start += length;
                passed = true;
            }
            _ => break,
        }
    }
    (start, passed)
}

fn pass_honorifics(finder: &Finder<'_>, start: usize, end: usize) -> (usize, bool) {
    match finder.lexicon.honorifics.longest(&finder.tokens[start..end]) {
        // Lord & Taylor
        Some((length, ())) if finder.piece(start + length) != "&" => {
            let behind = start + length;
            let behind = if finder.piece(behind) == "." { behind + 1 } else { behind };
            (behind, true)
        }
        _ => {
            // "Ms. Jane Roe"
            let behind = if start > 1 && finder.piece(start - 1) == "." { start - 1 } else { start };
            let before = &finder.tokens[behind.saturating_sub(1)..behind];
            (start, finder.lexicon.honorifics.exact(before).is_some())
        }
    }
}

/// A title in small letters just before: "chief executive Jane Roe".
fn title_before(finder: &Finder<'_>, start: usize) -> bool {
    finder.lexicon.titles.longest_at_end(&finder.tokens[..start], 4).is_some()
}

/// `BABA` in "(NYSE: BABA)", `HK` in "(0700.HK)".
fn is_in_ticker(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let opening = (start.saturating_sub(4)..start).rev().find(|&at| matches!(finder.piece(at), "(" | "（"));
    let closed = matches!(finder.piece(end), ")" | "）");
    closed && opening.is_some_and(|opening| super::apposition::is_ticker(finder, opening + 1, end))
}

/// Demonyms, weekdays, abbreviations of things: alone they are no name.
fn is_no_name(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end {
        match finder.lexicon.not_names.longest(&finder.tokens[at..end]) {
            Some((length, ())) => at += length,
            None => return false,
        }
    }
    true
}

fn classes_of(finder: &Finder<'_>, start: usize, end: usize, person: bool) -> Option<(ClassSet, bool)> {
    let classes = finder.classes;
    let tokens = &finder.tokens[start..end];
    let bare = match tokens.last() {
        Some(last) if finder.piece(end - 1) == "." && last.kind == TokenKind::Sign => &tokens[..tokens.len() - 1],
        _ => tokens,
    };
    // "Digital Wallet Guidelines 2025"
    let bare = match bare {
        [name @ .., year]
            if name.len() >= 2 && year.kind == TokenKind::Number && is_rule_word(finder, start + name.len() - 1) =>
        {
            name
        }
        bare => bare,
    };
    let words = bare.iter().filter(|token| token.kind == TokenKind::Word).count();
    // "Ltd", "Group Ltd": a form is no name.
    if (start..start + bare.len())
        .all(|at| is_legal_form(finder, at) || matches!(finder.piece(at), "Group" | "Holdings" | "." | ","))
    {
        return None;
    }
    // "Luxembourg's regulator, the CNPD, fined …"
    let apposed = start > 2 && finder.piece(start - 1) == "the" && finder.piece(start - 2) == ",";
    let noun_end = if apposed { start - 2 } else { start };
    let kind_before = finder.lexicon.authority_nouns.longest_at_end(&finder.tokens[..noun_end], 3).is_some();
    if kind_before && words <= 3 {
        return classes.set("Regulator").map(|set| (set, true));
    }
    if words >= 2 && finder.piece(end - 1) == "family" {
        return Some((finder.classes.organization_itself(), true));
    }
    if is_rule_word(finder, start) && finder.piece(start + 1) == "No"
        || is_rule_word(finder, start + 1) && finder.piece(start + 2) == "No"
    {
        return classes.set("Regulation").map(|set| (set, true));
    }
    let hyphened = (start + 1..end)
        .any(|at| finder.piece(at) == "-" && finder.tokens.get(at + 1).is_some_and(|next| !next.capital));
    if hyphened && (3..=4).contains(&words) {
        return classes.set("Person").map(|set| (set, true));
    }
    // "the Competition Bureau": an authority may be called by what shows it, and nothing else.
    let authority = classes.union(&["Regulator", "PublicBody"]);
    let by_end =
        finder.lexicon.suffixes.longest_at_end(bare, 4).filter(|(length, set)| {
            *length < bare.len() || bare.len() >= 2 && set.without(authority) == ClassSet::NONE
        });
    let by_start = finder.lexicon.prefixes.longest(bare).filter(|(length, _)| *length < bare.len());
    // A Ministry of Finance is no finance house.
    let of_state =
        by_start.filter(|(_, set)| set.without(authority) == ClassSet::NONE && is_small_of(finder, start + 1));
    if let Some((_, set)) = of_state.or(by_end).or(by_start) {
        return Some((*set, true));
    }
    if let Some(set) = by_head_noun(finder, start, start + bare.len()) {
        return Some((set, true));
    }
    if words >= 2 && is_legal_form(finder, start + bare.len() - 1) {
        return classes.set("Company").map(|set| (set, true));
    }
    if person && (1..=4).contains(&words) {
        return classes.set("Person").map(|set| (set, true));
    }
    let joined = (start..start + bare.len()).any(|at| matches!(finder.piece(at), "&" | "+" | "'s" | "’s"));
    if (3..=4).contains(&words) && !joined && ends_double_barrelled(finder, start, start + bare.len()) {
        return classes.set("Person").map(|set| (set, true));
    }
    // "Paul Lynde Show": what ends in an ordinary word may be a thing that bears a person's name.
    let thing = words >= 3 && bare.last().is_some_and(|last| finder.lexicon.is_common(last));
    if (2..=4).contains(&words)
        && !joined
        && !thing
        && finder.lexicon.given_names.contains(&bare[0].hash)
        && bare.iter().all(|token| !token.all_capitals || token.end - token.start == 1)
    {
        return classes.set("Person").map(|set| (set, true));
    }
    if words == 1 && (bare[0].end - bare[0].start < 2 || is_month(finder, start)) {
        return None;
    }
    let mut open = classes.union(&["Company", "Product", "Fund"]) | finder.classes.organization_itself();
    if (2..=3).contains(&words)
        && !joined
        && !bare.iter().any(|token| token.all_capitals || token.kind == TokenKind::Number)
    {
        open = open | classes.set("Person").unwrap_or_default();
    }
    // Ordinary words, however written, are a heading or an event: "Core Insights", "Annual Shopping Carnival".
    let ordinary = |token: &Token| {
        token.kind != TokenKind::Word
            || (finder.lexicon.is_common(token) && (!token.all_capitals || finder.title_case))
            || finder.lexicon.not_names.exact(std::slice::from_ref(token)).is_some()
    };
    if words > 1 && bare.iter().all(ordinary) && !joined {
        // New Video, Value City: within a sentence that writes other words small, they may be a firm's all the same.
        let capital_tells = !finder.title_case && start > 0 && !opens_sentence(finder, start);
        return capital_tells.then(|| (classes.union(&["Company", "Product"]), false));
    }
    if may_be_place(finder, start, end) {
        open = open | classes.set("Place").unwrap_or_default();
    }
    Some((open, false))
}

fn is_small_of(finder: &Finder<'_>, at: usize) -> bool {
    finder.piece(at) == "of"
}

/// "State Institute for Drug Control": what an authority is stands before "for".
fn by_head_noun(finder: &Finder<'_>, start: usize, end: usize) -> Option<ClassSet> {
    let small = (start + 1..end).find(|&at| finder.piece(at) == "for")?;
    let (_, set) = finder.lexicon.suffixes.longest_at_end(&finder.tokens[start..small], 4)?;
    let bodies = finder.classes.union(&["Regulator", "PublicBody", "Organization"]);
    (set.without(bodies) == ClassSet::NONE).then_some(*set)
}

/// Zainab Alabi-Cole, Shirish Gokhale-Nair
fn ends_double_barrelled(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let capital = |at: usize| is_capital_word(&finder.tokens[at]) && !finder.tokens[at].all_capitals;
    end >= start + 4
        && finder.piece(end - 2) == "-"
        && (start..end).filter(|&at| at != end - 2).all(capital)
        && (start..end - 2).all(|at| finder.piece(at) != "-")
        // Shifa Al-Waha may be anything.
        && finder.tokens[end - 3].end - finder.tokens[end - 3].start > 2
        && finder.lexicon.suffixes.longest(&finder.tokens[end - 3..end - 2]).is_none()
}

/// "Sept. 30", where no date was read.
fn is_month(finder: &Finder<'_>, at: usize) -> bool {
    let number_behind = finder.tokens[at + 1..].iter().take(2).any(|token| token.kind == TokenKind::Number);
    number_behind && finder.lexicon.months.exact(&finder.tokens[at..=at]).is_some()
}

/// "in Kano", "the Calabar brewer": where a place would stand. "A stake in Kano" is left to the rules.
fn may_be_place(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).map_or("", |before| finder.piece(before));
    let words = end - start;
    let led = words <= 2 && matches!(before, "in" | "In" | "near" | "outside")
        || words == 1 && matches!(before, "from" | "From");
    let article = matches!(before, "the" | "The" | "a" | "A" | "an" | "An");
    let noun_follows = finder.tokens.get(end).is_some_and(|next| {
        next.kind == TokenKind::Word && !next.capital && !finder.lexicon.boundaries.contains(&next.hash)
    });
    led || finder.piece(end) == "-" && finder.piece(end + 1) == "based" || article && noun_follows
}
