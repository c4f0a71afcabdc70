//! Where sentences end: behind abbreviations, legal forms and initials.

/// Sentences that are parted at the stroke, and nowhere else.
const TEXTS: [&str; 64] = [
    // A legal form ends the sentence.
    "The stake was sold to Brandt Ltd. | Kestrel Capital denied the report.",
    "Calder Shipping acquired Wharfe Docks Corp. | Nidd Capital owns Ure Ferries.",
    "Calder Shipping owns 20% of Wharfe Docks Ltd. | Shares of Nidd Tugs rose 4%.",
    "Calder Shipping bought Wharfe Docks Ltd. | Founded in 2010, Nidd Tugs runs ferries.",
    "Orders came from Pallas Co. | Prosecutors in Lima have charged Bolt Mining.",
    "Calder Shipping sold its tugs to Pallas Co. | Norwegian regulators fined Bolt Shipping.",
    "The unit was bought by Hollis Group plc. | Neither side gave a price.",
    "Calder Shipping acquired Nidd Tugs Inc. | “We are glad,” said Jane Doe.",
    "Calder Shipping signed a contract with Pallas Inc. | Bolt Foods' shares fell 3%.",
    "The order was given to Pallas Sdn. Bhd. | Malaysia's regulator said it would look into it.",
    "Regulators fined Bolt Foods Inc. | Zenith Capital owns 12% of the firm.",
    "Hollis plc holds 30% of Bolt Foods Ltd. | Zenith, a rival, has been buying.",
    "The plant belongs to Bolt Foods Co. Ltd. | Analysts expect a sale.",
    "Wharfe Docks was founded by Pallas Corp. | Its chief executive is Jane Doe.",
    "Hollis bought a plant from Pallas Corp. | Lima-based Bolt Foods was the other bidder.",
    "Hollis lost a suit against Pallas Inc. | However, the court let it appeal.",
    "Hollis lent money to Pallas Inc. | No price was given.",
    "Hollis lent money to Pallas Inc. | Both are based in Leeds.",
    "Hollis and Pallas Inc. have merged with Bolt Bros. | Rival Zenith says the price is low.",
    "Hollis has sold Pallas S.A. | Zenith Capital has bought Bolt Foods N.V. | Kestrel said nothing.",
    "The bank was sold to Pallas S.p.A. | Under the deal, Hollis keeps a tenth.",
    "Hollis denied that it would sell Pallas Ltd. | Jane Doe, who chairs Bolt Foods, said so.",
    "The judge dismissed the suit against Pallas Inc. | When it appealed, Hollis was fined.",
    "Hollis agreed to buy Pallas LLC. | Terms were not disclosed.",
    "Hollis named John Smith Jr. | He joins from Bolt Foods.",
    "The court ruled against Pallas Pty. | Bolt Foods and Zenith welcomed the ruling.",
    "Hollis took over Pallas Ltd. | In 2019 it was listed.",
    // It belongs to the firm.
    "Pallas Inc. Chief Executive Jane Doe said the firm had sold Bolt Foods.",
    "Regulators fined Pallas Inc. Chief Executive Jane Doe.",
    "Hollis hired Pallas Inc. CEO Jane Doe, who has run it for ten years.",
    "Hollis owns Pallas Ltd. Holdings and Bolt Foods.",
    "It said Pallas Motor Co. China unit Changan Ferries had lost its chief.",
    "Shares in Pallas Ltd. Holdings were suspended.",
    "Wabash Foods Inc. acquired Kankakee Mills Inc. in 2014.",
    "Toyama Motor Corp. and Sonora Group Corp. agreed to merge.",
    "Ningyuan Optics Co. Ltd. acquired Lingling Glass Co. Ltd. for cash.",
    "Jane Doe said that Pallas Ltd. Bolt engines were safe.",
    "Sales of Pallas Inc. Series A shares have ended.",
    "Hollis sold Pallas Co. Class B shares.",
    "Hollis Rejects Pallas Inc. Offer",
    "Pallas Inc. Buys Bolt Foods Ltd. From Hollis",
    "Hollis bought Pallas Ltd. (formerly Bolt Foods) last year.",
    "Hollis bought Pallas Bros. & Sons and Bolt Foods.",
    "The board of Pallas Corp. Vice President Jane Doe joined in May was told.",
    "Hollis was beaten by Pallas Inc. President Jane Doe and her allies.",
    // Other abbreviations.
    "Calder Shipping is listed in the U.S. | It owns Nidd Tugs.",
    "Calder Shipping is listed in the U.S. | But the shares are hardly traded.",
    "The U.S. Securities and Exchange Commission fined Bolt Foods.",
    "U.S. Steelworks said that U.K. Coal had been sold.",
    "Mr. He Wei said that Pallas and Bolt Foods would merge.",
    "Ms. So and Dr. Under Acevedo joined.",
    "Asked whether it would bid, Hollis said no. | Bolt Foods declined to comment.",
    "Plant No. 5 in St. Louis was closed.",
    "The plant in St. Louis was closed by Hollis. | Workers were told.",
    "Calder Shipping met lenders at 9 a.m. | Nidd Tugs was sold by noon.",
    "The auction at 10 a.m. Tuesday was stopped.",
    "J. P. Moran and John F. Smith have left.",
    "Hollis closed its Series A. | Northlight led it.",
    "In Dec. Calder Shipping bought Nidd Tugs.",
    "Calder Shipping was founded in Jan. 1990.",
    "Hollis sold the unit in Nov. | The price was not given.",
    "Hollis vs. Pallas was heard in May.",
    "See Art. 5 of the act and Vol. 3 of the code.",
    "Jane Doe is the head of Pallas e.V. and of Bolt Foods.",
];

#[test]
fn full_stops_are_told_apart() {
    let extractor = crate::common::extractor();
    let mut wrong = Vec::new();
    for marked in TEXTS {
        let text = marked.replace("| ", "");
        let wanted: Vec<String> = marked.split(" | ").map(letters).collect();
        let found: Vec<String> = extractor.units(&text).iter().map(|units| without_classes(units)).collect();
        if found != wanted {
            wrong.push(format!("{marked}\n  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The letters and digits of a sentence: units are written with spaces of their own.
fn letters(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}

/// The same of units, whose mentions show as `[words: Class]`.
fn without_classes(units: &str) -> String {
    let mut shown = String::new();
    for piece in units.split('[') {
        let (mention, rest) = piece.split_once(']').unwrap_or(("", piece));
        shown += mention.rsplit_once(": ").map_or(mention, |(words, _)| words);
        shown += rest;
    }
    letters(&shown)
}
