//! Columns of Arrow, numpy and Python, in and out.
//!
//! Arrow comes and goes through the PyCapsule interface, so that no library of the other side is imported, and none is
//! needed. What the other side has in memory is read where it is.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::array::{
    Array, ArrayRef, BinaryArray, Int64Array, NullArray, PrimitiveArray, StringArray, make_array,
};
use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_buffer::{Buffer, ScalarBuffer};
use arrow_schema::DataType;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyCapsule, PyInt, PyString, PyTuple};

use crate::error::bad;
use crate::json::str_of;

/// The pieces of a column, one after the other.
pub(crate) type Chunks = Vec<ArrayRef>;

/// What a caller gives as a column or a table.
pub(crate) fn read(given: &Bound<'_, PyAny>, at: &str) -> PyResult<Chunks> {
    if given.hasattr("__arrow_c_stream__")? {
        return read_stream(given, at);
    }
    if given.hasattr("__arrow_c_array__")? {
        return read_array(given, at).map(|array| vec![array]);
    }
    if given.hasattr("__array_interface__")? {
        if let Some(array) = read_numpy(given)? {
            return Ok(vec![array]);
        }
        // One that is in another byte order, or a part of another: a copy is neither.
        let kind: String = given.getattr("dtype")?.getattr("kind")?.extract()?;
        if ["i", "u", "f"].contains(&kind.as_str()) {
            let native = given.getattr("dtype")?.call_method1("newbyteorder", ("=",))?;
            if let Some(array) = read_numpy(&given.call_method1("astype", (native,))?)? {
                return Ok(vec![array]);
            }
        }
        return read_sequence(&given.call_method0("tolist")?, at).map(|array| vec![array]);
    }
    read_sequence(given, at).map(|array| vec![array])
}

fn not_arrow(py: Python<'_>, at: &str, error: &arrow_schema::ArrowError) -> PyErr {
    bad(py, at, &format!("can't be read as Arrow data: {error}"))
}

fn read_stream(given: &Bound<'_, PyAny>, at: &str) -> PyResult<Chunks> {
    let py = given.py();
    let capsule = given.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a stream of the C stream interface; it is moved out, and the capsule, which
    // finds it released, leaves it alone.
    let reader = unsafe { ArrayStreamReader::from_raw(pointer.as_ptr()) };
    let reader = reader.map_err(|error| not_arrow(py, at, &error))?;
    // Whoever produces it may need the interpreter for that, perhaps in a thread of its own.
    py.detach(|| reader.collect::<Result<Chunks, _>>()).map_err(|error| not_arrow(py, at, &error))
}

fn read_array(given: &Bound<'_, PyAny>, at: &str) -> PyResult<ArrayRef> {
    let py = given.py();
    let (schema, array) =
        given.call_method0("__arrow_c_array__")?.extract::<(Bound<'_, PyCapsule>, Bound<'_, PyCapsule>)>()?;
    let schema = schema.pointer_checked(Some(c"arrow_schema"))?.cast::<FFI_ArrowSchema>();
    let array = array.pointer_checked(Some(c"arrow_array"))?.cast::<FFI_ArrowArray>();
    // SAFETY: capsules of these names hold a schema and an array of the C data interface that belong together. The
    // array is moved out, and its capsule, which finds it released, leaves it alone; the schema stays its capsule's.
    let data = unsafe { from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), schema.as_ref()) };
    data.map(make_array).map_err(|error| not_arrow(py, at, &error))
}

