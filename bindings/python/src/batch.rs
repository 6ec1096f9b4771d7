//! Many answers at once.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arrow_array::array::{Array, ArrayRef, DictionaryArray, StringArray, StructArray};
use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Int8Array, Int32Array, RecordBatch, RecordBatchIterator};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema};
use pyo3::exceptions::{PyIndexError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyIterator, PyList, PyString, PyTuple};
use retriage::vocabulary::{Canonical, Category, ErrorKind, Fault, Finality, Match, Processed, Retry, Scope, Severity};
use retriage::{Catalog, Classification, Code, Evidence};

use crate::arguments::text;
use crate::arrow::{self, Chunks, Value};
use crate::error::{bad, raise};
use crate::world::World;

/// The columns there are, the first five by default.
const COLUMNS: [&str; 10] =
    ["entry", "category", "fault", "retry", "processed", "canonical", "finality", "severity", "match", "scope"];
const BY_DEFAULT: usize = 5;

/// The words of each column but the first, in the order of their numbers here.
fn words_of(column: usize) -> Vec<&'static str> {
    macro_rules! spelled {
        ($name:ident) => {
            $name::ALL.iter().map(|word| word.as_str()).collect()
        };
    }
    match column {
        1 => spelled!(Category),
        2 => spelled!(Fault),
        3 => spelled!(Retry),
        4 => spelled!(Processed),
        5 => spelled!(Canonical),
        6 => spelled!(Finality),
        7 => spelled!(Severity),
        8 => spelled!(Match),
        9 => spelled!(Scope),
        _ => Vec::new(),
    }
}

/// What is answered in one row: the number of the entry, or -1, and that of each word.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    entry: i32,
    words: [i8; 9],
}

impl Row {
    fn of(answer: &Classification<'_>) -> Self {
        macro_rules! number {
            ($word:expr, $name:ident) => {
                $name::ALL.iter().position(|word| *word == $word).and_then(|at| i8::try_from(at).ok()).unwrap_or(-1)
            };
        }
        let words = answer.words;
        Self {
            entry: answer.entry.and_then(|entry| i32::try_from(entry.number()).ok()).unwrap_or(-1),
            words: [
                number!(words.category, Category),
                number!(words.fault, Fault),
                number!(words.retry, Retry),
                number!(words.processed, Processed),
                number!(words.canonical, Canonical),
                number!(words.finality, Finality),
                number!(words.severity, Severity),
                number!(answer.found, Match),
                number!(words.scope, Scope),
            ],
        }
    }
}

/// Statuses from here on are no catalog's, and are answered alike.
const NO_STATUS: usize = 1_000;
/// The place of a row without a status.
const NOTHING: usize = 1_001;
/// How many places there are, to the next power of two, so that no place is out of bounds.
const PLACES: usize = 1_024;

/// What a catalog says of every status alone.
pub(crate) struct ByStatus {
    entries: [i32; PLACES],
    words: [[i8; PLACES]; 9],
}

impl ByStatus {
    pub(crate) fn of(catalog: Catalog<'_>) -> Box<Self> {
        let mut made = Box::new(Self { entries: [-1; PLACES], words: [[0; PLACES]; 9] });
        for at in 0..PLACES {
            let status = (at <= NO_STATUS).then(|| u16::try_from(at).unwrap_or_default());
            let row = Row::of(&catalog.classify(&Evidence { status, details: false, ..Evidence::default() }));
            made.entries[at] = row.entry;
            for (word, places) in row.words.iter().zip(&mut made.words) {
                places[at] = *word;
            }
        }
        made
    }

    fn row(&self, at: u16) -> Row {
        let at = usize::from(at) % PLACES;
        let mut words = [0; 9];
        for (word, places) in words.iter_mut().zip(&self.words) {
            *word = places[at];
        }
        Row { entry: self.entries[at], words }
    }
}

/// The place of a status. What is no status at all counts as none.
#[inline]
fn place_of(status: Option<i64>) -> u16 {
    // Below zero is far above as a number without a sign: two comparisons, and no branch among them.
    let number = status.unwrap_or(-1) as u64;
    if number < NO_STATUS as u64 {
        number as u16
    } else if number <= u64::from(u16::MAX) {
        NO_STATUS as u16
    } else {
        NOTHING as u16
    }
}

