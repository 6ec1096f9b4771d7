/*
 * What is wrong with a call is told by a status and a text, and nothing is done.
 */
#include "check.h"

/* Whether the last error says this. */
static int says(const char *words) {
  char text[4096];
  return retriage_last_error(text, sizeof text, NULL) == RETRIAGE_OK && strstr(text, words) != NULL;
}

static const char ACME[] =
    "{\"id\":\"acme\",\"name\":\"Acme\",\"as_of\":\"2026-11-21\",\"extends\":\"updox\","
    "\"sources\":{\"doc\":{\"title\":\"Errors\",\"publisher\":\"Acme\",\"date\":\"2026-11-21\"}},"
    "\"entries\":[{\"code\":9001,\"title\":\"Closed\",\"category\":\"unavailable\",\"fault\":\"destination\","
    "\"retry\":\"backoff\",\"processed\":\"no\",\"remedy\":\"Wait.\",\"source\":\"doc#Errors\"}]}";

static retriage_catalog http;

static retriage_evidence with_status(uint32_t status) {
  retriage_evidence evidence = RETRIAGE_INIT(retriage_evidence);
  evidence.flags = RETRIAGE_HAS_STATUS;
  evidence.status = status;
  return evidence;
}

static int32_t classify(retriage_evidence evidence) {
  retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
  return retriage_classify(http, &evidence, &meaning);
}

static void pointers(void) {
  retriage_evidence evidence = with_status(503);
  retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
  retriage_decision next = RETRIAGE_INIT(retriage_decision);
  CHECK(retriage_classify(http, NULL, &meaning) == RETRIAGE_NULL_POINTER && says("evidence is NULL"));
  CHECK(retriage_classify(http, &evidence, NULL) == RETRIAGE_NULL_POINTER && says("classification is NULL"));
  CHECK(retriage_decide(http, &evidence, NULL, 0, NULL, &next) == RETRIAGE_NULL_POINTER && says("attempt is NULL"));
  CHECK(retriage_catalog_find(RETRIAGE_BUILT_IN, NULL, &http) == RETRIAGE_NULL_POINTER && says("id is NULL"));
  CHECK(retriage_catalog_find(RETRIAGE_BUILT_IN, "http", NULL) == RETRIAGE_NULL_POINTER);
  CHECK(retriage_profile_parse("{}", 2, NULL) == RETRIAGE_NULL_POINTER);
  CHECK(retriage_queue_new(NULL, 0, NULL) == RETRIAGE_NULL_POINTER);
  CHECK(retriage_registry_load(NULL, 1, NULL, 0, NULL) == RETRIAGE_NULL_POINTER);
  retriage_registry registry = 0;
  CHECK(retriage_registry_load(NULL, 1, NULL, 0, &registry) == RETRIAGE_NULL_POINTER && says("its length is 1"));

  evidence.body_length = 3;
  CHECK(classify(evidence) == RETRIAGE_NULL_POINTER && says("body is NULL, and its length is 3"));
  evidence = with_status(503);
  evidence.header_count = 1;
  CHECK(classify(evidence) == RETRIAGE_NULL_POINTER && says("headers is NULL"));
  retriage_header header = {NULL, 0, "120", 3};
  evidence.headers = &header;
  CHECK(classify(evidence) == RETRIAGE_NULL_POINTER && says("a header's name is NULL"));
  evidence.header_count = SIZE_MAX / 2;
  CHECK(classify(evidence) == RETRIAGE_OUT_OF_RANGE);

  retriage_setting setting = RETRIAGE_INIT(retriage_setting);
  retriage_event event = RETRIAGE_INIT(retriage_event);
  retriage_queue queue = 0;
  size_t acts = 0;
  setting.catalog = http;
  event.now_ms = 1;
  CHECK(retriage_queue_new(NULL, 0, &queue) == RETRIAGE_OK);
  CHECK(retriage_queue_step(queue, &setting, NULL, &acts) == RETRIAGE_NULL_POINTER);
  CHECK(retriage_queue_step(queue, &setting, &event, NULL) == RETRIAGE_NULL_POINTER);
  CHECK(retriage_queue_step(queue, &setting, &event, &acts) == RETRIAGE_NULL_POINTER && says("id is NULL"));
  event.id = "a";
  event.kind = RETRIAGE_EVENT_ANSWERED;
  CHECK(retriage_queue_step(queue, &setting, &event, &acts) == RETRIAGE_NULL_POINTER && says("evidence is NULL"));
  CHECK(retriage_queue_free(queue) == RETRIAGE_OK);
}

