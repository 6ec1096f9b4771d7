// Node, `import`.
import * as retriage from "retriage";
import { check } from "./check.mjs";

console.log(JSON.stringify(await check(retriage)));
