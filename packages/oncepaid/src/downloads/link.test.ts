import { expect, test } from "vitest";
import { readLink, signLink } from "#/downloads/link.ts";

const SECRET = "a-secret-for-tests-of-32-characters";
const link = { entitlementId: "01890000-0000-7000-8000-000000000000", file: "guide" };
const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

test("a link says what it is for, for five minutes", () => {
  const token = signLink(link, SECRET, NOW);
  expect(readLink(token, [SECRET], NOW)).toEqual(link);
  expect(readLink(token, [SECRET], NOW + 5 * MINUTE - 1)).toEqual(link);
  expect(readLink(token, [SECRET], NOW + 5 * MINUTE)).toBe("expired");
});

test("a link that was changed anywhere, cut, lengthened or signed with another secret is forged", () => {
  const token = signLink(link, SECRET, NOW);
  const changed = Array.from(token, (letter, at) => {
    const other = letter === "A" ? "B" : "A";
    return token.slice(0, at) + other + token.slice(at + 1);
  });
  const forged = [...changed, token.slice(0, -1), `${token}A`, `${token}.x`, "", ".", "nonsense"];
  for (const each of forged) {
    // The last letter of base64url carries bits nobody reads: changing only those is the same signature.
    const sameBytes = Buffer.from(each.split(".")[1] ?? "", "base64url").equals(
      Buffer.from(token.split(".")[1] ?? "", "base64url"),
    );
    if (sameBytes && each.split(".")[0] === token.split(".")[0] && each.split(".").length === 2) continue;
    expect(readLink(each, [SECRET], NOW)).toBe("forged");
  }
  expect(readLink(token, [`${SECRET}!`], NOW)).toBe("forged");
});

test("while the secret is being replaced, links that the former one signed are links", () => {
  const token = signLink(link, SECRET, NOW);
  expect(readLink(token, ["the secret that replaced it", SECRET], NOW)).toEqual(link);
});