static void texts(void) {
  retriage_evidence evidence = with_status(503);
  evidence.failure = "ECONNRESET";
  CHECK(classify(evidence) == RETRIAGE_EMPTY_TEXT && says("RETRIAGE_NUL_TERMINATED"));
  evidence.failure_length = RETRIAGE_NUL_TERMINATED;
  CHECK(classify(evidence) == RETRIAGE_OK);
  evidence.failure = "EC\xFF";
  CHECK(classify(evidence) == RETRIAGE_BAD_UTF8 && says("failure is not UTF-8: wrong from byte 2 on"));
  /* A body is bytes, whatever they are. */
  evidence = with_status(503);
  evidence.body = "\xFF\xFE\0\x80";
  evidence.body_length = 4;
  CHECK(classify(evidence) == RETRIAGE_OK);
  evidence.body_length = 0;
  CHECK(classify(evidence) == RETRIAGE_OK);
  /* The value of a header may be ISO-8859-1; its name may not be anything. */
  char location[64];
  retriage_header header = {"location", 8, "/caf\xE9", 5};
  evidence = with_status(302);
  evidence.headers = &header;
  evidence.header_count = 1;
  CHECK(retriage_explain(http, &evidence, NULL, 0, NULL, "/classification/details/location", location, sizeof location,
                         NULL) == RETRIAGE_OK);
  CHECK(strcmp(location, "/caf\xC3\xA9") == 0);
  header.name = "\xE9";
  header.name_length = 1;
  CHECK(classify(evidence) == RETRIAGE_BAD_UTF8);
  header.name_length = 0;
  CHECK(classify(evidence) == RETRIAGE_EMPTY_TEXT);
  CHECK(retriage_catalog_find(RETRIAGE_BUILT_IN, "", &http) == RETRIAGE_EMPTY_TEXT);
  retriage_catalog none = 7;
  CHECK(retriage_catalog_find(RETRIAGE_BUILT_IN, "htttp", &none) == RETRIAGE_ERROR_UNKNOWN_CATALOG && says("one of http"));
  CHECK(none == 7);
}

static void sizes(void) {
  retriage_evidence evidence = with_status(503);
  evidence.size = 0;
  CHECK(classify(evidence) == RETRIAGE_BAD_SIZE && says("the size of evidence is 0; set it to sizeof(retriage_evidence)"));
  evidence.size = sizeof evidence - 1;
  CHECK(classify(evidence) == RETRIAGE_BAD_SIZE);
  evidence.size = SIZE_MAX;
  CHECK(classify(evidence) == RETRIAGE_BAD_SIZE);
  retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
  meaning.size = 8;
  meaning.category = 77;
  evidence = with_status(503);
  CHECK(retriage_classify(http, &evidence, &meaning) == RETRIAGE_BAD_SIZE && meaning.category == 77);
}

