/*
 * Threads that hammer one registry, while others are loaded and freed, and one queue that several of them step.
 *
 * What they are told must be as if each were alone; of a registry that is freed meanwhile, that it has been.
 */
#include <pthread.h>

#include "check.h"

enum { THREADS = 8 };

/* How often each thread asks; the argument says otherwise, for tools that are slow. */
static size_t rounds = 300;

static const char ACME[] =
    "{\"id\":\"acme\",\"name\":\"Acme\",\"as_of\":\"2026-11-21\",\"extends\":\"updox\","
    "\"sources\":{\"doc\":{\"title\":\"Errors\",\"publisher\":\"Acme\",\"date\":\"2026-11-21\"}},"
    "\"entries\":[{\"code\":9001,\"title\":\"Closed\",\"category\":\"unavailable\",\"fault\":\"destination\","
    "\"retry\":\"backoff\",\"processed\":\"no\",\"remedy\":\"Wait.\",\"source\":\"doc#Errors\"}]}";

static retriage_registry registry;
static retriage_queue queue;

/* The registry that comes and goes. */
static pthread_mutex_t passing_lock = PTHREAD_MUTEX_INITIALIZER;
static retriage_registry passing;

static retriage_registry load(void) {
  retriage_file file = {"acme.json", ACME, RETRIAGE_NUL_TERMINATED};
  retriage_registry loaded = 0;
  return retriage_registry_load(&file, 1, NULL, 0, &loaded) == RETRIAGE_OK ? loaded : 0;
}

/* Counts what isn't as it should be. */
static size_t ask(size_t round) {
  size_t wrong = 0;
  retriage_catalog acme = 0;
  wrong += retriage_catalog_find(registry, "acme", &acme) != RETRIAGE_OK;
  wrong += RETRIAGE_RETRY_OF(retriage_find(acme, RETRIAGE_SPACE_CODE, 9001)) != RETRIAGE_RETRY_BACKOFF;
  wrong += RETRIAGE_CATEGORY_OF(retriage_find(acme, RETRIAGE_SPACE_CODE, 4651)) != RETRIAGE_CATEGORY_UNDELIVERED;

  retriage_evidence evidence = RETRIAGE_INIT(retriage_evidence);
  retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
  evidence.flags = RETRIAGE_HAS_STATUS;
  evidence.status = 200;
  evidence.body = "{\"responseCode\":9001}";
  evidence.body_length = RETRIAGE_NUL_TERMINATED;
  wrong += retriage_classify(acme, &evidence, &meaning) != RETRIAGE_OK;
  wrong += meaning.category != RETRIAGE_CATEGORY_UNAVAILABLE;

  retriage_profile profile = 0;
  retriage_attempt attempt = RETRIAGE_INIT(retriage_attempt);
  retriage_decision next = RETRIAGE_INIT(retriage_decision);
  attempt.number = 1;
  attempt.flags = RETRIAGE_HAS_RANDOM;
  attempt.method = "GET";
  attempt.method_length = RETRIAGE_NUL_TERMINATED;
  wrong += retriage_profile_parse("{\"extends\":\"standard\",\"attempts\":9}", RETRIAGE_NUL_TERMINATED, &profile) != RETRIAGE_OK;
  wrong += retriage_decide(acme, &evidence, &attempt, profile, NULL, &next) != RETRIAGE_OK;
  wrong += next.action != RETRIAGE_ACTION_RETRY;
  wrong += retriage_profile_free(profile) != RETRIAGE_OK;
  wrong += retriage_profile_free(profile) != RETRIAGE_FREED_HANDLE;

  /* An error is the thread's own: another has one of another length every other round. */
  char text[512];
  const char *id = round % 2 ? "no such catalog" : "";
  int32_t status = retriage_catalog_find(registry, id, &acme);
  wrong += status != (round % 2 ? RETRIAGE_ERROR_UNKNOWN_CATALOG : RETRIAGE_EMPTY_TEXT);
  wrong += retriage_last_error(text, sizeof text, NULL) != RETRIAGE_OK;
  wrong += strstr(text, round % 2 ? "no such catalog" : "id is empty") == NULL;

  /* Of the one that comes and goes, either. */
  pthread_mutex_lock(&passing_lock);
  retriage_registry seen = passing;
  pthread_mutex_unlock(&passing_lock);
  status = retriage_catalog_find(seen, "acme", &acme);
  wrong += status != RETRIAGE_OK && status != RETRIAGE_FREED_HANDLE;
  if (status == RETRIAGE_OK) {
    status = retriage_classify(acme, &evidence, &meaning);
    wrong += status != RETRIAGE_OK && status != RETRIAGE_FREED_HANDLE;
  }
  return wrong;
}

static void *hammer(void *place) {
  size_t wrong = 0;
  size_t thread = (size_t)place;
  for (size_t round = 0; round < rounds; round++) {
    wrong += ask(round + thread);

    /* Every message is taken into the queue once, whoever else puts one in. */
    char id[32];
    size_t acts = 0;
    retriage_setting setting = RETRIAGE_INIT(retriage_setting);
    retriage_event event = RETRIAGE_INIT(retriage_event);
    retriage_queue_info info = RETRIAGE_INIT(retriage_queue_info);
    snprintf(id, sizeof id, "%zu-%zu", thread, round);
    wrong += retriage_catalog_find(registry, "hl7v2", &setting.catalog) != RETRIAGE_OK;
    event.kind = RETRIAGE_EVENT_ENQUEUED;
    event.id = id;
    event.now_ms = 1;
    wrong += retriage_queue_step(queue, &setting, &event, &acts) != RETRIAGE_OK;
    wrong += retriage_queue_describe(queue, &info) != RETRIAGE_OK || info.waiting == 0;
  }
  return (void *)wrong;
}

static void *come_and_go(void *unused) {
  size_t wrong = 0;
  (void)unused;
  for (size_t round = 0; round < rounds; round++) {
    retriage_registry next = load();
    wrong += next == 0;
    pthread_mutex_lock(&passing_lock);
    retriage_registry last = passing;
    passing = next;
    pthread_mutex_unlock(&passing_lock);
    wrong += retriage_registry_free(last) != RETRIAGE_OK;
  }
  return (void *)wrong;
}

int main(int count, char **arguments) {
  if (count > 1) rounds = strtoul(arguments[1], NULL, 10);
  pthread_t threads[THREADS + 1];
  registry = load();
  passing = load();
  CHECK(registry != 0 && passing != 0);
  CHECK(retriage_queue_new(NULL, 0, &queue) == RETRIAGE_OK);
  for (size_t at = 0; at < THREADS; at++) CHECK(pthread_create(&threads[at], NULL, hammer, (void *)at) == 0);
  CHECK(pthread_create(&threads[THREADS], NULL, come_and_go, NULL) == 0);
  for (size_t at = 0; at <= THREADS; at++) {
    void *wrong = NULL;
    CHECK(pthread_join(threads[at], &wrong) == 0);
    CHECK(wrong == NULL);
  }
  retriage_queue_info info = RETRIAGE_INIT(retriage_queue_info);
  CHECK(retriage_queue_describe(queue, &info) == RETRIAGE_OK);
  CHECK(info.waiting == THREADS * rounds && info.phase == RETRIAGE_PHASE_IN_FLIGHT);
  CHECK(retriage_queue_free(queue) == RETRIAGE_OK);
  CHECK(retriage_registry_free(passing) == RETRIAGE_OK && retriage_registry_free(registry) == RETRIAGE_OK);
  return finish();
}