/// The columns of an answer, as they grow.
struct Columns {
    /// Which of `COLUMNS` are wanted.
    wanted: Vec<usize>,
    entries: Vec<i32>,
    words: [Vec<i8>; 9],
}

impl Columns {
    fn new(wanted: &[usize], rows: usize) -> Self {
        let mut columns = Self { wanted: wanted.to_vec(), entries: Vec::new(), words: Default::default() };
        for column in wanted {
            match column.checked_sub(1) {
                None => columns.entries.reserve_exact(rows),
                Some(word) => columns.words[word].reserve_exact(rows),
            }
        }
        columns
    }

    fn push(&mut self, row: Row) {
        for column in &self.wanted {
            match column.checked_sub(1) {
                None => self.entries.push(row.entry),
                Some(word) => self.words[word].push(row.words[word]),
            }
        }
    }

    /// Adds the answers of places, one column after the other: what is looked up in stays in the nearest cache.
    fn extend(&mut self, by_status: &ByStatus, places: &[u16]) {
        for column in &self.wanted {
            match column.checked_sub(1) {
                None => self.entries.extend(places.iter().map(|at| by_status.entries[usize::from(*at) % PLACES])),
                Some(word) => {
                    let known = &by_status.words[word];
                    self.words[word].extend(places.iter().map(|at| known[usize::from(*at) % PLACES]));
                }
            }
        }
    }

    /// The columns as arrays, in the order in which they are wanted.
    fn finish(mut self, ids: &ArrayRef) -> Result<Vec<(&'static str, ArrayRef)>, arrow_schema::ArrowError> {
        let array = |column: usize, this: &mut Self| -> Result<ArrayRef, arrow_schema::ArrowError> {
            let Some(word) = column.checked_sub(1) else {
                let entries = std::mem::take(&mut this.entries);
                let is_there = entries.contains(&-1).then(|| entries.iter().map(|entry| *entry >= 0).collect());
                let keys = Int32Array::new(entries.into(), is_there.map(|is: Vec<bool>| NullBuffer::from(is)));
                return Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(ids))?));
            };
            let keys = Int8Array::from(std::mem::take(&mut this.words[word]));
            let words: ArrayRef = Arc::new(StringArray::from(words_of(column)));
            Ok(Arc::new(DictionaryArray::<Int8Type>::try_new(keys, words)?))
        };
        let wanted = self.wanted.clone();
        wanted.iter().map(|column| Ok((COLUMNS[*column], array(*column, &mut self)?))).collect()
    }
}

/// What `classify_batch` was given.
pub(crate) struct Given<'a, 'py> {
    pub(crate) data: Option<&'a Bound<'py, PyAny>>,
    pub(crate) status: Option<&'a Bound<'py, PyAny>>,
    pub(crate) code: Option<&'a Bound<'py, PyAny>>,
    pub(crate) failure: Option<&'a Bound<'py, PyAny>>,
    pub(crate) body: Option<&'a Bound<'py, PyAny>>,
    pub(crate) columns: Option<&'a Bound<'py, PyAny>>,
}

/// The columns that were given, by their names.
const GIVEN: [&str; 4] = ["status", "code", "failure", "body"];

impl Given<'_, '_> {
    fn read(&self, py: Python<'_>) -> PyResult<[Option<Chunks>; 4]> {
        let mut found: [Option<Chunks>; 4] = Default::default();
        if let Some(data) = self.data {
            let chunks = arrow::read(data, "/data")?;
            let fields = chunks.first().and_then(|chunk| match chunk.data_type() {
                DataType::Struct(fields) => Some(fields.clone()),
                _ => None,
            });
            match fields {
                Some(fields) => {
                    for (name, slot) in GIVEN.iter().zip(&mut found) {
                        if let Some((at, _)) = fields.find(name) {
                            *slot = Some(chunks.iter().map(|chunk| Arc::clone(chunk.as_struct().column(at))).collect());
                        }
                    }
                    if found.iter().all(Option::is_none) {
                        let message = format!("has none of the columns {}", GIVEN.join(", "));
                        return Err(raise(py, ErrorKind::MissingField, "/data", &message));
                    }
                }
                None => found[0] = Some(chunks),
            }
        }
        let named = [self.status, self.code, self.failure, self.body];
        for ((name, given), slot) in GIVEN.iter().zip(named).zip(&mut found) {
            if let Some(given) = given {
                let at = format!("/{name}");
                if slot.is_some() {
                    return Err(raise(py, ErrorKind::Conflict, &at, "goes ill with data, which has it too"));
                }
                *slot = Some(arrow::read(given, &at)?);
            }
        }
        Ok(found)
    }

