// Cloudflare Workers.
import * as retriage from "retriage";
import { check } from "./check.mjs";

export default {
  async fetch() {
    return Response.json(await check(retriage));
  },
};
