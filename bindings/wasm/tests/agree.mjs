// Asks the installed package the questions of one file, and compares its answers with those of another.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { load } from "./lib.js";

const retriage = await load();
await Promise.all(["ar", "de", "es", "fr", "ja", "pt", "zh"].map(retriage.loadLocale));
const [questions, answers] = process.argv
  .slice(2)
  .map((path) => createInterface({ input: createReadStream(path), crlfDelay: Infinity })[Symbol.asyncIterator]());
let compared = 0;
for (;;) {
  const [question, expected] = [await questions.next(), await answers.next()];
  if (question.done || expected.done) break;
  // Both through the same writer, so that a number is not told by how it is written.
  const wanted = JSON.stringify(JSON.parse(expected.value));
  const parsed = JSON.parse(question.value);
  // An object can't say 1.0, which is no whole number where one is asked for.
  const says = JSON.stringify(parsed) === question.value;
  for (const asked of says ? [question.value, parsed] : [question.value]) {
    const told = JSON.stringify(retriage.answer(asked));
    if (told !== wanted) {
      console.error(`JavaScript says\n${told}\nand the core\n${wanted}\nto\n${question.value}`);
      process.exit(1);
    }
  }
  compared++;
}
console.log(`JavaScript agrees in ${compared}`);
