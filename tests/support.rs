//! What the tests share: the folder of the project, a scratch folder, and a run of the real binary in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A folder of its own for one test, gone after it.
pub struct Scratch(TempDir);

impl Scratch {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A scratch folder with the texts of `tests/fixtures/news` in `news`.
    pub fn with_news() -> Self {
        let scratch = Self::new();
        copy_folder(&root().join("tests/fixtures/news"), &scratch.path("news"));
        scratch
    }

    /// The same with a store of them, which is built once for all tests.
    pub fn with_store() -> Self {
        static BUILT: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
        let built = BUILT.get_or_init(|| {
            let scratch = Self::with_news();
            scratch.guanxi(["build", "news", "--quiet"]).expect_status(0);
            scratch.files_below("guanxi.db")
        });
        let scratch = Self::with_news();
        for (path, content) in built {
            scratch.write(path, content);
        }
        scratch
    }

    /// Every file below a folder, with its content.
    pub fn files_below(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(self.path(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let paths = entries.map(|name| format!("{folder}/{}", name.to_str().unwrap()));
        let files = paths.map(|path| match self.path(&path).is_dir() {
            true => self.files_below(&path),
            false => vec![(path.clone(), fs::read(self.path(&path)).unwrap())],
        });
        files.flatten().collect()
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    pub fn write(&self, below: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Runs `guanxi` here.
    pub fn guanxi<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Run {
        self.guanxi_with_input(arguments, b"")
    }

    /// Runs `guanxi` here with something on standard input.
    pub fn guanxi_with_input<'a>(&self, arguments: impl IntoIterator<Item = &'a str>, input: &[u8]) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_guanxi"));
        finish(start(command.args(arguments)), input)
    }

    /// Runs a line of shell here, in which `guanxi` is the binary under test.
    pub fn shell(&self, line: &str) -> Run {
        let folder = Path::new(env!("CARGO_BIN_EXE_guanxi")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = self.command("sh");
        command.args(["-c", line]).env("PATH", format!("{}:{path}", folder.display()));
        finish(start(&mut command), b"")
    }

    /// A command that runs here, shielded from the settings of whoever runs the tests.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let settings = std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("GUANXI_"));
        for name in settings {
            command.env_remove(name);
        }
        command.current_dir(self.folder()).env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8");
        command.env("XDG_CONFIG_HOME", self.path("settings"));
        command
    }
}

/// What a run of the binary left behind.
#[derive(Debug)]
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    #[track_caller]
    pub fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, status, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn expect_in_stderr(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "looked for `{words}` in standard error:\n{}", self.stderr);
        self
    }

    #[track_caller]
    pub fn expect_in_stdout(self, words: &str) -> Self {
        assert!(self.stdout.contains(words), "looked for `{words}` in standard output:\n{}", self.stdout);
        self
    }
}

fn start(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn finish(mut child: Child, input: &[u8]) -> Run {
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The program may end before it has read everything; that is its right.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
    }
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
