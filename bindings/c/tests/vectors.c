/*
 * Every case of tests/vectors against the library: each question through retriage_answer_json, and what can be said in
 * structs through those. Prints how many of each there were.
 *
 * With a number as its argument, it takes every case whose place it divides: for tools that are slow.
 */
#include "vectors.h"

#include "check.h"

static char buffer[1 << 20];

static retriage_catalog catalog_of(const char *id) {
  retriage_catalog catalog = 0;
  CHECK_OF(id, retriage_catalog_find(RETRIAGE_BUILT_IN, id, &catalog) == RETRIAGE_OK);
  return catalog;
}

/* A profile by its id, or of JSON. */
static retriage_profile profile_of(const char *text) {
  retriage_profile profile = 0;
  int32_t status = text[0] == '{' ? retriage_profile_parse(text, RETRIAGE_NUL_TERMINATED, &profile)
                                  : retriage_profile_find(text, &profile);
  CHECK_OF(text, status == RETRIAGE_OK);
  return profile;
}

static void release(const char *text, retriage_profile profile) {
  if (text[0] == '{') CHECK_OF(text, retriage_profile_free(profile) == RETRIAGE_OK);
}

static void check_answer(const struct answer_case *it) {
  size_t needed = 0;
  int32_t status =
      retriage_answer_json(RETRIAGE_BUILT_IN, it->question, it->question_length, buffer, sizeof buffer, &needed);
  if (it->question_length == 0) {
    CHECK_OF(it->name, status == RETRIAGE_EMPTY_TEXT);
    return;
  }
  CHECK_OF(it->name, status == RETRIAGE_OK);
  CHECK_OF(it->name, needed == strlen(it->answer) + 1);
  CHECK_OF(it->name, strcmp(buffer, it->answer) == 0);
}

static void check_state(const char *name, const retriage_state *is, const retriage_state *should) {
  CHECK_OF(name, is->flags == should->flags && is->restarted == should->restarted);
  CHECK_OF(name, is->previous_ms == should->previous_ms && is->cost == should->cost);
}

/* In JSON it is the answer of the wire form, and changes no state. */
static void check_explained(const struct meaning_case *it, retriage_catalog catalog) {
  retriage_profile profile = it->profile != NULL ? profile_of(it->profile) : 0;
  retriage_attempt attempt = it->attempt;
  retriage_state state = it->state;
  retriage_budget budget = it->budget;
  attempt.state = &state;
  attempt.budget = &budget;
  CHECK_OF(it->name, retriage_explain(catalog, &it->evidence, it->profile != NULL ? &attempt : NULL, profile,
                                      it->locales, NULL, buffer, sizeof buffer, NULL) == RETRIAGE_OK);
  CHECK_OF(it->name, strcmp(buffer, answers[it->answer].answer) == 0);
  check_state(it->name, &state, &it->state);
  if (it->profile != NULL) release(it->profile, profile);
}

static void check_meaning(const struct meaning_case *it) {
  retriage_catalog catalog = catalog_of(it->catalog);
  retriage_classification is = RETRIAGE_INIT(retriage_classification);
  const retriage_classification *should = &it->meaning;
  int32_t status;
  if (it->profile == NULL) {
    status = retriage_classify(catalog, &it->evidence, &is);
  } else {
    retriage_profile profile = profile_of(it->profile);
    retriage_attempt attempt = it->attempt;
    retriage_state state = it->state;
    retriage_budget budget = it->budget;
    retriage_decision made = RETRIAGE_INIT(retriage_decision);
    attempt.state = &state;
    attempt.budget = &budget;
    status = retriage_decide(catalog, &it->evidence, &attempt, profile, &is, &made);
    if (it->status == RETRIAGE_OK) {
      CHECK_OF(it->name, made.action == it->decision.action && made.cause == it->decision.cause);
      CHECK_OF(it->name, made.scope == it->decision.scope && made.flags == it->decision.flags);
      CHECK_OF(it->name, made.delay_ms == it->decision.delay_ms);
      CHECK_OF(it->name, made.not_before_ms == it->decision.not_before_ms);
      check_state(it->name, &state, &it->state_after);
      CHECK_OF(it->name, budget.flags == it->budget_after.flags);
      CHECK_OF(it->name, budget.thousandths == it->budget_after.thousandths);
    } else {
      check_state(it->name, &state, &it->state);
    }
    release(it->profile, profile);
  }
  CHECK_OF(it->name, status == it->status);
  if (it->status != RETRIAGE_OK) return;
  check_explained(it, catalog);
  CHECK_OF(it->name, is.size == sizeof is && is.flags == should->flags);
  CHECK_OF(it->name, is.category == should->category && is.canonical == should->canonical);
  CHECK_OF(it->name, is.fault == should->fault && is.retry == should->retry);
  CHECK_OF(it->name, is.processed == should->processed && is.finality == should->finality);
  CHECK_OF(it->name, is.severity == should->severity && is.scope == should->scope);
  CHECK_OF(it->name, is.matched == should->matched);
  CHECK_OF(it->name, is.hint == should->hint && is.hint_from == should->hint_from);
  CHECK_OF(it->name, is.hint_delay_ms == should->hint_delay_ms);
  CHECK_OF(it->name, (is.entry == 0) == (it->entry == NULL));
  if (it->entry != NULL) {
    CHECK_OF(it->name, retriage_entry_text(RETRIAGE_BUILT_IN, is.entry, RETRIAGE_TEXT_ID, buffer, sizeof buffer,
                                           NULL) == RETRIAGE_OK);
    CHECK_OF(it->name, strcmp(buffer, it->entry) == 0);
  }
}

