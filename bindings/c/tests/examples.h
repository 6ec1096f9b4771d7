/*
 * What the examples of the header take for granted. `cargo xtask test c` makes a function of each and compiles them all.
 */
#define _DEFAULT_SOURCE

#include <retriage.h>
#include <stdio.h>
#include <stdlib.h>

/* Catalogs that were found, and what came back. */
static retriage_catalog catalog, redox, updox, http, hl7v2;
static retriage_registry registry;
static retriage_entry entry;
static retriage_answer answer;
static retriage_evidence evidence;
static retriage_classification meaning, classification;
static retriage_decision next;
static retriage_profile quick;
static retriage_queue queue;
static retriage_setting setting;
static retriage_wish wish;
static int32_t status;

/* Texts of the program's. */
static char text[1024];
static const char *acme_json, *configured;

/* Functions of the program's. */
int64_t now(void);
void sleep_ms(uint64_t ms);
void retry_later(void);
void usage(void);
void respond(uint32_t status);
void send_message(const char *id, uint32_t attempt);
void store(const char *json);