/// Keeps the owner of memory that is borrowed from it.
struct Owner(#[allow(dead_code, reason = "held, never looked at")] Py<PyAny>);

impl UnwindSafe for Owner {}
impl RefUnwindSafe for Owner {}

/// An array of numbers of numpy, where it is; none if it isn't one whole row of numbers in this machine's byte order.
fn read_numpy(given: &Bound<'_, PyAny>) -> PyResult<Option<ArrayRef>> {
    let interface = given.getattr("__array_interface__")?;
    let shape: Vec<usize> = interface.get_item("shape")?.extract()?;
    let &[length] = shape.as_slice() else { return Ok(None) };
    let is_whole = interface.get_item("strides").map_or(true, |strides| strides.is_none());
    let (address, _): (usize, bool) = interface.get_item("data")?.extract()?;
    let kind: String = interface.get_item("typestr")?.extract()?;
    let native = if cfg!(target_endian = "little") { '<' } else { '>' };
    let kind = match kind.strip_prefix(['|', native]) {
        Some(kind) if is_whole => kind,
        _ => return Ok(None),
    };
    let owner = given.clone().unbind();
    Ok(match kind {
        "i1" => borrowed::<Int8Type>(owner, address, length),
        "i2" => borrowed::<Int16Type>(owner, address, length),
        "i4" => borrowed::<Int32Type>(owner, address, length),
        "i8" => borrowed::<Int64Type>(owner, address, length),
        "u1" => borrowed::<UInt8Type>(owner, address, length),
        "u2" => borrowed::<UInt16Type>(owner, address, length),
        "u4" => borrowed::<UInt32Type>(owner, address, length),
        "u8" => borrowed::<UInt64Type>(owner, address, length),
        "f4" => borrowed::<Float32Type>(owner, address, length),
        "f8" => borrowed::<Float64Type>(owner, address, length),
        _ => None,
    })
}

/// Numbers at an address that an object owns; none if they don't stand as numbers of their size must.
fn borrowed<T: ArrowPrimitiveType>(owner: Py<PyAny>, address: usize, length: usize) -> Option<ArrayRef> {
    let pointer = NonNull::new(std::ptr::with_exposed_provenance_mut::<T::Native>(address))?;
    if !pointer.is_aligned() {
        return None;
    }
    let bytes = length * size_of::<T::Native>();
    // SAFETY: the array interface says that so many numbers of this type stand there, and its object, which is held
    // until the buffer is dropped, owns them. That nobody writes to them meanwhile is the caller's to see to, as
    // wherever numpy's arrays are read while other threads run.
    let buffer = unsafe { Buffer::from_custom_allocation(pointer.cast(), bytes, Arc::new(Owner(owner))) };
    Some(Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::new(buffer, 0, length), None)))
}

/// A sequence of Python: numbers, texts, bytes, and None.
fn read_sequence(given: &Bound<'_, PyAny>, at: &str) -> PyResult<ArrayRef> {
    if given.is_instance_of::<PyString>() || given.is_instance_of::<PyBytes>() || given.is_instance_of::<PyBool>() {
        return Err(not_a_column(given, at));
    }
    let items = given.try_iter().map_err(|_| not_a_column(given, at))?.collect::<PyResult<Vec<_>>>()?;
    if let Some(numbers) = items.iter().map(number).collect::<Option<Vec<_>>>() {
        return Ok(Arc::new(Int64Array::from(numbers)));
    }
    let is_bytes = |item: &&Bound<'_, PyAny>| item.is_instance_of::<PyBytes>();
    if items.iter().any(|item| is_bytes(&item)) {
        let bytes = |(row, item): (usize, &'_ Bound<'_, PyAny>)| match item.cast::<PyBytes>() {
            Ok(bytes) => Ok(Some(bytes.as_bytes().to_vec())),
            Err(_) if item.is_none() => Ok(None),
            Err(_) => Ok(Some(text(item, &format!("{at}/{row}"))?.into_bytes())),
        };
        let bytes = items.iter().enumerate().map(bytes).collect::<PyResult<Vec<_>>>()?;
        return Ok(Arc::new(bytes.iter().map(Option::as_deref).collect::<BinaryArray>()));
    }
    if items.is_empty() {
        return Ok(Arc::new(NullArray::new(0)));
    }
    let texts = |(row, item): (usize, &'_ Bound<'_, PyAny>)| {
        if item.is_none() { Ok(None) } else { text(item, &format!("{at}/{row}")).map(Some) }
    };
    Ok(Arc::new(items.iter().enumerate().map(texts).collect::<PyResult<StringArray>>()?))
}

fn not_a_column(given: &Bound<'_, PyAny>, at: &str) -> PyErr {
    let what = given.get_type().name().map(|name| name.to_string()).unwrap_or_default();
    let right = "must be a column: something with the Arrow PyCapsule interface, an array of numpy, or a sequence";
    bad(given.py(), at, &format!("{right}, not {what}"))
}

/// A number or None; none of both for anything else.
fn number(item: &Bound<'_, PyAny>) -> Option<Option<i64>> {
    if item.is_none() {
        return Some(None);
    }
    if item.is_instance_of::<PyBool>() { None } else { item.extract::<i64>().ok().map(Some) }
}

