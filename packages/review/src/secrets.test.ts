import { expect, test } from "vitest";
import { review } from "./review.ts";
import { testProject } from "./test-project.ts";

/** Put together here, so that no scanner takes this file for one with secrets in it. */
const BODY = "9aZ2kLq7Wm4Xr8Tn3Bv6Yc1D";
const LIVE = `sk_${"live"}_${BODY}`;
const RESTRICTED = `rk_${"test"}_${BODY}`;
const SIGNING = `wh${"sec"}_${BODY}${BODY}`;

function found(files: Record<string, string>): string[] {
  return review(testProject(files)).findings.map(
    ({ path, line, column, rule }) => `${path}:${line}:${column} ${rule.id}`,
  );
}

test("keys and signing secrets that look real are found in code, comments and tests alike", () => {
  expect(
    found({
      "stripe.ts": `export const stripe = new Stripe("${LIVE}");\n// old: ${RESTRICTED}\n`,
      "stripe.test.ts": `const secret = '${SIGNING}';\n`,
    }),
  ).toEqual([
    "stripe.test.ts:1:17 secret-in-source",
    "stripe.ts:1:35 secret-in-source",
    "stripe.ts:2:9 secret-in-source",
  ]);
});

test("a .env file is looked through unless git ignores it, and so is the example", () => {
  const files = { ".env": `STRIPE_SECRET_KEY=${LIVE}\n`, "index.js": "" };
  expect(found(files)).toEqual([".env:1:19 secret-in-source"]);
  expect(found({ ...files, ".gitignore": ".env\n" })).toEqual([]);
  expect(found({ "index.js": "", ".env.example": files[".env"] })).toEqual([
    ".env.example:1:19 secret-in-source",
  ]);
  expect(found({ "index.js": "", ".env.example": "STRIPE_SECRET_KEY=sk_test_your_key\n" })).toEqual([]);
});

test("every text file of a project is looked through", () => {
  const files = {
    "config.json": `{ "key": "${LIVE}" }`,
    "deploy/compose.yaml": `  STRIPE_SECRET_KEY: ${LIVE}`,
    Dockerfile: `ENV KEY=${LIVE}`,
    "docs/setup.md": `Use ${RESTRICTED}`,
    "index.html": `<script>const key = "${LIVE}"</script>`,
    "Pay.vue": `<script setup>const key = "${LIVE}"</script>`,
    "pay.py": `stripe.api_key = "${LIVE}"`,
  };
  expect(
    found({ ...files, "package-lock.json": LIVE, "logo.png": LIVE, "dump.custom": `\0${LIVE}` }),
  ).toEqual(
    [
      "Dockerfile:1:9",
      "Pay.vue:1:28",
      "config.json:1:11",
      "deploy/compose.yaml:1:22",
      "docs/setup.md:1:5",
      "index.html:1:22",
      "pay.py:1:19",
    ].map((place) => `${place} secret-in-source`),
  );
});

test("placeholders, short ones and lines that call themselves an example are quiet", () => {
  const lines = [
    `"sk_test_..."`,
    `"sk_test_xxxxxxxxxxxxxxxxxxxxxxxx"`,
    `"sk_live_your_key_here_0123456789"`,
    `"whsec_test_secret"`,
    `"sk_test_123"`,
    `"${LIVE}" // dummy`,
  ];
  expect(
    found({
      "examples.js": lines
        .map((line) => `f(${line});`)
        .join("\n")
        .replaceAll(";\n", "\n"),
    }),
  ).toEqual([]);
});

test("a file that can't be parsed is still looked through for secrets", () => {
  expect(found({ "broken.ts": `const = "${LIVE}"` })).toEqual(["broken.ts:1:10 secret-in-source"]);
});
