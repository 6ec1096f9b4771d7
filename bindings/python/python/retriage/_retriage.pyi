"""The part of the module that is Rust."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import Any, Final, Literal, SupportsIndex, TypeAlias, final

from ._records import Act, Advice, Catalog, Entry, Hint, Limit, Reason, Source, Weighed
from .words import (
    Action,
    Alarm,
    Audience,
    Canonical,
    Category,
    Cause,
    Environment,
    Fault,
    Finality,
    Intent,
    Match,
    Mode,
    Phase,
    Processed,
    Retry,
    Scope,
    Severity,
    Verified,
)

__all__ = [
    "Batch",
    "Classification",
    "Column",
    "Decision",
    "Profile",
    "Queue",
    "Registry",
    "__version__",
    "_classification",
    "_decision",
    "_registry",
    "advise",
    "answer",
    "catalogs",
    "classify",
    "classify_batch",
    "decide",
    "entries",
    "entry",
    "limits",
    "locales",
    "profile",
    "profiles",
    "vocabulary",
]

__version__: Final[str]

_Response: TypeAlias = object
_Code: TypeAlias = str | SupportsIndex
_Headers: TypeAlias = Mapping[str, str | Sequence[str]] | Sequence[tuple[str | bytes, str | bytes]]
_Body: TypeAlias = bytes | bytearray | memoryview | str | dict[str, Any]
_Time: TypeAlias = datetime | str | SupportsIndex
_Locale: TypeAlias = str | list[str] | tuple[str, ...]
_Profile: TypeAlias = str | Profile | Mapping[str, Any]
_Column: TypeAlias = Any
_Name: TypeAlias = Literal[
    "entry",
    "category",
    "canonical",
    "fault",
    "retry",
    "processed",
    "finality",
    "severity",
    "match",
    "scope",
]

@final
class Batch:
    @property
    def columns(self) -> tuple[str, ...]: ...
    def to_dict(self) -> dict[str, list[str | None]]: ...
    def __getitem__(self, name: str, /) -> Column: ...
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Column:
    def to_list(self) -> list[str | None]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, at: SupportsIndex, /) -> str | None: ...
    def __iter__(self) -> Iterator[str | None]: ...
    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

@final
class Classification:
    __match_args__: Final = ("category", "retry", "processed")
    @property
    def catalog(self) -> str: ...
    @property
    def entry(self) -> str | None: ...
    @property
    def as_of(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def category(self) -> Category: ...
    @property
    def canonical(self) -> Canonical: ...
    @property
    def fault(self) -> Fault: ...
    @property
    def retry(self) -> Retry: ...
    @property
    def processed(self) -> Processed: ...
    @property
    def finality(self) -> Finality: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def match(self) -> Match: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def remedy(self) -> str | None: ...
    @property
    def hint(self) -> Hint | None: ...
    @property
    def details(self) -> dict[str, Any] | None: ...
    @property
    def because(self) -> tuple[Reason, ...]: ...
    @property
    def messages(self) -> dict[str, Any]: ...
    @property
    def source(self) -> Source | None: ...
    @property
    def is_failure(self) -> bool: ...
    def message(self, audience: Audience | None = None, locale: _Locale | None = None) -> str: ...
    def decide(
        self,
        *,
        attempt: SupportsIndex | None = None,
        method: str | None = None,
        profile: _Profile | None = None,
        idempotent: bool | None = None,
        verified: Verified | None = None,
        environment: Environment | None = None,
        elapsed_ms: SupportsIndex | None = None,
        random: float | None = None,
        state: Mapping[str, Any] | None = None,
        budget: Mapping[str, Any] | None = None,
    ) -> Decision: ...
    def to_dict(self) -> dict[str, Any]: ...
    def __hash__(self) -> int: ...

@final
class Decision:
    __match_args__: Final = ("action", "delay_ms")
    @property
    def action(self) -> Action: ...
    @property
    def delay_ms(self) -> int | None: ...
    @property
    def delay(self) -> float: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def reason(self) -> Cause: ...
    @property
    def not_before_ms(self) -> int | None: ...
    @property
    def look_at(self) -> str | None: ...
    @property
    def classification(self) -> Classification: ...
    @property
    def because(self) -> tuple[Weighed, ...]: ...
    @property
    def state(self) -> dict[str, Any]: ...
    @property
    def budget(self) -> dict[str, Any] | None: ...
    def to_dict(self) -> dict[str, Any]: ...
    def __hash__(self) -> int: ...

@final
class Profile:
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def attempts(self) -> int | None: ...
    @property
    def deadline_ms(self) -> int | None: ...
    def to_dict(self) -> dict[str, Any]: ...
    def __hash__(self) -> int: ...

@final
class Queue:
    def __new__(
        cls,
        catalog: str,
        /,
        *,
        profile: _Profile | None = None,
        environment: Environment | None = None,
        mode: Mode | None = None,
        capacity: SupportsIndex | None = None,
        state: Mapping[str, Any] | None = None,
        registry: Registry | None = None,
    ) -> Queue: ...
    def enqueued(
        self,
        id: str,
        /,
        *,
        now: _Time | None = None,
        random: float | None = None,
        offset_minutes: SupportsIndex | None = None,
    ) -> tuple[Act, ...]: ...
    def answered(
        self,
        id: str,
        response: _Response = None,
        /,
        *,
        attempt: SupportsIndex | None = None,
        status: SupportsIndex | None = None,
        code: _Code | None = None,
        failure: str | None = None,
        headers: _Headers | None = None,
        body: _Body | None = None,
        control_id: str | None = None,
        now: _Time | None = None,
        random: float | None = None,
        offset_minutes: SupportsIndex | None = None,
    ) -> tuple[Act, ...]: ...
    def unanswered(
        self,
        id: str,
        failure: BaseException | str | None = None,
        /,
        *,
        attempt: SupportsIndex | None = None,
        now: _Time | None = None,
        random: float | None = None,
        offset_minutes: SupportsIndex | None = None,
    ) -> tuple[Act, ...]: ...
    def tick(
        self, *, now: _Time | None = None, random: float | None = None, offset_minutes: SupportsIndex | None = None
    ) -> tuple[Act, ...]: ...
    def pause(
        self, *, now: _Time | None = None, random: float | None = None, offset_minutes: SupportsIndex | None = None
    ) -> tuple[Act, ...]: ...
    def resume(
        self, *, now: _Time | None = None, random: float | None = None, offset_minutes: SupportsIndex | None = None
    ) -> tuple[Act, ...]: ...
    def skip(
        self,
        id: str,
        /,
        *,
        now: _Time | None = None,
        random: float | None = None,
        offset_minutes: SupportsIndex | None = None,
    ) -> tuple[Act, ...]: ...
    def retry_now(
        self,
        id: str,
        /,
        *,
        now: _Time | None = None,
        random: float | None = None,
        offset_minutes: SupportsIndex | None = None,
    ) -> tuple[Act, ...]: ...
    def restarted(
        self, *, now: _Time | None = None, random: float | None = None, offset_minutes: SupportsIndex | None = None
    ) -> tuple[Act, ...]: ...
    @property
    def waiting(self) -> tuple[str, ...]: ...
    @property
    def phase(self) -> Phase: ...
    @property
    def alert(self) -> Alarm: ...
    @property
    def paused(self) -> bool: ...
    @property
    def attempt(self) -> int: ...
    @property
    def until_ms(self) -> int | None: ...
    @property
    def alert_until_ms(self) -> int | None: ...
    def to_dict(self) -> dict[str, Any]: ...
    def __len__(self) -> int: ...

@final
class Registry:
    def __new__(cls) -> Registry: ...
    @staticmethod
    def load(*files: Mapping[str, Any] | str | PathLike[str]) -> Registry: ...
    def classify(
        self,
        catalog: str,
        response: _Response = None,
        /,
        *,
        status: SupportsIndex | None = None,
        code: _Code | None = None,
        failure: str | None = None,
        headers: _Headers | None = None,
        body: _Body | None = None,
        control_id: str | None = None,
        mode: Mode | None = None,
        now: _Time | None = None,
        body_limit: SupportsIndex | None = None,
        details: bool | None = None,
        locale: _Locale | None = None,
    ) -> Classification: ...
    def decide(
        self,
        catalog: str,
        response: _Response = None,
        /,
        *,
        status: SupportsIndex | None = None,
        code: _Code | None = None,
        failure: str | None = None,
        headers: _Headers | None = None,
        body: _Body | None = None,
        control_id: str | None = None,
        mode: Mode | None = None,
        now: _Time | None = None,
        body_limit: SupportsIndex | None = None,
        details: bool | None = None,
        locale: _Locale | None = None,
        attempt: SupportsIndex | None = None,
        method: str | None = None,
        profile: _Profile | None = None,
        idempotent: bool | None = None,
        verified: Verified | None = None,
        environment: Environment | None = None,
        elapsed_ms: SupportsIndex | None = None,
        random: float | None = None,
        state: Mapping[str, Any] | None = None,
        budget: Mapping[str, Any] | None = None,
    ) -> Decision: ...
    def classify_batch(
        self,
        catalog: str,
        data: _Column = None,
        /,
        *,
        status: _Column = None,
        code: _Column = None,
        failure: _Column = None,
        body: _Column = None,
        columns: Sequence[_Name] | None = None,
    ) -> Batch: ...
    def answer(self, question: Mapping[str, Any] | str, /) -> dict[str, Any]: ...
    def advise(
        self,
        catalog: str,
        intent: Intent | None = None,
        *,
        status: SupportsIndex | None = None,
        code: _Code | None = None,
        environment: Environment | None = None,
    ) -> Advice: ...
    def catalogs(self) -> tuple[Catalog, ...]: ...
    def entry(
        self,
        id: str,
        /,
        *,
        status: SupportsIndex | None = None,
        code: _Code | None = None,
        failure: str | None = None,
        locale: _Locale | None = None,
    ) -> Entry: ...
    def entries(self, catalog: str, /) -> tuple[Entry, ...]: ...
    def limits(self, catalog: str, /) -> tuple[Limit, ...]: ...
    def locales(self) -> dict[str, str]: ...
    def __hash__(self) -> int: ...

def classify(
    catalog: str,
    response: _Response = None,
    /,
    *,
    status: SupportsIndex | None = None,
    code: _Code | None = None,
    failure: str | None = None,
    headers: _Headers | None = None,
    body: _Body | None = None,
    control_id: str | None = None,
    mode: Mode | None = None,
    now: _Time | None = None,
    body_limit: SupportsIndex | None = None,
    details: bool | None = None,
    locale: _Locale | None = None,
) -> Classification: ...
def decide(
    catalog: str,
    response: _Response = None,
    /,
    *,
    status: SupportsIndex | None = None,
    code: _Code | None = None,
    failure: str | None = None,
    headers: _Headers | None = None,
    body: _Body | None = None,
    control_id: str | None = None,
    mode: Mode | None = None,
    now: _Time | None = None,
    body_limit: SupportsIndex | None = None,
    details: bool | None = None,
    locale: _Locale | None = None,
    attempt: SupportsIndex | None = None,
    method: str | None = None,
    profile: _Profile | None = None,
    idempotent: bool | None = None,
    verified: Verified | None = None,
    environment: Environment | None = None,
    elapsed_ms: SupportsIndex | None = None,
    random: float | None = None,
    state: Mapping[str, Any] | None = None,
    budget: Mapping[str, Any] | None = None,
) -> Decision: ...
def classify_batch(
    catalog: str,
    data: _Column = None,
    /,
    *,
    status: _Column = None,
    code: _Column = None,
    failure: _Column = None,
    body: _Column = None,
    columns: Sequence[_Name] | None = None,
) -> Batch: ...
def answer(question: Mapping[str, Any] | str, /) -> dict[str, Any]: ...
def advise(
    catalog: str,
    intent: Intent | None = None,
    *,
    status: SupportsIndex | None = None,
    code: _Code | None = None,
    environment: Environment | None = None,
) -> Advice: ...
def catalogs() -> tuple[Catalog, ...]: ...
def entry(
    id: str,
    /,
    *,
    status: SupportsIndex | None = None,
    code: _Code | None = None,
    failure: str | None = None,
    locale: _Locale | None = None,
) -> Entry: ...
def entries(catalog: str, /) -> tuple[Entry, ...]: ...
def limits(catalog: str, /) -> tuple[Limit, ...]: ...
def locales() -> dict[str, str]: ...
def profile(given: _Profile, /) -> Profile: ...
def profiles() -> list[Profile]: ...
def vocabulary() -> dict[str, dict[str, str]]: ...
def _registry(files: list[tuple[str, str]]) -> Registry: ...
def _classification(registry: Registry, text: str) -> Classification: ...
def _decision(classification: Classification, text: str) -> Decision: ...
