/*
 * retriage: what the answer of an API means, whose fault it is, whether the request took effect, what to tell whom,
 * and what to do next and when.
 *
 * Made by `cargo xtask header` from the sources of the library; a test compares the two. C99, C++11 and later.
 *
 *
 * A FIRST PROGRAM
 *
 *   #include <retriage.h>
 *   #include <stdio.h>
 *
 *   int main(void) {
 *     retriage_catalog updox;
 *     if (retriage_catalog_find(RETRIAGE_BUILT_IN, "updox", &updox) != RETRIAGE_OK) return 1;
 *
 *     retriage_evidence evidence = RETRIAGE_INIT(retriage_evidence);
 *     evidence.flags = RETRIAGE_HAS_STATUS;
 *     evidence.status = 200;
 *     evidence.body = "{\"responseCode\":4651}";
 *     evidence.body_length = RETRIAGE_NUL_TERMINATED;
 *
 *     retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
 *     if (retriage_classify(updox, &evidence, &meaning) != RETRIAGE_OK) return 1;
 *     puts(retriage_word(RETRIAGE_KIND_CATEGORY, meaning.category));
 *     return 0;
 *   }
 *
 *
 * THE CONTRACT OF ALL FUNCTIONS
 *
 * Pointers. A pointer is NULL where its function or field allows that, and otherwise points to what its type and length
 * say, for as long as the call takes. Nothing of the caller's is kept after it. NULL where it isn't allowed is
 * RETRIAGE_NULL_POINTER.
 *
 * Statuses. What returns an int32_t returns RETRIAGE_OK, which is 0, or a status: retriage_status_text names it, and
 * retriage_last_error says for this thread what was bad, where, and what would be right. After a failure nothing has
 * changed and nothing has been written, except for `needed`.
 *
 * Texts in are UTF-8. With a length of their own they need no NUL, and the length is in bytes; RETRIAGE_NUL_TERMINATED
 * as the length has them end before a NUL. Texts without a length end with a NUL. NULL is none; one of no bytes is
 * RETRIAGE_EMPTY_TEXT, as a rule because its length was forgotten.
 *
 * Texts out are static (retriage_word, retriage_status_text, retriage_version) or written to a buffer of the caller's,
 * with a NUL. `needed` gets the size that the buffer must have, the NUL included; if it has less, nothing is written to
 * it, and the status is RETRIAGE_BUFFER_TOO_SMALL. A buffer of 0 bytes, which may be NULL, thus asks for the size.
 *
 * Structs with a `size`. RETRIAGE_INIT makes one in which that is the sizeof and everything else is zero; what fills
 * one keeps its size, so that it can be used again. Later versions may add fields at the end. As much is copied as both
 * sides have, so that a program goes on running with a newer library, and with an older one as far as that goes. A size
 * that no version has had is RETRIAGE_BAD_SIZE.
 *
 * Numbers that may be absent have a flag; one that is set without its flag is RETRIAGE_BAD_FLAG, as it would be passed
 * over otherwise. Words are numbers of closed sets, and never change; one that is none of its set is RETRIAGE_BAD_WORD.
 *
 * Handles are numbers. Registries, parsed profiles and queues are freed by their own functions; catalogs and entries
 * live as long as their registry. A handle that was freed, and a number that never was one, are told by a status
 * (RETRIAGE_FREED_HANDLE, RETRIAGE_BAD_HANDLE), in every build.
 *
 * Threads. Any thread may call any function at any time. Registries, catalogs, profiles and entries never change. A
 * queue takes one step at a time; which thread reads the acts of a step is for the caller to settle, and so is who may
 * use a retriage_state or retriage_budget, which are the caller's own.
 *
 * Nothing here sends a request, sleeps, reads a clock or draws a random number; these come in as arguments. Times are
 * milliseconds, points of time are counted from 1970-01-01T00:00:00Z. No panic or exception leaves a function. Memory
 * that can't be had ends the program.
 */

#ifndef RETRIAGE_H
#define RETRIAGE_H

#include <stddef.h>
#include <stdint.h>

/** The version of this header. */
#define RETRIAGE_VERSION "0.1.0"
#define RETRIAGE_VERSION_MAJOR 0
#define RETRIAGE_VERSION_MINOR 1
#define RETRIAGE_VERSION_PATCH 0
/** The same as a number to compare; see retriage_version_number. */
#define RETRIAGE_VERSION_NUMBER 1000

/** The length of a text that ends with a NUL. */
#define RETRIAGE_NUL_TERMINATED ((size_t)-1)

/** A struct in which `size` is its size and everything else is zero: RETRIAGE_INIT(retriage_evidence). */
#ifdef __cplusplus
#define RETRIAGE_INIT(type) (retriage_init<type>())
template <typename Struct>
inline Struct retriage_init() {
  Struct made = Struct();
  made.size = sizeof(Struct);
  return made;
}
#else
#define RETRIAGE_INIT(type) ((type){ .size = sizeof(type) })
#endif

/** The closed sets, for retriage_word. */
#define RETRIAGE_KIND_CATEGORY 1
#define RETRIAGE_KIND_CANONICAL 2
#define RETRIAGE_KIND_FAULT 3
#define RETRIAGE_KIND_RETRY 4
#define RETRIAGE_KIND_PROCESSED 5
#define RETRIAGE_KIND_FINALITY 6
#define RETRIAGE_KIND_SEVERITY 7
#define RETRIAGE_KIND_SCOPE 8
#define RETRIAGE_KIND_MATCH 9
#define RETRIAGE_KIND_AUDIENCE 10
#define RETRIAGE_KIND_MODE 11
#define RETRIAGE_KIND_ENVIRONMENT 12
#define RETRIAGE_KIND_HINT 13
#define RETRIAGE_KIND_HINT_FROM 14
#define RETRIAGE_KIND_ACTION 15
#define RETRIAGE_KIND_CAUSE 16
#define RETRIAGE_KIND_VERIFIED 17
#define RETRIAGE_KIND_EVENT 18
#define RETRIAGE_KIND_DELIVERY 19
#define RETRIAGE_KIND_REASON 20
#define RETRIAGE_KIND_PHASE 21
#define RETRIAGE_KIND_ALARM 22
#define RETRIAGE_KIND_INTENT 23
#define RETRIAGE_KIND_SENDER 24
#define RETRIAGE_KIND_WARNING 25

/** "success": It worked. */
#define RETRIAGE_CATEGORY_SUCCESS 0
/** "partial_failure": The envelope says success and the content reports errors. */
#define RETRIAGE_CATEGORY_PARTIAL_FAILURE 1
/** "informational": An interim answer; the final one is still to come. */
#define RETRIAGE_CATEGORY_INFORMATIONAL 2
/** "redirect": The answer is somewhere else. */
#define RETRIAGE_CATEGORY_REDIRECT 3
/** "not_modified": The copy the client holds is still good. */
#define RETRIAGE_CATEGORY_NOT_MODIFIED 4
/** "invalid_request": The request is wrong in form or content. */
#define RETRIAGE_CATEGORY_INVALID_REQUEST 5
/** "too_large": The request, or a part of it, is larger than the server takes. */
#define RETRIAGE_CATEGORY_TOO_LARGE 6
/** "wrong_endpoint": The URL, verb or route is not one the server has. */
#define RETRIAGE_CATEGORY_WRONG_ENDPOINT 7
/** "unsupported": The server doesn't do this. */
#define RETRIAGE_CATEGORY_UNSUPPORTED 8
/** "unauthenticated": The credentials are missing, wrong or expired. */
#define RETRIAGE_CATEGORY_UNAUTHENTICATED 9
/** "permission_denied": The credentials are good and don't allow this. */
#define RETRIAGE_CATEGORY_PERMISSION_DENIED 10
/** "account_inactive": The account, or something it needs, doesn't exist or is switched off. */
#define RETRIAGE_CATEGORY_ACCOUNT_INACTIVE 11
/** "precondition_failed": Something that must be true first isn't. */
#define RETRIAGE_CATEGORY_PRECONDITION_FAILED 12
/** "payment_required": Somebody has to pay first. */
#define RETRIAGE_CATEGORY_PAYMENT_REQUIRED 13
/** "blocked": It is withheld by law or policy. */
#define RETRIAGE_CATEGORY_BLOCKED 14
/** "not_found": The thing asked for isn't there. */
#define RETRIAGE_CATEGORY_NOT_FOUND 15
/** "gone": The thing asked for was there and won't be again. */
#define RETRIAGE_CATEGORY_GONE 16
/** "conflict": The request collides with what is there. */
#define RETRIAGE_CATEGORY_CONFLICT 17
/** "invalid_recipient": The person or address to deliver to is wrong. */
#define RETRIAGE_CATEGORY_INVALID_RECIPIENT 18
/** "undelivered": It was accepted and did not arrive, or can't be shown to have arrived. */
#define RETRIAGE_CATEGORY_UNDELIVERED 19
/** "rate_limited": Too many requests for the moment. */
#define RETRIAGE_CATEGORY_RATE_LIMITED 20
/** "quota_exhausted": The plan's allowance is used up. */
#define RETRIAGE_CATEGORY_QUOTA_EXHAUSTED 21
/** "timeout": Somebody on the way stopped waiting. */
#define RETRIAGE_CATEGORY_TIMEOUT 22
/** "unavailable": The service is down, overloaded or under maintenance. */
#define RETRIAGE_CATEGORY_UNAVAILABLE 23
/** "bad_gateway": An intermediary got no usable answer from the server behind it. */
#define RETRIAGE_CATEGORY_BAD_GATEWAY 24
/** "internal": The provider failed. */
#define RETRIAGE_CATEGORY_INTERNAL 25
/** "network": The connection failed. */
#define RETRIAGE_CATEGORY_NETWORK 26
/** "tls": The secure connection could not be trusted or set up. */
#define RETRIAGE_CATEGORY_TLS 27
/** "cancelled": The caller, or something on its behalf, gave up. */
#define RETRIAGE_CATEGORY_CANCELLED 28
/** "unknown": Nothing is known. */
#define RETRIAGE_CATEGORY_UNKNOWN 29

