/*
 * Fetches a URL with libcurl, and tries again when and as long as retriage says so.
 *
 *   http_get URL [METHOD [PROFILE]]
 *
 * PROFILE is JSON, as retriage_profile_parse takes it. Every attempt is told on the standard error; the body of the last
 * goes to the standard output. Ends with 0 where the request succeeded.
 */
#define _DEFAULT_SOURCE

#include <curl/curl.h>
#include <retriage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { MOST_HEADERS = 100 };

/* What came back. */
struct response {
  char *body;
  size_t body_length;
  retriage_header headers[MOST_HEADERS];
  size_t header_count;
};

static void forget(struct response *response) {
  for (size_t at = 0; at < response->header_count; at++) free((void *)response->headers[at].name);
  free(response->body);
  memset(response, 0, sizeof *response);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *to) {
  struct response *response = to;
  char *body = realloc(response->body, response->body_length + size * count);
  if (body == NULL) return 0;
  memcpy(body + response->body_length, bytes, size * count);
  response->body = body;
  response->body_length += size * count;
  return size * count;
}

/* Keeps a header. Those of a redirect or an interim answer are forgotten when the next status line comes. */
static size_t take_header(char *line, size_t size, size_t count, void *to) {
  struct response *response = to;
  size_t length = size * count;
  if (length > 5 && strncmp(line, "HTTP/", 5) == 0) forget(response);
  char *colon = memchr(line, ':', length);
  if (colon == NULL || response->header_count == MOST_HEADERS) return length;
  char *copy = malloc(length);
  if (copy == NULL) return 0;
  memcpy(copy, line, length);
  size_t name = (size_t)(colon - line), value = name + 1;
  while (value < length && copy[value] == ' ') value++;
  size_t end = length;
  while (end > value && (copy[end - 1] == '\r' || copy[end - 1] == '\n')) end--;
  retriage_header *header = &response->headers[response->header_count++];
  header->name = copy;
  header->name_length = name;
  header->value = copy + value;
  header->value_length = end - value;
  return length;
}

static uint64_t now_ms(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void sleep_ms(uint64_t ms) {
  struct timespec left = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
  while (nanosleep(&left, &left) != 0) continue;
}

/* Says what the library has to say of a call that failed, and gives up. */
static int give_up(int32_t status) {
  char text[1024] = "";
  retriage_last_error(text, sizeof text, NULL);
  fprintf(stderr, "retriage: %s: %s\n", retriage_status_text(status), text);
  return 2;
}

int main(int count, char **arguments) {
  if (count < 2 || count > 4) {
    fputs("http_get URL [METHOD [PROFILE]]\n", stderr);
    return 2;
  }
  const char *method = count > 2 ? arguments[2] : "GET";
  retriage_catalog http = 0;
  retriage_profile profile = 0; /* "standard" */
  int32_t status = retriage_catalog_find(RETRIAGE_BUILT_IN, "http", &http);
  if (status == RETRIAGE_OK && count > 3)
    status = retriage_profile_parse(arguments[3], RETRIAGE_NUL_TERMINATED, &profile);
  if (status != RETRIAGE_OK) return give_up(status);

  CURL *curl = curl_easy_init();
  if (curl == NULL) return 2;
  struct response response = {0};
  curl_easy_setopt(curl, CURLOPT_URL, arguments[1]);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &response);

  srand48((long)now_ms(CLOCK_REALTIME) ^ getpid());
  uint64_t began = now_ms(CLOCK_MONOTONIC);
  retriage_state state = RETRIAGE_INIT(retriage_state);
  retriage_budget budget = RETRIAGE_INIT(retriage_budget);
  retriage_decision next = RETRIAGE_INIT(retriage_decision);
  for (uint32_t number = 1;; number++) {
    forget(&response);
    CURLcode code = curl_easy_perform(curl);

    /* What came back. Of a request that failed, curl's number is the name of the failure. */
    retriage_evidence evidence = RETRIAGE_INIT(retriage_evidence);
    long http_status = 0;
    char failure[32];
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http_status);
    if (http_status > 0) {
      evidence.flags |= RETRIAGE_HAS_STATUS;
      evidence.status = (uint32_t)http_status;
    }
    if (code != CURLE_OK) {
      snprintf(failure, sizeof failure, "curl:%d", (int)code);
      evidence.failure = failure;
      evidence.failure_length = RETRIAGE_NUL_TERMINATED;
    }
    evidence.headers = response.headers;
    evidence.header_count = response.header_count;
    evidence.body = response.body;
    evidence.body_length = response.body_length;
    evidence.flags |= RETRIAGE_HAS_NOW_MS;
    evidence.now_ms = (int64_t)now_ms(CLOCK_REALTIME);

    /* What it means, and what to do. */
    retriage_attempt attempt = RETRIAGE_INIT(retriage_attempt);
    attempt.flags = RETRIAGE_HAS_RANDOM;
    attempt.random = drand48();
    attempt.number = number;
    attempt.elapsed_ms = now_ms(CLOCK_MONOTONIC) - began;
    attempt.method = method;
    attempt.method_length = RETRIAGE_NUL_TERMINATED;
    attempt.state = &state;
    attempt.budget = &budget;
    retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
    status = retriage_decide(http, &evidence, &attempt, profile, &meaning, &next);
    if (status != RETRIAGE_OK) return give_up(status);
    fprintf(stderr, "attempt %u: %s, so %s by %s\n", number, retriage_word(RETRIAGE_KIND_CATEGORY, meaning.category),
            retriage_word(RETRIAGE_KIND_ACTION, next.action), retriage_word(RETRIAGE_KIND_CAUSE, next.cause));
    if (next.action != RETRIAGE_ACTION_RETRY) break;
    sleep_ms(next.delay_ms);
  }
  fwrite(response.body, 1, response.body_length, stdout);
  forget(&response);
  curl_easy_cleanup(curl);
  if (profile != 0) retriage_profile_free(profile);
  return next.action == RETRIAGE_ACTION_DONE ? 0 : 1;
}
