//! The C library: its header, its tests, its installation and what its look-up costs.

pub(crate) mod header;

use crate::project::Project;

/// Writes the header.
pub(crate) fn write_header(project: &Project) -> Result<(), String> {
    header::update(project.root(), project.version(), true)
}
