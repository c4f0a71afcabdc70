//! An answer as JSON.

use guanxi::model::{Fact, Share};
use guanxi::query::owners::{Chain, Finding, Node, Owner, Right, Standing, Verdict};
use serde_json::{Value, json};

use super::told::{Told, stopped, why};
use crate::output::records;

impl Told<'_> {
    pub(super) fn record(&self) -> Value {
        let (answer, version) = (self.answer, self.version);
        let entity = |party: Node| records::entity(&self.holdings.entity(party).id, self.narrator);
        let chain = |chain: &Chain| {
            json!({
                "parties": chain.parties.iter().map(|&party| entity(party)).collect::<Vec<_>>(),
                "share": chain.share.as_ref().map(share),
            })
        };
        let owner = |owner: &Owner| {
            let reasons = owner.reasons.iter().map(|reason| {
                json!({
                    "ground": reason.ground.name(),
                    "certain": reason.verdict == Verdict::Reaches,
                    "article": reason.article,
                    "chains": reason.chains.iter().map(chain).collect::<Vec<_>>(),
                })
            });
            json!({
                "entity": entity(owner.party),
                "share": share(&owner.share),
                "direct": owner.direct.as_ref().map(share),
                "reasons": reasons.collect::<Vec<_>>(),
                "chains": owner.chains.iter().map(chain).collect::<Vec<_>>(),
                "moreChains": owner.more_chains,
            })
        };
        let owners = |owners: &[Owner]| owners.iter().map(owner).collect::<Vec<_>>();
        let ends = answer.ends.iter().map(
            |end| json!({ "entity": entity(end.party), "share": share(&end.share), "stopped": stopped(&end.stopped) }),
        );
        let explained = |fact: &Fact| records::explanation(&self.narrator.explainer.fact(fact), self.narrator);
        let apart = self.holdings.apart(answer);
        json!({
            "company": entity(answer.company),
            "rule": {
                "name": self.rule.calculator.name(),
                "law": version.law,
                "source": version.source,
                "from": version.from.to_string(),
                "until": version.until.map(|until| until.to_string()),
                "threshold": version.threshold.to_string(),
            },
            "asOf": self.args.as_of.map(|day| day.to_string()),
            "finding": finding_name(&answer.finding),
            "told": self.finding(),
            "owners": owners(&answer.owners),
            "possible": owners(&answer.possible),
            "below": owners(&answer.below),
            "moreBelow": answer.unlisted,
            "ends": ends.collect::<Vec<_>>(),
            "holds": self.held_by_person().iter().map(|stake| json!({ "entity": entity(stake.owned), "share": share(&stake.share) })).collect::<Vec<_>>(),
            "otherFigures": self.holdings.other_figures(answer).into_iter().map(|other| json!({
                "owner": entity(other.owner),
                "owned": entity(other.owned),
                "right": if other.right == Right::Votes { "votes" } else { "equity" },
                "share": share(&other.share),
                "since": other.since.map(|since| since.to_string()),
                "counts": other.standing == Standing::Counts,
                "standing": other.standing.name(),
            })).collect::<Vec<_>>(),
            "withoutBeginning": self.without_beginning().into_iter().map(explained).collect::<Vec<_>>(),
            "remarks": answer.remarks.iter().map(|remark| self.remark(remark)).collect::<Vec<_>>(),
            "notCounted": apart.iter().map(|one| json!({ "why": why(one.why), "fact": explained(one.fact) })).collect::<Vec<_>>(),
            "restsOn": self.facts().values().map(|fact| explained(fact)).collect::<Vec<_>>(),
        })
    }
}

fn finding_name(finding: &Finding) -> &'static str {
    match finding {
        Finding::Owners => "owners",
        Finding::Person => "person",
        Finding::NoOwnerKnown => "noOwnerKnown",
        Finding::NobodyReaches { .. } => "nobodyReaches",
        Finding::Undisclosed { .. } => "notDisclosed",
        Finding::Circle => "circle",
        Finding::NoController => "noController",
        Finding::Listed => "listed",
        Finding::Blocked { .. } => "blocked",
        Finding::MayBeBlocked { .. } => "mayBeBlocked",
        Finding::NotBlocked { .. } => "notBlocked",
        _ => "other",
    }
}

/// With all its digits.
fn share(share: &Share) -> Value {
    json!({
        "min": share.min.normalize().to_string(),
        "max": share.max.normalize().to_string(),
        "minExclusive": share.min_exclusive,
        "maxExclusive": share.max_exclusive,
    })
}