/** "OK": Not an error. */
#define RETRIAGE_CANONICAL_OK 0
/** "CANCELLED": Cancelled, usually by the caller. */
#define RETRIAGE_CANONICAL_CANCELLED 1
/** "UNKNOWN": Unknown error. */
#define RETRIAGE_CANONICAL_UNKNOWN 2
/** "INVALID_ARGUMENT": The client gave an invalid argument, whatever the state of the system. */
#define RETRIAGE_CANONICAL_INVALID_ARGUMENT 3
/** "DEADLINE_EXCEEDED": The deadline passed first. */
#define RETRIAGE_CANONICAL_DEADLINE_EXCEEDED 4
/** "NOT_FOUND": Something asked for wasn't found. */
#define RETRIAGE_CANONICAL_NOT_FOUND 5
/** "ALREADY_EXISTS": What was to be created is there already. */
#define RETRIAGE_CANONICAL_ALREADY_EXISTS 6
/** "PERMISSION_DENIED": The caller may not do this. */
#define RETRIAGE_CANONICAL_PERMISSION_DENIED 7
/** "RESOURCE_EXHAUSTED": A quota, a rate or some space is used up. */
#define RETRIAGE_CANONICAL_RESOURCE_EXHAUSTED 8
/** "FAILED_PRECONDITION": The system isn't in the state this needs. */
#define RETRIAGE_CANONICAL_FAILED_PRECONDITION 9
/** "ABORTED": Aborted, usually by a conflict. */
#define RETRIAGE_CANONICAL_ABORTED 10
/** "OUT_OF_RANGE": Past the valid range. */
#define RETRIAGE_CANONICAL_OUT_OF_RANGE 11
/** "UNIMPLEMENTED": Not implemented or not enabled. */
#define RETRIAGE_CANONICAL_UNIMPLEMENTED 12
/** "INTERNAL": An internal error. */
#define RETRIAGE_CANONICAL_INTERNAL 13
/** "UNAVAILABLE": Unavailable for the moment. */
#define RETRIAGE_CANONICAL_UNAVAILABLE 14
/** "DATA_LOSS": Data lost or damaged for good. */
#define RETRIAGE_CANONICAL_DATA_LOSS 15
/** "UNAUTHENTICATED": No valid credentials. */
#define RETRIAGE_CANONICAL_UNAUTHENTICATED 16

/** "none": Nobody's. */
#define RETRIAGE_FAULT_NONE 0
/** "caller": This request is wrong. */
#define RETRIAGE_FAULT_CALLER 1
/** "account": Credentials, rights, plan or configuration. */
#define RETRIAGE_FAULT_ACCOUNT 2
/** "provider": The service that answered. */
#define RETRIAGE_FAULT_PROVIDER 3
/** "destination": The system behind the provider. */
#define RETRIAGE_FAULT_DESTINATION 4
/** "network": What lies between. */
#define RETRIAGE_FAULT_NETWORK 5
/** "unknown": It can't be told. */
#define RETRIAGE_FAULT_UNKNOWN 6

/** "none": It succeeded; there is nothing to repeat. */
#define RETRIAGE_RETRY_NONE 0
/** "never": Repeating can't help. */
#define RETRIAGE_RETRY_NEVER 1
/** "fix": After the request has changed. */
#define RETRIAGE_RETRY_FIX 2
/** "reauthenticate": Once, with fresh credentials. */
#define RETRIAGE_RETRY_REAUTHENTICATE 3
/** "escalate": A person must act first. */
#define RETRIAGE_RETRY_ESCALATE 4
/** "wait": After a known time or window. */
#define RETRIAGE_RETRY_WAIT 5
/** "backoff": Later, waiting longer each time. */
#define RETRIAGE_RETRY_BACKOFF 6
/** "follow": At the place the answer names (`details.location`). */
#define RETRIAGE_RETRY_FOLLOW 7
/** "verify": Find out first whether it took effect; where repeating is safe, as `backoff`. */
#define RETRIAGE_RETRY_VERIFY 8

/** "no": It did not. */
#define RETRIAGE_PROCESSED_NO 0
/** "maybe": It may have. */
#define RETRIAGE_PROCESSED_MAYBE 1
/** "yes": It did. */
#define RETRIAGE_PROCESSED_YES 2

/** "final": Nothing more will come. */
#define RETRIAGE_FINALITY_FINAL 0
/** "accepted": It is in safe hands; the outcome comes later. */
#define RETRIAGE_FINALITY_ACCEPTED 1
/** "partial": A part of it is done. */
#define RETRIAGE_FINALITY_PARTIAL 2

/** "info": Nothing to do. */
#define RETRIAGE_SEVERITY_INFO 0
/** "notice": Worth knowing. */
#define RETRIAGE_SEVERITY_NOTICE 1
/** "warning": It will probably pass, or matters little. */
#define RETRIAGE_SEVERITY_WARNING 2
/** "error": This request failed. */
#define RETRIAGE_SEVERITY_ERROR 3
/** "critical": Every request like it will fail until somebody acts. */
#define RETRIAGE_SEVERITY_CRITICAL 4

/** "message": This message only. */
#define RETRIAGE_SCOPE_MESSAGE 0
/** "destination": Everything for this destination. */
#define RETRIAGE_SCOPE_DESTINATION 1
/** "client": Everything this client sends to this service. */
#define RETRIAGE_SCOPE_CLIENT 2

/** "exact": By its own key. */
#define RETRIAGE_MATCH_EXACT 1
/** "variant": By its key and a condition, reason text or header. */
#define RETRIAGE_MATCH_VARIANT 2
/** "range": By a range of the catalog or of a parent. */
#define RETRIAGE_MATCH_RANGE 3
/** "class": By the class of the status (RFC 9110, section 15). */
#define RETRIAGE_MATCH_CLASS 4
/** "unknown": Not at all. */
#define RETRIAGE_MATCH_UNKNOWN 5

/** "user": Somebody using an application. */
#define RETRIAGE_AUDIENCE_USER 0
/** "operator": Somebody who runs the integration. */
#define RETRIAGE_AUDIENCE_OPERATOR 1
/** "developer": Somebody who writes the client. */
#define RETRIAGE_AUDIENCE_DEVELOPER 2

/** "async": The answer is an acknowledgement; the outcome comes later. */
#define RETRIAGE_MODE_ASYNC 0
/** "sync": The answer is the outcome. */
#define RETRIAGE_MODE_SYNC 1

/** "production": Real traffic. */
#define RETRIAGE_ENVIRONMENT_PRODUCTION 0
/** "staging": A rehearsal of it. */
#define RETRIAGE_ENVIRONMENT_STAGING 1
/** "development": A developer's own. */
#define RETRIAGE_ENVIRONMENT_DEVELOPMENT 2

/** "valid": It gives a delay. */
#define RETRIAGE_HINT_VALID 0
/** "invalid": It is there and means nothing. */
#define RETRIAGE_HINT_INVALID 1
/** "never": The server asks not to try again. */
#define RETRIAGE_HINT_NEVER 2
/** "needs_now": It is a date, and neither the caller nor the response said what time it is. */
#define RETRIAGE_HINT_NEEDS_NOW 3

/** "retry-after-ms": `retry-after-ms`. */
#define RETRIAGE_HINT_FROM_RETRY_AFTER_MS 0
/** "x-ms-retry-after-ms": `x-ms-retry-after-ms`. */
#define RETRIAGE_HINT_FROM_X_MS_RETRY_AFTER_MS 1
/** "grpc-retry-pushback-ms": `grpc-retry-pushback-ms`. */
#define RETRIAGE_HINT_FROM_GRPC_RETRY_PUSHBACK_MS 2
/** "retry-after": `Retry-After` (RFC 9110, section 10.2.3). */
#define RETRIAGE_HINT_FROM_RETRY_AFTER 3
/** "retry_info": google.rpc.RetryInfo in the body. */
#define RETRIAGE_HINT_FROM_RETRY_INFO 4
/** "ratelimit": The `RateLimit` field of the IETF draft. */
#define RETRIAGE_HINT_FROM_RATELIMIT 5
/** "ratelimit-reset": `RateLimit-Reset`. */
#define RETRIAGE_HINT_FROM_RATELIMIT_RESET 6
/** "x-ratelimit-reset": `X-RateLimit-Reset`. */
#define RETRIAGE_HINT_FROM_X_RATELIMIT_RESET 7

/** "done": Nothing: it is done. */
#define RETRIAGE_ACTION_DONE 0
/** "retry": The same request again, after the delay. */
#define RETRIAGE_ACTION_RETRY 1
/** "reauthenticate": Get fresh credentials, then the same request again. */
#define RETRIAGE_ACTION_REAUTHENTICATE 2
/** "verify": Find out whether it took effect, then ask again with `verified`. */
#define RETRIAGE_ACTION_VERIFY 3
/** "follow": Go where the answer points. */
#define RETRIAGE_ACTION_FOLLOW 4
/** "stop": Give up. */
#define RETRIAGE_ACTION_STOP 5

/** "success": It succeeded. */
#define RETRIAGE_CAUSE_SUCCESS 0
/** "verified": A check found that it had taken effect. */
#define RETRIAGE_CAUSE_VERIFIED 1
/** "hint": The server's own time. */
#define RETRIAGE_CAUSE_HINT 2
/** "window": The catalog's own window. */
#define RETRIAGE_CAUSE_WINDOW 3
/** "backoff": The profile's backoff. */
#define RETRIAGE_CAUSE_BACKOFF 4
/** "redirect": The answer is somewhere else. */
#define RETRIAGE_CAUSE_REDIRECT 5
/** "credentials": Fresh credentials are needed. */
#define RETRIAGE_CAUSE_CREDENTIALS 6
/** "never": Repeating can't help. */
#define RETRIAGE_CAUSE_NEVER 7
/** "fix": The request must change first. */
#define RETRIAGE_CAUSE_FIX 8
/** "escalate": A person must act first. */
#define RETRIAGE_CAUSE_ESCALATE 9
/** "not_safe": It may have taken effect, and repeating it isn't known to be safe. */
#define RETRIAGE_CAUSE_NOT_SAFE 10
/** "not_verified": A check couldn't tell whether it had taken effect. */
#define RETRIAGE_CAUSE_NOT_VERIFIED 11
/** "credentials_refused": Fresh credentials did not help. */
#define RETRIAGE_CAUSE_CREDENTIALS_REFUSED 12
/** "server_refused": The server asked not to try again. */
#define RETRIAGE_CAUSE_SERVER_REFUSED 13
/** "attempts": The attempts are used up. */
#define RETRIAGE_CAUSE_ATTEMPTS 14
/** "deadline": The next attempt would come at the deadline or after it. */
#define RETRIAGE_CAUSE_DEADLINE 15
/** "budget": The client's own budget for this destination is used up. */
#define RETRIAGE_CAUSE_BUDGET 16
/** "over_limit": The server asks for a longer wait than the profile allows. */
#define RETRIAGE_CAUSE_OVER_LIMIT 17
/** "not_selected": The profile doesn't retry this. */
#define RETRIAGE_CAUSE_NOT_SELECTED 18
/** "not_here": The profile doesn't retry in this environment or mode. */
#define RETRIAGE_CAUSE_NOT_HERE 19

/** "processed": It took effect. */
#define RETRIAGE_VERIFIED_PROCESSED 0
/** "not_processed": It did not. */
#define RETRIAGE_VERIFIED_NOT_PROCESSED 1
/** "unknown": It can't be told. */
#define RETRIAGE_VERIFIED_UNKNOWN 2

/** "enqueued": A message is to be delivered. */
#define RETRIAGE_EVENT_ENQUEUED 0
/** "answered": The destination answered. */
#define RETRIAGE_EVENT_ANSWERED 1
/** "unanswered": The destination did not answer. */
#define RETRIAGE_EVENT_UNANSWERED 2
/** "tick": Time has passed. */
#define RETRIAGE_EVENT_TICK 3
/** "pause": Somebody pauses the queue. */
#define RETRIAGE_EVENT_PAUSE 4
/** "resume": Somebody lets it go on. */
#define RETRIAGE_EVENT_RESUME 5
/** "skip": Somebody gives a message up. */
#define RETRIAGE_EVENT_SKIP 6
/** "retry_now": Somebody wants a message sent now. */
#define RETRIAGE_EVENT_RETRY_NOW 7
/** "restarted": The program began again; what was in flight has no answer. */
#define RETRIAGE_EVENT_RESTARTED 8

