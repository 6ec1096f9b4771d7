/*
 * The quick look-ups allocate nothing. The program's own malloc stands in for that of the C library, and counts.
 */
#include "check.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static size_t allocations;

void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  allocations++;
  return __libc_realloc(memory, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  allocations++;
  *memory = __libc_memalign(alignment, size);
  return *memory == NULL;
}

int main(void) {
  retriage_catalog catalog = 0;
  uint64_t sum = 0;
  char text[4096];

  /* Before anything else, so that nothing has been made ready: the first look-up allocates no more than the last. */
  for (size_t at = 0; at < 100; at++) {
    size_t before = allocations;
    int32_t status = retriage_catalog_at(RETRIAGE_BUILT_IN, at, &catalog);
    if (status != RETRIAGE_OK) break;
    CHECK(allocations == before);
    for (int64_t number = -10; number < 70000; number++) {
      sum += retriage_find(catalog, RETRIAGE_SPACE_STATUS, number);
      sum += retriage_find(catalog, RETRIAGE_SPACE_CODE, number);
    }
    sum += retriage_find_name(catalog, RETRIAGE_SPACE_FAILURE, "ECONNRESET", RETRIAGE_NUL_TERMINATED);
    sum += retriage_find_name(catalog, RETRIAGE_SPACE_CODE, "no such code", RETRIAGE_NUL_TERMINATED);
    CHECK(allocations == before);
  }
  CHECK(sum != 0);

  /* It does count. */
  size_t before = allocations;
  CHECK(retriage_answer_json(RETRIAGE_BUILT_IN, "{\"status\":503}", RETRIAGE_NUL_TERMINATED, text, sizeof text, NULL) ==
        RETRIAGE_OK);
  CHECK(allocations > before);
  return finish();
}
