//! Invented news: stories of some paragraphs in English and Chinese. A third of the sentences bear words that rules look
//! for: half of these state a fact, the others only use the words. The rest is what news is made of beside.
//!
//! In a sentence `F` is a firm, `B` the firm that the story is about, `P` a person, `N` a figure, `D` a date, each
//! between `{` and `}`.

use crate::chance::Chance;
use crate::names;

const TELLING: [&str; 22] = [
    "{B} said on Tuesday that it had acquired {F} for ${N} million in cash.",
    "The company, which is owned by {F}, appointed {P} as chief financial officer.",
    "{F} invested ${N} million in {B} in {D}, taking a {N}% stake.",
    "{F} owns {N}% of {B}, according to the prospectus.",
    "{B} plans to sell its stake in {F} to {F} before the end of the year.",
    "The regulator fined {B} ${N} million for failings in its controls.",
    "{P}, chief executive of {B}, will step down in {D}.",
    "{F} denied that it was in talks to buy {B}.",
    "{B} raised ${N} million in a Series B round led by {F} and {F}.",
    "It competes with {F} and {F} in the home market.",
    "{B} reported revenue of ${N} million for the year, up {N}% on {D}.",
    "{F}, a subsidiary of {F}, supplies batteries to {B}.",
    "{B} is listed on the London Stock Exchange and employs {N} people.",
    "{B}, founded in 2009 by {P}, provides payment services to small shops.",
    "{F} agreed to merge with {B} in a deal that values it at ${N} billion.",
    "{B} launched a wallet called Tavio and formed a joint venture with {F}.",
    "{P} joined {B} from {F}, where she was head of risk.",
    "The central bank granted {B} a licence to operate in the country.",
    "{F} and {F} are the largest shareholders of {B}, with {N}% and {N}%.",
    "{B} was founded by {P} and {P} and is based in Singapore.",
    "{B} sold {F} to {F} for €{N} million in {D}.",
    "The firm is backed by {F}, {F} and {F}.",
];

const HINTING: [&str; 20] = [
    "Investors bought bonds and sold shares after the announcement.",
    "Whether anybody would acquire such a business at that price is an open question.",
    "The stake that was on offer drew little interest.",
    "He did not say who owned the trucks.",
    "The launch was put off twice because of rain.",
    "A merger would have to be looked at by several authorities.",
    "Nobody was appointed and the chair stayed empty.",
    "The fine was far smaller than many had feared.",
    "Those who invest early often wait for years.",
    "The shops are owned by families who have run them for generations.",
    "Competition from abroad has become fiercer.",
    "The founders of such firms seldom stay for long.",
    "Rules that were issued last spring have not yet been tested in court.",
    "Most of what was raised went into stocks of raw material.",
    "The listing rules were changed in {D}.",
    "Some suppliers were paid late, others not at all.",
    "A licence costs little and takes weeks.",
    "The chief executive spoke first and left early.",
    "Subsidiaries abroad did better than the plants at home.",
    "Revenue in the sector grew by {N}% in {D}.",
];

const PLAIN: [&str; 44] = [
    "Shares were little changed in early trade, after falling {N}% over the past month.",
    "Analysts had expected demand to weaken during the summer months.",
    "“We are looking at everything again and nobody should be surprised by that,” {P} told reporters.",
    "The move comes as lenders across the region prepare for slower growth.",
    "That is more than twice as much as a year earlier.",
    "Trading volumes have been thin since the holidays, brokers said.",
    "A spokesman for {F} did not reply to a request for comment.",
    "Some of those plans were drawn up before prices began to fall.",
    "Costs rose by {N}% while margins were squeezed by rising wages.",
    "Nobody knows how long the pause will last, or what comes after it.",
    "The weather was unusually warm and many shops were left with unsold coats.",
    "Officials met in the afternoon but the talks ended without a result.",
    "Economists at {F} think that rates will stay where they are until {D}.",
    "Investors have grown used to such surprises.",
    "The report runs to {N} pages and took more than two years to write.",
    "Its customers are mostly small shops and restaurants in the suburbs.",
    "Prices of copper and nickel moved sideways.",
    "There was no immediate reaction from unions.",
    "By noon the index had lost {N} points, its worst morning since {D}.",
    "“It is too early to say whether this is the bottom,” said {P}, a strategist.",
    "The building, on a corner of the old harbour, has stood empty for years.",
    "A decision is expected within weeks.",
    "Many of the workers come from villages further inland and travel for hours.",
    "The currency was steady against the dollar.",
    "Rival makers have cut prices as well, which has made matters worse for everyone.",
    "In {D} a similar scheme collapsed amid complaints about delays.",
    "People close to the matter asked not to be named because the talks are private.",
    "The figures, which were published late on Friday, took the market by surprise.",
    "On most measures the year was a disappointing one for the industry.",
    "The next hearing has been set for {D}.",
    "What matters now, says {P}, is whether households begin to spend again.",
    "Until then the old rules stay in place.",
    "Deliveries fell short of forecasts for the third quarter in a row.",
    "Output in the northern plants recovered slowly after the floods.",
    "The minister spoke for almost an hour and took no questions.",
    "None of this was foreseen when the budget was drawn up.",
    "Bond yields edged higher, and gold slipped to its lowest in {N} days.",
    "The road to the mine is closed for most of the winter.",
    "Even so, bookings for the coming season are said to be strong.",
    "Exports to neighbouring countries made up nearly half of the total.",
    "Readers may remember the long queues of that spring.",
    "The technology is not new, but it has become far cheaper.",
    "Local newspapers had written about the matter for weeks.",
    "A second phase is due to begin after the rainy season.",
];