    /// Which columns are wanted.
    fn wanted(&self) -> PyResult<Vec<usize>> {
        let Some(given) = self.columns else { return Ok((0..BY_DEFAULT).collect()) };
        let py = given.py();
        let right = || format!("must be a list of some of {}", COLUMNS.join(", "));
        if given.is_instance_of::<PyString>() {
            return Err(bad(py, "/columns", &right()));
        }
        let mut wanted = Vec::new();
        for (place, name) in given.try_iter().map_err(|_| bad(py, "/columns", &right()))?.enumerate() {
            let at = format!("/columns/{place}");
            let name = name?;
            let name = text(&name, &at)?;
            let column = COLUMNS.iter().position(|known| *known == name);
            let column = column.ok_or_else(|| bad(py, &at, &format!("must be one of {}", COLUMNS.join(", "))))?;
            if wanted.contains(&column) {
                return Err(raise(py, ErrorKind::Conflict, &at, "stands twice"));
            }
            wanted.push(column);
        }
        Ok(wanted)
    }
}

/// How many rows are looked up at a time: their places stay in the nearest cache.
const BLOCK: usize = 2_048;

/// The answers to statuses alone; none where the type of a piece needs looking at row by row.
fn by_status_alone(chunks: &Chunks, by_status: &ByStatus, columns: &mut Columns) -> Option<()> {
    fn add<T: ArrowPrimitiveType>(chunk: &dyn Array, by_status: &ByStatus, columns: &mut Columns)
    where
        T::Native: TryInto<i64> + Copy,
    {
        let numbers = chunk.as_primitive::<T>();
        let mut places = [0_u16; BLOCK];
        for (block, values) in numbers.values().chunks(BLOCK).enumerate() {
            let places = &mut places[..values.len()];
            for (at, value) in places.iter_mut().zip(values) {
                *at = place_of((*value).try_into().ok());
            }
            if let Some(nulls) = numbers.nulls().filter(|nulls| nulls.null_count() > 0) {
                for (row, at) in places.iter_mut().enumerate() {
                    if nulls.is_null(block * BLOCK + row) {
                        *at = NOTHING as u16;
                    }
                }
            }
            columns.extend(by_status, places);
        }
    }
    let is_known = |chunk: &ArrayRef| chunk.data_type().is_integer();
    if !chunks.iter().all(is_known) {
        return None;
    }
    for chunk in chunks {
        match chunk.data_type() {
            DataType::Int8 => add::<Int8Type>(chunk, by_status, columns),
            DataType::Int16 => add::<Int16Type>(chunk, by_status, columns),
            DataType::Int32 => add::<Int32Type>(chunk, by_status, columns),
            DataType::Int64 => add::<Int64Type>(chunk, by_status, columns),
            DataType::UInt8 => add::<UInt8Type>(chunk, by_status, columns),
            DataType::UInt16 => add::<UInt16Type>(chunk, by_status, columns),
            DataType::UInt32 => add::<UInt32Type>(chunk, by_status, columns),
            _ => add::<UInt64Type>(chunk, by_status, columns),
        }
    }
    Some(())
}

/// How many different answers without a body are remembered.
const MOST_KNOWN: usize = 65_536;

