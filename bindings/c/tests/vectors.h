/* What `cargo xtask` prints of tests/vectors: what is asked, and what the core answers. */
#ifndef RETRIAGE_TESTS_VECTORS_H
#define RETRIAGE_TESTS_VECTORS_H

#include <retriage.h>

/* A question of the wire form and the answer, byte by byte. */
struct answer_case {
  const char *name;
  const char *question;
  size_t question_length;
  const char *answer;
};

/* Evidence and, with a profile, an attempt; what they mean, and what is decided. */
struct meaning_case {
  const char *name;
  const char *catalog;
  retriage_evidence evidence;
  const char *profile; /* an id, or JSON; NULL where nothing is decided */
  retriage_attempt attempt;
  retriage_state state;
  retriage_budget budget;
  int32_t status;
  const char *entry; /* its id; NULL for none */
  retriage_classification meaning;
  retriage_decision decision;
  size_t answer; /* which of `answers` says the same, */
  const char *locales; /* in which languages; NULL for English */
  retriage_state state_after;
  retriage_budget budget_after;
};

/* What happens to a queue, and what is then to be done. */
struct happened {
  retriage_event event;
  retriage_evidence evidence;
  const retriage_act *acts;
  size_t act_count;
};

/* A queue before and after what happens to it. */
struct delivery_case {
  const char *name;
  const char *catalog;
  const char *profile;
  const char *before; /* NULL for an empty one */
  const char *after;
  const struct happened *events;
  size_t event_count;
  uint64_t capacity;
  int has_mode;
  uint32_t mode;
  uint32_t environment;
};

struct advice_case {
  const char *name;
  const char *catalog;
  retriage_wish wish;
  const char *json;
  retriage_advice advice;
};

/* An entry of a built-in catalog. */
struct entry_case {
  const char *catalog;
  const char *id;
  const char *key;
  const char *title;
  const char *source;
  const char *german; /* the user's text */
  const char *why;    /* NULL for none */
  retriage_entry_info info;
};

extern const struct answer_case answers[];
extern const size_t answers_count;
extern const struct meaning_case meanings[];
extern const size_t meanings_count;
extern const struct delivery_case deliveries[];
extern const size_t deliveries_count;
extern const struct advice_case advices[];
extern const size_t advices_count;
extern const struct entry_case entries[];
extern const size_t entries_count;

#endif
