import { type Fault, faultAt, type Rule } from "./rule.ts";

const SECRET = /(?<![A-Za-z0-9_])((?:sk|rk)_(?:live|test)_|whsec_)([A-Za-z0-9+/=_]+)/g;
/** Stripe's keys have 24 or about 100 characters after the prefix, its signing secrets 32 or more. */
const SHORTEST = 24;
const FEWEST_DIFFERENT = 10;
/** What people write where a secret will stand. */
const PLACEHOLDER =
  /x{4}|(?:your|example|placeholder|secret|dummy|fake|mock|change|replace|sample|insert|here|test|sandbox|local|stub|invalid|wrong|current|whatever)|0{6}|12345|abcde|(.)\1{4}/i;
/** A line that says itself that its secret is none. */
const SAID_FALSE = /\b(?:dummy|fake|example|placeholder|not (?:a )?real|sample|mock)\b/i;
/** Printed in Stripe's own documentation for everybody to use; they open no account. */
const PUBLISHED = new Set([
  "4eC39HqLyjWDarjtT1zdp7dc",
  "BQokikJOvBiI2HlWgH4olfQ2",
  "tR3PYbcVNZZ796tH88S4VQ2u",
  "26PHem9AhJZvU623DfE1x4sd",
]);

export const secretInSource: Rule = {
  id: "secret-in-source",
  level: "error",
  title: "A Stripe secret is written in a file.",
  why: "Whoever can read the repository, a build or a backup can refund, charge and read customers with the key, or sign events that grant access for free with the webhook secret. It stays in the history after it was deleted.",
  fix: "Roll the secret in Stripe's dashboard now, read it from an environment variable, and list the .env file in .gitignore.",
  check({ files }) {
    return files.flatMap(({ path, text }) => secretsIn(path, text));
  },
};

function secretsIn(path: string, text: string): Fault[] {
  if (!/[sr]k_(?:live|test)_|whsec_/.test(text)) return [];
  return [...text.matchAll(SECRET)].flatMap((match) => {
    const [whole, prefix = "", body = ""] = match;
    if (!looksReal(body) || SAID_FALSE.test(lineAround(text, match.index))) return [];
    const what =
      prefix === "whsec_" ? "webhook signing secret" : `${prefix.includes("live") ? "live" : "test"} key`;
    return [
      faultAt(path, text, match.index, match.index + whole.length, `A ${what} (${prefix}…) is written here.`),
    ];
  });
}

function lineAround(text: string, index: number): string {
  const end = text.indexOf("\n", index);
  return text.slice(text.lastIndexOf("\n", index) + 1, end < 0 ? undefined : end);
}

function looksReal(body: string): boolean {
  return (
    body.length >= SHORTEST &&
    new Set(body).size >= FEWEST_DIFFERENT &&
    /\d/.test(body) &&
    /[A-Za-z]/.test(body) &&
    !PLACEHOLDER.test(body) &&
    !PUBLISHED.has(body)
  );
}
