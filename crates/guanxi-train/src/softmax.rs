//! A linear model that chooses among labels, by AdaGrad over hashed features.

/// One case: the features that were seen, and which labels are right.
#[derive(Clone, Debug)]
pub struct Case {
    /// Hashes, sorted, each once.
    pub features: Vec<u64>,
    /// Indices of labels, at least one.
    pub labels: Vec<usize>,
    /// How much it counts beside others.
    pub weight: f32,
    /// Number of its sentence: what cases of one sentence share may be chance, and counts once.
    pub sentence: u32,
}

/// How it is learned.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    pub labels: usize,
    /// High bits of a hash that are its row.
    pub bits: u32,
    pub epochs: usize,
    pub seed: u64,
    /// How far a case moves the weights.
    pub rate: f32,
    /// A feature that fewer sentences show is chance.
    pub least_sentences: usize,
    /// Share of the features of a case that a round does not see: so none leans on a few of them.
    pub dropped: f32,
    /// What a case of the first label, which says nothing, counts beside the others.
    pub weight_of_nothing: f32,
}

/// A row of weights for each hash, a column for each label.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub labels: usize,
    pub bits: u32,
    pub rows: Vec<f32>,
}

/// What is taken from the right label for all: nothing is certain.
const SMOOTHING: f32 = 0.05;

/// Learns from cases. The same cases, in the same order, with the same seed give the same weights.
pub fn train(cases: &[&Case], training: Training) -> Weights {
    let Training { labels, bits, epochs, seed, dropped, .. } = training;
    let mut weights = Weights { labels, bits, rows: vec![0.0; labels << bits] };
    let mut squares = vec![1e-4_f32; labels << bits];
    let frequent = frequent(cases, training.least_sentences);
    let rows: Vec<Vec<usize>> = cases
        .iter()
        .map(|case| {
            let kept = case.features.iter().filter(|feature| frequent.binary_search(feature).is_ok());
            kept.map(|&feature| weights.row(feature)).collect()
        })
        .collect();
    let mut order: Vec<usize> = (0..cases.len()).collect();
    let mut state = seed;
    let mut seen = Vec::new();
    for _ in 0..epochs {
        shuffle(&mut order, &mut state);
        for &index in &order {
            let case = cases[index];
            let scale = scale(case);
            seen.clear();
            seen.extend(rows[index].iter().filter(|_| dropped == 0.0 || drawn(&mut state) >= dropped));
            let scale = scale / (1.0 - dropped);
            let weight = if case.labels[0] == 0 { training.weight_of_nothing } else { 1.0 } * case.weight;
            let mut told = weights.sums(&seen);
            told.iter_mut().for_each(|sum| *sum *= scale);
            softmax(&mut told);
            for (label, told) in told.iter_mut().enumerate() {
                let share = if case.labels.contains(&label) { 1.0 / case.labels.len() as f32 } else { 0.0 };
                let wanted = SMOOTHING / labels as f32 + (1.0 - SMOOTHING) * share;
                *told = (*told - wanted) * scale * weight;
            }
            for &row in &seen {
                for (label, slope) in told.iter().enumerate() {
                    let square = &mut squares[row + label];
                    *square += slope * slope;
                    weights.rows[row + label] -= training.rate * slope / square.sqrt();
                }
            }
        }
    }
    weights
}

