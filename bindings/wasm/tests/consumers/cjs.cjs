// Node, `require`.
const retriage = require("retriage");

import("./check.mjs").then(async ({ check }) => console.log(JSON.stringify(await check(retriage))));
