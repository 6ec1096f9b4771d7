/*
 * What a program of today sees of a library whose structs have grown by a field, and of one whose haven't: the same.
 * Its argument says which it runs with: "grown" or "same".
 *
 * And what a program of tomorrow, whose structs have grown, sees of the library of today.
 */
#include <stddef.h>

#include "check.h"

/* A struct that the library fills, and what lies behind it. */
#define GUARDED(type) \
  struct {            \
    type it;          \
    uint64_t behind;  \
  }

/* What a program of tomorrow has. */
struct classification_of_tomorrow {
  retriage_classification fields;
  uint64_t grown;
  uint64_t more;
};

struct evidence_of_tomorrow {
  retriage_evidence fields;
  uint64_t grown;
  uint64_t more;
};

static const uint64_t CANARY = UINT64_C(0x5AFE5AFE5AFE5AFE);

int main(int count, char **arguments) {
  int is_grown = count > 1 && strcmp(arguments[1], "grown") == 0;
  retriage_catalog catalog = 0;
  CHECK(retriage_catalog_find(RETRIAGE_BUILT_IN, "http", &catalog) == RETRIAGE_OK);

  /* A program of today. */
  /* Of what the library reads, each in memory of its own, so that valgrind sees who reads past its end. */
  retriage_evidence *evidence = malloc(sizeof *evidence);
  retriage_attempt *attempt = malloc(sizeof *attempt);
  if (evidence == NULL || attempt == NULL) return 2;
  *evidence = RETRIAGE_INIT(retriage_evidence);
  *attempt = RETRIAGE_INIT(retriage_attempt);
  GUARDED(retriage_state) state = {RETRIAGE_INIT(retriage_state), CANARY};
  GUARDED(retriage_classification) meaning = {RETRIAGE_INIT(retriage_classification), CANARY};
  GUARDED(retriage_decision) next = {RETRIAGE_INIT(retriage_decision), CANARY};
  retriage_header header = {"Retry-After", RETRIAGE_NUL_TERMINATED, "120", RETRIAGE_NUL_TERMINATED};
  evidence->flags = RETRIAGE_HAS_STATUS;
  evidence->status = 503;
  evidence->headers = &header;
  evidence->header_count = 1;
  attempt->number = 1;
  attempt->method = "GET";
  attempt->method_length = RETRIAGE_NUL_TERMINATED;
  attempt->flags = RETRIAGE_HAS_RANDOM;
  attempt->state = &state.it;
  CHECK(retriage_decide(catalog, evidence, attempt, 0, &meaning.it, &next.it) == RETRIAGE_OK);
  CHECK(meaning.it.category == RETRIAGE_CATEGORY_UNAVAILABLE && meaning.it.hint_delay_ms == 120000);
  CHECK(next.it.action == RETRIAGE_ACTION_RETRY && next.it.delay_ms == 120000);
  CHECK(meaning.it.size == sizeof meaning.it && next.it.size == sizeof next.it);
  CHECK(state.behind == CANARY && meaning.behind == CANARY && next.behind == CANARY);

  GUARDED(retriage_catalog_info) info = {RETRIAGE_INIT(retriage_catalog_info), CANARY};
  CHECK(retriage_catalog_describe(catalog, &info.it) == RETRIAGE_OK);
  CHECK(info.it.entries > 0 && info.behind == CANARY);

  GUARDED(retriage_act) act = {RETRIAGE_INIT(retriage_act), CANARY};
  retriage_setting setting = RETRIAGE_INIT(retriage_setting);
  retriage_event event = RETRIAGE_INIT(retriage_event);
  retriage_queue queue = 0;
  size_t acts = 0;
  setting.catalog = catalog;
  event.kind = RETRIAGE_EVENT_ENQUEUED;
  event.id = "a";
  event.now_ms = 1;
  CHECK(retriage_queue_new(NULL, 0, &queue) == RETRIAGE_OK);
  CHECK(retriage_queue_step(queue, &setting, &event, &acts) == RETRIAGE_OK && acts == 1);
  CHECK(retriage_queue_act(queue, 0, &act.it) == RETRIAGE_OK);
  CHECK(act.it.action == RETRIAGE_DELIVERY_SEND && strcmp(act.it.id, "a") == 0 && act.behind == CANARY);
  CHECK(retriage_queue_free(queue) == RETRIAGE_OK);

  /* A program of tomorrow: what the library knows nothing of comes back as zero, and what it is given it leaves. */
  struct classification_of_tomorrow later;
  struct evidence_of_tomorrow sooner;
  memset(&later, 0xFF, sizeof later);
  memset(&sooner, 0xFF, sizeof sooner);
  sooner.fields = *evidence;
  sooner.fields.size = sizeof sooner;
  later.fields.size = sizeof later;
  CHECK(retriage_classify(catalog, &sooner.fields, &later.fields) == RETRIAGE_OK);
  CHECK(later.fields.category == RETRIAGE_CATEGORY_UNAVAILABLE && later.fields.size == sizeof later);
  CHECK(later.grown == (is_grown ? UINT64_MAX : 0) && later.more == 0);

  /* A size that no version has had. */
  meaning.it.size = offsetof(retriage_classification, scope);
  CHECK(retriage_classify(catalog, evidence, &meaning.it) == RETRIAGE_BAD_SIZE);
  free(attempt);
  free(evidence);
  return finish();
}
