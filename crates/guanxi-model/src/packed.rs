//! Data that are read where they lie: in the binary, or in one stretch of memory, with nothing allocated a row.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of our own, or of the binary.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bytes(Cow<'static, [u8]>);

impl Bytes {
    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be changed; those of the binary are copied first.
    pub fn to_mut(&mut self) -> &mut Vec<u8> {
        self.0.to_mut()
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Cow::Owned(bytes))
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de: 'static> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InPlace;
        impl<'de: 'static> Visitor<'de> for InPlace {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes that stay")
            }

            fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Bytes, E> {
                Ok(Bytes(Cow::Borrowed(bytes)))
            }
        }
        deserializer.deserialize_bytes(InPlace)
    }
}

/// Rows one behind the other, each opened when it is asked for.
///
/// A row is whatever serde writes of a `T`, in postcard's form; `T` may borrow from the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Rows {
    bytes: Bytes,
    /// Where each row ends, four bytes a row.
    ends: Bytes,
}

impl Rows {
    /// Adds a row behind the others.
    ///
    /// # Panics
    /// If all rows together have more than four gigabytes.
    pub fn push(&mut self, row: &impl Serialize) {
        let bytes = std::mem::take(self.bytes.to_mut());
        let bytes = postcard::to_extend(row, bytes).expect("a row has nothing that cannot be written");
        let end = u32::try_from(bytes.len()).expect("four gigabytes of rows");
        self.bytes = bytes.into();
        self.ends.to_mut().extend(end.to_le_bytes());
    }

    /// Gives back the room that was kept for more rows.
    pub fn fit(&mut self) {
        self.bytes.to_mut().shrink_to_fit();
        self.ends.to_mut().shrink_to_fit();
    }

    /// The rows at these positions, in their order.
    ///
    /// # Panics
    /// If there is no row at one of them.
    pub fn picked(&self, positions: impl IntoIterator<Item = usize>) -> Self {
        let mut picked = Self::default();
        let bytes = picked.bytes.to_mut();
        bytes.reserve_exact(self.bytes.as_slice().len());
        for position in positions {
            bytes.extend_from_slice(self.row(position));
            picked.ends.to_mut().extend((bytes.len() as u32).to_le_bytes());
        }
        picked
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ends.as_slice().len() / 4
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at a position, or as much of it as a `T` is the beginning of.
    ///
    /// # Panics
    /// If there is no such row, or it was written as something else.
    pub fn get<'r, T: Deserialize<'r>>(&'r self, position: usize) -> T {
        postcard::take_from_bytes(self.row(position)).expect("a row is read as what it was written").0
    }

    fn row(&self, position: usize) -> &[u8] {
        let start = position.checked_sub(1).map_or(0, |before| self.end(before));
        &self.bytes.as_slice()[start..self.end(position)]
    }

    fn end(&self, position: usize) -> usize {
        let (ends, _) = self.ends.as_slice().as_chunks();
        u32::from_le_bytes(ends[position]) as usize
    }
}

/// For serde: what is shared within the program is written out, and is shared no more when it is read.
pub mod shared {
    use super::{Arc, Deserialize, Deserializer, Rows, Serialize, Serializer};

    /// What stands for something shared where it is written.
    pub trait Shared {
        /// What stands for it.
        type Plain;

        /// Takes it apart.
        fn plain(&self) -> Self::Plain;

        /// Puts it together again.
        fn share(plain: Self::Plain) -> Self;
    }

    impl Shared for Arc<str> {
        type Plain = String;

        fn plain(&self) -> String {
            (**self).to_owned()
        }

        fn share(plain: String) -> Self {
            plain.into()
        }
    }

    impl<T: Clone> Shared for Arc<[T]> {
        type Plain = Vec<T>;

        fn plain(&self) -> Vec<T> {
            self.to_vec()
        }

        fn share(plain: Vec<T>) -> Self {
            plain.into()
        }
    }

    impl Shared for Arc<Rows> {
        type Plain = Rows;

        fn plain(&self) -> Rows {
            (**self).clone()
        }

        fn share(plain: Rows) -> Self {
            plain.into()
        }
    }

    impl<T: Shared> Shared for Vec<T> {
        type Plain = Vec<T::Plain>;

        fn plain(&self) -> Self::Plain {
            self.iter().map(T::plain).collect()
        }

        fn share(plain: Self::Plain) -> Self {
            plain.into_iter().map(T::share).collect()
        }
    }

    impl<T: Shared> Shared for Option<T> {
        type Plain = Option<T::Plain>;

        fn plain(&self) -> Self::Plain {
            self.as_ref().map(T::plain)
        }

        fn share(plain: Self::Plain) -> Self {
            plain.map(T::share)
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<T: Shared<Plain: Serialize>, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.plain().serialize(serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// Those of the deserializer.
    pub fn deserialize<'de, T: Shared<Plain: Deserialize<'de>>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::Plain::deserialize(deserializer).map(T::share)
    }
}

/// For serde: a figure as its sixteen bytes.
pub(crate) mod decimal {
    use rust_decimal::Decimal;

    use super::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(figure: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        figure.serialize().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        <[u8; 16]>::deserialize(deserializer).map(Decimal::deserialize)
    }
}
