"""The closed sets of words, as types for a checker.

At run time `retriage.vocabulary()` has them with their meanings.
"""

# Printed by `cargo xtask python words` from core/vocabulary.rs; don't edit.

from typing import Literal, TypeAlias

__all__ = [
    "Action",
    "Alarm",
    "Audience",
    "Canonical",
    "Category",
    "Cause",
    "DeliveryAction",
    "DeliveryReason",
    "Environment",
    "ErrorKind",
    "Fault",
    "Finality",
    "HintSource",
    "HintState",
    "Intent",
    "Match",
    "Mode",
    "Phase",
    "Processed",
    "Retry",
    "Scope",
    "Sender",
    "Severity",
    "Step",
    "Verified",
    "Warning",
    "Weighed",
]

Category: TypeAlias = Literal[
    "success",  # It worked.
    "partial_failure",  # The envelope says success and the content reports errors.
    "informational",  # An interim answer; the final one is still to come.
    "redirect",  # The answer is somewhere else.
    "not_modified",  # The copy the client holds is still good.
    "invalid_request",  # The request is wrong in form or content.
    "too_large",  # The request, or a part of it, is larger than the server takes.
    "wrong_endpoint",  # The URL, verb or route is not one the server has.
    "unsupported",  # The server doesn't do this.
    "unauthenticated",  # The credentials are missing, wrong or expired.
    "permission_denied",  # The credentials are good and don't allow this.
    "account_inactive",  # The account, or something it needs, doesn't exist or is switched off.
    "precondition_failed",  # Something that must be true first isn't.
    "payment_required",  # Somebody has to pay first.
    "blocked",  # It is withheld by law or policy.
    "not_found",  # The thing asked for isn't there.
    "gone",  # The thing asked for was there and won't be again.
    "conflict",  # The request collides with what is there.
    "invalid_recipient",  # The person or address to deliver to is wrong.
    "undelivered",  # It was accepted and did not arrive, or can't be shown to have arrived.
    "rate_limited",  # Too many requests for the moment.
    "quota_exhausted",  # The plan's allowance is used up.
    "timeout",  # Somebody on the way stopped waiting.
    "unavailable",  # The service is down, overloaded or under maintenance.
    "bad_gateway",  # An intermediary got no usable answer from the server behind it.
    "internal",  # The provider failed.
    "network",  # The connection failed.
    "tls",  # The secure connection could not be trusted or set up.
    "cancelled",  # The caller, or something on its behalf, gave up.
    "unknown",  # Nothing is known.
]

Canonical: TypeAlias = Literal[
    "OK",  # Not an error.
    "CANCELLED",  # Cancelled, usually by the caller.
    "UNKNOWN",  # Unknown error.
    "INVALID_ARGUMENT",  # The client gave an invalid argument, whatever the state of the system.
    "DEADLINE_EXCEEDED",  # The deadline passed first.
    "NOT_FOUND",  # Something asked for wasn't found.
    "ALREADY_EXISTS",  # What was to be created is there already.
    "PERMISSION_DENIED",  # The caller may not do this.
    "RESOURCE_EXHAUSTED",  # A quota, a rate or some space is used up.
    "FAILED_PRECONDITION",  # The system isn't in the state this needs.
    "ABORTED",  # Aborted, usually by a conflict.
    "OUT_OF_RANGE",  # Past the valid range.
    "UNIMPLEMENTED",  # Not implemented or not enabled.
    "INTERNAL",  # An internal error.
    "UNAVAILABLE",  # Unavailable for the moment.
    "DATA_LOSS",  # Data lost or damaged for good.
    "UNAUTHENTICATED",  # No valid credentials.
]

Fault: TypeAlias = Literal[
    "none",  # Nobody's.
    "caller",  # This request is wrong.
    "account",  # Credentials, rights, plan or configuration.
    "provider",  # The service that answered.
    "destination",  # The system behind the provider.
    "network",  # What lies between.
    "unknown",  # It can't be told.
]

Retry: TypeAlias = Literal[
    "none",  # It succeeded; there is nothing to repeat.
    "never",  # Repeating can't help.
    "fix",  # After the request has changed.
    "reauthenticate",  # Once, with fresh credentials.
    "escalate",  # A person must act first.
    "wait",  # After a known time or window.
    "backoff",  # Later, waiting longer each time.
    "follow",  # At the place the answer names (`details.location`).
    "verify",  # Find out first whether it took effect; where repeating is safe, as `backoff`.
]

