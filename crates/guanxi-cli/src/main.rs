//! The `guanxi` command: reads what was typed, calls the library, prints what it answers.

mod args;
mod commands;
mod config;
mod error;
mod output;
mod progress;
mod session;

use std::process::ExitCode;

use crate::args::{Cli, Command};
use crate::commands::{
    audit, build, claim, completions, cycles, diff, dominators, dump, entity, explain, export, exposure, extract,
    forget, import, info, man, owners, query, rank, reach, restore, rules, schema, shared, trace,
};
use crate::error::CommandResult;
use crate::session::Session;

fn main() -> ExitCode {
    let (Cli { global, command }, given) = args::parse();
    let status = match Session::start(global, given).and_then(|session| run(&session, command)) {
        Ok(outcome) => outcome.exit_status(),
        Err(error) => {
            error.report();
            error.exit_status()
        }
    };
    ExitCode::from(status)
}

fn run(session: &Session, command: Command) -> CommandResult {
    match command {
        Command::Build(args) => build::run(session, &args),
        Command::Extract(args) => extract::run(session, &args),
        Command::Query(args) => query::run(session, &args),
        Command::Trace(args) => trace::run(session, &args),
        Command::Reach(args) => reach::run(session, &args),
        Command::Dominators(args) => dominators::run(session, &args),
        Command::Shared(args) => shared::run(session, &args),
        Command::Cycles(args) => cycles::run(session, &args),
        Command::Rank(args) => rank::run(session, &args),
        Command::Owners(args) => owners::run(session, &args),
        Command::Exposure(args) => exposure::run(session, &args),
        Command::Explain(args) => explain::run(session, &args),
        Command::Audit(args) => audit::run(session, &args),
        Command::Info(args) => info::run(session, &args),
        Command::Export(args) => export::run(session, &args),
        Command::Entity(command) => entity::run(session, &command),
        Command::Diff(args) => diff::run(session, &args),
        Command::Claim(command) => claim::run(session, &command),
        Command::Import(args) => import::run(session, &args),
        Command::Forget(args) => forget::run(session, &args),
        Command::Dump(args) => dump::run(session, &args),
        Command::Restore(args) => restore::run(session, &args),
        Command::Rules(command) => rules::run(session, &command),
        Command::Schema(command) => schema::run(session, &command),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}
