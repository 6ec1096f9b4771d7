/* What the tests share. */
#ifndef RETRIAGE_TESTS_CHECK_H
#define RETRIAGE_TESTS_CHECK_H

#include <retriage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

/* Counts a failure and says where, with the library's last words. */
static void failed(const char *file, int line, const char *what, const char *about) {
  char last[512];
  if (retriage_last_error(last, sizeof last, NULL) != RETRIAGE_OK) strcpy(last, "(a long one)");
  if (failures++ < 20) fprintf(stderr, "%s:%d: %s: %s (last error: %s)\n", file, line, about, what, last);
}

/* Fails, with what it is about, unless it holds. */
#define CHECK_OF(about, holds) ((holds) ? (void)0 : failed(__FILE__, __LINE__, #holds, (about)))
#define CHECK(holds) CHECK_OF("here", holds)

/* Ends the test: with what it counted, or with failures. */
static int finish(void) {
  if (failures > 0) fprintf(stderr, "%d failed\n", failures);
  return failures > 0;
}

#endif