Processed: TypeAlias = Literal[
    "no",  # It did not.
    "maybe",  # It may have.
    "yes",  # It did.
]

Finality: TypeAlias = Literal[
    "final",  # Nothing more will come.
    "accepted",  # It is in safe hands; the outcome comes later.
    "partial",  # A part of it is done.
]

Severity: TypeAlias = Literal[
    "info",  # Nothing to do.
    "notice",  # Worth knowing.
    "warning",  # It will probably pass, or matters little.
    "error",  # This request failed.
    "critical",  # Every request like it will fail until somebody acts.
]

Scope: TypeAlias = Literal[
    "message",  # This message only.
    "destination",  # Everything for this destination.
    "client",  # Everything this client sends to this service.
]

Match: TypeAlias = Literal[
    "exact",  # By its own key.
    "variant",  # By its key and a condition, reason text or header.
    "range",  # By a range of the catalog or of a parent.
    "class",  # By the class of the status (RFC 9110, section 15).
    "unknown",  # Not at all.
]

Audience: TypeAlias = Literal[
    "user",  # Somebody using an application.
    "operator",  # Somebody who runs the integration.
    "developer",  # Somebody who writes the client.
]

Mode: TypeAlias = Literal[
    "async",  # The answer is an acknowledgement; the outcome comes later.
    "sync",  # The answer is the outcome.
]

Environment: TypeAlias = Literal[
    "production",  # Real traffic.
    "staging",  # A rehearsal of it.
    "development",  # A developer's own.
]

Step: TypeAlias = Literal[
    "failure",  # A failure was looked up.
    "failure_after_status",  # A failure came after a status had been received.
    "code",  # The caller's own code was looked up.
    "code_in_body",  # A code was found in the body.
    "code_in_header",  # A code was found in a header.
    "condition",  # The body met a condition of the catalog.
    "variant",  # A variant's reason text, condition, header or hint held.
    "status",  # The status was looked up.
    "range",  # A range held the number.
    "class",  # The class of the status stood in for it.
    "required_evidence",  # The catalog requires evidence in the body and there is none.
    "body_unreadable",  # The body could not be read.
    "mode",  # How the request was sent settled how final a success is.
    "hint",  # The server said how long to wait.
    "hint_invalid",  # The server said how long to wait in a way that means nothing.
    "unknown",  # No entry was found.
]

HintState: TypeAlias = Literal[
    "valid",  # It gives a delay.
    "invalid",  # It is there and means nothing.
    "never",  # The server asks not to try again.
    "needs_now",  # It is a date, and neither the caller nor the response said what time it is.
]

HintSource: TypeAlias = Literal[
    "retry-after-ms",  # `retry-after-ms`.
    "x-ms-retry-after-ms",  # `x-ms-retry-after-ms`.
    "grpc-retry-pushback-ms",  # `grpc-retry-pushback-ms`.
    "retry-after",  # `Retry-After` (RFC 9110, section 10.2.3).
    "retry_info",  # google.rpc.RetryInfo in the body.
    "ratelimit",  # The `RateLimit` field of the IETF draft.
    "ratelimit-reset",  # `RateLimit-Reset`.
    "x-ratelimit-reset",  # `X-RateLimit-Reset`.
]

Intent: TypeAlias = Literal[
    "accepted",  # It has taken the message.
    "accepted_later",  # It has stored the message; its application answers later.
    "validate_later",  # It has stored the message and will look into it later.
    "non_critical",  # It found a problem that can wait.
    "critical",  # It found a problem that can't.
    "down",  # It is down.
    "invalid_message",  # The message is wrong.
    "unsupported_message",  # It doesn't take such messages.
    "not_found",  # The message speaks of something that isn't there.
    "duplicate",  # It has the message already.
    "locked",  # Somebody else holds the record.
    "internal_error",  # It failed by itself.
]

Sender: TypeAlias = Literal[
    "proceeds",  # It goes on with the next message.
    "waits_for_application",  # It waits for the application's own answer.
    "pauses_and_retries",  # It stops the queue and tries the same message again.
    "fails_and_proceeds",  # It marks the message as failed and goes on.
    "stops",  # It gives the message up.
    "verifies",  # It finds out first what became of the message.
    "undefined",  # Its document doesn't say.
]

Warning: TypeAlias = Literal[
    "differs_from_advice",  # The sender makes something else of it than of what is advised.
    "undefined",  # No document says what the sender makes of it.
    "no_redelivery",  # The sender won't deliver the message again by itself.
]

