//! The words with their meanings, for programs that show them.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use retriage::vocabulary::*;

/// The closed sets of words: a dict from the name of each set to a dict from its words to their meanings, in a sentence
/// for a person. The sets and the words are in the order of the core's.
#[pyfunction]
pub(crate) fn vocabulary(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let sets = PyDict::new(py);
    macro_rules! sets {
        ($($name:ident $key:literal)*) => {
            $(
                let words = PyDict::new(py);
                for word in $name::ALL {
                    words.set_item(word.as_str(), word.meaning())?;
                }
                sets.set_item($key, words)?;
            )*
        };
    }
    sets! {
        Category "category" Canonical "canonical" Fault "fault" Retry "retry" Processed "processed"
        Finality "finality" Severity "severity" Scope "scope" Match "match" Audience "audience" Mode "mode"
        Environment "environment" Step "step" HintState "hint_state" HintSource "hint_source" Intent "intent"
        Sender "sender" Warning "warning" Action "action" Cause "reason" Weighed "weighed" Verified "verified"
        Phase "phase" Alarm "alert" DeliveryAction "delivery_action" DeliveryReason "delivery_reason"
        ErrorKind "error_kind"
    }
    Ok(sets)
}