/// The answers to rows of several columns. What has no body is remembered by what it is: logs repeat themselves.
fn row_by_row(catalog: Catalog<'_>, given: &[Option<Chunks>; 4], rows: usize, by_status: &ByStatus, out: &mut Columns) {
    let mut cells = given.each_ref().map(|chunks| {
        let chunks = chunks.as_deref().unwrap_or_default();
        chunks.iter().filter_map(|chunk| arrow::values(chunk)).flatten()
    });
    let mut known: HashMap<Vec<u8>, Row> = HashMap::new();
    let mut key = Vec::new();
    for _ in 0..rows {
        let [status, code, failure, body] = cells.each_mut().map(|cells| cells.next().unwrap_or(Value::Nothing));
        let status = match status {
            Value::Number(number) => place_and_status(Some(number)),
            Value::Text(text) => place_and_status(text.trim().parse().ok()),
            _ => place_and_status(None),
        };
        let code = match code {
            Value::Number(number) => Some(Code::Number(number)),
            Value::Text(text) => Some(Code::Name(text)),
            _ => None,
        };
        let failure = match failure {
            Value::Text(text) => Some(text),
            _ => None,
        };
        let body = match body {
            Value::Text(text) => Some(text.as_bytes()),
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        };
        let (at, status) = status;
        let classify = || {
            Row::of(&catalog.classify(&Evidence { status, code, failure, body, details: false, ..Evidence::default() }))
        };
        let row = match (code, failure, body) {
            (None, None, None) => by_status.row(at),
            (_, _, Some(_)) => classify(),
            _ => {
                key.clear();
                key.extend(at.to_ne_bytes());
                match code {
                    Some(Code::Number(number)) => key.extend(number.to_ne_bytes()),
                    Some(Code::Name(name)) => key.extend(name.as_bytes()),
                    None => {}
                }
                // Which of the two follows, and where the code ends: no text has these bytes.
                key.push(if matches!(code, Some(Code::Number(_))) { 0xFF } else { 0xFE });
                key.extend(failure.unwrap_or_default().as_bytes());
                match known.get(&key) {
                    Some(row) => *row,
                    None => {
                        let row = classify();
                        if known.len() == MOST_KNOWN {
                            known.clear();
                        }
                        known.insert(key.clone(), row);
                        row
                    }
                }
            }
        };
        out.push(row);
    }
}

/// The place of a status, and the status where it is one.
fn place_and_status(number: Option<i64>) -> (u16, Option<u16>) {
    (place_of(number), number.and_then(|number| u16::try_from(number).ok()))
}

/// Classifies many answers.
pub(crate) fn classify(
    py: Python<'_>,
    world: &Arc<World>,
    catalog: &Bound<'_, PyAny>,
    asked: &Given<'_, '_>,
) -> PyResult<Batch> {
    let place = world.named(catalog)?;
    let wanted = asked.wanted()?;
    let given = asked.read(py)?;
    let mut rows = None;
    for (name, chunks) in GIVEN.iter().zip(&given) {
        let Some(chunks) = chunks else { continue };
        let at = format!("/{name}");
        if let Some(chunk) = chunks.iter().find(|chunk| arrow::values(chunk).is_none()) {
            let message = format!("must be a column of numbers, texts or bytes, not {}", chunk.data_type());
            return Err(bad(py, &at, &message));
        }
        let length = chunks.iter().map(|chunk| chunk.len()).sum::<usize>();
        if rows.is_some_and(|rows| rows != length) {
            return Err(raise(py, ErrorKind::Conflict, &at, "must be as long as the other columns"));
        }
        rows = Some(length);
    }
    let Some(rows) = rows else {
        return Err(raise(
            py,
            ErrorKind::MissingField,
            "/status",
            "is missing: give a column of statuses or of others",
        ));
    };
    let arrays = py.detach(|| {
        let by_status = world.by_status(place);
        let mut columns = Columns::new(&wanted, rows);
        let alone = match &given {
            [Some(statuses), None, None, None] => by_status_alone(statuses, by_status, &mut columns),
            _ => None,
        };
        if alone.is_none() {
            row_by_row(world.catalog(place), &given, rows, by_status, &mut columns);
        }
        columns.finish(world.ids())
    });
    let arrays = arrays.map_err(|error| bad(py, "", &error.to_string()))?;
    let fields: Vec<Field> =
        arrays.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), *name == "entry")).collect();
    let arrays = arrays.into_iter().map(|(_, array)| array).collect();
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options);
    Ok(Batch { batch: batch.map_err(|error| bad(py, "", &error.to_string()))? })
}

