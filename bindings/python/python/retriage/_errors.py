"""The errors: what was bad, where, and what would be right."""

# Printed by `cargo xtask python words` from core/vocabulary.rs; don't edit.

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .words import ErrorKind


class Error(Exception):
    """What retriage refuses: an argument or a file that is wrong.

    Never raised because of what a response says, and never with text of one.

    kind: the word for it, as in the wire form. message: what is wrong, and what would be right. at: where, as a JSON
    pointer: ``/status`` is the argument ``status``, ``/state/cost`` a member of the argument ``state``; empty for the
    whole.
    """

    kind: "ErrorKind"

    def __init__(self, message: str, at: str = "") -> None:
        """What is wrong, and where."""
        super().__init__(message, at)
        self.message = message
        self.at = at

    def __str__(self) -> str:
        return f"{self.at}: {self.message}" if self.at else self.message


class LoadError(Error, ValueError):
    """Files that could not be loaded.

    problems: every mistake of every file, each with its file, line and column, and what would be right.
    """

    kind: "ErrorKind" = "bad_value"

    def __init__(self, problems: "Sequence[str]", at: str = "") -> None:
        """Every problem of every file."""
        super().__init__("\n".join(problems), at)
        self.problems = tuple(problems)

    def __reduce__(self) -> "tuple[type[LoadError], tuple[tuple[str, ...], str]]":
        return type(self), (self.problems, self.at)


class BadJsonError(Error, ValueError):
    """The text is not JSON."""

    kind: "ErrorKind" = "bad_json"


class UnknownFieldError(Error, ValueError):
    """A field that doesn't exist."""

    kind: "ErrorKind" = "unknown_field"


class BadValueError(Error, ValueError):
    """A field of the wrong type or out of range."""

    kind: "ErrorKind" = "bad_value"


class MissingFieldError(Error, ValueError):
    """A field that must be there isn't."""

    kind: "ErrorKind" = "missing_field"


class UnknownCatalogError(Error, LookupError):
    """No such catalog."""

    kind: "ErrorKind" = "unknown_catalog"


class UnknownEntryError(Error, LookupError):
    """No such entry."""

    kind: "ErrorKind" = "unknown_entry"


class UnknownProfileError(Error, LookupError):
    """No such profile."""

    kind: "ErrorKind" = "unknown_profile"


class ConflictError(Error, ValueError):
    """Two fields that don't go together."""

    kind: "ErrorKind" = "conflict"


class NeedsRandomError(Error, ValueError):
    """The profile is jittered and no random number was given."""

    kind: "ErrorKind" = "needs_random"


class TooLargeError(Error, ValueError):
    """The input is larger than it may be."""

    kind: "ErrorKind" = "too_large"


class NeedsNowError(Error, ValueError):
    """The server named a date, and neither the caller nor the response said what time it is."""

    kind: "ErrorKind" = "needs_now"


KINDS: dict[str, type[Error]] = {
    "bad_json": BadJsonError,
    "unknown_field": UnknownFieldError,
    "bad_value": BadValueError,
    "missing_field": MissingFieldError,
    "unknown_catalog": UnknownCatalogError,
    "unknown_entry": UnknownEntryError,
    "unknown_profile": UnknownProfileError,
    "conflict": ConflictError,
    "needs_random": NeedsRandomError,
    "too_large": TooLargeError,
    "needs_now": NeedsNowError,
}