/** "send": Send this message. */
#define RETRIAGE_DELIVERY_SEND 0
/** "wait": Come back at this time. */
#define RETRIAGE_DELIVERY_WAIT 1
/** "delivered": The message has been delivered; forget it. */
#define RETRIAGE_DELIVERY_DELIVERED 2
/** "drop": The message is given up; `reason` says why. */
#define RETRIAGE_DELIVERY_DROP 3
/** "refuse": The message wasn't taken into the queue; `reason` says why. */
#define RETRIAGE_DELIVERY_REFUSE 4
/** "ignore": The event changed nothing; `reason` says why. */
#define RETRIAGE_DELIVERY_IGNORE 5
/** "raise_alert": Tell somebody that the queue is held up. */
#define RETRIAGE_DELIVERY_RAISE_ALERT 6
/** "hold_alert": Somebody is to be told, at this time. */
#define RETRIAGE_DELIVERY_HOLD_ALERT 7
/** "close_alert": Tell them that it goes on. */
#define RETRIAGE_DELIVERY_CLOSE_ALERT 8
/** "drop_alert": Nobody need be told any more. */
#define RETRIAGE_DELIVERY_DROP_ALERT 9
/** "reauthenticate": Get fresh credentials before the next sending. */
#define RETRIAGE_DELIVERY_REAUTHENTICATE 10

/** "full": The queue holds as many as it may. */
#define RETRIAGE_REASON_FULL 0
/** "duplicate": The queue holds it already. */
#define RETRIAGE_REASON_DUPLICATE 1
/** "unknown_message": The queue doesn't hold it. */
#define RETRIAGE_REASON_UNKNOWN_MESSAGE 2
/** "in_flight": It is on its way. */
#define RETRIAGE_REASON_IN_FLIGHT 3
/** "not_in_flight": It isn't on its way. */
#define RETRIAGE_REASON_NOT_IN_FLIGHT 4
/** "skipped": Somebody gave it up. */
#define RETRIAGE_REASON_SKIPPED 5
/** "failed": The profile doesn't try it again. */
#define RETRIAGE_REASON_FAILED 6
/** "in_order": Those before it go first. */
#define RETRIAGE_REASON_IN_ORDER 7

/** "idle": Not sent yet. */
#define RETRIAGE_PHASE_IDLE 0
/** "in_flight": Sent, and not answered yet. */
#define RETRIAGE_PHASE_IN_FLIGHT 1
/** "waiting": Failed, and waiting to be sent again. */
#define RETRIAGE_PHASE_WAITING 2

/** "none": There is none. */
#define RETRIAGE_ALARM_NONE 0
/** "held": There is one, held until alerts go out again. */
#define RETRIAGE_ALARM_HELD 1
/** "open": There is one, and it has gone out. */
#define RETRIAGE_ALARM_OPEN 2

/** "accepted": It has taken the message. */
#define RETRIAGE_INTENT_ACCEPTED 0
/** "accepted_later": It has stored the message; its application answers later. */
#define RETRIAGE_INTENT_ACCEPTED_LATER 1
/** "validate_later": It has stored the message and will look into it later. */
#define RETRIAGE_INTENT_VALIDATE_LATER 2
/** "non_critical": It found a problem that can wait. */
#define RETRIAGE_INTENT_NON_CRITICAL 3
/** "critical": It found a problem that can't. */
#define RETRIAGE_INTENT_CRITICAL 4
/** "down": It is down. */
#define RETRIAGE_INTENT_DOWN 5
/** "invalid_message": The message is wrong. */
#define RETRIAGE_INTENT_INVALID_MESSAGE 6
/** "unsupported_message": It doesn't take such messages. */
#define RETRIAGE_INTENT_UNSUPPORTED_MESSAGE 7
/** "not_found": The message speaks of something that isn't there. */
#define RETRIAGE_INTENT_NOT_FOUND 8
/** "duplicate": It has the message already. */
#define RETRIAGE_INTENT_DUPLICATE 9
/** "locked": Somebody else holds the record. */
#define RETRIAGE_INTENT_LOCKED 10
/** "internal_error": It failed by itself. */
#define RETRIAGE_INTENT_INTERNAL_ERROR 11

/** "proceeds": It goes on with the next message. */
#define RETRIAGE_SENDER_PROCEEDS 0
/** "waits_for_application": It waits for the application's own answer. */
#define RETRIAGE_SENDER_WAITS_FOR_APPLICATION 1
/** "pauses_and_retries": It stops the queue and tries the same message again. */
#define RETRIAGE_SENDER_PAUSES_AND_RETRIES 2
/** "fails_and_proceeds": It marks the message as failed and goes on. */
#define RETRIAGE_SENDER_FAILS_AND_PROCEEDS 3
/** "stops": It gives the message up. */
#define RETRIAGE_SENDER_STOPS 4
/** "verifies": It finds out first what became of the message. */
#define RETRIAGE_SENDER_VERIFIES 5
/** "undefined": Its document doesn't say. */
#define RETRIAGE_SENDER_UNDEFINED 6

/** "differs_from_advice": The sender makes something else of it than of what is advised. */
#define RETRIAGE_WARNING_DIFFERS_FROM_ADVICE 0
/** "undefined": No document says what the sender makes of it. */
#define RETRIAGE_WARNING_UNDEFINED 1
/** "no_redelivery": The sender won't deliver the message again by itself. */
#define RETRIAGE_WARNING_NO_REDELIVERY 2

/** "bad_json": The text is not JSON. */
#define RETRIAGE_ERROR_BAD_JSON 100
/** "unknown_field": A field that doesn't exist. */
#define RETRIAGE_ERROR_UNKNOWN_FIELD 101
/** "bad_value": A field of the wrong type or out of range. */
#define RETRIAGE_ERROR_BAD_VALUE 102
/** "missing_field": A field that must be there isn't. */
#define RETRIAGE_ERROR_MISSING_FIELD 103
/** "unknown_catalog": No such catalog. */
#define RETRIAGE_ERROR_UNKNOWN_CATALOG 104
/** "unknown_entry": No such entry. */
#define RETRIAGE_ERROR_UNKNOWN_ENTRY 105
/** "unknown_profile": No such profile. */
#define RETRIAGE_ERROR_UNKNOWN_PROFILE 106
/** "conflict": Two fields that don't go together. */
#define RETRIAGE_ERROR_CONFLICT 107
/** "needs_random": The profile is jittered and no random number was given. */
#define RETRIAGE_ERROR_NEEDS_RANDOM 108
/** "too_large": The input is larger than it may be. */
#define RETRIAGE_ERROR_TOO_LARGE 109
/** "needs_now": The server named a date, and neither the caller nor the response said what time it is. */
#define RETRIAGE_ERROR_NEEDS_NOW 110

/** The parts of an answer of retriage_find. */
#define RETRIAGE_CATEGORY_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 0) & 255u))
#define RETRIAGE_CANONICAL_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 8) & 31u))
#define RETRIAGE_FAULT_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 13) & 7u))
#define RETRIAGE_RETRY_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 16) & 15u))
#define RETRIAGE_PROCESSED_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 20) & 3u))
#define RETRIAGE_FINALITY_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 22) & 3u))
#define RETRIAGE_SEVERITY_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 24) & 7u))
#define RETRIAGE_SCOPE_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 27) & 3u))
#define RETRIAGE_MATCH_OF(answer) ((uint8_t)(((uint64_t)(answer) >> 29) & 7u))
/** The entry of an answer; 0 for none. */
#define RETRIAGE_ENTRY_OF(answer) ((uint32_t)((uint64_t)(answer) >> 32))
/** Whether the question was wrong; retriage_last_error says how. */
#define RETRIAGE_IS_ERROR(answer) (RETRIAGE_MATCH_OF(answer) == 0)


/**
 * Counts the changes after which a program must be compiled again. While the version is 0.x it may go up with each
 * minor version.
 */
#define RETRIAGE_ABI 1

/**
 * It worked.
 */
#define RETRIAGE_OK 0

/**
 * A pointer is NULL that must not be.
 */
#define RETRIAGE_NULL_POINTER 1

/**
 * The size at the beginning of a struct is none that any version of it has.
 */
#define RETRIAGE_BAD_SIZE 2

/**
 * A text is not UTF-8.
 */
#define RETRIAGE_BAD_UTF8 3

/**
 * A text has no characters, or its length is missing.
 */
#define RETRIAGE_EMPTY_TEXT 4

/**
 * The number is no handle, or a handle of something else.
 */
#define RETRIAGE_BAD_HANDLE 5

/**
 * The handle has been freed.
 */
#define RETRIAGE_FREED_HANDLE 6

/**
 * A number is none of its closed set.
 */
#define RETRIAGE_BAD_WORD 7

/**
 * A flag is unknown, or a value is set whose flag isn't.
 */
#define RETRIAGE_BAD_FLAG 8

/**
 * A number is out of range.
 */
#define RETRIAGE_OUT_OF_RANGE 9

/**
 * The buffer is too small; nothing was written to it, and `needed` says how large it must be.
 */
#define RETRIAGE_BUFFER_TOO_SMALL 10

/**
 * There is no such thing: no such text of an entry, no such member, no advice.
 */
#define RETRIAGE_ABSENT 11

/**
 * A file of a catalog or a language has mistakes; retriage_last_error lists them, one a line.
 */
#define RETRIAGE_BAD_FILE 12

/**
 * There are as many handles of this kind as there can be.
 */
#define RETRIAGE_TOO_MANY_HANDLES 13

/**
 * The library failed. It is a bug in it; nothing was changed.
 */
#define RETRIAGE_BUG 14

/**
 * Statuses from here on are the errors of the core, RETRIAGE_ERROR_BAD_JSON and so on: this and their number.
 */
#define RETRIAGE_FIRST_ERROR 100

/**
 * The registry of the built-in catalogs and languages.
 */
#define RETRIAGE_BUILT_IN 0

/**
 * Keys that are HTTP statuses.
 */
#define RETRIAGE_SPACE_STATUS 1

/**
 * Keys that are a vendor's codes, numbers or names.
 */
#define RETRIAGE_SPACE_CODE 2

/**
 * Keys that are names of failures, such as ECONNRESET or curl:28.
 */
#define RETRIAGE_SPACE_FAILURE 3

/**
 * Conditions of the body. Nothing is looked up by them.
 */
#define RETRIAGE_SPACE_CONDITION 4

/**
 * The id: of an entry `catalog/key` or `catalog/key.variant`.
 */
#define RETRIAGE_TEXT_ID 1

/**
 * The name of a catalog or profile, the title of an entry.
 */
#define RETRIAGE_TEXT_NAME 2

/**
 * What it covers.
 */
#define RETRIAGE_TEXT_ABOUT 3

/**
 * The date of a catalog's newest document, such as 2026-11-21.
 */
