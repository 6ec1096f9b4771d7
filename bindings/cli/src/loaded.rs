//! The catalogs and languages of this run: those of `--catalog FILE` and `--messages FILE` besides the built-in ones.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::{Arg, ArgMatches, Command, CommandFactory};
use retriage::Registry;
use retriage::source::{self, MOST_BYTES, Problem};

use crate::{Cli, Failure};

/// A file as it was read.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Text {
    /// The files of these names.
    ///
    /// # Errors
    /// Every one that can't be read.
    pub(crate) fn read_all(paths: &[PathBuf]) -> Result<Vec<Self>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut texts = Vec::new();
        for path in paths {
            match read(path) {
                Ok(text) => texts.push(Self { name: path.display().to_string(), text }),
                Err(what) => problems.push(Problem {
                    file: path.display().to_string(),
                    place: None,
                    entry: String::new(),
                    field: String::new(),
                    what,
                }),
            }
        }
        if problems.is_empty() { Ok(texts) } else { Err(problems) }
    }

    pub(crate) fn file(&self) -> source::File<'_> {
        source::File { name: &self.name, text: &self.text }
    }
}

/// The text of a file; of one that is longer than a catalog may be, just enough to show that it is.
fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() > MOST_BYTES {
        return Err(format!("is too large; at most {MOST_BYTES} bytes"));
    }
    String::from_utf8(bytes)
        .map_err(|error| format!("is not UTF-8: the byte at {} begins no character", error.utf8_error().valid_up_to()))
}

#[derive(Debug)]
struct Loaded {
    registry: Registry,
    texts: Vec<Text>,
}

static LOADED: OnceLock<Loaded> = OnceLock::new();

/// The catalogs and languages of this run.
pub(crate) fn registry() -> &'static Registry {
    LOADED.get().map_or_else(retriage::built_in, |loaded| &loaded.registry)
}

/// The files of `--catalog`.
pub(crate) fn texts() -> &'static [Text] {
    LOADED.get().map_or(&[], |loaded| &loaded.texts)
}

/// Whether a value of `--catalog` names a file, and not a catalog. An id has neither a dot nor a slash.
pub(crate) fn is_file(value: &str) -> bool {
    value.contains(['/', '\\', '.'])
}

/// The options of this module: what they load may be named by the other arguments.
const OPTIONS: [&str; 2] = ["catalogs", "messages"];

/// Loads the files of `--catalog` and `--messages`, before anything else of the command line is read: the other
/// arguments may name what is in them. Returns those values of `--catalog` that name no file.
///
/// # Errors
/// Every problem of every file; nothing is loaded where there is one.
pub(crate) fn load() -> Result<Vec<String>, Failure> {
    // What is wrong with the other arguments is told when they are read in earnest.
    let Ok(matches) = options().try_get_matches() else { return Ok(Vec::new()) };
    let (paths, ids): (Vec<String>, Vec<String>) = values(&matches, "catalogs").partition(|value| is_file(value));
    let catalogs = read_all(paths)?;
    let messages = read_all(values(&matches, "messages"))?;
    if catalogs.is_empty() && messages.is_empty() {
        return Ok(ids);
    }
    let registry = Registry::load(&files(&catalogs)).map_err(Failure::Catalogs)?;
    let registry = registry.with_locales(&files(&messages)).map_err(Failure::Catalogs)?;
    // Nothing else sets it.
    let _ = LOADED.set(Loaded { registry, texts: catalogs });
    Ok(ids)
}

/// The command line with the options of this module on both sides of the command: of a global argument of clap's only
/// the values on one side are kept. Arguments that name catalogs are taken as they are here.
fn options() -> Command {
    let mut command = Cli::command();
    let ours: Vec<Arg> =
        OPTIONS.iter().filter_map(|id| command.get_arguments().find(|arg| arg.get_id() == *id)).cloned().collect();
    let ours: Vec<Arg> = ours.into_iter().map(|arg| arg.global(false)).collect();
    let is_ours = |arg: &Arg| OPTIONS.iter().any(|id| arg.get_id() == *id);
    command = command.mut_args(|arg| if is_ours(&arg) { arg.global(false) } else { arg });
    let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |command| {
            let command = command.mut_args(|arg| {
                if arg.get_id() == "catalog" { arg.value_parser(clap::value_parser!(String)) } else { arg }
            });
            command.args(&ours)
        });
    }
    command
}

/// The values of an option, those before the command first.
fn values<'m>(matches: &'m ArgMatches, option: &'m str) -> impl Iterator<Item = String> + 'm {
    let after = matches.subcommand().map(|(_, matches)| matches);
    let each = [Some(matches), after].into_iter().flatten();
    each.filter_map(move |matches| matches.get_many::<String>(option)).flatten().cloned()
}

fn files(texts: &[Text]) -> Vec<source::File<'_>> {
    texts.iter().map(Text::file).collect()
}

fn read_all(paths: impl IntoIterator<Item = String>) -> Result<Vec<Text>, Failure> {
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    Text::read_all(&paths).map_err(Failure::Catalogs)
}

/// The languages that texts are wished in.
#[derive(Debug)]
pub(crate) struct Languages {
    asked: Vec<String>,
    system: Option<String>,
}

impl Languages {
    /// Those of `--locale`, and that of the environment as POSIX has it: `de_CH.UTF-8` is `de-CH`.
    pub(crate) fn new(asked: Vec<String>) -> Self {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        Self { asked, system: value.as_deref().and_then(language) }
    }

    /// Those of `--locale`.
    pub(crate) fn asked(&self) -> Vec<&str> {
        self.asked.iter().map(String::as_str).collect()
    }

    /// Those of `--locale`, or where there are none that of the environment.
    pub(crate) fn wished(&self) -> Vec<&str> {
        if self.asked.is_empty() { self.system.as_deref().into_iter().collect() } else { self.asked() }
    }
}

fn language(value: &str) -> Option<String> {
    let tag = value.split(['.', '@']).next().unwrap_or_default();
    (!tag.is_empty() && tag != "C" && tag != "POSIX").then(|| tag.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::{is_file, language};

    #[test]
    fn a_locale_of_the_system_is_a_tag() {
        assert_eq!(language("de_CH.UTF-8").as_deref(), Some("de-CH"));
        assert_eq!(language("es_MX@euro").as_deref(), Some("es-MX"));
        assert_eq!(language("ja").as_deref(), Some("ja"));
        for english in ["C", "POSIX", "C.UTF-8", ""] {
            assert_eq!(language(english), None, "{english}");
        }
    }

    #[test]
    fn a_file_is_told_from_an_id() {
        assert!(is_file("acme.json") && is_file("./acme") && is_file("/dev/fd/63"));
        assert!(!is_file("acme") && !is_file("redox-2017") && retriage::catalogs().all(|known| !is_file(known.id())));
    }
}