/// A text, or a number as one: among codes a numeric text counts as the number.
fn text(item: &Bound<'_, PyAny>, at: &str) -> PyResult<String> {
    if let Ok(text) = item.cast::<PyString>() {
        return Ok(str_of(text, at)?.to_owned());
    }
    if item.is_instance_of::<PyInt>() && !item.is_instance_of::<PyBool>() {
        return Ok(item.str()?.to_str()?.to_owned());
    }
    let what = item.get_type().name()?;
    Err(bad(item.py(), at, &format!("must be a number, a text, bytes or None, not {what}")))
}

/// One value of a column.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Nothing,
    Number(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// The values of a column, one after the other; none of it where its type is none that can be read.
pub(crate) fn values(array: &dyn Array) -> Option<Box<dyn Iterator<Item = Value<'_>> + '_>> {
    fn integers<T: ArrowPrimitiveType>(array: &dyn Array) -> Box<dyn Iterator<Item = Value<'_>> + '_>
    where
        T::Native: TryInto<i64>,
    {
        let number = |number: T::Native| number.try_into().ok();
        let value = move |item: Option<T::Native>| item.and_then(number).map_or(Value::Nothing, Value::Number);
        Box::new(array.as_primitive::<T>().iter().map(value))
    }
    // A column of whole numbers in which some are missing is often one of floats.
    fn floats<T: ArrowPrimitiveType>(array: &dyn Array) -> Box<dyn Iterator<Item = Value<'_>> + '_>
    where
        T::Native: Into<f64>,
    {
        let value = |item: Option<T::Native>| match item.map(Into::into) {
            Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => Value::Number(number as i64),
            _ => Value::Nothing,
        };
        Box::new(array.as_primitive::<T>().iter().map(value))
    }
    fn text(item: Option<&str>) -> Value<'_> {
        item.map_or(Value::Nothing, Value::Text)
    }
    fn bytes(item: Option<&[u8]>) -> Value<'_> {
        item.map_or(Value::Nothing, Value::Bytes)
    }
    Some(match array.data_type() {
        DataType::Null => Box::new((0..array.len()).map(|_| Value::Nothing)),
        DataType::Int8 => integers::<Int8Type>(array),
        DataType::Int16 => integers::<Int16Type>(array),
        DataType::Int32 => integers::<Int32Type>(array),
        DataType::Int64 => integers::<Int64Type>(array),
        DataType::UInt8 => integers::<UInt8Type>(array),
        DataType::UInt16 => integers::<UInt16Type>(array),
        DataType::UInt32 => integers::<UInt32Type>(array),
        DataType::UInt64 => integers::<UInt64Type>(array),
        DataType::Float32 => floats::<Float32Type>(array),
        DataType::Float64 => floats::<Float64Type>(array),
        DataType::Utf8 => Box::new(array.as_string::<i32>().iter().map(text)),
        DataType::LargeUtf8 => Box::new(array.as_string::<i64>().iter().map(text)),
        DataType::Utf8View => Box::new(array.as_string_view().iter().map(text)),
        DataType::Binary => Box::new(array.as_binary::<i32>().iter().map(bytes)),
        DataType::LargeBinary => Box::new(array.as_binary::<i64>().iter().map(bytes)),
        DataType::BinaryView => Box::new(array.as_binary_view().iter().map(bytes)),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let known: Vec<Value<'_>> = values(dictionary.values())?.collect();
            let keys = values(dictionary.keys())?;
            Box::new(
                keys.map(move |key| match key {
                    Value::Number(key) => usize::try_from(key).ok().and_then(|key| known.get(key)).copied(),
                    _ => None,
                })
                .map(|value| value.unwrap_or(Value::Nothing)),
            )
        }
        _ => return None,
    })
}

/// An array as a pair of capsules, of its schema and of itself.
pub(crate) fn capsules<'py>(py: Python<'py>, array: &dyn Array) -> PyResult<Bound<'py, PyTuple>> {
    let data = array.to_data();
    let (array, schema) = arrow_array::ffi::to_ffi(&data).map_err(|error| not_arrow(py, "", &error))?;
    (schema_capsule(py, schema)?, PyCapsule::new_with_value(py, array, c"arrow_array")?).into_pyobject(py)
}

pub(crate) fn schema_capsule(py: Python<'_>, schema: FFI_ArrowSchema) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

/// A type as a capsule of its schema.
pub(crate) fn type_capsule<'py>(py: Python<'py>, of: &DataType) -> PyResult<Bound<'py, PyCapsule>> {
    schema_capsule(py, FFI_ArrowSchema::try_from(of).map_err(|error| not_arrow(py, "", &error))?)
}
