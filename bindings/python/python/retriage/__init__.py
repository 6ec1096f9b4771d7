"""What an API's answer means, whose fault it is, whether the request took effect, and whether and when to try again.

    import requests, retriage

    response = requests.post(url, json=note)
    verdict = retriage.classify("redox", response)
    print(verdict.category, verdict.message("operator"))
    decision = verdict.decide(attempt=1, method="POST")

`classify` says what came back, by a catalog; `Classification.decide` what to do next, by a profile. `Queue` delivers in
order, `advise` says what to answer, `Registry.load` takes catalogs of your own, and `answer` does all of it from a dict
to a dict. The words are explained by `vocabulary`, and typed in `retriage.words`.

Adapters that try again by themselves: `retriage.requests`, `retriage.urllib3`, `retriage.httpx`, `retriage.tenacity`.
Many answers at once: `classify_batch`, and in Spark `retriage.spark`.
"""

from ._retriage import (
    Batch,
    Classification,
    Column,
    Decision,
    Profile,
    Queue,
    Registry,
    __version__,
    advise,
    answer,
    catalogs,
    classify,
    classify_batch,
    decide,
    entries,
    entry,
    limits,
    locales,
    profile,
    profiles,
    vocabulary,
)

# What isn't needed to classify is imported when it is asked for, so that importing this costs next to nothing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._errors import (
        BadJsonError,
        BadValueError,
        ConflictError,
        Error,
        LoadError,
        MissingFieldError,
        NeedsNowError,
        NeedsRandomError,
        TooLargeError,
        UnknownCatalogError,
        UnknownEntryError,
        UnknownFieldError,
        UnknownProfileError,
    )
    from ._records import Act, Advice, Catalog, Entry, Hint, Limit, Reason, Reply, Source, Weighed

__all__ = [
    "Act",
    "Advice",
    "BadJsonError",
    "BadValueError",
    "Batch",
    "Catalog",
    "Classification",
    "Column",
    "ConflictError",
    "Decision",
    "Entry",
    "Error",
    "Hint",
    "Limit",
    "LoadError",
    "MissingFieldError",
    "NeedsNowError",
    "NeedsRandomError",
    "Profile",
    "Queue",
    "Reason",
    "Registry",
    "Reply",
    "Source",
    "TooLargeError",
    "UnknownCatalogError",
    "UnknownEntryError",
    "UnknownFieldError",
    "UnknownProfileError",
    "Weighed",
    "__version__",
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


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _errors, _records

    found: object = getattr(_errors, name, None) or getattr(_records, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
