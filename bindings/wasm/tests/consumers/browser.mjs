// What bundlers bundle.
import * as retriage from "retriage";
import { lookup } from "retriage/codes";
import { check } from "./check.mjs";

globalThis.result = check(retriage).then((result) => ({ ...result, code: lookup("http", 404).title }));