static void check_act(const char *name, const retriage_act *is, const retriage_act *should) {
  CHECK_OF(name, is->action == should->action && is->flags == should->flags);
  CHECK_OF(name, is->attempt == should->attempt && is->until_ms == should->until_ms);
  CHECK_OF(name, is->reason == should->reason && is->cause == should->cause);
  CHECK_OF(name, is->id_length == should->id_length && strcmp(is->id, should->id) == 0);
}

static void check_delivery(const struct delivery_case *it) {
  retriage_queue queue = 0;
  retriage_setting setting = RETRIAGE_INIT(retriage_setting);
  setting.catalog = catalog_of(it->catalog);
  setting.profile = profile_of(it->profile);
  setting.capacity = it->capacity;
  setting.flags = it->has_mode ? RETRIAGE_HAS_MODE : 0;
  setting.mode = it->mode;
  setting.environment = it->environment;
  size_t length = it->before != NULL ? RETRIAGE_NUL_TERMINATED : 0;
  CHECK_OF(it->name, retriage_queue_new(it->before, length, &queue) == RETRIAGE_OK);
  for (size_t at = 0; at < it->event_count; at++) {
    const struct happened *happened = &it->events[at];
    retriage_event event = happened->event;
    size_t count = 0;
    event.evidence = &happened->evidence;
    CHECK_OF(it->name, retriage_queue_step(queue, &setting, &event, &count) == RETRIAGE_OK);
    CHECK_OF(it->name, count == happened->act_count);
    for (size_t act = 0; act < count && act < happened->act_count; act++) {
      retriage_act is = RETRIAGE_INIT(retriage_act);
      CHECK_OF(it->name, retriage_queue_act(queue, act, &is) == RETRIAGE_OK);
      check_act(it->name, &is, &happened->acts[act]);
    }
  }
  CHECK_OF(it->name, retriage_queue_save(queue, buffer, sizeof buffer, NULL) == RETRIAGE_OK);
  CHECK_OF(it->name, strcmp(buffer, it->after) == 0);
  CHECK_OF(it->name, retriage_queue_free(queue) == RETRIAGE_OK);
  release(it->profile, setting.profile);
}

static void check_advice(const struct advice_case *it) {
  retriage_catalog catalog = catalog_of(it->catalog);
  retriage_advice is = RETRIAGE_INIT(retriage_advice);
  CHECK_OF(it->name, retriage_advise(catalog, &it->wish, &is) == RETRIAGE_OK);
  CHECK_OF(it->name, is.flags == it->advice.flags && is.status == it->advice.status);
  CHECK_OF(it->name, is.error_code == it->advice.error_code && is.sender == it->advice.sender);
  CHECK_OF(it->name, is.received == it->advice.received && is.warnings == it->advice.warnings);
  CHECK_OF(it->name, retriage_advise_text(catalog, &it->wish, NULL, buffer, sizeof buffer, NULL) == RETRIAGE_OK);
  CHECK_OF(it->name, strcmp(buffer, it->json) == 0);
}

