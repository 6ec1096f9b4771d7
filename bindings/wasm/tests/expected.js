/** What check.js comes to, wherever it runs. */
export const expected = {
  entry: "redox/401.invalid_source_secret",
  frozen: true,
  same: true,
  read: ["updox/4651", "exact", '{"responseCode":4651}'],
  lost: ["transport/ECONNRESET", "verify", "retry"],
  spanish: "es",
  own: "acme/599",
  queue: ["a"],
  advice: 503,
  wire: "verify",
  refused: ["RetriageError", "bad_value", "/status"],
};
