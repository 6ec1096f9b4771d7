/* Asks the library the questions of one file, and compares its answers, byte for byte, with those of another. */

#include <retriage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 1 << 22 };

static char *line_of(FILE *file, char *line) {
  if (!fgets(line, LONGEST, file)) return NULL;
  line[strcspn(line, "\n")] = '\0';
  return line;
}

int main(int count, char **arguments) {
  FILE *questions = count == 3 ? fopen(arguments[1], "r") : NULL;
  FILE *answers = count == 3 ? fopen(arguments[2], "r") : NULL;
  char *question = malloc(LONGEST), *answer = malloc(LONGEST), *told = malloc(LONGEST);
  if (!questions || !answers || !question || !answer || !told) return 2;
  long compared = 0;
  while (line_of(questions, question) && line_of(answers, answer)) {
    int32_t status =
        retriage_answer_json(RETRIAGE_BUILT_IN, question, RETRIAGE_NUL_TERMINATED, told, LONGEST, NULL);
    if (status != RETRIAGE_OK || strcmp(told, answer) != 0) {
      fprintf(stderr, "C says (%d)\n%s\nand the core\n%s\nto\n%s\n", (int)status, told, answer, question);
      return 1;
    }
    compared++;
  }
  printf("C agrees in %ld\n", compared);
  free(question);
  free(answer);
  free(told);
  return fclose(questions) || fclose(answers) || compared == 0;
}
