//! Which texts a command reads: shared by `build` and `extract`.

use std::io::Read;
use std::path::{Path, PathBuf};

use guanxi::input::{self, Inputs, Location};

use crate::error::CommandError;

/// The inputs of a command, as typed.
#[derive(clap::Args, Clone, Debug)]
pub struct Texts {
    /// Files (.txt .md .html .jsonl), folders that are searched for them, or - for standard input
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
}

impl Texts {
    /// Lists what is to be read; reads standard input where it is named.
    pub fn read(&self) -> Result<Inputs, CommandError> {
        let locations = self.inputs.iter().map(|path| location(path)).collect::<Result<_, _>>()?;
        Ok(input::read(locations)?)
    }
}

/// A file or folder; standard input is read here.
pub fn location(path: &Path) -> std::io::Result<Location> {
    if path != Path::new("-") {
        return Ok(Location::Path(path.to_owned()));
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(Location::Bytes { name: "-".to_owned(), bytes })
}
