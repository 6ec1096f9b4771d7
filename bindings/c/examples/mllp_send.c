/*
 * Delivers HL7 version 2 messages over MLLP, in their order, driven by a delivery queue: what is not acknowledged is
 * sent again when the queue says so, and what is refused for good is dropped and told.
 *
 *   mllp_send PORT FILE [TIMEOUT_MS [PROFILE]]
 *
 * FILE holds the messages, with an empty line after each; segments end with CR or LF. They go to 127.0.0.1. PROFILE is
 * JSON, as retriage_profile_parse takes it. Ends with 0 where every message was delivered or dropped.
 */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <retriage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_MESSAGES = 1000, LARGEST_ANSWER = 65536, START = 0x0B, END = 0x1C };

/* Keeps trying for as long as it takes, ever more slowly: a message is given up only where the answer says so. */
static const char PROFILE[] =
    "{\"extends\":\"standard\",\"attempts\":null,\"deadline_ms\":null,"
    "\"backoff\":{\"growth\":\"exponential\",\"base_ms\":1000,\"factor\":2,\"cap_ms\":60000}}";

struct message {
  char id[RETRIAGE_ID_CAPACITY]; /* MSH-10 */
  char *text;
  size_t length;
};

static struct message messages[MOST_MESSAGES];
static size_t message_count;

static uint64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int give_up(int32_t status) {
  char text[1024] = "";
  retriage_last_error(text, sizeof text, NULL);
  fprintf(stderr, "retriage: %s: %s\n", retriage_status_text(status), text);
  return 2;
}

/* The tenth field of the first segment: after the ninth separator, which is the fourth byte. */
static void read_id(struct message *message) {
  const char *at = message->text + 3, *end = message->text + message->length;
  const char separator = message->length > 3 ? *at : '|';
  for (int field = 1; at < end && field < 10; at++) field += *at == separator;
  size_t length = 0;
  while (at + length < end && at[length] != separator && at[length] != '\r' && length + 1 < sizeof message->id) length++;
  memcpy(message->id, at, length);
  message->id[length] = '\0';
}

/* Reads the messages of a file: paragraphs, whose lines become segments. */
static int read_messages(const char *path) {
  FILE *file = fopen(path, "r");
  char line[8192];
  struct message *message = &messages[0];
  if (file == NULL) return 0;
  while (message_count < MOST_MESSAGES && fgets(line, sizeof line, file) != NULL) {
    size_t length = strcspn(line, "\r\n");
    if (length == 0) {
      if (message->length > 0) message = &messages[++message_count];
      continue;
    }
    char *text = realloc(message->text, message->length + length + 1);
    if (text == NULL) break;
    memcpy(text + message->length, line, length);
    text[message->length + length] = '\r';
    message->text = text;
    message->length += length + 1;
  }
  if (message_count < MOST_MESSAGES && message->length > 0) message_count++;
  fclose(file);
  for (size_t at = 0; at < message_count; at++) read_id(&messages[at]);
  return message_count > 0;
}

/* How errno is called where retriage looks failures up. */
static const char *failure_name(int error) {
  switch (error) {
    case ECONNREFUSED: return "ECONNREFUSED";
    case ECONNRESET: return "ECONNRESET";
    case EPIPE: return "EPIPE";
    default: return "ETIMEDOUT";
  }
}

/* Sends a message and waits for the answer, without its frame; NULL where one came, or what failed. */
static const char *exchange(uint16_t port, const struct message *message, int timeout_ms, char *answer, size_t *length) {
  struct sockaddr_in to = {0};
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  const char *failure = NULL;
  uint64_t until = now_ms() + (uint64_t)timeout_ms;
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  *length = 0;
  if (connection < 0 || connect(connection, (struct sockaddr *)&to, sizeof to) != 0) {
    failure = failure_name(errno);
  } else {
    char *framed = malloc(message->length + 3);
    if (framed == NULL) abort();
    framed[0] = START;
    memcpy(framed + 1, message->text, message->length);
    framed[message->length + 1] = END;
    framed[message->length + 2] = '\r';
    size_t sent = 0, whole = message->length + 3;
    while (failure == NULL && sent < whole) {
      ssize_t now = send(connection, framed + sent, whole - sent, MSG_NOSIGNAL);
      if (now < 0) failure = failure_name(errno);
      else sent += (size_t)now;
    }
    free(framed);
  }
  while (failure == NULL && memchr(answer, END, *length) == NULL) {
    struct pollfd waits = {connection, POLLIN, 0};
    uint64_t now = now_ms();
    if (now >= until || *length == LARGEST_ANSWER || poll(&waits, 1, (int)(until - now)) == 0) {
      failure = "ETIMEDOUT";
      break;
    }
    ssize_t got = recv(connection, answer + *length, LARGEST_ANSWER - *length, 0);
    if (got <= 0) failure = got == 0 ? "ECONNRESET" : failure_name(errno);
    else *length += (size_t)got;
  }
  if (connection >= 0) close(connection);
  return failure;
}

