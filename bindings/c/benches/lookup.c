/*
 * What retriage_find costs, beside a call that does nothing and what one would write by hand for the same codes: a
 * switch, and a table of gperf. All of them are functions of shared libraries, called in the same way.
 *
 * The peers take turns, a fraction of a millisecond each, round after round, so that what else the machine does falls on
 * all of them alike; the median of the rounds counts.
 *
 *   lookup            nanoseconds a look-up
 *   lookup PEER N     goes through the keys N times by that peer: for a tool that counts instructions
 */
#define _POSIX_C_SOURCE 199309L

#include <retriage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "peers.h"

enum { KEYS = 1024, ROUNDS = 1000, PEERS = 4 };

static retriage_catalog updox;
static int64_t numbers[KEYS];
static const char *texts[KEYS];

/* A pass goes through the keys; what it sums keeps the compiler from leaving it out. */
static uint64_t by_nothing(void) {
  uint64_t sum = 0;
  for (size_t at = 0; at < KEYS; at++) sum += peer_nothing(updox, RETRIAGE_SPACE_CODE, numbers[at]);
  return sum;
}

static uint64_t by_retriage(void) {
  uint64_t sum = 0;
  for (size_t at = 0; at < KEYS; at++) sum += retriage_find(updox, RETRIAGE_SPACE_CODE, numbers[at]);
  return sum;
}

static uint64_t by_switch(void) {
  uint64_t sum = 0;
  for (size_t at = 0; at < KEYS; at++) sum += peer_switch(updox, RETRIAGE_SPACE_CODE, numbers[at]);
  return sum;
}

static uint64_t by_gperf(void) {
  uint64_t sum = 0;
  for (size_t at = 0; at < KEYS; at++) sum += peer_gperf(texts[at], 4);
  return sum;
}

static const struct {
  const char *name;
  uint64_t (*pass)(void);
} peers[PEERS] = {
    {"an empty call", by_nothing},
    {"retriage_find", by_retriage},
    {"switch", by_switch},
    {"gperf", by_gperf},
};

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int ascending(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

/* A fixed shuffle: the same keys in the same order on every machine, in an order that no predictor learns. */
static void shuffle(void) {
  uint64_t state = UINT64_C(0x2545F4914F6CDD1D);
  for (size_t at = 0; at < KEYS; at++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    size_t key = (size_t)(state % peer_key_count);
    texts[at] = peer_keys[key];
    numbers[at] = strtoll(peer_keys[key], NULL, 10);
  }
}

int main(int count, char **arguments) {
  static double times[PEERS][ROUNDS];
  volatile uint64_t sink = 0;
  if (retriage_catalog_find(RETRIAGE_BUILT_IN, "updox", &updox) != RETRIAGE_OK) return 1;
  shuffle();
  if (count == 3) {
    size_t peer = strtoul(arguments[1], NULL, 10), passes = strtoul(arguments[2], NULL, 10);
    if (peer >= PEERS) return 2;
    while (passes-- > 0) sink += peers[peer].pass();
    return 0;
  }
  if (by_retriage() != by_switch() || by_switch() != by_gperf()) {
    fputs("the peers give different answers\n", stderr);
    return 1;
  }
  for (size_t round = 0; round < ROUNDS; round++) {
    for (size_t peer = 0; peer < PEERS; peer++) {
      enum { PASSES = 50 };
      uint64_t before = now_ns();
      for (int pass = 0; pass < PASSES; pass++) sink += peers[peer].pass();
      times[peer][round] = (double)(now_ns() - before) / (PASSES * KEYS);
    }
  }
  for (size_t peer = 0; peer < PEERS; peer++) qsort(times[peer], ROUNDS, sizeof(double), ascending);
  for (size_t peer = 0; peer < PEERS; peer++) {
    double median = times[peer][ROUNDS / 2];
    printf("%s,%.2f,%.2f\n", peers[peer].name, median, median / times[0][ROUNDS / 2]);
  }
  return 0;
}