static void numbers(void) {
  retriage_evidence evidence = with_status(65536);
  CHECK(classify(evidence) == RETRIAGE_OUT_OF_RANGE && says("status is 65536"));
  evidence = with_status(503);
  evidence.flags = 0;
  CHECK(classify(evidence) == RETRIAGE_BAD_FLAG && says("its flag, RETRIAGE_HAS_STATUS, isn't"));
  evidence.flags = RETRIAGE_HAS_STATUS | RETRIAGE_HAS_INTENT;
  CHECK(classify(evidence) == RETRIAGE_BAD_FLAG && says("retriage_evidence"));
  evidence.flags = RETRIAGE_HAS_STATUS | RETRIAGE_HAS_MODE;
  evidence.mode = 2;
  CHECK(classify(evidence) == RETRIAGE_BAD_WORD && says("mode is 2"));
  evidence.mode = UINT32_MAX;
  CHECK(classify(evidence) == RETRIAGE_BAD_WORD);
  evidence = with_status(503);
  evidence.flags |= RETRIAGE_HAS_CODE_NUMBER;
  evidence.code = "AE";
  evidence.code_length = 2;
  CHECK(classify(evidence) == RETRIAGE_BAD_FLAG && says("give one of them"));

  retriage_attempt attempt = RETRIAGE_INIT(retriage_attempt);
  retriage_state state = RETRIAGE_INIT(retriage_state);
  retriage_decision next = RETRIAGE_INIT(retriage_decision);
  evidence = with_status(503);
  state.restarted = 3;
  attempt.number = 1;
  attempt.method = "GET";
  attempt.method_length = RETRIAGE_NUL_TERMINATED;
  attempt.state = &state;
  CHECK(retriage_decide(http, &evidence, &attempt, 0, NULL, &next) == RETRIAGE_ERROR_NEEDS_RANDOM && says("/random"));
  attempt.flags = RETRIAGE_HAS_RANDOM;
  attempt.random = 1.0;
  CHECK(retriage_decide(http, &evidence, &attempt, 0, NULL, &next) == RETRIAGE_ERROR_BAD_VALUE);
  attempt.random = 0.5;
  attempt.number = 0;
  CHECK(retriage_decide(http, &evidence, &attempt, 0, NULL, &next) == RETRIAGE_ERROR_BAD_VALUE && says("/attempt"));
  attempt.number = 1;
  attempt.environment = 3;
  CHECK(retriage_decide(http, &evidence, &attempt, 0, NULL, &next) == RETRIAGE_BAD_WORD);
  attempt.environment = 0;
  attempt.flags |= RETRIAGE_HAS_IDEMPOTENT;
  attempt.idempotent = 2;
  CHECK(retriage_decide(http, &evidence, &attempt, 0, NULL, &next) == RETRIAGE_BAD_WORD);
  CHECK(state.restarted == 3 && state.flags == 0);
  /* Only now, where nothing is wrong, is the state changed. */
  retriage_profile profile = 0;
  CHECK(retriage_profile_parse("{\"extends\":\"standard\",\"jitter\":{\"kind\":\"decorrelated\"}}",
                               RETRIAGE_NUL_TERMINATED, &profile) == RETRIAGE_OK);
  attempt.idempotent = 1;
  CHECK(retriage_decide(http, &evidence, &attempt, profile, NULL, &next) == RETRIAGE_OK);
  CHECK(retriage_profile_free(profile) == RETRIAGE_OK);
  CHECK(state.flags == RETRIAGE_HAS_PREVIOUS_MS && state.previous_ms == next.delay_ms);

  CHECK(retriage_word(RETRIAGE_KIND_CATEGORY, 30) == NULL && says("RETRIAGE_CATEGORY_"));
  CHECK(retriage_word(0, 0) == NULL && retriage_word(UINT32_MAX, UINT32_MAX) == NULL);
  uint32_t number = 7;
  CHECK(retriage_word_number(RETRIAGE_KIND_MODE, "Async", &number) == RETRIAGE_BAD_WORD && says("one of async, sync"));
  CHECK(number == 7);
  CHECK(retriage_word_number(RETRIAGE_KIND_MODE, "sync", &number) == RETRIAGE_OK && number == RETRIAGE_MODE_SYNC);
  CHECK(retriage_answer_word(0, RETRIAGE_KIND_MODE) == UINT32_MAX && says("CATEGORY, CANONICAL"));
  CHECK(strcmp(retriage_status_text(RETRIAGE_ERROR_NEEDS_RANDOM), "needs_random") == 0);
  CHECK(strcmp(retriage_status_text(RETRIAGE_FREED_HANDLE), "the handle has been freed") == 0);
  CHECK(retriage_status_text(INT32_MIN) != NULL && retriage_status_text(INT32_MAX) != NULL);
}

