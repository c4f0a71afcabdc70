//! What every model has: a file whose first part is a card and whose last is a table of weights, a row for each hash of
//! a feature and a column for each thing that the model can say.

use guanxi_model::data_file::DataFile;
use guanxi_model::packed::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::rule::RuleError;

/// The greatest weight: in a file a weight is one character, from `(` for the least to `~` for the greatest.
pub const GREATEST_WEIGHT: i8 = 43;
const ZERO: u8 = b'S';

/// A file of `data/models` while it is read.
pub(super) struct ModelFile<'a> {
    file: DataFile<'a>,
}

impl<'a> ModelFile<'a> {
    /// The file, and what stands in it.
    pub(super) fn read<T: DeserializeOwned>(name: &'a str, text: &'a str) -> Result<(Self, T), Vec<RuleError>> {
        let file = DataFile { name, text };
        let read = file.parse().and_then(|table| file.read(table, ""))?;
        Ok((Self { file }, read))
    }

    /// What is wrong with the value of a key.
    pub(super) fn mistake(&self, key: &str, message: impl Into<String>) -> Vec<RuleError> {
        vec![self.file.error(self.file.text.find(key).unwrap_or_default(), "", message)]
    }

    /// Whether the model reads sentences mostly of Chinese characters, and no others.
    pub(super) fn is_chinese(&self, language: &str) -> Result<bool, Vec<RuleError>> {
        match language {
            "en" => Ok(false),
            "zh" => Ok(true),
            _ => Err(self.mistake("language", format!("`{language}`: a model is for `en` or `zh`"))),
        }
    }

    /// The table of a model that can say so many things.
    pub(super) fn weights(&self, written: &str, columns: usize) -> Result<Weights, Vec<RuleError>> {
        Weights::read(written, columns).map_err(|message| self.mistake("weights", message))
    }
}

/// `data/models/pair-en.toml` → `pair-en`
pub(super) fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
}

/// A table of weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Weights {
    columns: usize,
    /// The high bits of a hash that are its row.
    bits: u32,
    /// Row by row, a byte a weight.
    bytes: Bytes,
}

impl Weights {
    /// One line a row, one character a weight; an empty line is a row of zeros.
    fn read(text: &str, columns: usize) -> Result<Self, String> {
        let rows: Vec<&str> = text.lines().collect();
        if rows.len() < 2 || !rows.len().is_power_of_two() {
            return Err(format!("{} rows of weights; their number is a power of two", rows.len()));
        }
        let mut bytes = Vec::with_capacity(rows.len() * columns);
        for (row, number) in rows.iter().zip(1..) {
            let in_range = |byte: u8| byte.abs_diff(ZERO) <= GREATEST_WEIGHT as u8;
            match row.len() {
                0 => bytes.extend(std::iter::repeat_n(0, columns)),
                length if length == columns && row.bytes().all(in_range) => {
                    bytes.extend(row.bytes().map(|byte| byte.wrapping_sub(ZERO)));
                }
                _ => return Err(format!("row {number} of the weights has not {columns} characters from `(` to `~`")),
            }
        }
        Ok(Self { columns, bits: rows.len().ilog2(), bytes: bytes.into() })
    }

    /// The table of some columns alone, in the order given.
    pub(super) fn of_columns(&self, columns: &[usize]) -> Self {
        let rows = self.bytes.as_slice().chunks_exact(self.columns);
        let bytes: Vec<u8> = rows.flat_map(|row| columns.iter().map(|&column| row[column])).collect();
        Self { columns: columns.len(), bits: self.bits, bytes: bytes.into() }
    }

    /// A bit for each row that is not of zeros alone.
    pub(super) fn rows_that_say(&self) -> Vec<u64> {
        let mut says = vec![0; (1_usize << self.bits).div_ceil(64)];
        let rows = self.bytes.as_slice().chunks_exact(self.columns).enumerate();
        rows.filter(|(_, row)| row.iter().any(|&weight| weight != 0))
            .for_each(|(row, _)| says[row / 64] |= 1 << (row % 64));
        says
    }

    /// The number of a feature's row.
    #[inline]
    pub(super) fn place(&self, feature: u64) -> usize {
        (feature >> (u64::BITS - self.bits)) as usize
    }

    /// The weights of a feature, a column each.
    #[inline]
    pub(super) fn of(&self, feature: u64) -> impl Iterator<Item = i32> {
        let from = self.place(feature) * self.columns;
        self.bytes.as_slice()[from..from + self.columns].iter().map(|&weight| i32::from(weight as i8))
    }

    /// Adds the weights of a feature to what each column comes to.
    #[inline]
    pub(super) fn add(&self, feature: u64, sums: &mut [i32]) {
        let from = self.place(feature) * self.columns;
        // Eight at a time, which the processor adds at once.
        let (eights, rest) = self.bytes.as_slice()[from..from + self.columns].as_chunks::<8>();
        let (sums_of_eights, sums_of_rest) = sums.as_chunks_mut::<8>();
        for (sums, eight) in sums_of_eights.iter_mut().zip(eights) {
            sums.iter_mut().zip(eight).for_each(|(sum, &weight)| *sum += i32::from(weight as i8));
        }
        sums_of_rest.iter_mut().zip(rest).for_each(|(sum, &weight)| *sum += i32::from(weight as i8));
    }
}

/// A row of weights as a file has it.
pub fn written_row(weights: &[i8]) -> String {
    if weights.iter().all(|&weight| weight == 0) {
        return String::new();
    }
    weights.iter().map(|&weight| char::from(ZERO.wrapping_add_signed(weight))).collect()
}
