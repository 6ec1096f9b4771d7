//! The closed sets of words: what a classification and a decision are made of.
//!
//! Each word has a discriminant that is never reused or renumbered, because it crosses into C and into stored
//! state, and one spelling, which is what the catalogs, the wire form and every language use.

use core::fmt;

use serde::{Serialize, Serializer};

/// A word of a closed set, for whoever reads words of any set.
pub(crate) trait Word: Copy + 'static {
    /// Every word of the set.
    const WORDS: &'static [Self];

    /// Its spelling.
    fn spelling(self) -> &'static str;
}

/// Defines one closed set: the enum, its spellings, the way back from both, and what each word means.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $number:literal $text:literal, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $( $(#[doc = $doc])+ $variant = $number, )* }

        impl $name {
            /// Every word of the set, in the order of their discriminants.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// The spelling used in catalogs and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }

            /// What the word means, in a sentence for a person.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $( Self::$variant => concat!($($doc),+).trim_ascii(), )* }
            }

            /// The word as Rust writes it, for the tables that the build script prints.
            #[doc(hidden)]
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self { $( Self::$variant => concat!(stringify!($name), "::", stringify!($variant)), )* }
            }

            /// The word with this spelling; `None` for any other text. Letter case counts.
            #[must_use]
            pub fn from_word(text: &str) -> Option<Self> {
                match text { $( $text => Some(Self::$variant), )* _ => None }
            }

            /// The word with this discriminant; `None` for any other number.
            #[inline]
            #[must_use]
            pub const fn from_number(number: u8) -> Option<Self> {
                match number { $( $number => Some(Self::$variant), )* _ => None }
            }
        }

        impl Word for $name {
            const WORDS: &'static [Self] = Self::ALL;

            fn spelling(self) -> &'static str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

words! {
    /// What kind of outcome it is.
    Category {
        /// It worked.
        Success = 0 "success",
        /// The envelope says success and the content reports errors.
        PartialFailure = 1 "partial_failure",
        /// An interim answer; the final one is still to come.
        Informational = 2 "informational",
        /// The answer is somewhere else.
        Redirect = 3 "redirect",
        /// The copy the client holds is still good.
        NotModified = 4 "not_modified",
        /// The request is wrong in form or content.
        InvalidRequest = 5 "invalid_request",
        /// The request, or a part of it, is larger than the server takes.
        TooLarge = 6 "too_large",
        /// The URL, verb or route is not one the server has.
        WrongEndpoint = 7 "wrong_endpoint",
        /// The server doesn't do this.
        Unsupported = 8 "unsupported",
        /// The credentials are missing, wrong or expired.
        Unauthenticated = 9 "unauthenticated",
        /// The credentials are good and don't allow this.
        PermissionDenied = 10 "permission_denied",
        /// The account, or something it needs, doesn't exist or is switched off.
        AccountInactive = 11 "account_inactive",
        /// Something that must be true first isn't.
        PreconditionFailed = 12 "precondition_failed",
        /// Somebody has to pay first.
        PaymentRequired = 13 "payment_required",
        /// It is withheld by law or policy.
        Blocked = 14 "blocked",
        /// The thing asked for isn't there.
        NotFound = 15 "not_found",
        /// The thing asked for was there and won't be again.
        Gone = 16 "gone",
        /// The request collides with what is there.
        Conflict = 17 "conflict",
        /// The person or address to deliver to is wrong.
        InvalidRecipient = 18 "invalid_recipient",
        /// It was accepted and did not arrive, or can't be shown to have arrived.
        Undelivered = 19 "undelivered",
        /// Too many requests for the moment.
        RateLimited = 20 "rate_limited",
        /// The plan's allowance is used up.
        QuotaExhausted = 21 "quota_exhausted",
        /// Somebody on the way stopped waiting.
        Timeout = 22 "timeout",
        /// The service is down, overloaded or under maintenance.
        Unavailable = 23 "unavailable",
        /// An intermediary got no usable answer from the server behind it.
        BadGateway = 24 "bad_gateway",
        /// The provider failed.
        Internal = 25 "internal",
        /// The connection failed.
        Network = 26 "network",
        /// The secure connection could not be trusted or set up.
        Tls = 27 "tls",
        /// The caller, or something on its behalf, gave up.
        Cancelled = 28 "cancelled",
        /// Nothing is known.
        Unknown = 29 "unknown",
    }
}

words! {
    /// The nearest google.rpc.Code, by its number there.
    Canonical {
        /// Not an error.
        Ok = 0 "OK",
        /// Cancelled, usually by the caller.
        Cancelled = 1 "CANCELLED",
        /// Unknown error.
        Unknown = 2 "UNKNOWN",
        /// The client gave an invalid argument, whatever the state of the system.
        InvalidArgument = 3 "INVALID_ARGUMENT",
        /// The deadline passed first.
        DeadlineExceeded = 4 "DEADLINE_EXCEEDED",
        /// Something asked for wasn't found.
        NotFound = 5 "NOT_FOUND",
        /// What was to be created is there already.
        AlreadyExists = 6 "ALREADY_EXISTS",
        /// The caller may not do this.
        PermissionDenied = 7 "PERMISSION_DENIED",
        /// A quota, a rate or some space is used up.
        ResourceExhausted = 8 "RESOURCE_EXHAUSTED",
        /// The system isn't in the state this needs.
        FailedPrecondition = 9 "FAILED_PRECONDITION",
        /// Aborted, usually by a conflict.
        Aborted = 10 "ABORTED",
        /// Past the valid range.
        OutOfRange = 11 "OUT_OF_RANGE",
        /// Not implemented or not enabled.
        Unimplemented = 12 "UNIMPLEMENTED",
        /// An internal error.
        Internal = 13 "INTERNAL",
        /// Unavailable for the moment.
        Unavailable = 14 "UNAVAILABLE",
        /// Data lost or damaged for good.
        DataLoss = 15 "DATA_LOSS",
        /// No valid credentials.
        Unauthenticated = 16 "UNAUTHENTICATED",
    }
}

words! {
    /// Whose fault it is.
    Fault {
        /// Nobody's.
        None = 0 "none",
        /// This request is wrong.
        Caller = 1 "caller",
        /// Credentials, rights, plan or configuration.
        Account = 2 "account",
        /// The service that answered.
        Provider = 3 "provider",
        /// The system behind the provider.
        Destination = 4 "destination",
        /// What lies between.
        Network = 5 "network",
        /// It can't be told.
        Unknown = 6 "unknown",
    }
}

words! {
    /// What trying again would take.
    Retry {
        /// It succeeded; there is nothing to repeat.
        None = 0 "none",
        /// Repeating can't help.
        Never = 1 "never",
        /// After the request has changed.
        Fix = 2 "fix",
        /// Once, with fresh credentials.
        Reauthenticate = 3 "reauthenticate",
        /// A person must act first.
        Escalate = 4 "escalate",
        /// After a known time or window.
        Wait = 5 "wait",
        /// Later, waiting longer each time.
        Backoff = 6 "backoff",
        /// At the place the answer names (`details.location`).
        Follow = 7 "follow",
        /// Find out first whether it took effect; where repeating is safe, as `backoff`.
        Verify = 8 "verify",
    }
}

words! {
    /// Whether the request took effect.
    Processed {
        /// It did not.
        No = 0 "no",
        /// It may have.
        Maybe = 1 "maybe",
        /// It did.
        Yes = 2 "yes",
    }
}

words! {
    /// How final the outcome is.
    Finality {
        /// Nothing more will come.
        Final = 0 "final",
        /// It is in safe hands; the outcome comes later.
        Accepted = 1 "accepted",
        /// A part of it is done.
        Partial = 2 "partial",
    }
}

words! {
    /// How loudly to say it.
    Severity {
        /// Nothing to do.
        Info = 0 "info",
        /// Worth knowing.
        Notice = 1 "notice",
        /// It will probably pass, or matters little.
        Warning = 2 "warning",
        /// This request failed.
        Error = 3 "error",
        /// Every request like it will fail until somebody acts.
        Critical = 4 "critical",
    }
}

words! {
    /// What a delay holds back.
    Scope {
        /// This message only.
        Message = 0 "message",
        /// Everything for this destination.
        Destination = 1 "destination",
        /// Everything this client sends to this service.
        Client = 2 "client",
    }
}

words! {
    /// How the owning catalog found the entry.
    Match {
        /// By its own key.
        Exact = 1 "exact",
        /// By its key and a condition, reason text or header.
        Variant = 2 "variant",
        /// By a range of the catalog or of a parent.
        Range = 3 "range",
        /// By the class of the status (RFC 9110, section 15).
        Class = 4 "class",
        /// Not at all.
        Unknown = 5 "unknown",
    }
}

words! {
    /// Whom a text is for.
    Audience {
        /// Somebody using an application.
        User = 0 "user",
        /// Somebody who runs the integration.
        Operator = 1 "operator",
        /// Somebody who writes the client.
        Developer = 2 "developer",
    }
}

words! {
    /// How the request was sent.
    Mode {
        /// The answer is an acknowledgement; the outcome comes later.
        Async = 0 "async",
        /// The answer is the outcome.
        Sync = 1 "sync",
    }
}

words! {
    /// Where it runs.
    Environment {
        /// Real traffic.
        Production = 0 "production",
        /// A rehearsal of it.
        Staging = 1 "staging",
        /// A developer's own.
        Development = 2 "development",
    }
}

words! {
    /// A standard body, read by its media type or because a catalog names it.
    Format {
        /// RFC 9457 problem details.
        Problem = 1 "problem+json",
        /// google.rpc.Status as JSON.
        RpcStatus = 2 "google.rpc.status",
        /// JSON:API errors.
        JsonApi = 3 "json:api",
        /// A GraphQL response.
        Graphql = 4 "graphql",
        /// A FHIR OperationOutcome.
        OperationOutcome = 5 "operation_outcome",
        /// An HL7 version 2 acknowledgement.
        Hl7v2 = 6 "hl7v2",
        /// The members that JSON error bodies commonly carry, for `details` only.
        Plain = 7 "plain",
    }
}

words! {
    /// What a reader of a standard body found, for the conditions of a catalog.
    Signal {
        /// The body is a problem document.
        Problem = 1 "problem+json",
        /// The body is a google.rpc.Status.
        RpcStatus = 2 "google.rpc.status",
        /// The body is a JSON:API document.
        JsonApi = 3 "json:api",
        /// The body is a GraphQL response.
        Graphql = 4 "graphql",
        /// The body is a FHIR resource, perhaps an OperationOutcome.
        OperationOutcome = 5 "operation_outcome",
        /// The body is an HL7 version 2 acknowledgement.
        Hl7v2 = 6 "hl7v2",
        /// Nothing came back where an acknowledgement should have.
        NoAcknowledgement = 8 "hl7v2.no_acknowledgement",
        /// The acknowledgement is for another message.
        ControlIdMismatch = 9 "hl7v2.control_id_mismatch",
        /// An AA or CA with an ERR segment of severity E or F.
        AcceptedWithErrors = 10 "hl7v2.accepted_with_errors",
    }
}

words! {
    /// Where a text of the answer's `details` came from.
    Field {
        /// The vendor's own id of the error or the thing.
        Id = 0 "id",
        /// The vendor's code.
        Code = 1 "code",
        /// Its kind.
        Type = 2 "type",
        /// A short text.
        Title = 3 "title",
        /// A longer text.
        Message = 4 "message",
        /// A status within the body.
        Status = 5 "status",
        /// The part of the vendor's system that says so.
        Module = 6 "module",
        /// The vendor's own severity.
        Severity = 7 "severity",
        /// Where in the request.
        Pointer = 8 "pointer",
    }
}

words! {
    /// One step of `because`: what was looked at, or what was done with it.
    Step {
        /// A failure was looked up.
        Failure = 0 "failure",
        /// A failure came after a status had been received.
        FailureAfterStatus = 1 "failure_after_status",
        /// The caller's own code was looked up.
        Code = 2 "code",
        /// A code was found in the body.
        CodeInBody = 3 "code_in_body",
        /// A code was found in a header.
        CodeInHeader = 4 "code_in_header",
        /// The body met a condition of the catalog.
        Condition = 5 "condition",
        /// A variant's reason text, condition, header or hint held.
        Variant = 6 "variant",
        /// The status was looked up.
        Status = 7 "status",
        /// A range held the number.
        Range = 8 "range",
        /// The class of the status stood in for it.
        Class = 9 "class",
        /// The catalog requires evidence in the body and there is none.
        RequiredEvidence = 10 "required_evidence",
        /// The body could not be read.
        BodyUnreadable = 11 "body_unreadable",
        /// How the request was sent settled how final a success is.
        Mode = 12 "mode",
        /// The server said how long to wait.
        Hint = 13 "hint",
        /// The server said how long to wait in a way that means nothing.
        HintInvalid = 14 "hint_invalid",
        /// No entry was found.
        Unknown = 15 "unknown",
    }
}

words! {
    /// Why a body could not be read.
    Unreadable {
        /// It is larger than the limit.
        TooLarge = 0 "too_large",
        /// It is not the JSON it begins as.
        MalformedJson = 1 "malformed_json",
        /// It ends too early.
        Truncated = 2 "truncated",
        /// It is not UTF-8.
        InvalidUtf8 = 3 "invalid_utf8",
        /// It is not the HL7 message the catalog needs.
        MalformedHl7 = 4 "malformed_hl7",
        /// There is none, or nothing in it.
        Empty = 5 "empty",
    }
}

words! {
    /// What a hint is worth.
    HintState {
        /// It gives a delay.
        Valid = 0 "valid",
        /// It is there and means nothing.
        Invalid = 1 "invalid",
        /// The server asks not to try again.
        Never = 2 "never",
        /// It is a date, and neither the caller nor the response said what time it is.
        NeedsNow = 3 "needs_now",
    }
}

words! {
    /// Where a hint came from.
    HintSource {
        /// `retry-after-ms`.
        RetryAfterMs = 0 "retry-after-ms",
        /// `x-ms-retry-after-ms`.
        XMsRetryAfterMs = 1 "x-ms-retry-after-ms",
        /// `grpc-retry-pushback-ms`.
        GrpcRetryPushbackMs = 2 "grpc-retry-pushback-ms",
        /// `Retry-After` (RFC 9110, section 10.2.3).
        RetryAfter = 3 "retry-after",
        /// google.rpc.RetryInfo in the body.
        RetryInfo = 4 "retry_info",
        /// The `RateLimit` field of the IETF draft.
        RateLimit = 5 "ratelimit",
        /// `RateLimit-Reset`.
        RateLimitReset = 6 "ratelimit-reset",
        /// `X-RateLimit-Reset`.
        XRateLimitReset = 7 "x-ratelimit-reset",
    }
}

words! {
    /// What a destination wants its sender to do.
    Intent {
        /// It has taken the message.
        Accepted = 0 "accepted",
        /// It has stored the message; its application answers later.
        AcceptedLater = 1 "accepted_later",
        /// It has stored the message and will look into it later.
        ValidateLater = 2 "validate_later",
        /// It found a problem that can wait.
        NonCritical = 3 "non_critical",
        /// It found a problem that can't.
        Critical = 4 "critical",
        /// It is down.
        Down = 5 "down",
        /// The message is wrong.
        InvalidMessage = 6 "invalid_message",
        /// It doesn't take such messages.
        UnsupportedMessage = 7 "unsupported_message",
        /// The message speaks of something that isn't there.
        NotFound = 8 "not_found",
        /// It has the message already.
        Duplicate = 9 "duplicate",
        /// Somebody else holds the record.
        Locked = 10 "locked",
        /// It failed by itself.
        InternalError = 11 "internal_error",
    }
}

words! {
    /// What a sender makes of an answer.
    Sender {
        /// It goes on with the next message.
        Proceeds = 0 "proceeds",
        /// It waits for the application's own answer.
        WaitsForApplication = 1 "waits_for_application",
        /// It stops the queue and tries the same message again.
        PausesAndRetries = 2 "pauses_and_retries",
        /// It marks the message as failed and goes on.
        FailsAndProceeds = 3 "fails_and_proceeds",
        /// It gives the message up.
        Stops = 4 "stops",
        /// It finds out first what became of the message.
        Verifies = 5 "verifies",
        /// Its document doesn't say.
        Undefined = 6 "undefined",
    }
}

words! {
    /// What should give pause about an answer to a sender.
    Warning {
        /// The sender makes something else of it than of what is advised.
        DiffersFromAdvice = 0 "differs_from_advice",
        /// No document says what the sender makes of it.
        Undefined = 1 "undefined",
        /// The sender won't deliver the message again by itself.
        NoRedelivery = 2 "no_redelivery",
    }
}

words! {
    /// What to do next.
    Action {
        /// Nothing: it is done.
        Done = 0 "done",
        /// The same request again, after the delay.
        Retry = 1 "retry",
        /// Get fresh credentials, then the same request again.
        Reauthenticate = 2 "reauthenticate",
        /// Find out whether it took effect, then ask again with `verified`.
        Verify = 3 "verify",
        /// Go where the answer points.
        Follow = 4 "follow",
        /// Give up.
        Stop = 5 "stop",
    }
}

words! {
    /// What decided.
    Cause {
        /// It succeeded.
        Success = 0 "success",
        /// A check found that it had taken effect.
        Verified = 1 "verified",
        /// The server's own time.
        Hint = 2 "hint",
        /// The catalog's own window.
        Window = 3 "window",
        /// The profile's backoff.
        Backoff = 4 "backoff",
        /// The answer is somewhere else.
        Redirect = 5 "redirect",
        /// Fresh credentials are needed.
        Credentials = 6 "credentials",
        /// Repeating can't help.
        Never = 7 "never",
        /// The request must change first.
        Fix = 8 "fix",
        /// A person must act first.
        Escalate = 9 "escalate",
        /// It may have taken effect, and repeating it isn't known to be safe.
        NotSafe = 10 "not_safe",
        /// A check couldn't tell whether it had taken effect.
        NotVerified = 11 "not_verified",
        /// Fresh credentials did not help.
        CredentialsRefused = 12 "credentials_refused",
        /// The server asked not to try again.
        ServerRefused = 13 "server_refused",
        /// The attempts are used up.
        Attempts = 14 "attempts",
        /// The next attempt would come at the deadline or after it.
        Deadline = 15 "deadline",
        /// The client's own budget for this destination is used up.
        Budget = 16 "budget",
        /// The server asks for a longer wait than the profile allows.
        OverLimit = 17 "over_limit",
        /// The profile doesn't retry this.
        NotSelected = 18 "not_selected",
        /// The profile doesn't retry in this environment or mode.
        NotHere = 19 "not_here",
    }
}

words! {
    /// One step of a decision's `because`.
    Weighed {
        /// The outcome.
        Outcome = 0 "outcome",
        /// The classification's `retry`.
        Retry = 1 "retry",
        /// What the profile's own sets say.
        Select = 2 "select",
        /// A header that decides by itself.
        Header = 3 "header",
        /// Whether the request may have taken effect.
        Processed = 4 "processed",
        /// Whether repeating is safe.
        Repeat = 5 "repeat",
        /// What a check found.
        Verified = 6 "verified",
        /// The environment or mode.
        Place = 7 "place",
        /// The attempts.
        Attempts = 8 "attempts",
        /// The server's hint.
        Hint = 9 "hint",
        /// The limit for hints.
        Limit = 10 "limit",
        /// The catalog's window.
        Window = 11 "window",
        /// The backoff.
        Backoff = 12 "backoff",
        /// The jitter.
        Jitter = 13 "jitter",
        /// The deadline.
        Deadline = 14 "deadline",
        /// The budget.
        Budget = 15 "budget",
        /// The least that this kind of failure waits.
        Floor = 16 "floor",
    }
}

words! {
    /// Why repeating a request is safe, or isn't known to be.
    Repeat {
        /// A check found that it had not taken effect.
        Verified = 0 "verified",
        /// The caller says that repeating is safe.
        Idempotent = 1 "idempotent",
        /// The method is idempotent (RFC 9110, section 9.2.2).
        Method = 2 "method",
        /// The profile repeats it, safe or not.
        Profile = 3 "profile",
        /// Nothing says that it is safe.
        Unknown = 4 "not_known_to_be_safe",
    }
}

words! {
    /// Whether the profile's own sets hold the answer.
    Selection {
        /// One of them does.
        Selected = 0 "selected",
        /// None of them does.
        NotSelected = 1 "not_selected",
    }
}

words! {
    /// What a header says that decides by itself.
    HeaderSays {
        /// To try again.
        Retry = 0 "retry",
        /// Not to try again.
        Refused = 1 "refused",
    }
}

words! {
    /// What a check after `verify` found.
    Verified {
        /// It took effect.
        Processed = 0 "processed",
        /// It did not.
        NotProcessed = 1 "not_processed",
        /// It can't be told.
        Unknown = 2 "unknown",
    }
}

words! {
    /// What rules whether a profile retries.
    Select {
        /// The classification's `retry` and `processed`.
        Words = 0 "words",
        /// The profile's own sets.
        Sets = 1 "sets",
    }
}

words! {
    /// How the wait grows.
    Growth {
        /// It doesn't.
        Constant = 0 "constant",
        /// By the base each time.
        Linear = 1 "linear",
        /// By the factor each time.
        Exponential = 2 "exponential",
        /// As a list says; the last of it stays.
        Schedule = 3 "schedule",
    }
}

words! {
    /// How chance changes a wait `d`; U(a, b) is a + random * (b - a).
    JitterKind {
        /// d.
        None = 0 "none",
        /// U(0, d).
        Full = 1 "full",
        /// d / 2 + U(0, d / 2).
        Equal = 2 "equal",
        /// d + U(0, j), with j in milliseconds or as a share of d.
        Additive = 3 "additive",
        /// d - U(0, r d).
        Subtractive = 4 "subtractive",
        /// d * U(1 - r, 1 + r).
        Symmetric = 5 "symmetric",
        /// U(base, 3 * previous), capped.
        Decorrelated = 6 "decorrelated",
    }
}

words! {
    /// What a hint does to the wait.
    HintUse {
        /// It takes its place.
        Replace = 0 "replace",
        /// It is the least of it.
        Floor = 1 "floor",
        /// It counts between the wait and a little more.
        Clamp = 2 "clamp",
    }
}

words! {
    /// What happens to a hint over the limit.
    Over {
        /// The limit is waited.
        Cap = 0 "cap",
        /// It ends the attempts; `not_before_ms` says when it would have been.
        Stop = 1 "stop",
        /// It counts for nothing.
        Ignore = 2 "ignore",
    }
}

words! {
    /// What a hint that means nothing does.
    InvalidHint {
        /// The next place is asked.
        Next = 0 "next",
        /// No further place is asked; the backoff applies.
        Hide = 1 "hide",
    }
}

words! {
    /// How a header states a time.
    HintForm {
        /// Whole seconds.
        Seconds = 0 "seconds",
        /// Seconds, perhaps with a fraction or an exponent.
        DecimalSeconds = 1 "decimal_seconds",
        /// Seconds, a fraction rounded up to the next.
        SecondsRoundedUp = 2 "seconds_rounded_up",
        /// Whole milliseconds.
        Milliseconds = 3 "milliseconds",
        /// Milliseconds, perhaps with a fraction or an exponent.
        DecimalMilliseconds = 4 "decimal_milliseconds",
        /// An HTTP date.
        Date = 5 "date",
        /// Seconds, or, from a bound up, seconds since 1970.
        SecondsOrEpoch = 6 "seconds_or_epoch",
        /// Whole milliseconds; anything else asks not to try again.
        Pushback = 7 "pushback",
    }
}

words! {
    /// What a rule needs of the hints.
    HintNeed {
        /// Nothing.
        None = 0 "none",
        /// One must be there, whatever it says.
        Present = 1 "present",
        /// One must be there that says something.
        Valid = 2 "valid",
        /// One must be there that asks for some time.
        Positive = 3 "positive",
    }
}

words! {
    /// A kind of failure, by the words of its entry.
    FailureKind {
        /// Any.
        Any = 0 "@any",
        /// The request wasn't sent.
        Connect = 1 "@connect",
        /// The connection was lost.
        Lost = 2 "@lost",
        /// Somebody stopped waiting.
        Timeout = 3 "@timeout",
        /// The secure connection wasn't trusted.
        Tls = 4 "@tls",
        /// The caller gave up.
        Cancelled = 5 "@cancelled",
        /// The caller asked for what can't be.
        Misuse = 6 "@misuse",
    }
}

words! {
    /// What holds a queue up.
    Trouble {
        /// The destination refused the message: a negative acknowledgement.
        Refused = 0 "refused",
        /// The destination did not answer, or not in a way that can be understood.
        Unanswered = 1 "unanswered",
    }
}

words! {
    /// Where the first message of a queue is.
    Phase {
        /// Not sent yet.
        Idle = 0 "idle",
        /// Sent, and not answered yet.
        InFlight = 1 "in_flight",
        /// Failed, and waiting to be sent again.
        Waiting = 2 "waiting",
    }
}

words! {
    /// Where the alert of a queue is.
    Alarm {
        /// There is none.
        None = 0 "none",
        /// There is one, held until alerts go out again.
        Held = 1 "held",
        /// There is one, and it has gone out.
        Open = 2 "open",
    }
}

words! {
    /// What happens to a queue.
    EventKind {
        /// A message is to be delivered.
        Enqueued = 0 "enqueued",
        /// The destination answered.
        Answered = 1 "answered",
        /// The destination did not answer.
        Unanswered = 2 "unanswered",
        /// Time has passed.
        Tick = 3 "tick",
        /// Somebody pauses the queue.
        Pause = 4 "pause",
        /// Somebody lets it go on.
        Resume = 5 "resume",
        /// Somebody gives a message up.
        Skip = 6 "skip",
        /// Somebody wants a message sent now.
        RetryNow = 7 "retry_now",
        /// The program began again; what was in flight has no answer.
        Restarted = 8 "restarted",
    }
}

words! {
    /// What a queue asks its owner to do.
    DeliveryAction {
        /// Send this message.
        Send = 0 "send",
        /// Come back at this time.
        Wait = 1 "wait",
        /// The message has been delivered; forget it.
        Delivered = 2 "delivered",
        /// The message is given up; `reason` says why.
        Drop = 3 "drop",
        /// The message wasn't taken into the queue; `reason` says why.
        Refuse = 4 "refuse",
        /// The event changed nothing; `reason` says why.
        Ignore = 5 "ignore",
        /// Tell somebody that the queue is held up.
        RaiseAlert = 6 "raise_alert",
        /// Somebody is to be told, at this time.
        HoldAlert = 7 "hold_alert",
        /// Tell them that it goes on.
        CloseAlert = 8 "close_alert",
        /// Nobody need be told any more.
        DropAlert = 9 "drop_alert",
        /// Get fresh credentials before the next sending.
        Reauthenticate = 10 "reauthenticate",
    }
}

words! {
    /// Why a queue did what it did with a message.
    DeliveryReason {
        /// The queue holds as many as it may.
        Full = 0 "full",
        /// The queue holds it already.
        Duplicate = 1 "duplicate",
        /// The queue doesn't hold it.
        UnknownMessage = 2 "unknown_message",
        /// It is on its way.
        InFlight = 3 "in_flight",
        /// It isn't on its way.
        NotInFlight = 4 "not_in_flight",
        /// Somebody gave it up.
        Skipped = 5 "skipped",
        /// The profile doesn't try it again.
        Failed = 6 "failed",
        /// Those before it go first.
        InOrder = 7 "in_order",
    }
}

words! {
    /// When a retry is paid for.
    Charge {
        /// When it is made; without enough left there is none.
        Retry = 0 "retry",
        /// When the failure comes; there is none at the threshold or below it.
        Failure = 1 "failure",
    }
}

words! {
    /// What a question asks for.
    Ask {
        /// What an answer means, and what to do about it.
        Classify = 0 "classify",
        /// What one entry says.
        Entry = 1 "entry",
        /// The numbers a catalog's documents state.
        Limits = 2 "limits",
        /// What to answer a sender.
        Advise = 3 "advise",
        /// What happens to a queue.
        Deliver = 4 "deliver",
    }
}

words! {
    /// What went wrong with a question or a file; every error has one.
    ErrorKind {
        /// The text is not JSON.
        BadJson = 0 "bad_json",
        /// A field that doesn't exist.
        UnknownField = 1 "unknown_field",
        /// A field of the wrong type or out of range.
        BadValue = 2 "bad_value",
        /// A field that must be there isn't.
        MissingField = 3 "missing_field",
        /// No such catalog.
        UnknownCatalog = 4 "unknown_catalog",
        /// No such entry.
        UnknownEntry = 5 "unknown_entry",
        /// No such profile.
        UnknownProfile = 6 "unknown_profile",
        /// Two fields that don't go together.
        Conflict = 7 "conflict",
        /// The profile is jittered and no random number was given.
        NeedsRandom = 8 "needs_random",
        /// The input is larger than it may be.
        TooLarge = 9 "too_large",
        /// The server named a date, and neither the caller nor the response said what time it is.
        NeedsNow = 10 "needs_now",
    }
}

impl Category {
    /// Whether it counts as a failure: everything but a success, an interim answer, a redirect and a copy that is
    /// still good. What isn't known to have worked counts as one.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        !matches!(self, Self::Success | Self::Informational | Self::Redirect | Self::NotModified)
    }

    /// The google.rpc.Code an entry of this category has unless it gives its own.
    #[must_use]
    pub const fn canonical(self) -> Canonical {
        match self {
            Self::Success | Self::Informational | Self::NotModified => Canonical::Ok,
            Self::PartialFailure | Self::Redirect | Self::Undelivered | Self::Unknown => Canonical::Unknown,
            Self::InvalidRequest | Self::TooLarge | Self::InvalidRecipient => Canonical::InvalidArgument,
            Self::WrongEndpoint | Self::Unsupported => Canonical::Unimplemented,
            Self::Unauthenticated => Canonical::Unauthenticated,
            Self::PermissionDenied | Self::AccountInactive | Self::Blocked => Canonical::PermissionDenied,
            Self::PreconditionFailed | Self::PaymentRequired | Self::Tls => Canonical::FailedPrecondition,
            Self::NotFound | Self::Gone => Canonical::NotFound,
            Self::Conflict => Canonical::Aborted,
            Self::RateLimited | Self::QuotaExhausted => Canonical::ResourceExhausted,
            Self::Timeout => Canonical::DeadlineExceeded,
            Self::Unavailable | Self::BadGateway | Self::Network => Canonical::Unavailable,
            Self::Internal => Canonical::Internal,
            Self::Cancelled => Canonical::Cancelled,
        }
    }

    /// How loudly an entry of this category is told unless it says otherwise.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Success | Self::Informational | Self::NotModified => Severity::Info,
            Self::Redirect | Self::Cancelled => Severity::Notice,
            Self::NotFound
            | Self::Gone
            | Self::Conflict
            | Self::RateLimited
            | Self::Timeout
            | Self::Unavailable
            | Self::BadGateway
            | Self::Network => Severity::Warning,
            Self::AccountInactive | Self::PaymentRequired | Self::QuotaExhausted | Self::Tls => Severity::Critical,
            _ => Severity::Error,
        }
    }

    /// How final an entry of this category is unless it says otherwise.
    #[must_use]
    pub const fn finality(self) -> Finality {
        match self {
            Self::PartialFailure => Finality::Partial,
            _ => Finality::Final,
        }
    }

    /// What a delay holds back for an entry of this category unless it says otherwise.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::RateLimited | Self::QuotaExhausted => Scope::Client,
            Self::Unavailable => Scope::Destination,
            _ => Scope::Message,
        }
    }
}

/// The words of one entry: eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    /// What kind of outcome it is.
    pub category: Category,
    /// The nearest google.rpc.Code.
    pub canonical: Canonical,
    /// Whose fault it is.
    pub fault: Fault,
    /// What trying again would take.
    pub retry: Retry,
    /// Whether the request took effect.
    pub processed: Processed,
    /// How final the outcome is.
    pub finality: Finality,
    /// How loudly to say it.
    pub severity: Severity,
    /// What a delay holds back.
    pub scope: Scope,
}

impl Words {
    /// The words of four, with the category's defaults for the others.
    #[must_use]
    pub const fn new(category: Category, fault: Fault, retry: Retry, processed: Processed) -> Self {
        Self {
            category,
            canonical: category.canonical(),
            fault,
            retry,
            processed,
            finality: category.finality(),
            severity: category.severity(),
            scope: category.scope(),
        }
    }

    /// What is said of an answer of which nothing is known.
    pub const UNKNOWN: Self = Self::new(Category::Unknown, Fault::Unknown, Retry::Verify, Processed::Maybe);
}