static void buffers(void) {
  const char *question = "{\"catalog\":\"redox\",\"status\":503}";
  char text[8] = "before";
  size_t needed = 0;
  CHECK(retriage_answer_json(RETRIAGE_BUILT_IN, question, RETRIAGE_NUL_TERMINATED, text, sizeof text, &needed) ==
        RETRIAGE_BUFFER_TOO_SMALL);
  CHECK(strcmp(text, "before") == 0 && needed > sizeof text);
  size_t asked = 0;
  CHECK(retriage_answer_json(RETRIAGE_BUILT_IN, question, RETRIAGE_NUL_TERMINATED, NULL, 0, &asked) ==
        RETRIAGE_BUFFER_TOO_SMALL);
  CHECK(asked == needed);
  char *whole = malloc(needed);
  CHECK(retriage_answer_json(RETRIAGE_BUILT_IN, question, RETRIAGE_NUL_TERMINATED, whole, needed - 1, NULL) ==
        RETRIAGE_BUFFER_TOO_SMALL);
  CHECK(retriage_answer_json(RETRIAGE_BUILT_IN, question, RETRIAGE_NUL_TERMINATED, whole, needed, NULL) == RETRIAGE_OK);
  CHECK(strlen(whole) == needed - 1 && strstr(whole, "\"http/503\"") != NULL);
  free(whole);
  CHECK(retriage_answer_json(RETRIAGE_BUILT_IN, question, 0, text, sizeof text, NULL) == RETRIAGE_EMPTY_TEXT);
  CHECK(retriage_answer_json(RETRIAGE_BUILT_IN, question, 3, NULL, 5, NULL) == RETRIAGE_NULL_POINTER);
  CHECK(retriage_last_error(text, 1, &needed) == RETRIAGE_BUFFER_TOO_SMALL && needed > 1);
  CHECK(says("buffer is NULL"));
}