const TELLING_HAN: [&str; 20] = [
    "{B}周二公告称，拟以{N}亿元收购{F}{N}%的股权。",
    "{F}持有{B}{N}%的股份，为其控股股东。",
    "{B}宣布完成{N}亿元B轮融资，由{F}领投，{F}跟投。",
    "{B}任命{P}为首席财务官，自{D}起生效。",
    "证监会对{B}处以{N}万元罚款。",
    "{B}由{P}于2012年创立，总部位于深圳。",
    "{F}是{B}的全资子公司，主要从事供应链金融业务。",
    "{B}否认将出售旗下{F}。",
    "{B}去年实现营业收入{N}亿元，同比增长{N}%。",
    "{P}辞去{B}董事长职务。",
    "{F}向{B}投资{N}亿元，持股比例升至{N}%。",
    "{B}与{F}成立合资公司，双方各持股50%。",
    "{B}的主要竞争对手包括{F}和{F}。",
    "{B}计划在香港交易所上市。",
    "{F}以{N}亿元将{F}出售给{B}。",
    "中国人民银行向{B}颁发了支付业务许可证。",
    "{B}推出了一款名为“云桥”的支付产品。",
    "{B}是{F}的供应商，为其提供电池。",
    "据知情人士透露，{F}正考虑入股{B}。",
    "{B}旗下拥有{F}、{F}等公司。",
];

const HINTING_HAN: [&str; 14] = [
    "收购能否成功，还要看价格。",
    "投资者纷纷卖出股票，买入债券。",
    "这笔投资的回报并不高。",
    "罚款金额低于市场预期。",
    "上市规则在去年作过修改。",
    "创始人很少长期留在公司。",
    "竞争比过去更加激烈。",
    "供应商的账款有时会拖欠几个月。",
    "任命迟迟没有公布。",
    "股权分散的企业更难作出决定。",
    "融资环境没有明显好转。",
    "新产品推出的时间一再推迟。",
    "营业收入的增长主要来自海外市场。",
    "许可证的审批需要几周时间。",
];

const PLAIN_HAN: [&str; 40] = [
    "受此消息影响，股价早盘小幅走低。",
    "分析人士认为，下半年需求仍将偏弱。",
    "与上年同期相比，增幅明显放缓。",
    "“现在下结论还为时过早。”{P}说。",
    "业内普遍预计，价格短期内难以回升。",
    "截至记者发稿，该公司尚未回应。",
    "今年以来，天气偏暖，冬装销售不及往年。",
    "不少小店只能靠打折来清理库存。",
    "会议持续了将近两个小时，没有达成一致。",
    "从长期来看，这一趋势不会改变。",
    "与此同时，原材料成本上涨了{N}%。",
    "许多工人来自附近的乡镇，每天要花很长时间在路上。",
    "这份报告共{N}页，前后花了两年多时间。",
    "市场情绪依然谨慎，成交量连续多日萎缩。",
    "投资者对此早已习以为常。",
    "有学者指出，问题并不在于资金，而在于信心。",
    "上个月的数据好于预期，但仍低于去年同期水平。",
    "老城区的那栋楼已经空置多年。",
    "接下来的几周将是关键时期。",
    "{F}的经济学家预计，利率将在{D}之前保持不变。",
    "北方几家工厂的产量在洪水之后缓慢恢复。",
    "消费者更愿意把钱存起来，而不是花出去。",
    "汇率基本保持稳定。",
    "在过去的十年里，这个行业几经起伏。",
    "此前曾有媒体对此事作过报道。",
    "也有网友表示，服务质量比价格更重要。",
    "下一次听证会定于{D}举行。",
    "这项技术并不新鲜，只是变得便宜了许多。",
    "雨季过后，第二阶段的工作才会开始。",
    "当地报纸连续几周都在谈论这件事。",
    "订单同比减少，出口压力不小。",
    "专家提醒，普通投资者应当注意风险。",
    "即便如此，旺季的预订情况仍然不错。",
    "债券收益率小幅上行，黄金跌至{N}天以来的低点。",
    "谁也没有料到事情会变成这样。",
    "有关部门表示，将继续关注市场变化。",
    "矿山的道路冬天大部分时间都是封闭的。",
    "这一数字比预期低了{N}个百分点。",
    "读者或许还记得那年春天排起的长队。",
    "截至{D}，仓库里的存货足够用三个月。",
];

