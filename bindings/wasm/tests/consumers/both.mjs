// `require` and `import` in one program: one instance, one class of errors, one set of languages.
import { createRequire } from "node:module";
import * as imported from "retriage";
import { createFetch } from "retriage/fetch";
import { lookup } from "retriage/codes";
import { category } from "retriage/words";

const require = createRequire(import.meta.url);
const required = require("retriage");
require("retriage/locales/de");
const shared = [
  imported.RetriageError === required.RetriageError,
  imported.lookup("http", 404) === required.lookup("http", 404),
  createFetch === require("retriage/fetch").createFetch,
  imported.classify("http", { status: 404, locale: "de" }).messages.locale === "de",
  JSON.stringify(lookup("http", 404)) === JSON.stringify(require("retriage/codes").lookup("http", 404)),
  category.success === require("retriage/words").category.success,
];
console.log(JSON.stringify(shared));
