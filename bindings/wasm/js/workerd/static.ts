// Hosts such as Cloudflare Workers refuse to compile bytes and import modules instead.
import module from "../../retriage.wasm";
import { provide } from "../instance.js";

provide(() => module);
