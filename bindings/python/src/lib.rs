//! The Python face of retriage: it converts, asks the core, and converts back.
//!
//! What is Rust here is what is called for every answer. What wraps other libraries is Python and stands in
//! `python/retriage`; the words and the classes of errors there are printed from the core by `cargo xtask python words`.

mod arguments;
mod arrow;
mod batch;
mod classification;
mod decision;
mod error;
mod evidence;
mod json;
mod profile;
mod queue;
mod registry;
mod response;
mod spelled;
mod vocabulary;
mod world;

/// The part of the module that is Rust; see `retriage`.
// Nothing here relies on the interpreter's lock: what is shared is made once, or behind a lock of its own.
#[pyo3::pymodule(gil_used = false)]
mod _retriage {
    #[pymodule_export]
    use crate::batch::{Batch, Column};
    #[pymodule_export]
    use crate::classification::Classification;
    #[pymodule_export]
    use crate::decision::{_decision, Decision};
    #[pymodule_export]
    use crate::profile::{PyProfile, profile, profiles};
    #[pymodule_export]
    use crate::queue::PyQueue;
    #[pymodule_export]
    use crate::registry::{
        _classification, _registry, PyRegistry, advise, answer, catalogs, classify, classify_batch, decide, entries,
        entry, limits, locales,
    };
    #[pymodule_export]
    use crate::vocabulary::vocabulary;

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
