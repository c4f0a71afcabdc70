//! Logistic regression with a penalty on the squares of the weights, by Newton's steps.

/// One labelled case.
#[derive(Clone, Debug)]
pub struct Case {
    pub values: Vec<f64>,
    pub right: bool,
    /// How much it counts.
    pub weight: f64,
}

/// The weights that make the cases likeliest, where the square of each weight's distance to its home costs its penalty.
pub fn fit(cases: &[Case], homes: &[f64], penalties: &[f64]) -> Vec<f64> {
    const MOST_STEPS: usize = 50;
    let mut weights = homes.to_vec();
    for _ in 0..MOST_STEPS {
        let count = weights.len();
        let mut slope: Vec<f64> = (0..count).map(|at| penalties[at] * (homes[at] - weights[at])).collect();
        let mut curve = vec![vec![0.0; count]; count];
        for (at, row) in curve.iter_mut().enumerate() {
            row[at] = penalties[at] + 1e-9;
        }
        for case in cases {
            let told = probability(&weights, &case.values);
            let miss = case.weight * (f64::from(u8::from(case.right)) - told);
            let spread = case.weight * told * (1.0 - told);
            let filled: Vec<usize> = (0..count).filter(|&at| case.values[at] != 0.0).collect();
            for &row in &filled {
                slope[row] += miss * case.values[row];
                for &column in &filled {
                    curve[row][column] += spread * case.values[row] * case.values[column];
                }
            }
        }
        let step = solve(curve, slope);
        // A step that would overshoot is cut: far out the curve is flat.
        let longest = step.iter().fold(0.0_f64, |longest, part| longest.max(part.abs()));
        let factor = if longest > 2.0 { 2.0 / longest } else { 1.0 };
        weights.iter_mut().zip(&step).for_each(|(weight, part)| *weight += factor * part);
        if longest < 1e-9 {
            break;
        }
    }
    weights
}

pub fn probability(weights: &[f64], values: &[f64]) -> f64 {
    let logit: f64 = weights.iter().zip(values).map(|(weight, value)| weight * value).sum();
    1.0 / (1.0 + (-logit.clamp(-40.0, 40.0)).exp())
}

/// Gauss's elimination of a positive matrix.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let count = right.len();
    for pivot in 0..count {
        let row = matrix[pivot].clone();
        for below in pivot + 1..count {
            let factor = matrix[below][pivot] / row[pivot];
            if factor != 0.0 {
                (pivot..count).for_each(|column| matrix[below][column] -= factor * row[column]);
                right[below] -= factor * right[pivot];
            }
        }
    }
    for pivot in (0..count).rev() {
        let known: f64 = (pivot + 1..count).map(|column| matrix[pivot][column] * right[column]).sum();
        right[pivot] = (right[pivot] - known) / matrix[pivot][pivot];
    }
    right
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cases(right: usize, wrong: usize) -> Vec<Case> {
        let case = |right| Case { values: vec![1.0], right, weight: 1.0 };
        (0..right).map(|_| case(true)).chain((0..wrong).map(|_| case(false))).collect()
    }

    #[test]
    fn without_signs_the_share_is_the_probability() {
        let weights = fit(&cases(3, 1), &[0.0], &[0.0]);
        assert!((probability(&weights, &[1.0]) - 0.75).abs() < 1e-6);
        assert!((weights[0] - 3.0_f64.ln()).abs() < 1e-6);
    }

    #[test]
    fn a_penalty_keeps_a_weight_at_home() {
        let weights = fit(&cases(30, 0), &[0.5], &[1e6]);
        assert!((weights[0] - 0.5).abs() < 1e-3, "{weights:?}");
        assert!(fit(&cases(30, 0), &[0.0], &[1.0])[0].is_finite());
    }

    #[test]
    fn a_case_of_double_weight_is_two_cases() {
        let mut single = cases(2, 1);
        single.iter_mut().for_each(|case| case.weight = 2.0);
        let double: Vec<Case> = cases(2, 1).into_iter().chain(cases(2, 1)).collect();
        let (single, double) = (fit(&single, &[0.0], &[1.0]), fit(&double, &[0.0], &[1.0]));
        assert!((single[0] - double[0]).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn on_its_own_cases_the_mean_confidence_is_the_share(labels in prop::collection::vec((any::<bool>(), -2.0..2.0_f64), 8..60)) {
            prop_assume!(labels.iter().any(|(right, _)| *right) && labels.iter().any(|(right, _)| !*right));
            let cases: Vec<Case> =
                labels.iter().map(|&(right, sign)| Case { values: vec![1.0, sign], right, weight: 1.0 }).collect();
            let weights = fit(&cases, &[0.0, 0.0], &[0.0, 1.0]);
            let told: f64 = cases.iter().map(|case| probability(&weights, &case.values)).sum();
            let right = cases.iter().filter(|case| case.right).count() as f64;
            prop_assert!((told - right).abs() < 1e-3, "{told} {right}");
        }
    }
}
