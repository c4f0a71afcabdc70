//! A decoded text, and where its characters are.

use guanxi_model::Span;

/// Byte offsets are what the engine works with, scalar offsets what it hands out; the table between them
/// has one entry every [`STRIDE`] bytes.
pub(crate) struct Text {
    content: String,
    checkpoints: Vec<u32>,
}

const STRIDE: usize = 64;

impl Text {
    pub(crate) fn new(content: String) -> Self {
        let mut checkpoints = Vec::with_capacity(content.len() / STRIDE + 1);
        let mut seen = 0;
        for chunk in content.as_bytes().chunks(STRIDE) {
            checkpoints.push(seen);
            seen += count_scalars(chunk);
        }
        Self { content, checkpoints }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.content
    }

    /// The slice between two byte offsets.
    pub(crate) fn slice(&self, start: u32, end: u32) -> &str {
        &self.content[start as usize..end as usize]
    }

    /// The span of scalar values of a byte range.
    pub(crate) fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.scalar(start as usize), self.scalar(end as usize))
    }

    fn scalar(&self, byte: usize) -> u32 {
        let checkpoint = byte / STRIDE;
        match self.checkpoints.get(checkpoint) {
            Some(before) => before + count_scalars(&self.content.as_bytes()[checkpoint * STRIDE..byte]),
            None => self.checkpoints.last().map_or(0, |before| {
                before + count_scalars(&self.content.as_bytes()[(self.checkpoints.len() - 1) * STRIDE..byte])
            }),
        }
    }
}

/// Scalar values that begin in these bytes.
fn count_scalars(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_count_scalars() {
        let content = "小红书 (Xiaohongshu) é🙂 ".repeat(200);
        let text = Text::new(content.clone());
        for (scalar, (byte, _)) in content.char_indices().enumerate() {
            assert_eq!(text.span(byte as u32, byte as u32).start, scalar as u32);
        }
        assert_eq!(text.span(0, content.len() as u32).end as usize, content.chars().count());
    }
}