#define RETRIAGE_TEXT_AS_OF 4

/**
 * What to do, in one line.
 */
#define RETRIAGE_TEXT_REMEDY 5

/**
 * The vendor's own short text.
 */
#define RETRIAGE_TEXT_VENDOR 6

/**
 * Why it is as it is, where that is a judgement.
 */
#define RETRIAGE_TEXT_WHY 7

/**
 * The document and section that say so.
 */
#define RETRIAGE_TEXT_SOURCE 8

/**
 * Other names of the same code or failure, one a line.
 */
#define RETRIAGE_TEXT_NAMES 9

/**
 * The whole as JSON.
 */
#define RETRIAGE_TEXT_JSON 10

/**
 * The entry stands for every number between two bounds that has none of its own.
 */
#define RETRIAGE_ENTRY_IS_RANGE 1

/**
 * The entry is a variant of the one before it that isn't: its key with a reason text, a condition or a header.
 */
#define RETRIAGE_ENTRY_IS_VARIANT 2

/**
 * The document says "usually".
 */
#define RETRIAGE_ENTRY_IS_USUAL 4

/**
 * `wait_ms` is given.
 */
#define RETRIAGE_ENTRY_HAS_WAIT 8

/**
 * The longest language tag, with its NUL.
 */
#define RETRIAGE_TAG_CAPACITY 64

/**
 * `status` is given.
 */
#define RETRIAGE_HAS_STATUS 1

/**
 * `code_number` is given.
 */
#define RETRIAGE_HAS_CODE_NUMBER 2

/**
 * `mode` is given.
 */
#define RETRIAGE_HAS_MODE 4

/**
 * `now_ms` is given.
 */
#define RETRIAGE_HAS_NOW_MS 8

/**
 * `body_limit` is given.
 */
#define RETRIAGE_HAS_BODY_LIMIT 16

/**
 * No `details` are collected: what retriage_explain says then holds no text of the response.
 */
#define RETRIAGE_WITHOUT_DETAILS 32

/**
 * `idempotent` is given.
 */
#define RETRIAGE_HAS_IDEMPOTENT 64

/**
 * `verified` is given.
 */
#define RETRIAGE_HAS_VERIFIED 128

/**
 * `random` is given.
 */
#define RETRIAGE_HAS_RANDOM 256

/**
 * `previous_ms` is given.
 */
#define RETRIAGE_HAS_PREVIOUS_MS 512

/**
 * `cost` is given.
 */
#define RETRIAGE_HAS_COST 1024

/**
 * Fresh credentials have been tried.
 */
#define RETRIAGE_REAUTHENTICATED 2048

/**
 * `thousandths` is given.
 */
#define RETRIAGE_HAS_THOUSANDTHS 4096

/**
 * The server said something about time: `hint` and `hint_from` are given.
 */
#define RETRIAGE_HAS_HINT 8192

/**
 * `hint_delay_ms` is given.
 */
#define RETRIAGE_HAS_HINT_DELAY_MS 16384

/**
 * `delay_ms` is given.
 */
#define RETRIAGE_HAS_DELAY_MS 32768

/**
 * `not_before_ms` is given.
 */
#define RETRIAGE_HAS_NOT_BEFORE_MS 65536

/**
 * `attempt` is given.
 */
#define RETRIAGE_HAS_ATTEMPT 131072

/**
 * `offset_minutes` is given.
 */
#define RETRIAGE_HAS_OFFSET_MINUTES 262144

/**
 * `until_ms` is given.
 */
#define RETRIAGE_HAS_UNTIL_MS 524288

/**
 * `reason` is given.
 */
#define RETRIAGE_HAS_REASON 1048576

/**
 * `cause` is given.
 */
#define RETRIAGE_HAS_CAUSE 2097152

/**
 * `alert_until_ms` is given.
 */
#define RETRIAGE_HAS_ALERT_UNTIL_MS 4194304

/**
 * The queue is paused.
 */
#define RETRIAGE_QUEUE_IS_PAUSED 8388608

/**
 * The room for the id of a message: 200 bytes, a NUL, and what makes a whole of it.
 */
#define RETRIAGE_ID_CAPACITY 208

/**
 * `intent` is given.
 */
#define RETRIAGE_HAS_INTENT 16777216

/**
 * `error_code` is given.
 */
#define RETRIAGE_HAS_ERROR_CODE 33554432

/**
 * Something is advised.
 */
#define RETRIAGE_HAS_ADVISED 67108864

/**
 * The catalog's documents say what the sender makes of the reply that was asked about.
 */
#define RETRIAGE_HAS_RECEIVED 134217728

/**
 * An answer in 64 bits: see RETRIAGE_CATEGORY_OF and its like.
 */
typedef uint64_t retriage_answer;

/**
 * A file: its name for messages, and its text. Both are read during the call alone.
 */
