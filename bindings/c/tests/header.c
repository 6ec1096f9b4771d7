/*
 * Everything the header has, compiled as C and as C++ with every warning an error. It is compiled, never run.
 */
#include <retriage.h>

#if RETRIAGE_VERSION_NUMBER != RETRIAGE_VERSION_MAJOR * 1000000 + RETRIAGE_VERSION_MINOR * 1000 + RETRIAGE_VERSION_PATCH
#error "the version and its number differ"
#endif

/* Constants label cases, so the compiler knows them as whole numbers. */
static const char *name(uint32_t category) {
  switch (category) {
    case RETRIAGE_CATEGORY_SUCCESS: return "success";
    case RETRIAGE_CATEGORY_UNKNOWN: return "unknown";
    default: return retriage_word(RETRIAGE_KIND_CATEGORY, category);
  }
}

static int32_t every_call(char *buffer, size_t capacity, size_t *needed) {
  retriage_registry registry = RETRIAGE_BUILT_IN;
  retriage_catalog catalog = 0;
  retriage_profile profile = 0;
  retriage_queue queue = 0;
  retriage_entry entry = 0;
  retriage_answer answer = 0;
  size_t acts = 0;
  uint32_t number = 0;
  retriage_file file = {"acme.json", "{}", RETRIAGE_NUL_TERMINATED};
  retriage_header header = {"retry-after", RETRIAGE_NUL_TERMINATED, "120", 3};
  retriage_evidence evidence = RETRIAGE_INIT(retriage_evidence);
  retriage_attempt attempt = RETRIAGE_INIT(retriage_attempt);
  retriage_state state = RETRIAGE_INIT(retriage_state);
  retriage_budget budget = RETRIAGE_INIT(retriage_budget);
  retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
  retriage_decision next = RETRIAGE_INIT(retriage_decision);
  retriage_setting setting = RETRIAGE_INIT(retriage_setting);
  retriage_event event = RETRIAGE_INIT(retriage_event);
  retriage_act act = RETRIAGE_INIT(retriage_act);
  retriage_queue_info queue_info = RETRIAGE_INIT(retriage_queue_info);
  retriage_catalog_info catalog_info = RETRIAGE_INIT(retriage_catalog_info);
  retriage_entry_info entry_info = RETRIAGE_INIT(retriage_entry_info);
  retriage_message_info message_info = RETRIAGE_INIT(retriage_message_info);
  retriage_wish wish = RETRIAGE_INIT(retriage_wish);
  retriage_advice advice = RETRIAGE_INIT(retriage_advice);
  int32_t sum = 0;

  evidence.headers = &header;
  evidence.header_count = 1;
  attempt.state = &state;
  attempt.budget = &budget;
  event.evidence = &evidence;
  sum += retriage_abi() == RETRIAGE_ABI && retriage_version_number() == RETRIAGE_VERSION_NUMBER;
  sum += retriage_version()[0] == RETRIAGE_VERSION[0] && retriage_status_text(RETRIAGE_OK)[0] == 'o';
  sum += retriage_last_error(buffer, capacity, needed);
  sum += retriage_word_number(RETRIAGE_KIND_MODE, name(number), &number);
  sum += retriage_registry_load(&file, 1, &file, 1, &registry) + retriage_registry_free(registry);
  sum += retriage_catalog_find(registry, "redox", &catalog) + retriage_catalog_at(registry, 0, &catalog);
  sum += retriage_catalog_describe(catalog, &catalog_info);
  sum += retriage_catalog_text(catalog, RETRIAGE_TEXT_AS_OF, buffer, capacity, needed);
  sum += retriage_entry_find(registry, "redox/503", &entry) + retriage_entry_describe(registry, entry, &entry_info);
  sum += retriage_entry_text(registry, entry, RETRIAGE_TEXT_ID, buffer, capacity, needed);
  sum += retriage_message(registry, entry, RETRIAGE_CATEGORY_TLS, RETRIAGE_AUDIENCE_USER, "es", &message_info, buffer,
                          capacity, needed);
  sum += retriage_locale_at(registry, 0, buffer, capacity, needed);
  answer = retriage_find(catalog, RETRIAGE_SPACE_STATUS, 503);
  answer |= retriage_find_name(catalog, RETRIAGE_SPACE_FAILURE, "EPIPE", RETRIAGE_NUL_TERMINATED);
  sum += RETRIAGE_CATEGORY_OF(answer) + RETRIAGE_CANONICAL_OF(answer) + RETRIAGE_FAULT_OF(answer);
  sum += RETRIAGE_RETRY_OF(answer) + RETRIAGE_PROCESSED_OF(answer) + RETRIAGE_FINALITY_OF(answer);
  sum += RETRIAGE_SEVERITY_OF(answer) + RETRIAGE_SCOPE_OF(answer) + RETRIAGE_MATCH_OF(answer);
  sum += RETRIAGE_ENTRY_OF(answer) != 0 && !RETRIAGE_IS_ERROR(answer);
  sum += (int32_t)retriage_answer_word(answer, RETRIAGE_KIND_RETRY);
  sum += retriage_profile_find("mirth", &profile) + retriage_profile_at(0, &profile);
  sum += retriage_profile_parse("{}", 2, &profile) + retriage_profile_free(profile);
  sum += retriage_profile_text(profile, RETRIAGE_TEXT_JSON, buffer, capacity, needed);
  sum += retriage_classify(catalog, &evidence, &meaning);
  sum += retriage_decide(catalog, &evidence, &attempt, profile, &meaning, &next);
  sum += retriage_explain(catalog, &evidence, &attempt, profile, "es", "/decision", buffer, capacity, needed);
  sum += retriage_queue_new(NULL, 0, &queue) + retriage_queue_step(queue, &setting, &event, &acts);
  sum += retriage_queue_act(queue, 0, &act) + retriage_queue_describe(queue, &queue_info);
  sum += retriage_queue_waiting(queue, 0, buffer, capacity, needed);
  sum += retriage_queue_save(queue, buffer, capacity, needed) + retriage_queue_free(queue);
  sum += retriage_advise(catalog, &wish, &advice);
  sum += retriage_advise_text(catalog, &wish, NULL, buffer, capacity, needed);
  sum += retriage_answer_json(registry, "{}", 2, buffer, capacity, needed);
  return sum;
}

int main(void) {
  char text[RETRIAGE_ID_CAPACITY];
  return every_call(text, sizeof text, NULL) + RETRIAGE_ERROR_NEEDS_RANDOM - RETRIAGE_FIRST_ERROR;
}