static void check_text(const struct entry_case *it, retriage_entry entry, uint32_t which, const char *should) {
  int32_t status = retriage_entry_text(RETRIAGE_BUILT_IN, entry, which, buffer, sizeof buffer, NULL);
  CHECK_OF(it->id, status == (should != NULL ? RETRIAGE_OK : RETRIAGE_ABSENT));
  CHECK_OF(it->id, should == NULL || strcmp(buffer, should) == 0);
}

static void check_entry(const struct entry_case *it) {
  retriage_entry entry = 0;
  retriage_entry_info info = RETRIAGE_INIT(retriage_entry_info);
  CHECK_OF(it->id, retriage_entry_find(RETRIAGE_BUILT_IN, it->id, &entry) == RETRIAGE_OK);
  CHECK_OF(it->id, retriage_entry_describe(RETRIAGE_BUILT_IN, entry, &info) == RETRIAGE_OK);
  retriage_catalog catalog = catalog_of(it->catalog);
  CHECK_OF(it->id, info.catalog == catalog);
  CHECK_OF(it->id, info.wait_ms == it->info.wait_ms && info.flags == it->info.flags);
  CHECK_OF(it->id, info.space == it->info.space && info.variants == it->info.variants);
  CHECK_OF(it->id, memcmp(&info.category, &it->info.category, 8) == 0);
  check_text(it, entry, RETRIAGE_TEXT_ID, it->id);
  check_text(it, entry, RETRIAGE_TEXT_NAME, it->title);
  check_text(it, entry, RETRIAGE_TEXT_SOURCE, it->source);
  check_text(it, entry, RETRIAGE_TEXT_WHY, it->why);
  retriage_message_info message = RETRIAGE_INIT(retriage_message_info);
  CHECK_OF(it->id, retriage_message(RETRIAGE_BUILT_IN, entry, 0, RETRIAGE_AUDIENCE_USER, "tlh, de-CH", &message, buffer,
                                    sizeof buffer, NULL) == RETRIAGE_OK);
  CHECK_OF(it->id, strcmp(buffer, it->german) == 0 && strcmp(message.locale, "de") == 0);
  CHECK_OF(it->id, message.is_english == 0 && message.is_right_to_left == 0);

  /* Its own key leads to it. */
  if (info.space == RETRIAGE_SPACE_CONDITION || (info.flags & (RETRIAGE_ENTRY_IS_RANGE | RETRIAGE_ENTRY_IS_VARIANT)))
    return;
  char *end;
  long long number = strtoll(it->key, &end, 10);
  retriage_answer answer = *end == '\0' && info.space != RETRIAGE_SPACE_FAILURE
                               ? retriage_find(catalog, info.space, number)
                               : retriage_find_name(catalog, info.space, it->key, RETRIAGE_NUL_TERMINATED);
  CHECK_OF(it->id, RETRIAGE_ENTRY_OF(answer) == entry && RETRIAGE_MATCH_OF(answer) == RETRIAGE_MATCH_EXACT);
  CHECK_OF(it->id, RETRIAGE_CATEGORY_OF(answer) == info.category && RETRIAGE_CANONICAL_OF(answer) == info.canonical);
  CHECK_OF(it->id, RETRIAGE_FAULT_OF(answer) == info.fault && RETRIAGE_RETRY_OF(answer) == info.retry);
  CHECK_OF(it->id, RETRIAGE_PROCESSED_OF(answer) == info.processed && RETRIAGE_FINALITY_OF(answer) == info.finality);
  CHECK_OF(it->id, RETRIAGE_SEVERITY_OF(answer) == info.severity && RETRIAGE_SCOPE_OF(answer) == info.scope);
  CHECK_OF(it->id, retriage_answer_word(answer, RETRIAGE_KIND_RETRY) == info.retry);
}

/* Puts every case of a table that is to be taken to the check. */
#define EACH(table, check)                                               \
  do {                                                                   \
    size_t taken = 0;                                                    \
    for (size_t at = 0; at < table##_count; at += step, taken++) check(&table[at]); \
    printf("%s %zu\n", #table, taken);                                   \
  } while (0)

int main(int count, char **arguments) {
  size_t step = count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
  if (step == 0) return 2;
  EACH(answers, check_answer);
  EACH(meanings, check_meaning);
  EACH(deliveries, check_delivery);
  EACH(advices, check_advice);
  EACH(entries, check_entry);
  return finish();
}