const HEADLINES: [&str; 5] = [
    "{B} Weighs Its Next Step as Market Slows",
    "{B} buys rival in ${N} million deal",
    "What {B} means for the industry",
    "Morning digest: {B}, {F} and others",
    "Regulator looks at {B}",
];

const HEADLINES_HAN: [&str; 5] =
    ["{B}拟收购{F}", "行业观察：{B}的下一步", "{B}公布年度业绩", "早报：{B}、{F}等公司动态", "监管部门约谈{B}"];

/// News of at least `size` bytes, story by story.
pub fn file(size: usize, seed: u64) -> Vec<String> {
    let mut chance = Chance::new(seed);
    let mut stories = Vec::new();
    let mut bytes = 0;
    while bytes < size {
        let story = story(&mut chance);
        bytes += story.len();
        stories.push(story);
    }
    stories
}

/// News of so many stories, one at a time.
pub fn stories(count: usize, seed: u64) -> impl Iterator<Item = String> {
    let mut chance = Chance::new(seed);
    (0..count).map(move |_| story(&mut chance))
}

fn story(chance: &mut Chance) -> String {
    // In bytes about two thirds English and one third Chinese, as a Chinese character is three bytes.
    let han = chance.below(20) < 9;
    let subject = firm(chance, han);
    let mut text = String::new();
    let headline = chance.pick(if han { &HEADLINES_HAN } else { &HEADLINES });
    fill(headline, &subject, han, chance, &mut text);
    text.push_str("\n\n");
    let others: Vec<String> = (0..6).map(|_| firm(chance, han)).collect();
    for _ in 0..6 + chance.below(14) {
        for _ in 0..1 + chance.below(4) {
            let sentences: &[&str] = match (chance.below(6), han) {
                (0, false) => &TELLING,
                (0, true) => &TELLING_HAN,
                (1, false) => &HINTING,
                (1, true) => &HINTING_HAN,
                (_, false) => &PLAIN,
                (_, true) => &PLAIN_HAN,
            };
            let sentence = chance.pick(sentences);
            fill_from(sentence, &subject, &others, han, chance, &mut text);
            if !han {
                text.push(' ');
            }
        }
        text.push_str("\n\n");
    }
    text
}

fn fill(sentence: &str, subject: &str, han: bool, chance: &mut Chance, text: &mut String) {
    let other = firm(chance, han);
    fill_from(sentence, subject, &[other], han, chance, text);
}

fn fill_from(sentence: &str, subject: &str, others: &[String], han: bool, chance: &mut Chance, text: &mut String) {
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        match rest.as_bytes()[open + 1] {
            b'B' => text.push_str(subject),
            b'F' => text.push_str(&others[chance.below(others.len())]),
            b'P' if han => text.push_str(&names::han_person(chance)),
            b'P' => text.push_str(&names::latin_person(chance)),
            b'N' => text.push_str(&(1 + chance.below(98)).to_string()),
            _ => text.push_str(&date(chance, han)),
        }
        rest = &rest[open + 3..];
    }
    text.push_str(rest);
}

/// One in four is in the list of names that is loaded, as well-known firms are; the others are in no list.
fn firm(chance: &mut Chance, han: bool) -> String {
    const LISTED: usize = 50_000;
    let number = if chance.below(4) == 0 { chance.below(LISTED) } else { LISTED + chance.below(90_000) };
    if han { names::han_firm(number) } else { names::latin_firm(number) }
}

fn date(chance: &mut Chance, han: bool) -> String {
    const MONTHS: [&str; 6] = ["January", "March", "June", "July", "October", "December"];
    let (year, month) = (2018 + chance.below(8), chance.below(6));
    match han {
        true => format!("{year}年{}月", month + 1),
        false => format!("{} {year}", MONTHS[month]),
    }
}