/// The answers to many questions, as columns.
///
/// Arrow data: pyarrow, polars, pandas, DuckDB and others take it without a copy, by the PyCapsule interface. Each
/// column is a dictionary: small numbers, and the texts that they stand for.
#[pyclass(frozen, module = "retriage", weakref)]
pub(crate) struct Batch {
    batch: RecordBatch,
}

#[pymethods]
impl Batch {
    /// The names of the columns, in order.
    #[getter]
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.batch.schema_ref().fields().iter().map(|field| field.name()))
    }

    /// The columns as lists of texts: a dict by their names. In `entry`, None stands for no entry.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (field, column) in self.batch.schema_ref().fields().iter().zip(self.batch.columns()) {
            dict.set_item(field.name(), list_of(py, column)?)?;
        }
        Ok(dict)
    }

    /// A column by its name. Raises KeyError where there is none of that name.
    fn __getitem__(&self, name: &str) -> PyResult<Column> {
        let column = self.batch.column_by_name(name).cloned();
        column.map(|array| Column { array }).ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        let names: Vec<&str> = self.batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
        format!("<Batch of {}: {}>", self.batch.num_rows(), names.join(", "))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::type_capsule(py, &DataType::Struct(self.batch.schema_ref().fields().clone()))
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        // The interface lets a producer answer in its own types.
        let _ = requested_schema;
        arrow::capsules(py, &StructArray::from(self.batch.clone()))
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
    }
}

/// A column of a `Batch`: a sequence of texts.
#[pyclass(frozen, module = "retriage", sequence, weakref)]
pub(crate) struct Column {
    array: ArrayRef,
}

#[pymethods]
impl Column {
    /// The column as a list of texts; None stands for no entry.
    fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        list_of(py, &self.array)
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __getitem__(&self, at: isize) -> PyResult<Option<String>> {
        let length = self.array.len();
        let from_start = if at < 0 { length.checked_add_signed(at) } else { usize::try_from(at).ok() };
        let at = from_start.filter(|at| *at < length).ok_or_else(|| PyIndexError::new_err("there is no such row"))?;
        let row = self.array.slice(at, 1);
        let value = arrow::values(&row).and_then(|mut values| values.next());
        Ok(match value {
            Some(Value::Text(text)) => Some(text.to_owned()),
            _ => None,
        })
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        list_of(py, &self.array)?.try_iter()
    }

    fn __repr__(&self) -> String {
        format!("<Column of {}>", self.array.len())
    }

    /// An array of numpy, of objects.
    #[pyo3(signature = (dtype = None, copy = None))]
    fn __array__<'py>(
        &self,
        py: Python<'py>,
        dtype: Option<&Bound<'py, PyAny>>,
        copy: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // It is made anew each time.
        let _ = copy;
        let options = PyDict::new(py);
        options.set_item("dtype", dtype.map_or_else(|| PyString::new(py, "object").into_any(), Clone::clone))?;
        py.import("numpy")?.call_method("array", (list_of(py, &self.array)?,), Some(&options))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::type_capsule(py, self.array.data_type())
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let _ = requested_schema;
        arrow::capsules(py, &self.array)
    }
}

/// The texts of a column; each is one object, however often it stands there.
fn list_of<'py>(py: Python<'py>, column: &ArrayRef) -> PyResult<Bound<'py, PyList>> {
    let dictionary = column.as_any_dictionary();
    let texts = dictionary.values().as_string::<i32>();
    let made: Vec<OnceLock<Bound<'py, PyString>>> = (0..texts.len()).map(|_| OnceLock::new()).collect();
    let keys = arrow::values(dictionary.keys()).into_iter().flatten();
    PyList::new(
        py,
        keys.map(|key| match key {
            Value::Number(key) => {
                let at = usize::try_from(key).unwrap_or_default();
                Some(made[at].get_or_init(|| PyString::new(py, texts.value(at))))
            }
            _ => None,
        })
        .collect::<Vec<_>>(),
    )
}