static void handles(void) {
  CHECK(RETRIAGE_IS_ERROR(retriage_find(0, RETRIAGE_SPACE_STATUS, 503)) && says("not the handle of a catalog"));
  CHECK(RETRIAGE_IS_ERROR(retriage_find(UINT64_MAX, RETRIAGE_SPACE_STATUS, 503)));
  CHECK(RETRIAGE_IS_ERROR(retriage_find(http + 1000, RETRIAGE_SPACE_STATUS, 503)));
  CHECK(RETRIAGE_IS_ERROR(retriage_find(http, RETRIAGE_SPACE_FAILURE, 503)) && says("RETRIAGE_SPACE_STATUS"));
  CHECK(RETRIAGE_IS_ERROR(retriage_find(http, 0, 503)));
  retriage_answer nobody = retriage_find(http, RETRIAGE_SPACE_STATUS, 77);
  CHECK(!RETRIAGE_IS_ERROR(nobody) && RETRIAGE_ENTRY_OF(nobody) == 0);
  CHECK(RETRIAGE_CATEGORY_OF(nobody) == RETRIAGE_CATEGORY_UNKNOWN && RETRIAGE_RETRY_OF(nobody) == RETRIAGE_RETRY_VERIFY);
  CHECK(RETRIAGE_MATCH_OF(nobody) == RETRIAGE_MATCH_UNKNOWN);
  CHECK(retriage_find(http, RETRIAGE_SPACE_STATUS, -1) == nobody && retriage_find(http, RETRIAGE_SPACE_STATUS, INT64_MAX) == nobody);
  CHECK(RETRIAGE_IS_ERROR(retriage_find_name(http, RETRIAGE_SPACE_STATUS, "503", 3)));
  CHECK(RETRIAGE_IS_ERROR(retriage_find_name(http, RETRIAGE_SPACE_FAILURE, NULL, 0)) && says("name is NULL"));
  CHECK(retriage_find_name(http, RETRIAGE_SPACE_CODE, "no such", 7) == nobody);

  retriage_file file = {"acme.json", ACME, RETRIAGE_NUL_TERMINATED};
  retriage_registry registry = 0, again = 0;
  retriage_catalog acme = 0;
  CHECK(retriage_registry_load(&file, 1, NULL, 0, &registry) == RETRIAGE_OK);
  CHECK(retriage_catalog_find(registry, "acme", &acme) == RETRIAGE_OK);
  retriage_answer closed = retriage_find(acme, RETRIAGE_SPACE_CODE, 9001);
  CHECK(RETRIAGE_RETRY_OF(closed) == RETRIAGE_RETRY_BACKOFF && RETRIAGE_MATCH_OF(closed) == RETRIAGE_MATCH_EXACT);
  CHECK(retriage_find_name(acme, RETRIAGE_SPACE_CODE, " 9001 ", 6) == closed);
  CHECK(RETRIAGE_CATEGORY_OF(retriage_find(acme, RETRIAGE_SPACE_CODE, 4651)) == RETRIAGE_CATEGORY_UNDELIVERED);
  char id[64];
  CHECK(retriage_entry_text(registry, RETRIAGE_ENTRY_OF(closed), RETRIAGE_TEXT_ID, id, sizeof id, NULL) == RETRIAGE_OK);
  CHECK(strcmp(id, "acme/9001") == 0);
  CHECK(retriage_entry_text(registry, 0, RETRIAGE_TEXT_ID, id, sizeof id, NULL) == RETRIAGE_OUT_OF_RANGE);
  CHECK(retriage_entry_text(RETRIAGE_BUILT_IN, RETRIAGE_ENTRY_OF(closed), RETRIAGE_TEXT_ID, id, sizeof id, NULL) ==
        RETRIAGE_OUT_OF_RANGE);
  CHECK(retriage_entry_text(registry, RETRIAGE_ENTRY_OF(closed), 77, id, sizeof id, NULL) == RETRIAGE_BAD_WORD);
  CHECK(retriage_entry_text(registry, RETRIAGE_ENTRY_OF(closed), RETRIAGE_TEXT_WHY, id, sizeof id, NULL) == RETRIAGE_ABSENT);
  retriage_entry entry = 0;
  CHECK(retriage_entry_find(registry, "acme/9002", &entry) == RETRIAGE_ERROR_UNKNOWN_ENTRY && says("acme"));

  /* A handle of something else, and one that was freed, also after its place has been taken again. */
  CHECK(retriage_profile_free(registry) == RETRIAGE_BAD_HANDLE && says("not the handle of a profile"));
  CHECK(retriage_registry_free(RETRIAGE_BUILT_IN) == RETRIAGE_BAD_HANDLE);
  CHECK(retriage_registry_free(registry) == RETRIAGE_OK);
  CHECK(retriage_registry_free(registry) == RETRIAGE_FREED_HANDLE && says("the registry of this handle has been freed"));
  CHECK(retriage_catalog_find(registry, "acme", &acme) == RETRIAGE_FREED_HANDLE);
  CHECK(RETRIAGE_IS_ERROR(retriage_find(acme, RETRIAGE_SPACE_CODE, 9001)) && says("freed"));
  CHECK(retriage_registry_load(&file, 1, NULL, 0, &again) == RETRIAGE_OK && again != registry);
  CHECK(RETRIAGE_IS_ERROR(retriage_find(acme, RETRIAGE_SPACE_CODE, 9001)) && says("freed"));
  CHECK(retriage_catalog_find(again, "acme", &acme) == RETRIAGE_OK);
  CHECK(!RETRIAGE_IS_ERROR(retriage_find(acme, RETRIAGE_SPACE_CODE, 9001)));
  CHECK(retriage_registry_free(again + (UINT64_C(1) << 32)) == RETRIAGE_BAD_HANDLE);
  CHECK(retriage_registry_free(again) == RETRIAGE_OK);

  retriage_profile profile = 0;
  CHECK(retriage_profile_parse("{\"attempts\":\"many\"}", RETRIAGE_NUL_TERMINATED, &profile) == RETRIAGE_ERROR_BAD_VALUE);
  CHECK(says("/attempts"));
  CHECK(retriage_profile_find("no such", &profile) == RETRIAGE_ERROR_UNKNOWN_PROFILE && says("standard"));
  CHECK(retriage_profile_free(0) == RETRIAGE_BAD_HANDLE);
  CHECK(retriage_profile_find("mirth", &profile) == RETRIAGE_OK && retriage_profile_free(profile) == RETRIAGE_BAD_HANDLE);
  retriage_queue queue = 0;
  CHECK(retriage_queue_new("{\"waiting\":[\"a\",\"a\"]}", RETRIAGE_NUL_TERMINATED, &queue) == RETRIAGE_ERROR_CONFLICT);
  CHECK(retriage_queue_new(NULL, 0, &queue) == RETRIAGE_OK && retriage_queue_free(queue) == RETRIAGE_OK);
  retriage_queue_info info = RETRIAGE_INIT(retriage_queue_info);
  CHECK(retriage_queue_describe(queue, &info) == RETRIAGE_FREED_HANDLE && says("the queue"));
}