impl Weights {
    /// The sum of each label, before it is weighed by how much was seen.
    fn sums(&self, rows: &[usize]) -> Vec<f32> {
        let mut sums = vec![0.0; self.labels];
        for &row in rows {
            let row = &self.rows[row..row + self.labels];
            sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight);
        }
        sums
    }

    fn row(&self, feature: u64) -> usize {
        (feature >> (u64::BITS - self.bits)) as usize * self.labels
    }

    /// What each label comes to.
    pub fn scores(&self, case: &Case) -> Vec<f64> {
        let rows: Vec<usize> = case.features.iter().map(|&feature| self.row(feature)).collect();
        self.sums(&rows).into_iter().map(|sum| f64::from(sum * scale(case))).collect()
    }

    /// The best label, and how far it leads the next.
    pub fn choose(&self, case: &Case) -> (usize, f64) {
        let rows: Vec<usize> = case.features.iter().map(|&feature| self.row(feature)).collect();
        let sums = self.sums(&rows);
        let mut order: Vec<usize> = (0..sums.len()).collect();
        order.sort_by(|&one, &other| sums[other].total_cmp(&sums[one]).then(one.cmp(&other)));
        (order[0], f64::from((sums[order[0]] - sums[order[1]]) * scale(case)))
    }

    /// Whole numbers of at most `most`, and what one of them is worth.
    pub fn rounded(&self, most: i8) -> (Vec<i8>, f64) {
        let mut sizes: Vec<f32> = self.rows.iter().map(|weight| weight.abs()).filter(|size| *size > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        // A few huge weights would leave no steps for the others.
        let large = sizes.get(sizes.len() * 999 / 1000).copied().unwrap_or(1.0);
        let unit = large / f32::from(most);
        let round = |weight: &f32| (weight / unit).round().clamp(-f32::from(most), f32::from(most)) as i8;
        (self.rows.iter().map(round).collect(), f64::from(unit))
    }
}

/// Features that at least so many sentences show.
fn frequent(cases: &[&Case], least: usize) -> Vec<u64> {
    let mut seen: Vec<(u64, u32)> = Vec::new();
    for case in cases {
        seen.extend(case.features.iter().map(|&feature| (feature, case.sentence)));
    }
    seen.sort_unstable();
    seen.dedup();
    let alike = seen.chunk_by(|one, other| one.0 == other.0);
    alike.filter(|alike| alike.len() >= least).map(|alike| alike[0].0).collect()
}

/// Who shows more features has no louder voice for it.
fn scale(case: &Case) -> f32 {
    1.0 / (case.features.len().max(1) as f32).sqrt()
}

fn softmax(sums: &mut [f32]) {
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    sums.iter_mut().for_each(|sum| *sum = (*sum - most).exp());
    let total: f32 = sums.iter().sum();
    sums.iter_mut().for_each(|sum| *sum /= total);
}

fn drawn(state: &mut u64) -> f32 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 40) as f32 / (1 << 24) as f32
}

fn shuffle(order: &mut [usize], state: &mut u64) {
    for at in (1..order.len()).rev() {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(at, ((*state >> 33) % (at as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases() -> Vec<Case> {
        let feature = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let case = |number: u64| {
            let (label, other) = (number as usize % 3, number % 4);
            let mut features = vec![feature(label as u64 + 1), feature(10 + other), feature(99)];
            features.sort_unstable();
            Case { features, labels: vec![label], weight: 1.0, sentence: number as u32 }
        };
        (0..30).map(case).collect()
    }

    fn training() -> Training {
        let (rate, least_sentences, dropped, weight_of_nothing) = (0.2, 3, 0.5, 0.3);
        Training { labels: 3, bits: 8, epochs: 20, seed: 7, rate, least_sentences, dropped, weight_of_nothing }
    }

    #[test]
    fn learns_what_the_features_show() {
        let cases = cases();
        let weights = train(&cases.iter().collect::<Vec<_>>(), training());
        assert!(cases.iter().all(|case| weights.choose(case).0 == case.labels[0]));
    }

    #[test]
    fn the_same_seed_gives_the_same_weights() {
        let cases = cases();
        let cases: Vec<&Case> = cases.iter().collect();
        assert_eq!(train(&cases, training()), train(&cases, training()));
        assert_ne!(train(&cases, training()), train(&cases, Training { seed: 8, ..training() }));
    }

    #[test]
    fn rounding_keeps_the_order_of_weights() {
        let weights = Weights { labels: 2, bits: 1, rows: vec![0.0, -1.0, 0.25, 0.99] };
        let (rounded, unit) = weights.rounded(43);
        assert_eq!(rounded, [0, -43, 11, 43]);
        assert!((unit * 43.0 - 1.0).abs() < 1e-6, "{unit}");
    }
}
