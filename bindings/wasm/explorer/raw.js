// A raw answer as somebody pastes it, and what of it was recognised, where.

/** How a pasted text is read: the evidence, and where its parts begin. */
export function read(text) {
  const trimmed = text.replace(/^[\v\s]+/, "");
  if (trimmed === "") return undefined;
  const skipped = text.length - trimmed.length;
  if (/^(MSH|FHS|BHS)[^\w\s]/.test(trimmed)) {
    return { kind: "HL7 message", evidence: { body: text }, body: { at: 0, text } };
  }
  const line = /^(?:HTTP\/[\d.]+\s+)?(\d{3})\b[^\r\n]*(\r?\n|$)/.exec(trimmed);
  if (line) {
    const at = skipped + line[0].indexOf(line[1], line[0].startsWith("HTTP") ? 5 : 0);
    const parts = { status: { at, end: at + 3 }, headers: [] };
    const evidence = { status: Number(line[1]), headers: [] };
    let place = skipped + line[0].length;
    // Headers go on to the first empty line; what is no header begins the body.
    for (;;) {
      const header = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*([^\r\n]*)(\r?\n|$)/.exec(text.slice(place));
      if (!header) break;
      const [whole, name, value] = header;
      const from = place + whole.indexOf(value, name.length + 1);
      parts.headers.push({ name: name.toLowerCase(), at: from, end: from + value.length });
      evidence.headers.push([name, value.trim()]);
      place += whole.length;
    }
    const empty = /^[ \t]*\r?\n/.exec(text.slice(place));
    if (empty) place += empty[0].length;
    const body = text.slice(place);
    if (body.trim() !== "") evidence.body = body;
    return { kind: "HTTP response", evidence, ...parts, body: { at: place, text: body } };
  }
  if (/^[\w.:]+$/.test(trimmed.trim()) && !/^[{[]/.test(trimmed)) {
    return { kind: "name of a failure", evidence: { failure: trimmed.trim() }, failure: { at: skipped, end: skipped + trimmed.trim().length } };
  }
  return { kind: "body without a status", evidence: { body: text }, body: { at: 0, text } };
}

/** The scalars of a JSON text with their paths and places: `errors[].code`. None where it isn't JSON. */
export function scalars(text) {
  const found = [];
  let at = 0;
  const skip = () => {
    while (/\s/.test(text[at] ?? "")) at++;
  };
  const string = () => {
    const from = at++;
    while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    return JSON.parse(text.slice(from, ++at));
  };
  const members = (close, member) => {
    at++;
    skip();
    while (text[at] !== close) {
      member();
      skip();
      if (text[at] === ",") at++;
      skip();
    }
    at++;
  };
  const value = (path) => {
    skip();
    const from = at;
    if (text[at] === "{") {
      members("}", () => {
        const key = string();
        skip();
        at++;
        value(path === "" ? key : `${path}.${key}`);
      });
    } else if (text[at] === "[") {
      members("]", () => value(`${path}[]`));
    } else {
      if (text[at] === '"') string();
      else while (/[^\s,}\]]/.test(text[at] ?? " ")) at++;
      found.push({ path, at: from, end: at, value: JSON.parse(text.slice(from, at)) });
    }
  };
  try {
    JSON.parse(text);
    value("");
  } catch {
    // It isn't JSON, or nested deeper than anybody would read.
    return [];
  }
  return found;
}

/** What of the pasted text the classification speaks of: places with a word for each. */
export function recognised(raw, verdict, places) {
  const marks = [];
  const add = (what, part) => part && part.end > part.at && marks.push({ what, at: part.at, end: part.end });
  add("status", raw.status);
  add("failure", raw.failure);
  const steps = new Set(verdict.because.map(({ step }) => step));
  for (const header of raw.headers ?? []) {
    if (verdict.hint?.from === header.name) add("time to wait", header);
    if (steps.has("code_in_header") && places.codes.includes(`header:${header.name}`)) add("code", header);
    if (header.name === "location" && verdict.details?.location) add("location", header);
  }
  if (!raw.body) return marks;
  const said = verdict.details ?? {};
  const { text, at: start } = raw.body;
  if (said.reason !== undefined) {
    const lead = text.length - text.trimStart().length;
    add("text", { at: start + lead, end: start + text.trimEnd().length });
  }
  const values = new Map();
  for (const fields of [said, ...(said.errors ?? [])]) {
    for (const [field, value] of Object.entries(fields)) {
      if (field !== "errors" && field !== "format") values.set(String(value), field);
    }
  }
  for (const { path, at, end, value } of scalars(text)) {
    const place = `body:${path}`;
    if (places.codes.includes(place)) add("code", { at: start + at, end: start + end });
    else if (places.reasons.includes(place)) add("reason", { at: start + at, end: start + end });
    else if (value !== null && values.has(String(value))) add(values.get(String(value)), { at: start + at, end: start + end });
  }
  if (said.format === "hl7v2") {
    const separator = /^[\v\s]*(?:MSH|FHS|BHS)(.)/.exec(text)?.[1] ?? "|";
    const field = separator.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    // The acknowledgement, and the code of an error.
    for (const [what, pattern] of [["acknowledgement", `MSA${field}`], ["code", `ERR${field}[^${field}\r\n]*${field}[^${field}\r\n]*${field}`]]) {
      for (const match of text.matchAll(new RegExp(`(?:^|[\\r\\n\\v])(${pattern})([^${field}^\\r\\n]+)`, "g"))) {
        const at = start + match.index + match[0].length - match[2].length;
        add(what, { at, end: at + match[2].length });
      }
    }
  }
  // The first that was recognised keeps its place.
  marks.sort((one, other) => one.at - other.at);
  return marks.filter((mark, at) => at === 0 || mark.at >= marks[at - 1].end);
}
