// Elements. Text always comes in as text: there is no way here to make markup of it.

const SVG = "http://www.w3.org/2000/svg";

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An element of HTML. */
export function h(name, attributes, ...children) {
  return build(document.createElement(name), attributes, children);
}

/** An element of SVG. */
export function s(name, attributes, ...children) {
  return build(document.createElementNS(SVG, name), attributes, children);
}

/** A list of names and what they are. */
export function facts(rows) {
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", {}, shown.map(([name, ...value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** A sentence whose words between backticks are code. */
export function prose(text) {
  return text.split("`").map((part, at) => (at % 2 === 1 ? h("code", {}, part) : part));
}

/** A word of a set with what it means. */
export function word(set, value) {
  return [h("code", { class: `word word-${value}` }, value), " ", h("span", { class: "meaning" }, prose(set[value]))];
}

/** A time span for people. */
export function span(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const parts = [];
  let left = Math.round(ms / 100) / 10;
  for (const [unit, size] of [["d", 86_400], ["h", 3_600], ["min", 60]]) {
    if (left >= size) {
      parts.push(`${Math.floor(left / size)} ${unit}`);
      left = Math.round((left % size) * 10) / 10;
    }
  }
  if (left > 0 || parts.length === 0) parts.push(`${parts.length > 0 ? Math.round(left) : left} s`);
  return parts.slice(0, 2).join(" ");
}
