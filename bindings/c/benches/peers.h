/* What retriage_find is measured beside; `cargo xtask bench c` prints the sources of the Updox codes. */
#ifndef RETRIAGE_BENCHES_PEERS_H
#define RETRIAGE_BENCHES_PEERS_H

#include <stddef.h>
#include <stdint.h>

/* Every code that the catalog lists, as text. */
extern const char *const peer_keys[];
extern const size_t peer_key_count;

uint64_t peer_nothing(uint64_t catalog, uint32_t space, int64_t number);
uint64_t peer_switch(uint64_t catalog, uint32_t space, int64_t number);
uint64_t peer_gperf(const char *code, size_t length);

#endif