static void files(void) {
  retriage_registry registry = 0;
  retriage_file mistaken = {"mistaken.json", "{\"id\":\"x\",\"entries\":{}}", RETRIAGE_NUL_TERMINATED};
  CHECK(retriage_registry_load(&mistaken, 1, NULL, 0, &registry) == RETRIAGE_BAD_FILE);
  CHECK(says("mistaken.json:1:") && says("\n") && registry == 0);
  retriage_file language = {"tlh.json", "{\"locale\":\"tlh\"}", RETRIAGE_NUL_TERMINATED};
  CHECK(retriage_registry_load(NULL, 0, &language, 1, &registry) == RETRIAGE_BAD_FILE && says("tlh.json"));
  retriage_file nameless = {NULL, "{}", 2};
  CHECK(retriage_registry_load(&nameless, 1, NULL, 0, &registry) == RETRIAGE_NULL_POINTER);
  CHECK(retriage_registry_load(NULL, 0, NULL, 0, &registry) == RETRIAGE_OK);
  CHECK(retriage_registry_free(registry) == RETRIAGE_OK);
}

/* Lists end, and what they give is good. */
static void lists(void) {
  char text[2048];
  size_t catalogs = 0, profiles = 0, locales = 0;
  retriage_catalog catalog = 0;
  retriage_profile profile = 0;
  while (retriage_catalog_at(RETRIAGE_BUILT_IN, catalogs, &catalog) == RETRIAGE_OK) {
    retriage_catalog_info info = RETRIAGE_INIT(retriage_catalog_info);
    CHECK(retriage_catalog_describe(catalog, &info) == RETRIAGE_OK && info.entries > 0);
    CHECK(retriage_catalog_text(catalog, RETRIAGE_TEXT_ID, text, sizeof text, NULL) == RETRIAGE_OK);
    retriage_catalog found = 0;
    CHECK(retriage_catalog_find(RETRIAGE_BUILT_IN, text, &found) == RETRIAGE_OK && found == catalog);
    for (retriage_entry entry = info.first_entry; entry < info.first_entry + info.entries; entry++) {
      retriage_entry_info its = RETRIAGE_INIT(retriage_entry_info);
      CHECK(retriage_entry_describe(RETRIAGE_BUILT_IN, entry, &its) == RETRIAGE_OK && its.catalog == catalog);
    }
    catalogs++;
  }
  while (retriage_profile_at(profiles, &profile) == RETRIAGE_OK) {
    CHECK(retriage_profile_text(profile, RETRIAGE_TEXT_ID, text, sizeof text, NULL) == RETRIAGE_OK);
    retriage_profile found = 0;
    CHECK(retriage_profile_find(text, &found) == RETRIAGE_OK && found == profile);
    profiles++;
  }
  while (retriage_locale_at(RETRIAGE_BUILT_IN, locales, text, sizeof text, NULL) == RETRIAGE_OK) locales++;
  CHECK(catalogs >= 10 && profiles >= 20 && locales >= 7);
  CHECK(retriage_locale_at(RETRIAGE_BUILT_IN, locales, text, sizeof text, NULL) == RETRIAGE_OUT_OF_RANGE);
  retriage_message_info info = RETRIAGE_INIT(retriage_message_info);
  CHECK(retriage_message(RETRIAGE_BUILT_IN, 0, RETRIAGE_CATEGORY_TIMEOUT, RETRIAGE_AUDIENCE_USER, "ar", &info, text,
                         sizeof text, NULL) == RETRIAGE_OK);
  CHECK(strcmp(info.locale, "ar") == 0 && info.is_right_to_left == 1 && info.is_english == 0);
  CHECK(retriage_message(RETRIAGE_BUILT_IN, 0, RETRIAGE_CATEGORY_TIMEOUT, RETRIAGE_AUDIENCE_OPERATOR, "ar", &info, text,
                         sizeof text, NULL) == RETRIAGE_OK);
  CHECK(info.is_english == 1);
  CHECK(retriage_message(RETRIAGE_BUILT_IN, 0, RETRIAGE_CATEGORY_TIMEOUT, 3, NULL, NULL, text, sizeof text, NULL) ==
        RETRIAGE_BAD_WORD);
}

int main(void) {
  CHECK(retriage_abi() == RETRIAGE_ABI && retriage_version_number() == RETRIAGE_VERSION_NUMBER);
  CHECK(strcmp(retriage_version(), RETRIAGE_VERSION) == 0);
  CHECK(says(""));
  CHECK(retriage_catalog_find(RETRIAGE_BUILT_IN, "http", &http) == RETRIAGE_OK);
  pointers();
  texts();
  sizes();
  numbers();
  buffers();
  handles();
  files();
  lists();
  return finish();
}
