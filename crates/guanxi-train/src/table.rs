//! How far confidence is to be believed: log loss, Brier score, and the share that is right in each bin.

use std::fmt;

/// Told probability and truth of some cases.
#[derive(Clone, Debug, Default)]
pub struct Table(pub Vec<(f64, bool)>);

/// The cases of one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    pub count: usize,
    pub mean: f64,
    pub right: f64,
}

impl Table {
    pub fn log_loss(&self) -> f64 {
        self.mean(|told, right| -(if right { told } else { 1.0 - told }).max(1e-12).ln())
    }

    pub fn brier(&self) -> f64 {
        self.mean(|told, right| (told - f64::from(u8::from(right))).powi(2))
    }

    /// Mean distance between what was told and what was right, over the bins.
    pub fn calibration_error(&self) -> f64 {
        let bins = self.bins();
        let weighed = bins.iter().map(|bin| bin.count as f64 * (bin.mean - bin.right).abs());
        weighed.sum::<f64>() / self.0.len().max(1) as f64
    }

    pub fn share_right(&self) -> f64 {
        self.mean(|_, right| f64::from(u8::from(right)))
    }

    /// Ten bins of a tenth each.
    pub fn bins(&self) -> [Bin; 10] {
        let mut bins = [Bin::default(); 10];
        for (told, right) in &self.0 {
            let bin = &mut bins[((told * 10.0) as usize).min(9)];
            bin.count += 1;
            bin.mean += told;
            bin.right += f64::from(u8::from(*right));
        }
        for bin in bins.iter_mut().filter(|bin| bin.count > 0) {
            bin.mean /= bin.count as f64;
            bin.right /= bin.count as f64;
        }
        bins
    }

    fn mean(&self, of: impl Fn(f64, bool) -> f64) -> f64 {
        self.0.iter().map(|&(told, right)| of(told, right)).sum::<f64>() / self.0.len().max(1) as f64
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} claims, {:.3} right; log loss {:.4}, Brier {:.4}, calibration error {:.4}",
            self.0.len(),
            self.share_right(),
            self.log_loss(),
            self.brier(),
            self.calibration_error()
        )?;
        writeln!(f, "| confidence | claims | mean | right |\n|---|---|---|---|")?;
        for (tenth, bin) in self.bins().iter().enumerate().filter(|(_, bin)| bin.count > 0) {
            let (from, to) = (tenth as f64 / 10.0, (tenth + 1) as f64 / 10.0);
            writeln!(f, "| {from:.1}–{to:.1} | {} | {:.3} | {:.3} |", bin.count, bin.mean, bin.right)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_and_scores() {
        let table = Table(vec![(0.95, true), (1.0, true), (0.15, false), (0.11, true)]);
        let bins = table.bins();
        assert_eq!((bins[9].count, bins[1].count, bins[0].count), (2, 2, 0));
        assert!((bins[1].mean - 0.13).abs() < 1e-9 && (bins[1].right - 0.5).abs() < 1e-9);
        let brier = (0.05_f64.powi(2) + 0.15_f64.powi(2) + 0.89_f64.powi(2)) / 4.0;
        assert!((table.brier() - brier).abs() < 1e-9);
        assert!((table.calibration_error() - (0.025 + 0.37) / 2.0).abs() < 1e-9);
        assert!(Table(vec![(0.5, true)]).log_loss() - 2.0_f64.ln() < 1e-9);
        assert!(table.to_string().contains("| 0.1–0.2 | 2 | 0.130 | 0.500 |"), "{table}");
    }

    #[test]
    fn nothing_at_all_is_no_failure() {
        assert_eq!(Table::default().brier(), 0.0);
    }
}
