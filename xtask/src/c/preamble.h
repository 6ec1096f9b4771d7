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