typedef struct retriage_file {
  /**
   * Its name, which ends with a NUL.
   */
  const char *name;
  /**
   * Its text, in UTF-8.
   */
  const char *text;
  /**
   * How many bytes the text has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t text_length;
} retriage_file;

/**
 * A set of catalogs and languages: RETRIAGE_BUILT_IN, or one that retriage_registry_load made.
 */
typedef uint64_t retriage_registry;

/**
 * A catalog of a registry. It is good for as long as the registry is, and 0 is none.
 */
typedef uint64_t retriage_catalog;

/**
 * An entry of a registry: counted from 1 through all of its catalogs, 0 is none. Another registry, and another
 * version of the library, count differently: what to store is its id (RETRIAGE_TEXT_ID).
 */
typedef uint32_t retriage_entry;

/**
 * What a catalog is. Set `size` before the call.
 */
typedef struct retriage_catalog_info {
  /**
   * sizeof(retriage_catalog_info).
   */
  size_t size;
  /**
   * The catalog it extends; 0 for none.
   */
  retriage_catalog parent;
  /**
   * Its first entry. Its entries are numbered one after the other, each with its variants after it.
   */
  retriage_entry first_entry;
  /**
   * How many entries it has of its own, ranges and variants included.
   */
  uint32_t entries;
  /**
   * Whether a 2xx alone means nothing to it, because the outcome stands in the body: 1 or 0.
   */
  uint32_t requires_evidence;
  /**
   * Unused.
   */
  uint32_t reserved;
} retriage_catalog_info;

/**
 * What an entry is. Set `size` before the call.
 */
typedef struct retriage_entry_info {
  /**
   * sizeof(retriage_entry_info).
   */
  size_t size;
  /**
   * The catalog that owns it.
   */
  retriage_catalog catalog;
  /**
   * How long to wait where the server doesn't say, in milliseconds, with RETRIAGE_ENTRY_HAS_WAIT.
   */
  uint64_t wait_ms;
  /**
   * RETRIAGE_ENTRY_IS_RANGE and the others that hold.
   */
  uint32_t flags;
  /**
   * The kind of its key: RETRIAGE_SPACE_STATUS and so on.
   */
  uint32_t space;
  /**
   * How many variants follow it.
   */
  uint32_t variants;
  /**
   * Unused.
   */
  uint32_t reserved;
  /**
   * RETRIAGE_CATEGORY_*.
   */
  uint8_t category;
  /**
   * RETRIAGE_CANONICAL_*.
   */
  uint8_t canonical;
  /**
   * RETRIAGE_FAULT_*.
   */
  uint8_t fault;
  /**
   * RETRIAGE_RETRY_*.
   */
  uint8_t retry;
  /**
   * RETRIAGE_PROCESSED_*.
   */
  uint8_t processed;
  /**
   * RETRIAGE_FINALITY_*.
   */
  uint8_t finality;
  /**
   * RETRIAGE_SEVERITY_*.
   */
  uint8_t severity;
  /**
   * RETRIAGE_SCOPE_*.
   */
  uint8_t scope;
} retriage_entry_info;

/**
 * Which language a message is in. Set `size` before the call.
 */
typedef struct retriage_message_info {
  /**
   * sizeof(retriage_message_info).
   */
  size_t size;
  /**
   * The tag of the language that was found for the wishes, such as es; it ends with a NUL.
   */
  char locale[RETRIAGE_TAG_CAPACITY];
  /**
   * Whether the text is English all the same, for want of one in that language: 1 or 0.
   */
  uint32_t is_english;
  /**
   * Whether the language is written from right to left: 1 or 0.
   */
  uint32_t is_right_to_left;
} retriage_message_info;

/**
 * One header. A name may stand more than once, in any letter case.
 */
typedef struct retriage_header {
  /**
   * Its name.
   */
  const char *name;
  /**
   * How many bytes the name has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t name_length;
  /**
   * Its value, in UTF-8 or, as such values historically are, ISO-8859-1; NULL counts as empty.
   */
  const char *value;
  /**
   * How many bytes the value has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t value_length;
} retriage_header;

/**
 * What came back from a request, or that nothing did. Set `size`, leave everything else zero, and fill in what there
 * is. A number counts if its flag is set, a text if it isn't NULL; a number that is set without its flag is refused.
 * Nothing is kept after the call.
 */
typedef struct retriage_evidence {
  /**
   * sizeof(retriage_evidence).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_STATUS, _CODE_NUMBER, _MODE, _NOW_MS, _BODY_LIMIT, RETRIAGE_WITHOUT_DETAILS.
   */
  uint32_t flags;
  /**
   * The HTTP status, 0 to 65535.
   */
  uint32_t status;
  /**
   * A vendor code that is a number, where the caller has taken it out of the response already.
   */
  int64_t code_number;
  /**
   * A vendor code that is a name (UTF-8), likewise; one of digits counts as the number.
   */
  const char *code;
  /**
   * How many bytes it has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t code_length;
  /**
   * What the client calls the failure: "ECONNRESET", "curl:28".
   */
  const char *failure;
  /**
   * How many bytes it has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t failure_length;
  /**
   * The headers, and trailers if there were any.
   */
  const struct retriage_header *headers;
  /**
   * How many.
   */
  size_t header_count;
  /**
   * The body's bytes: JSON, HL7 version 2 (with or without its MLLP frame), text. NULL where there was none.
   */
  const char *body;
  /**
   * How many bytes it has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t body_length;
  /**
   * The MSH-10 of the HL7 message that was sent (UTF-8); an acknowledgement of another one proves nothing.
   */
  const char *control_id;
  /**
   * How many bytes it has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t control_id_length;
  /**
   * The time of receipt, in milliseconds since 1970-01-01T00:00:00Z; needed for hints that are dates.
   */
  int64_t now_ms;
  /**
   * The longest body that is read, in bytes; a longer one counts as unreadable. 1 MiB unless given.
   */
  uint64_t body_limit;
  /**
   * How the request was sent: RETRIAGE_MODE_*.
   */
  uint32_t mode;
  /**
   * Unused; leave it zero.
   */
  uint32_t reserved;
} retriage_evidence;

/**
 * What a response means. Set `size` before the call.
 */
typedef struct retriage_classification {
  /**
   * sizeof(retriage_classification).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_HINT, RETRIAGE_HAS_HINT_DELAY_MS.
   */
  uint32_t flags;
  /**
   * The entry that was found, in the registry of the catalog; 0 for none.
   */
  retriage_entry entry;
  /**
   * How long the server asks to wait from the time of receipt, in milliseconds.
   */
  uint64_t hint_delay_ms;
  /**
   * RETRIAGE_CATEGORY_*.
   */
  uint8_t category;
  /**
   * RETRIAGE_CANONICAL_*, a google.rpc.Code.
   */
  uint8_t canonical;
  /**
   * RETRIAGE_FAULT_*.
   */
  uint8_t fault;
  /**
   * RETRIAGE_RETRY_*.
   */
  uint8_t retry;
  /**
   * RETRIAGE_PROCESSED_*: whether the request took effect.
   */
  uint8_t processed;
  /**
   * RETRIAGE_FINALITY_*.
   */
  uint8_t finality;
  /**
   * RETRIAGE_SEVERITY_*.
   */
  uint8_t severity;
  /**
   * RETRIAGE_SCOPE_*: what a delay holds back.
   */
  uint8_t scope;
  /**
   * RETRIAGE_MATCH_*: how the entry was found.
   */
  uint8_t matched;
  /**
   * RETRIAGE_HINT_*: what the server's hint is worth.
   */
  uint8_t hint;
  /**
   * RETRIAGE_HINT_FROM_*: where it came from.
   */
  uint8_t hint_from;
  /**
   * Unused.
   */
  uint8_t reserved[5];
} retriage_classification;

/**
 * What one request remembers between its attempts. Set `size`, leave the rest zero before the first, and keep it; each
 * decision changes it. It holds numbers alone and can be stored.
 */
typedef struct retriage_state {
  /**
   * sizeof(retriage_state).
   */
  size_t size;
  /**
   * RETRIAGE_REAUTHENTICATED, RETRIAGE_HAS_PREVIOUS_MS, RETRIAGE_HAS_COST.
   */
  uint32_t flags;
  /**
   * The attempt after which the backoff started over; 0 if it hasn't.
   */
  uint32_t restarted;
  /**
   * The last wait, in milliseconds.
   */
  uint64_t previous_ms;
  /**
   * What the last retry cost the budget, in thousandths of a token.
   */
  uint64_t cost;
} retriage_state;

/**
 * What is left for a destination, shared by everybody who calls it; for profiles with a budget. Set `size` and leave
 * the rest zero for a full one. It holds numbers alone and can be stored. Two threads that share one take turns.
 */
typedef struct retriage_budget {
  /**
   * sizeof(retriage_budget).
   */
  size_t size;
  /**
   * Thousandths of a token, with RETRIAGE_HAS_THOUSANDTHS.
   */
  uint64_t thousandths;
  /**
   * RETRIAGE_HAS_THOUSANDTHS.
   */
  uint32_t flags;
  /**
   * Unused; leave it zero.
   */
  uint32_t reserved;
} retriage_budget;

/**
 * The request, and the attempt that has just ended. Set `size` and `number`; what is left zero counts as not said.
 */
typedef struct retriage_attempt {
  /**
   * sizeof(retriage_attempt).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_IDEMPOTENT, RETRIAGE_HAS_VERIFIED, RETRIAGE_HAS_RANDOM.
   */
  uint32_t flags;
  /**
   * Which attempt it was: 1 for the first.
   */
  uint32_t number;
  /**
   * Milliseconds since the first attempt began.
   */
  uint64_t elapsed_ms;
  /**
   * A number from 0 up to, but not including, 1, new for each decision; for the jitter of the profile.
   */
  double random;
  /**
   * The method, such as "GET"; NULL counts as one that isn't known to be safe to repeat.
   */
  const char *method;
  /**
   * How many bytes it has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t method_length;
  /**
   * What this request remembers: read, and changed where the decision is made. NULL for none.
   */
  struct retriage_state *state;
  /**
   * What is left for this destination, likewise. NULL for a full one.
   */
  struct retriage_budget *budget;
  /**
   * Whether repeating is safe, by an idempotency key or otherwise: 1 or 0; without its flag the method says.
   */
  uint32_t idempotent;
  /**
   * What a check after RETRIAGE_ACTION_VERIFY found: RETRIAGE_VERIFIED_*.
   */
  uint32_t verified;
  /**
   * Where it runs: RETRIAGE_ENVIRONMENT_*; 0 is production.
   */
  uint32_t environment;
  /**
   * Unused; leave it zero.
   */
  uint32_t reserved;
} retriage_attempt;

/**
 * What to do next. Set `size` before the call.
 */
typedef struct retriage_decision {
  /**
   * sizeof(retriage_decision).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_DELAY_MS, RETRIAGE_HAS_NOT_BEFORE_MS.
   */
  uint32_t flags;
  /**
   * RETRIAGE_ACTION_*: what to do.
   */
  uint8_t action;
  /**
   * RETRIAGE_SCOPE_*: what the delay holds back.
   */
  uint8_t scope;
  /**
   * RETRIAGE_CAUSE_*: what decided.
   */
  uint8_t cause;
  /**
   * Unused.
   */
  uint8_t reserved;
  /**
   * For RETRIAGE_ACTION_RETRY: after how many milliseconds from the time of receipt.
   */
  uint64_t delay_ms;
  /**
   * For RETRIAGE_ACTION_STOP: after how many milliseconds it could have been tried again.
   */
  uint64_t not_before_ms;
} retriage_decision;

/**
 * A profile, built in or made by retriage_profile_parse; 0 is the profile "standard".
 */
typedef uint64_t retriage_profile;

/**
 * A queue.
 */
typedef uint64_t retriage_queue;

/**
 * By which rules a queue goes. Set `size`, `catalog` and `profile`; what is left zero is the default.
 */
typedef struct retriage_setting {
  /**
   * sizeof(retriage_setting).
   */
  size_t size;
  /**
   * What the destination's answers mean.
   */
  retriage_catalog catalog;
  /**
   * What is done about them; 0 is "standard".
   */
  uint64_t profile;
  /**
   * How many messages the queue may hold; 0 is 10,000.
   */
  uint64_t capacity;
  /**
   * RETRIAGE_HAS_MODE.
   */
  uint32_t flags;
  /**
   * How the messages are sent: RETRIAGE_MODE_*.
   */
  uint32_t mode;
  /**
   * Where it runs: RETRIAGE_ENVIRONMENT_*; 0 is production.
   */
  uint32_t environment;
  /**
   * Unused; leave it zero.
   */
  uint32_t reserved;
} retriage_setting;

/**
 * What happened, and when. Set `size`, `kind` and `now_ms`, and what the kind needs.
 */
typedef struct retriage_event {
  /**
   * sizeof(retriage_event).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_ATTEMPT, RETRIAGE_HAS_OFFSET_MINUTES, RETRIAGE_HAS_RANDOM.
   */
  uint32_t flags;
  /**
   * RETRIAGE_EVENT_*: what happened.
   */
  uint32_t kind;
  /**
   * The time, in milliseconds since 1970-01-01T00:00:00Z.
   */
  int64_t now_ms;
  /**
   * A number from 0 up to, but not including, 1, new for each event; for a jittered profile.
   */
  double random;
  /**
   * The id of the message it happened to (UTF-8, at most 200 bytes), ending with a NUL: for RETRIAGE_EVENT_ENQUEUED,
   * _ANSWERED, _UNANSWERED, _SKIP and _RETRY_NOW.
   */
  const char *id;
  /**
   * For RETRIAGE_EVENT_ANSWERED: what came back. Its time and mode are the queue's own.
   */
  const struct retriage_evidence *evidence;
  /**
   * For RETRIAGE_EVENT_UNANSWERED: why, if the client says so, such as "ETIMEDOUT"; NULL if it doesn't.
   */
  const char *failure;
  /**
   * How many bytes it has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t failure_length;
  /**
   * For RETRIAGE_EVENT_ANSWERED and _UNANSWERED: which attempt, as the act numbered it. Give it wherever an answer
   * can come late: without it, a late one is taken for that of the attempt under way.
   */
  uint32_t attempt;
  /**
   * How far the time zone of the profile's alert is ahead of UTC at that time, in minutes. It must be given for a
   * profile that has one.
   */
  int32_t offset_minutes;
} retriage_event;

/**
 * Something to do. Set `size` before the call.
 */
typedef struct retriage_act {
  /**
   * sizeof(retriage_act).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_ATTEMPT, _UNTIL_MS, _REASON, _CAUSE.
   */
  uint32_t flags;
  /**
   * RETRIAGE_DELIVERY_*: what to do.
   */
  uint32_t action;
  /**
   * For RETRIAGE_DELIVERY_WAIT and _HOLD_ALERT: until when, in milliseconds since 1970. For _DROP: from when it could
   * have been tried again, where something says so.
   */
  int64_t until_ms;
  /**
   * For RETRIAGE_DELIVERY_SEND: which attempt it is, from 1.
   */
  uint32_t attempt;
  /**
   * RETRIAGE_REASON_*: why a message is dropped, refused or ignored.
   */
  uint32_t reason;
  /**
   * For a drop with RETRIAGE_REASON_FAILED, what decided: RETRIAGE_CAUSE_*.
   */
  uint32_t cause;
  /**
   * How many bytes the id has; 0 where the act is about none.
   */
  uint32_t id_length;
  /**
   * The id of the message, ending with a NUL.
   */
  char id[RETRIAGE_ID_CAPACITY];
} retriage_act;

/**
 * Where a queue stands. Set `size` before the call.
 */
typedef struct retriage_queue_info {
  /**
   * sizeof(retriage_queue_info).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_UNTIL_MS, RETRIAGE_HAS_ALERT_UNTIL_MS, RETRIAGE_QUEUE_IS_PAUSED.
   */
  uint32_t flags;
  /**
   * How often the first message has been sent.
   */
  uint32_t attempt;
  /**
   * How many messages are left.
   */
  uint64_t waiting;
  /**
   * When the first message is to be sent again, in milliseconds since 1970.
   */
  int64_t until_ms;
  /**
   * Until when the alert is held, in milliseconds since 1970.
   */
  int64_t alert_until_ms;
  /**
   * RETRIAGE_PHASE_*: where the first message is.
   */
  uint32_t phase;
  /**
   * RETRIAGE_ALARM_*: where the alert is.
   */
  uint32_t alarm;
} retriage_queue_info;

/**
 * What a destination wants its sender to do, and what it is about to answer: one of them, or both. Set `size`.
 */
typedef struct retriage_wish {
  /**
   * sizeof(retriage_wish).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_INTENT, RETRIAGE_HAS_STATUS.
   */
  uint32_t flags;
  /**
   * What it wants: RETRIAGE_INTENT_*.
   */
  uint32_t intent;
  /**
   * The HTTP status it is about to answer with.
   */
  uint32_t status;
  /**
   * Where it runs: RETRIAGE_ENVIRONMENT_*; 0 is production.
   */
  uint32_t environment;
  /**
   * The acknowledgement code it is about to answer with, such as "AE"; NULL for none.
   */
  const char *code;
  /**
   * How many bytes it has, or RETRIAGE_NUL_TERMINATED.
   */
  size_t code_length;
} retriage_wish;

/**
 * What to answer, and what the sender makes of it. Set `size` before the call.
 */
typedef struct retriage_advice {
  /**
   * sizeof(retriage_advice).
   */
  size_t size;
  /**
   * RETRIAGE_HAS_ADVISED, RETRIAGE_HAS_STATUS, RETRIAGE_HAS_ERROR_CODE, RETRIAGE_HAS_RECEIVED.
   */
  uint32_t flags;
  /**
   * The HTTP status to answer with, with RETRIAGE_HAS_STATUS.
   */
  uint32_t status;
  /**
   * The error code to put beside the acknowledgement, with RETRIAGE_HAS_ERROR_CODE.
   */
  int64_t error_code;
  /**
   * With RETRIAGE_HAS_ADVISED, what the sender does about the advised answer: RETRIAGE_SENDER_*.
   */
  uint32_t sender;
  /**
   * With RETRIAGE_HAS_RECEIVED, what it does about the answer that was asked about.
   */
  uint32_t received;
  /**
   * What should give pause: bit n is the RETRIAGE_WARNING_* of that number.
   */
  uint32_t warnings;
  /**
   * Unused.
   */
  uint32_t reserved;
} retriage_advice;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that runs, such as "0.1.0": a static text. RETRIAGE_VERSION is that of the header.
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * printf("compiled for %s, runs with %s\n", RETRIAGE_VERSION, retriage_version());
 * @endcode
 */
const char *retriage_version(void);

/**
 * The version of the library that runs as a number to compare: 1,000,000 times the first part, 1,000 times the second,
 * and the third. RETRIAGE_VERSION_NUMBER is that of the header.
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * if (retriage_version_number() < 1000) puts("older than 0.1.0");
 * @endcode
 */
uint32_t retriage_version_number(void);

/**
 * The ABI of the library that runs. It must be RETRIAGE_ABI of the header that a program was compiled with; a program
 * that loads the library by itself asks first.
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * if (retriage_abi() != RETRIAGE_ABI) abort();
 * @endcode
 */
uint32_t retriage_abi(void);

/**
 * What a status means, in a few English words: a static text, never NULL.
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * if (status != RETRIAGE_OK) fprintf(stderr, "%s\n", retriage_status_text(status));
 * @endcode
 */
const char *retriage_status_text(int32_t status);

/**
 * The text of the last call of this thread that failed: what was bad, where, and what would be right. It never holds
 * a text of a response. Calls that work leave it as it is; before the first failure it is empty.
 *
 * @param buffer   where the text and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK, RETRIAGE_BUFFER_TOO_SMALL or RETRIAGE_NULL_POINTER
 *
 * Any thread may call it, and sees its own failures only.
 *
 * Example:
 * @code
 * char text[512];
 * if (retriage_catalog_find(RETRIAGE_BUILT_IN, "upddox", &catalog) != RETRIAGE_OK
 *     && retriage_last_error(text, sizeof text, NULL) == RETRIAGE_OK)
 *   fprintf(stderr, "%s\n", text);
 * @endcode
 */
int32_t retriage_last_error(char *buffer,
                            size_t capacity,
                            size_t *needed);

/**
 * The spelling of a word, as it stands in catalogs, in JSON and in every language: a static text.
 *
 * @param kind   RETRIAGE_KIND_*
 * @param number the word's number
 * @return the spelling; NULL where there is no such set or word, and retriage_last_error says which
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * puts(retriage_word(RETRIAGE_KIND_RETRY, meaning.retry));
 * @endcode
 */
const char *retriage_word(uint32_t kind, uint32_t number);

/**
 * The number of a word.
 *
 * @param kind     RETRIAGE_KIND_*
 * @param spelling its spelling, ending with a NUL; letter case counts
 * @param number   gets the number
 * @return RETRIAGE_OK, RETRIAGE_BAD_WORD (no such set or word), RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8,
 *         RETRIAGE_EMPTY_TEXT
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * uint32_t mode;
 * if (retriage_word_number(RETRIAGE_KIND_MODE, configured, &mode) != RETRIAGE_OK) usage();
 * @endcode
 */
int32_t retriage_word_number(uint32_t kind, const char *spelling, uint32_t *number);

/**
 * One word of an answer of retriage_find, for languages that can't use RETRIAGE_CATEGORY_OF and its like.
 *
 * @param answer an answer
 * @param kind   RETRIAGE_KIND_CATEGORY, _CANONICAL, _FAULT, _RETRY, _PROCESSED, _FINALITY, _SEVERITY, _SCOPE or _MATCH
 * @return the word's number; UINT32_MAX where an answer has no word of that set
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * uint32_t retry = retriage_answer_word(answer, RETRIAGE_KIND_RETRY);
 * @endcode
 */
uint32_t retriage_answer_word(retriage_answer answer,
                              uint32_t kind);

/**
 * Makes a registry of the built-in catalogs and those of these files, which may extend and overlay each other and
 * the built-in ones, and of the built-in languages and those of these files. All files pass the checks that the
 * built-in ones passed. It never changes afterwards; to load something else, make another.
 *
 * @param catalogs       files of catalogs (codes/catalog.schema.json); NULL for none
 * @param catalog_count  how many
 * @param languages      files of languages (codes/messages.schema.json); NULL for none
 * @param language_count how many
 * @param registry       gets the handle; free it with retriage_registry_free
 * @return RETRIAGE_OK; RETRIAGE_BAD_FILE, with each mistake and its place a line of retriage_last_error;
 *         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_TOO_MANY_HANDLES (65,536)
 *
 * Any thread may call it. The files are read during the call and not kept.
 *
 * Example:
 * @code
 * retriage_file file = { "acme.json", acme_json, RETRIAGE_NUL_TERMINATED };
 * retriage_registry registry;
 * if (retriage_registry_load(&file, 1, NULL, 0, &registry) == RETRIAGE_OK) {
 *   retriage_catalog acme;
 *   retriage_catalog_find(registry, "acme", &acme);
 * }
 * @endcode
 */
int32_t retriage_registry_load(const struct retriage_file *catalogs,
                               size_t catalog_count,
                               const struct retriage_file *languages,
                               size_t language_count,
                               retriage_registry *registry);

/**
 * Frees a registry. Its catalogs and entries go with it; queues, profiles and calls that are under way do not need it
 * any more.
 *
 * @param registry what retriage_registry_load gave
 * @return RETRIAGE_OK, RETRIAGE_BAD_HANDLE (RETRIAGE_BUILT_IN is never freed), RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it, also while others use the registry: their calls under way end well, and later ones return
 * RETRIAGE_FREED_HANDLE.
 *
 * Example:
 * @code
 * retriage_registry_free(registry);
 * @endcode
 */
int32_t retriage_registry_free(retriage_registry registry);

/**
 * Finds a catalog by its id. One that overlays another is found by both ids.
 *
 * @param registry RETRIAGE_BUILT_IN, or a loaded one
 * @param id       its id, such as "redox", ending with a NUL
 * @param catalog  gets the handle; there is nothing to free
 * @return RETRIAGE_OK; RETRIAGE_ERROR_UNKNOWN_CATALOG, with those there are in retriage_last_error;
 *         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it. Look a catalog up once and keep the handle.
 *
 * Example:
 * @code
 * retriage_catalog redox;
 * if (retriage_catalog_find(RETRIAGE_BUILT_IN, "redox", &redox) != RETRIAGE_OK) abort();
 * @endcode
 */
int32_t retriage_catalog_find(retriage_registry registry,
                              const char *id,
                              retriage_catalog *catalog);

/**
 * Lists the catalogs, those that are extended before those that extend them. One that is overlaid is left out.
 *
 * @param registry RETRIAGE_BUILT_IN, or a loaded one
 * @param index    from 0
 * @param catalog  gets the handle
 * @return RETRIAGE_OK; RETRIAGE_OUT_OF_RANGE past the last; RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE,
 *         RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_catalog catalog;
 * for (size_t i = 0; retriage_catalog_at(RETRIAGE_BUILT_IN, i, &catalog) == RETRIAGE_OK; i++)
 *   if (retriage_catalog_text(catalog, RETRIAGE_TEXT_ID, text, sizeof text, NULL) == RETRIAGE_OK) puts(text);
 * @endcode
 */
int32_t retriage_catalog_at(retriage_registry registry,
                            size_t index,
                            retriage_catalog *catalog);

/**
 * Says what a catalog is, and which entries it has.
 *
 * @param catalog a catalog
 * @param info    is filled; set its `size` first
 * @return RETRIAGE_OK, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_catalog_info info = RETRIAGE_INIT(retriage_catalog_info);
 * retriage_catalog_describe(redox, &info);
 * for (retriage_entry e = info.first_entry; e < info.first_entry + info.entries; e++)
 *   if (retriage_entry_text(RETRIAGE_BUILT_IN, e, RETRIAGE_TEXT_ID, text, sizeof text, NULL) == RETRIAGE_OK)
 *     puts(text);
 * @endcode
 */
int32_t retriage_catalog_describe(retriage_catalog catalog, struct retriage_catalog_info *info);

/**
 * A text of a catalog: RETRIAGE_TEXT_ID, _NAME, _ABOUT or _AS_OF.
 *
 * @param catalog  a catalog
 * @param which    which text
 * @param buffer   where the text and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK; RETRIAGE_ABSENT where it has none; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_BAD_WORD,
 *         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char date[16];
 * retriage_catalog_text(redox, RETRIAGE_TEXT_AS_OF, date, sizeof date, NULL);
 * @endcode
 */
int32_t retriage_catalog_text(retriage_catalog catalog,
                              uint32_t which,
                              char *buffer,
                              size_t capacity,
                              size_t *needed);

/**
 * Finds an entry by its id, which is what to store of an entry: ids are never renamed.
 *
 * @param registry RETRIAGE_BUILT_IN, or a loaded one
 * @param id       `catalog/key` or `catalog/key.variant`, ending with a NUL
 * @param entry    gets its number
 * @return RETRIAGE_OK, RETRIAGE_ERROR_UNKNOWN_ENTRY, RETRIAGE_ERROR_UNKNOWN_CATALOG, RETRIAGE_NULL_POINTER,
 *         RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_entry entry;
 * retriage_entry_find(RETRIAGE_BUILT_IN, "updox/4651", &entry);
 * @endcode
 */
int32_t retriage_entry_find(retriage_registry registry, const char *id, retriage_entry *entry);

/**
 * Says what an entry is.
 *
 * @param registry RETRIAGE_BUILT_IN, or a loaded one
 * @param entry    an entry of it
 * @param info     is filled; set its `size` first
 * @return RETRIAGE_OK, RETRIAGE_OUT_OF_RANGE (no such entry), RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE,
 *         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_entry_info info = RETRIAGE_INIT(retriage_entry_info);
 * retriage_entry_describe(RETRIAGE_BUILT_IN, entry, &info);
 * if (info.flags & RETRIAGE_ENTRY_HAS_WAIT) sleep_ms(info.wait_ms);
 * @endcode
 */
int32_t retriage_entry_describe(retriage_registry registry,
                                retriage_entry entry,
                                struct retriage_entry_info *info);

/**
 * A text of an entry, in English: RETRIAGE_TEXT_ID, _NAME, _REMEDY, _VENDOR, _WHY, _SOURCE or _NAMES. Texts for a
 * person, and in other languages, come from retriage_message.
 *
 * @param registry RETRIAGE_BUILT_IN, or a loaded one
 * @param entry    an entry of it
 * @param which    which text
 * @param buffer   where the text and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK; RETRIAGE_ABSENT where it has none; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_BAD_WORD,
 *         RETRIAGE_OUT_OF_RANGE (no such entry), RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char id[256];
 * retriage_entry_text(RETRIAGE_BUILT_IN, RETRIAGE_ENTRY_OF(answer), RETRIAGE_TEXT_ID, id, sizeof id, NULL);
 * @endcode
 */
int32_t retriage_entry_text(retriage_registry registry,
                            retriage_entry entry,
                            uint32_t which,
                            char *buffer,
                            size_t capacity,
                            size_t *needed);

/**
 * The text for a person: the entry's own or, where it has none, that of a category.
 *
 * @param registry RETRIAGE_BUILT_IN, or a loaded one
 * @param entry    an entry of it, or 0 for the text of the category
 * @param category RETRIAGE_CATEGORY_*; counts only where `entry` is 0
 * @param audience RETRIAGE_AUDIENCE_*; operator and developer texts are English everywhere
 * @param locales  the languages that are wished for, the first wish first, with commas between: "es-MX, fr"; NULL
 *                 for English. "es-MX" finds "es" (RFC 4647, section 3.4)
 * @param info     is filled with the language that was found, if it isn't NULL; set its `size` first
 * @param buffer   where the text (UTF-8) and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK, RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_BAD_WORD, RETRIAGE_OUT_OF_RANGE (no such entry),
 *         RETRIAGE_BAD_UTF8, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char text[1024];
 * retriage_message(RETRIAGE_BUILT_IN, classification.entry, classification.category, RETRIAGE_AUDIENCE_USER,
 *                  "es-MX", NULL, text, sizeof text, NULL);
 * @endcode
 */
int32_t retriage_message(retriage_registry registry,
                         retriage_entry entry,
                         uint32_t category,
                         uint32_t audience,
                         const char *locales,
                         struct retriage_message_info *info,
                         char *buffer,
                         size_t capacity,
                         size_t *needed);

/**
 * Lists the tags of the languages there are besides English.
 *
 * @param registry RETRIAGE_BUILT_IN, or a loaded one
 * @param index    from 0
 * @param buffer   where the tag and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are; RETRIAGE_TAG_CAPACITY is enough
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK; RETRIAGE_OUT_OF_RANGE past the last; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_NULL_POINTER,
 *         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char tag[RETRIAGE_TAG_CAPACITY];
 * for (size_t i = 0; retriage_locale_at(RETRIAGE_BUILT_IN, i, tag, sizeof tag, NULL) == RETRIAGE_OK; i++) puts(tag);
 * @endcode
 */
int32_t retriage_locale_at(retriage_registry registry,
                           size_t index,
                           char *buffer,
                           size_t capacity,
                           size_t *needed);

/**
 * Finds the entry of a status or of a numeric code, without a response. It allocates nothing and, of a built-in
 * catalog, costs little more than the call.
 *
 * A response can say more: variants are told apart, and codes in a body found, by retriage_classify.
 *
 * @param catalog a catalog
 * @param space   RETRIAGE_SPACE_STATUS or RETRIAGE_SPACE_CODE
 * @param number  the status or code
 * @return the answer, of which RETRIAGE_CATEGORY_OF and the other macros, or retriage_answer_word, give the parts.
 *         Where nothing is found, RETRIAGE_ENTRY_OF is 0, the category unknown, the retry verify, and the match
 *         RETRIAGE_MATCH_UNKNOWN. Where the catalog is no good handle or the space is another, all that is so as
 *         well, but the match is 0 (RETRIAGE_IS_ERROR), and retriage_last_error says what is wrong. So an answer
 *         that nobody looks into never reads as a success.
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_answer answer = retriage_find(updox, RETRIAGE_SPACE_CODE, 4651);
 * if (RETRIAGE_RETRY_OF(answer) == RETRIAGE_RETRY_BACKOFF) retry_later();
 * @endcode
 */
retriage_answer retriage_find(retriage_catalog catalog,
                              uint32_t space,
                              int64_t number);

/**
 * Finds the entry of a code that is a name, or of a failure. It allocates nothing.
 *
 * @param catalog     a catalog
 * @param space       RETRIAGE_SPACE_CODE or RETRIAGE_SPACE_FAILURE; failures are looked up in the catalog transport
 *                    as well
 * @param name        the name, such as "ECONNRESET"; letter case counts. A code of digits counts as the number
 * @param name_length how many bytes it has, or RETRIAGE_NUL_TERMINATED
 * @return the answer, as of retriage_find
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_answer answer =
 *     retriage_find_name(http, RETRIAGE_SPACE_FAILURE, "curl:28", RETRIAGE_NUL_TERMINATED);
 * @endcode
 */
retriage_answer retriage_find_name(retriage_catalog catalog,
                                   uint32_t space,
                                   const char *name,
                                   size_t name_length);

/**
 * Says what a response, or a failure without one, means: by its status, code, failure name, headers and body, and of
 * HL7 the bytes of the acknowledgement.
 *
 * @param catalog        the catalog of whoever answered
 * @param evidence       what came back
 * @param classification is filled; set its `size` first
 * @return RETRIAGE_OK; RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT,
 *         RETRIAGE_BAD_FLAG, RETRIAGE_BAD_WORD, RETRIAGE_OUT_OF_RANGE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE.
 *         No response is an error: what can't be understood is RETRIAGE_CATEGORY_UNKNOWN
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_evidence evidence = RETRIAGE_INIT(retriage_evidence);
 * evidence.flags = RETRIAGE_HAS_STATUS;
 * evidence.status = 503;
 * retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
 * if (retriage_classify(http, &evidence, &meaning) == RETRIAGE_OK)
 *   puts(retriage_word(RETRIAGE_KIND_CATEGORY, meaning.category));
 * @endcode
 */
int32_t retriage_classify(retriage_catalog catalog,
                          const struct retriage_evidence *evidence,
                          struct retriage_classification *classification);

/**
 * Says what a response means, and what to do about it: try again and when, fetch fresh credentials, check first
 * whether it took effect, stop.
 *
 * @param catalog        the catalog of whoever answered
 * @param evidence       what came back
 * @param attempt        the request and the attempt that has just ended; its state and budget, if it has them, are
 *                       changed
 * @param profile        how to retry: 0 for the profile "standard", or what retriage_profile_find or
 *                       retriage_profile_parse gave
 * @param classification is filled, if it isn't NULL; set its `size` first
 * @param decision       is filled; set its `size` first
 * @return as of retriage_classify, and RETRIAGE_ERROR_NEEDS_RANDOM (the profile is jittered: give `random`),
 *         RETRIAGE_ERROR_NEEDS_NOW (the server named a date: give `now_ms`), RETRIAGE_ERROR_BAD_VALUE (`number` is 0,
 *         or `random` isn't in [0, 1)). After an error nothing is changed
 *
 * Any thread may call it; two that share a state or a budget take turns.
 *
 * Example:
 * @code
 * retriage_attempt attempt = RETRIAGE_INIT(retriage_attempt);
 * attempt.number = 1;
 * attempt.method = "GET";
 * attempt.method_length = RETRIAGE_NUL_TERMINATED;
 * attempt.flags = RETRIAGE_HAS_RANDOM;
 * attempt.random = drand48();
 * retriage_decision next = RETRIAGE_INIT(retriage_decision);
 * if (retriage_decide(http, &evidence, &attempt, 0, NULL, &next) == RETRIAGE_OK
 *     && next.action == RETRIAGE_ACTION_RETRY)
 *   sleep_ms(next.delay_ms);
 * @endcode
 */
int32_t retriage_decide(retriage_catalog catalog,
                        const struct retriage_evidence *evidence,
                        const struct retriage_attempt *attempt,
                        uint64_t profile,
                        struct retriage_classification *classification,
                        struct retriage_decision *decision);

/**
 * Says in JSON what a response means and, with an attempt, what to do: the answer of the wire form
 * (codes/answer.schema.json), with the texts for a person, what the response says in its own words (`details`), and
 * what led to it (`because`); or one value of it.
 *
 * @param catalog  the catalog of whoever answered
 * @param evidence what came back
 * @param attempt  the attempt that has just ended, for a decision; NULL for none. Its state and budget stay as they
 *                 are
 * @param profile  as of retriage_decide; counts only with an attempt
 * @param locales  as of retriage_message; NULL for English
 * @param pointer  a JSON pointer (RFC 6901) to one value, such as "/classification/details/message" or
 *                 "/decision/look_at"; a text comes without quotation marks. NULL or "" for the whole
 * @param buffer   where the text (UTF-8) and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return as of retriage_decide, and RETRIAGE_ABSENT (there is no such value, or it is null),
 *         RETRIAGE_BUFFER_TOO_SMALL
 *
 * Texts of the response stand in `details` alone, which may hold personal data; RETRIAGE_WITHOUT_DETAILS leaves them
 * out.
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char url[2048];
 * if (next.action == RETRIAGE_ACTION_FOLLOW)
 *   retriage_explain(http, &evidence, NULL, 0, NULL, "/classification/details/location", url, sizeof url, NULL);
 * @endcode
 */
int32_t retriage_explain(retriage_catalog catalog,
                         const struct retriage_evidence *evidence,
                         const struct retriage_attempt *attempt,
                         uint64_t profile,
                         const char *locales,
                         const char *pointer,
                         char *buffer,
                         size_t capacity,
                         size_t *needed);

/**
 * Finds a built-in profile by its id.
 *
 * @param id      its id, such as "aws-standard", ending with a NUL
 * @param profile gets the handle; there is nothing to free
 * @return RETRIAGE_OK; RETRIAGE_ERROR_UNKNOWN_PROFILE, with those there are in retriage_last_error;
 *         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_profile mirth;
 * retriage_profile_find("mirth", &mirth);
 * @endcode
 */
int32_t retriage_profile_find(const char *id, retriage_profile *profile);

/**
 * Lists the built-in profiles, in the order of their ids.
 *
 * @param index   from 0
 * @param profile gets the handle
 * @return RETRIAGE_OK; RETRIAGE_OUT_OF_RANGE past the last; RETRIAGE_NULL_POINTER
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_profile profile;
 * for (size_t i = 0; retriage_profile_at(i, &profile) == RETRIAGE_OK; i++)
 *   if (retriage_profile_text(profile, RETRIAGE_TEXT_ID, text, sizeof text, NULL) == RETRIAGE_OK) puts(text);
 * @endcode
 */
int32_t retriage_profile_at(size_t index, retriage_profile *profile);

/**
 * Makes a profile of JSON (codes/profile.schema.json): an object, which may say which built-in one it extends.
 *
 * @param json        the profile
 * @param json_length how many bytes it has, or RETRIAGE_NUL_TERMINATED
 * @param profile     gets the handle; free it with retriage_profile_free
 * @return RETRIAGE_OK; RETRIAGE_ERROR_BAD_JSON, RETRIAGE_ERROR_UNKNOWN_FIELD, RETRIAGE_ERROR_BAD_VALUE,
 *         RETRIAGE_ERROR_MISSING_FIELD, RETRIAGE_ERROR_UNKNOWN_PROFILE or RETRIAGE_ERROR_CONFLICT, with the place and
 *         what would be right in retriage_last_error; RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT,
 *         RETRIAGE_TOO_MANY_HANDLES (65,536)
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_profile quick;
 * retriage_profile_parse("{\"extends\":\"standard\",\"attempts\":3}", RETRIAGE_NUL_TERMINATED, &quick);
 * @endcode
 */
int32_t retriage_profile_parse(const char *json,
                               size_t json_length,
                               retriage_profile *profile);

/**
 * Frees a profile that retriage_profile_parse made.
 *
 * @param profile what retriage_profile_parse gave
 * @return RETRIAGE_OK, RETRIAGE_BAD_HANDLE (0 and built-in profiles are never freed), RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it, also while others use the profile.
 *
 * Example:
 * @code
 * retriage_profile_free(quick);
 * @endcode
 */
int32_t retriage_profile_free(retriage_profile profile);

/**
 * A text of a profile: RETRIAGE_TEXT_ID, _NAME, _ABOUT, _WHY or _JSON, which is the whole of it.
 *
 * @param profile  a profile; 0 is "standard"
 * @param which    which text
 * @param buffer   where the text and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK; RETRIAGE_ABSENT where it has none; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_BAD_WORD,
 *         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char about[1024];
 * retriage_profile_text(0, RETRIAGE_TEXT_ABOUT, about, sizeof about, NULL);
 * @endcode
 */
int32_t retriage_profile_text(retriage_profile profile,
                              uint32_t which,
                              char *buffer,
                              size_t capacity,
                              size_t *needed);

/**
 * Makes a queue: empty, or as retriage_queue_save kept it.
 *
 * A queue delivers the messages of one subscription in their order, at least once, under their ids. It holds ids and
 * never a payload, reads no clock and sends nothing: its owner tells it what happened (retriage_queue_step) and does
 * what it says. The first message blocks the others while it is tried again.
 *
 * @param json        what retriage_queue_save gave; NULL for an empty queue
 * @param json_length how many bytes it has, or RETRIAGE_NUL_TERMINATED; 0 with NULL
 * @param queue       gets the handle; free it with retriage_queue_free
 * @return RETRIAGE_OK; RETRIAGE_ERROR_BAD_JSON, RETRIAGE_ERROR_UNKNOWN_FIELD, RETRIAGE_ERROR_BAD_VALUE,
 *         RETRIAGE_ERROR_MISSING_FIELD or RETRIAGE_ERROR_CONFLICT, with the place in retriage_last_error;
 *         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_TOO_MANY_HANDLES (65,536)
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_queue queue;
 * retriage_queue_new(NULL, 0, &queue);
 * @endcode
 */
int32_t retriage_queue_new(const char *json,
                           size_t json_length,
                           retriage_queue *queue);

/**
 * Frees a queue. What it holds is gone; retriage_queue_save keeps it.
 *
 * @param queue what retriage_queue_new gave
 * @return RETRIAGE_OK, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_queue_free(queue);
 * @endcode
 */
int32_t retriage_queue_free(retriage_queue queue);

/**
 * Tells a queue what happened; it says what to do. After an error the queue is as it was.
 *
 * @param queue   a queue
 * @param setting by which rules
 * @param event   what happened
 * @param acts    gets how many things are to be done, in their order; retriage_queue_act gives each, until the next
 *                step
 * @return RETRIAGE_OK; RETRIAGE_ERROR_BAD_VALUE (an id or a time out of range), RETRIAGE_ERROR_NEEDS_RANDOM,
 *         RETRIAGE_ERROR_MISSING_FIELD (`offset_minutes`); RETRIAGE_NULL_POINTER (also `id` or `evidence`, where the
 *         kind needs it), RETRIAGE_BAD_SIZE, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_BAD_FLAG,
 *         RETRIAGE_BAD_WORD, RETRIAGE_OUT_OF_RANGE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it, and calls for one queue take turns; but the acts are those of the last step, so that a step
 * and the reading of its acts belong to one thread at a time.
 *
 * Example:
 * @code
 * retriage_event event = RETRIAGE_INIT(retriage_event);
 * event.kind = RETRIAGE_EVENT_ENQUEUED;
 * event.id = "MSG00001";
 * event.now_ms = now();
 * size_t acts;
 * retriage_act act = RETRIAGE_INIT(retriage_act);
 * if (retriage_queue_step(queue, &setting, &event, &acts) == RETRIAGE_OK)
 *   for (size_t i = 0; i < acts; i++)
 *     if (retriage_queue_act(queue, i, &act) == RETRIAGE_OK && act.action == RETRIAGE_DELIVERY_SEND)
 *       send_message(act.id, act.attempt);
 * @endcode
 */
int32_t retriage_queue_step(retriage_queue queue,
                            const struct retriage_setting *setting,
                            const struct retriage_event *event,
                            size_t *acts);

/**
 * Gives one of the things that the last step of a queue said to do.
 *
 * @param queue a queue
 * @param index from 0
 * @param act   is filled; set its `size` first
 * @return RETRIAGE_OK, RETRIAGE_OUT_OF_RANGE past the last, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE,
 *         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it; see retriage_queue_step.
 *
 * Example: see retriage_queue_step.
 */
int32_t retriage_queue_act(retriage_queue queue, size_t index, struct retriage_act *act);

/**
 * Says where a queue stands.
 *
 * @param queue a queue
 * @param info  is filled; set its `size` first
 * @return RETRIAGE_OK, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_queue_info info = RETRIAGE_INIT(retriage_queue_info);
 * retriage_queue_describe(queue, &info);
 * printf("%llu left\n", (unsigned long long)info.waiting);
 * @endcode
 */
int32_t retriage_queue_describe(retriage_queue queue, struct retriage_queue_info *info);

/**
 * Lists the ids of the messages that are left, the first one in front.
 *
 * @param queue    a queue
 * @param index    from 0
 * @param buffer   where the id and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are; RETRIAGE_ID_CAPACITY is enough
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK; RETRIAGE_OUT_OF_RANGE past the last; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_NULL_POINTER,
 *         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char id[RETRIAGE_ID_CAPACITY];
 * for (size_t i = 0; retriage_queue_waiting(queue, i, id, sizeof id, NULL) == RETRIAGE_OK; i++) puts(id);
 * @endcode
 */
int32_t retriage_queue_waiting(retriage_queue queue,
                               size_t index,
                               char *buffer,
                               size_t capacity,
                               size_t *needed);

/**
 * Writes everything that a queue is as JSON, for its owner to keep. retriage_queue_new makes the same queue of it; tell
 * that one RETRIAGE_EVENT_RESTARTED first.
 *
 * @param queue    a queue
 * @param buffer   where the text (UTF-8) and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK, RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * size_t needed = 0;
 * retriage_queue_save(queue, NULL, 0, &needed);
 * char *json = malloc(needed);
 * if (json && retriage_queue_save(queue, json, needed, NULL) == RETRIAGE_OK) store(json);
 * @endcode
 */
int32_t retriage_queue_save(retriage_queue queue,
                            char *buffer,
                            size_t capacity,
                            size_t *needed);

/**
 * Says what a destination should answer its sender to get what it wants, and what the sender makes of an answer.
 *
 * @param catalog the catalog of the sender, such as "redox" or "hl7v2"
 * @param wish    what is wanted, what is about to be answered, or both
 * @param advice  is filled; set its `size` first
 * @return RETRIAGE_OK; RETRIAGE_ABSENT (the catalog has no advice for it); RETRIAGE_ERROR_MISSING_FIELD (neither an
 *         intent nor a reply); RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_FLAG, RETRIAGE_BAD_WORD,
 *         RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_OUT_OF_RANGE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * retriage_wish wish = RETRIAGE_INIT(retriage_wish);
 * wish.flags = RETRIAGE_HAS_INTENT;
 * wish.intent = RETRIAGE_INTENT_DOWN;
 * retriage_advice advice = RETRIAGE_INIT(retriage_advice);
 * if (retriage_advise(redox, &wish, &advice) == RETRIAGE_OK) respond(advice.status);
 * @endcode
 */
int32_t retriage_advise(retriage_catalog catalog,
                        const struct retriage_wish *wish,
                        struct retriage_advice *advice);

/**
 * Says in JSON what retriage_advise says in numbers: the advice of the wire form (codes/answer.schema.json), with the
 * code to answer, titles, remedies and sources; or one value of it.
 *
 * @param catalog  the catalog of the sender
 * @param wish     as of retriage_advise
 * @param pointer  a JSON pointer (RFC 6901) to one value, such as "/advice/advised/code"; a text comes without
 *                 quotation marks. NULL or "" for the whole
 * @param buffer   where the text (UTF-8) and a NUL go; may be NULL if `capacity` is 0
 * @param capacity how many bytes there are
 * @param needed   gets how many bytes it takes, the NUL included; may be NULL
 * @return as of retriage_advise, and RETRIAGE_ABSENT (there is no such value), RETRIAGE_BUFFER_TOO_SMALL
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char code[8];
 * retriage_advise_text(hl7v2, &wish, "/advice/advised/code", code, sizeof code, NULL);
 * @endcode
 */
int32_t retriage_advise_text(retriage_catalog catalog,
                             const struct retriage_wish *wish,
                             const char *pointer,
                             char *buffer,
                             size_t capacity,
                             size_t *needed);

/**
 * Answers a question of the wire form: one JSON object in (codes/question.schema.json), one out
 * (codes/answer.schema.json). It does all that the other functions do, and the limits that documents state.
 *
 * @param registry        RETRIAGE_BUILT_IN, or a loaded one
 * @param question        the question, in UTF-8
 * @param question_length how many bytes it has, or RETRIAGE_NUL_TERMINATED
 * @param buffer          where the answer and a NUL go; may be NULL if `capacity` is 0
 * @param capacity        how many bytes there are
 * @param needed          gets how many bytes it takes, the NUL included; may be NULL
 * @return RETRIAGE_OK, also where the answer is an `error`, which says what is wrong with the question;
 *         RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT,
 *         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
 *
 * The same question gives the same answer, so that a second call with a larger buffer is as good as the first.
 *
 * Any thread may call it.
 *
 * Example:
 * @code
 * char answer[16384];
 * if (retriage_answer_json(RETRIAGE_BUILT_IN, "{\"catalog\":\"redox\",\"status\":503}", RETRIAGE_NUL_TERMINATED,
 *                          answer, sizeof answer, NULL) == RETRIAGE_OK)
 *   puts(answer);
 * @endcode
 */
int32_t retriage_answer_json(retriage_registry registry,
                             const char *question,
                             size_t question_length,
                             char *buffer,
                             size_t capacity,
                             size_t *needed);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RETRIAGE_H */