Action: TypeAlias = Literal[
    "done",  # Nothing: it is done.
    "retry",  # The same request again, after the delay.
    "reauthenticate",  # Get fresh credentials, then the same request again.
    "verify",  # Find out whether it took effect, then ask again with `verified`.
    "follow",  # Go where the answer points.
    "stop",  # Give up.
]

Cause: TypeAlias = Literal[
    "success",  # It succeeded.
    "verified",  # A check found that it had taken effect.
    "hint",  # The server's own time.
    "window",  # The catalog's own window.
    "backoff",  # The profile's backoff.
    "redirect",  # The answer is somewhere else.
    "credentials",  # Fresh credentials are needed.
    "never",  # Repeating can't help.
    "fix",  # The request must change first.
    "escalate",  # A person must act first.
    "not_safe",  # It may have taken effect, and repeating it isn't known to be safe.
    "not_verified",  # A check couldn't tell whether it had taken effect.
    "credentials_refused",  # Fresh credentials did not help.
    "server_refused",  # The server asked not to try again.
    "attempts",  # The attempts are used up.
    "deadline",  # The next attempt would come at the deadline or after it.
    "budget",  # The client's own budget for this destination is used up.
    "over_limit",  # The server asks for a longer wait than the profile allows.
    "not_selected",  # The profile doesn't retry this.
    "not_here",  # The profile doesn't retry in this environment or mode.
]

Weighed: TypeAlias = Literal[
    "outcome",  # The outcome.
    "retry",  # The classification's `retry`.
    "select",  # What the profile's own sets say.
    "header",  # A header that decides by itself.
    "processed",  # Whether the request may have taken effect.
    "repeat",  # Whether repeating is safe.
    "verified",  # What a check found.
    "place",  # The environment or mode.
    "attempts",  # The attempts.
    "hint",  # The server's hint.
    "limit",  # The limit for hints.
    "window",  # The catalog's window.
    "backoff",  # The backoff.
    "jitter",  # The jitter.
    "deadline",  # The deadline.
    "budget",  # The budget.
    "floor",  # The least that this kind of failure waits.
]

Verified: TypeAlias = Literal[
    "processed",  # It took effect.
    "not_processed",  # It did not.
    "unknown",  # It can't be told.
]

Phase: TypeAlias = Literal[
    "idle",  # Not sent yet.
    "in_flight",  # Sent, and not answered yet.
    "waiting",  # Failed, and waiting to be sent again.
]

Alarm: TypeAlias = Literal[
    "none",  # There is none.
    "held",  # There is one, held until alerts go out again.
    "open",  # There is one, and it has gone out.
]

DeliveryAction: TypeAlias = Literal[
    "send",  # Send this message.
    "wait",  # Come back at this time.
    "delivered",  # The message has been delivered; forget it.
    "drop",  # The message is given up; `reason` says why.
    "refuse",  # The message wasn't taken into the queue; `reason` says why.
    "ignore",  # The event changed nothing; `reason` says why.
    "raise_alert",  # Tell somebody that the queue is held up.
    "hold_alert",  # Somebody is to be told, at this time.
    "close_alert",  # Tell them that it goes on.
    "drop_alert",  # Nobody need be told any more.
    "reauthenticate",  # Get fresh credentials before the next sending.
]

DeliveryReason: TypeAlias = Literal[
    "full",  # The queue holds as many as it may.
    "duplicate",  # The queue holds it already.
    "unknown_message",  # The queue doesn't hold it.
    "in_flight",  # It is on its way.
    "not_in_flight",  # It isn't on its way.
    "skipped",  # Somebody gave it up.
    "failed",  # The profile doesn't try it again.
    "in_order",  # Those before it go first.
]

ErrorKind: TypeAlias = Literal[
    "bad_json",  # The text is not JSON.
    "unknown_field",  # A field that doesn't exist.
    "bad_value",  # A field of the wrong type or out of range.
    "missing_field",  # A field that must be there isn't.
    "unknown_catalog",  # No such catalog.
    "unknown_entry",  # No such entry.
    "unknown_profile",  # No such profile.
    "conflict",  # Two fields that don't go together.
    "needs_random",  # The profile is jittered and no random number was given.
    "too_large",  # The input is larger than it may be.
    "needs_now",  # The server named a date, and neither the caller nor the response said what time it is.
]
