/*
 * The long run: threads ask every question of one file over and over, and are told the answers of another, byte for
 * byte; they look every key up, and make and free what has handles. Prints how often, and the memory held.
 *
 * soak QUESTIONS ANSWERS SECONDS ROUNDS: memory counts as settled once every thread has been through all of it ROUNDS
 * times, and each goes on until it has been once more and the seconds are over.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "check.h"

enum { THREADS = 3, LONGEST = 1 << 22 };

static const char ACME[] =
    "{\"id\":\"acme\",\"name\":\"Acme\",\"as_of\":\"2026-11-21\",\"extends\":\"http\","
    "\"sources\":{\"doc\":{\"title\":\"Errors\",\"publisher\":\"Acme\",\"date\":\"2026-11-21\"}},"
    "\"entries\":[{\"code\":9001,\"title\":\"Closed\",\"category\":\"unavailable\",\"fault\":\"destination\","
    "\"retry\":\"backoff\",\"processed\":\"no\",\"remedy\":\"Wait.\",\"source\":\"doc#Errors\"}]}";

static const char *const CATALOGS[] = {"http", "redox", "updox", "hl7v2", "grpc", "transport"};

static char **questions, **answers;
static size_t count;
static double seconds;
static unsigned long warm;
static struct timespec began;
/* How many threads are warm, the memory held when the last of them was, and their rounds. */
static atomic_uint are_warm;
static atomic_long settled;
static atomic_ulong all_rounds;

/* The lines of a file; they are kept until the end. */
static size_t lines_of(const char *path, char ***lines) {
  FILE *file = fopen(path, "r");
  char *line = malloc(LONGEST);
  size_t held = 0, room = 0;
  while (file && line && fgets(line, LONGEST, file)) {
    line[strcspn(line, "\n")] = '\0';
    if (held == room) {
      room = room ? 2 * room : 1024;
      *lines = realloc(*lines, room * sizeof **lines);
      if (!*lines) exit(2);
    }
    (*lines)[held] = malloc(strlen(line) + 1);
    if (!(*lines)[held]) exit(2);
    strcpy((*lines)[held++], line);
  }
  free(line);
  if (file) fclose(file);
  return held;
}

static double elapsed(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - began.tv_sec) + (double)(now.tv_nsec - began.tv_nsec) / 1e9;
}

/* How much memory this process holds, in kB. */
static long resident(void) {
  char line[256];
  long held = 0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    if (strncmp(line, "VmRSS:", 6) == 0) held = strtol(line + 6, NULL, 10);
  }
  if (file) fclose(file);
  return held;
}

/* What all keys of some catalogs are, in one number. */
static uint64_t look_up(void) {
  uint64_t sum = 0;
  for (size_t at = 0; at < sizeof CATALOGS / sizeof *CATALOGS; at++) {
    retriage_catalog catalog = 0;
    if (retriage_catalog_find(RETRIAGE_BUILT_IN, CATALOGS[at], &catalog) != RETRIAGE_OK) return 0;
    for (int64_t key = 0; key < 6000; key++) {
      sum = sum * 31 + retriage_find(catalog, RETRIAGE_SPACE_STATUS, key);
      sum = sum * 31 + retriage_find(catalog, RETRIAGE_SPACE_CODE, key);
    }
  }
  return sum;
}

/* Makes one of everything that has a handle, asks by it, and frees it. */
static size_t come_and_go(char *told) {
  size_t wrong = 0;
  retriage_file file = {"acme.json", ACME, RETRIAGE_NUL_TERMINATED};
  retriage_registry registry = 0;
  retriage_profile profile = 0;
  retriage_queue queue = 0;
  wrong += retriage_registry_load(&file, 1, NULL, 0, &registry) != RETRIAGE_OK;
  wrong += retriage_answer_json(registry, "{\"catalog\":\"acme\",\"code\":9001}", RETRIAGE_NUL_TERMINATED, told, LONGEST,
                                NULL) != RETRIAGE_OK;
  wrong += strstr(told, "\"acme/9001\"") == NULL;
  wrong += retriage_profile_parse("{\"extends\":\"standard\",\"attempts\":9}", RETRIAGE_NUL_TERMINATED, &profile) !=
           RETRIAGE_OK;
  wrong += retriage_queue_new(NULL, 0, &queue) != RETRIAGE_OK;
  wrong += retriage_queue_free(queue) != RETRIAGE_OK || retriage_queue_free(queue) != RETRIAGE_FREED_HANDLE;
  wrong += retriage_profile_free(profile) != RETRIAGE_OK || retriage_registry_free(registry) != RETRIAGE_OK;
  return wrong;
}

static void *ask(void *unused) {
  (void)unused;
  size_t wrong = 0;
  unsigned long rounds = 0;
  char *told = malloc(LONGEST);
  uint64_t first = look_up();
  if (!told || first == 0) return (void *)1;
  while (wrong == 0 && (elapsed() < seconds || rounds <= warm)) {
    for (size_t at = 0; at < count; at++) {
      int32_t status =
          retriage_answer_json(RETRIAGE_BUILT_IN, questions[at], RETRIAGE_NUL_TERMINATED, told, LONGEST, NULL);
      if (status != RETRIAGE_OK || strcmp(told, answers[at]) != 0) {
        fprintf(stderr, "in round %lu C says (%d)\n%s\nand the core\n%s\nto\n%s\n", rounds, (int)status, told,
                answers[at], questions[at]);
        wrong++;
      }
    }
    wrong += look_up() != first;
    wrong += come_and_go(told);
    if (++rounds == warm && atomic_fetch_add(&are_warm, 1) + 1 == THREADS) atomic_store(&settled, resident());
  }
  atomic_fetch_add(&all_rounds, rounds);
  free(told);
  return (void *)wrong;
}

int main(int given, char **arguments) {
  if (given != 5) return 2;
  count = lines_of(arguments[1], &questions);
  CHECK(count > 0 && lines_of(arguments[2], &answers) == count);
  seconds = strtod(arguments[3], NULL);
  warm = strtoul(arguments[4], NULL, 10);
  clock_gettime(CLOCK_MONOTONIC, &began);
  pthread_t threads[THREADS];
  if (failures > 0) return finish();
  for (size_t at = 0; at < THREADS; at++) CHECK(pthread_create(&threads[at], NULL, ask, NULL) == 0);
  for (size_t at = 0; at < THREADS; at++) {
    void *wrong = NULL;
    CHECK(pthread_join(threads[at], &wrong) == 0);
    CHECK(wrong == NULL);
  }
  printf("%lu %ld %ld\n", atomic_load(&all_rounds), atomic_load(&settled), resident());
  for (size_t at = 0; at < count; at++) {
    free(questions[at]);
    free(answers[at]);
  }
  free(questions);
  free(answers);
  return finish();
}