static const struct message *find(const char *id) {
  for (size_t at = 0; at < message_count; at++)
    if (strcmp(messages[at].id, id) == 0) return &messages[at];
  return NULL;
}

/* What an act has its owner do; the next event, if there is one at once. */
static int carry_out(const retriage_act *act, uint16_t port, int timeout_ms, retriage_event *next,
                     retriage_evidence *evidence, uint64_t *until) {
  static char answer[LARGEST_ANSWER];
  size_t length = 0;
  switch (act->action) {
    case RETRIAGE_DELIVERY_SEND: {
      const struct message *message = find(act->id);
      const char *failure = message ? exchange(port, message, timeout_ms, answer, &length) : "ECANCELED";
      next->id = message ? message->id : act->id;
      next->flags |= RETRIAGE_HAS_ATTEMPT;
      next->attempt = act->attempt;
      next->kind = failure ? RETRIAGE_EVENT_UNANSWERED : RETRIAGE_EVENT_ANSWERED;
      next->failure = failure;
      next->failure_length = failure ? RETRIAGE_NUL_TERMINATED : 0;
      evidence->body = answer;
      evidence->body_length = length;
      evidence->control_id = next->id;
      evidence->control_id_length = RETRIAGE_NUL_TERMINATED;
      next->evidence = evidence;
      printf("%s: sent, attempt %u: %s\n", act->id, act->attempt, failure ? failure : "answered");
      return 1;
    }
    case RETRIAGE_DELIVERY_WAIT:
      *until = (uint64_t)act->until_ms;
      return 0;
    case RETRIAGE_DELIVERY_DROP:
      printf("%s: dropped, %s, %s\n", act->id, retriage_word(RETRIAGE_KIND_REASON, act->reason),
             act->flags & RETRIAGE_HAS_CAUSE ? retriage_word(RETRIAGE_KIND_CAUSE, act->cause) : "-");
      return 0;
    default:
      printf("%s: %s\n", act->id_length > 0 ? act->id : "queue", retriage_word(RETRIAGE_KIND_DELIVERY, act->action));
      return 0;
  }
}

int main(int count, char **arguments) {
  if (count < 3 || count > 5 || !read_messages(arguments[2])) {
    fputs("mllp_send PORT FILE [TIMEOUT_MS [PROFILE]]\n", stderr);
    return 2;
  }
  uint16_t port = (uint16_t)strtoul(arguments[1], NULL, 10);
  int timeout_ms = count > 3 ? atoi(arguments[3]) : 30000;
  retriage_setting setting = RETRIAGE_INIT(retriage_setting);
  retriage_queue queue = 0;
  int32_t status = retriage_catalog_find(RETRIAGE_BUILT_IN, "hl7v2", &setting.catalog);
  if (status == RETRIAGE_OK)
    status = retriage_profile_parse(count > 4 ? arguments[4] : PROFILE, RETRIAGE_NUL_TERMINATED, &setting.profile);
  if (status == RETRIAGE_OK) status = retriage_queue_new(NULL, 0, &queue);
  if (status != RETRIAGE_OK) return give_up(status);
  srand48((long)now_ms() ^ getpid());

  size_t taken = 0;
  uint64_t until = 0;
  retriage_queue_info info = RETRIAGE_INIT(retriage_queue_info);
  retriage_event next = RETRIAGE_INIT(retriage_event);
  retriage_evidence evidence = RETRIAGE_INIT(retriage_evidence);
  int has_next = 0;
  do {
    /* What happened: an answer, the next message of the file, or that the time has come. */
    if (!has_next && taken < message_count) {
      next.kind = RETRIAGE_EVENT_ENQUEUED;
      next.id = messages[taken++].id;
    } else if (!has_next) {
      uint64_t now = now_ms();
      if (until > now) usleep((useconds_t)(until - now) * 1000);
      next.kind = RETRIAGE_EVENT_TICK;
    }
    next.now_ms = (int64_t)now_ms();
    next.flags |= RETRIAGE_HAS_RANDOM;
    next.random = drand48();
    size_t acts = 0;
    status = retriage_queue_step(queue, &setting, &next, &acts);
    if (status != RETRIAGE_OK) return give_up(status);

    /* What to do about it. */
    has_next = 0;
    next = RETRIAGE_INIT(retriage_event);
    evidence = RETRIAGE_INIT(retriage_evidence);
    for (size_t at = 0; at < acts; at++) {
      retriage_act act = RETRIAGE_INIT(retriage_act);
      status = retriage_queue_act(queue, at, &act);
      if (status != RETRIAGE_OK) return give_up(status);
      has_next |= carry_out(&act, port, timeout_ms, &next, &evidence, &until);
    }
    status = retriage_queue_describe(queue, &info);
    if (status != RETRIAGE_OK) return give_up(status);
  } while (has_next || info.waiting > 0 || taken < message_count);
  retriage_queue_free(queue);
  retriage_profile_free(setting.profile);
  for (size_t at = 0; at < message_count; at++) free(messages[at].text);
  return 0;
}
