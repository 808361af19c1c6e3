import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { LOCALES } from "#/locale.ts";
import { mailText } from "#/mails/mail-text.ts";

const SHOP = join(import.meta.dirname, "..", "..");

/** As Next builds the pages and everything they import: next.config.mjs. */
const BUILT_BY_NEXT = `
import { registerHooks } from "node:module";
registerHooks({
  resolve: (name, context, next) =>
    next(name === "use-intl/format-message" ? "use-intl/format-message/format-only" : name, context),
});
const { default: formatMessage } = await import("use-intl/format-message");
const { mailText } = await import("#/mails/mail-text.ts");
const texts = (t) => [t("dispute_opened.subject", { dispute: "dp_1" }), t("seat_invitation.heading", { plan: "Pro" }), t("footer.never")];
console.log(JSON.stringify({ hasParser: formatMessage.raw === true, texts: ${JSON.stringify(LOCALES)}.map((locale) => texts(mailText(locale))) }));
`;

test("where only Next runs, and its formatter has no parser, mails say the same", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", BUILT_BY_NEXT],
    { cwd: SHOP },
  );
  const texts = LOCALES.map((locale) => {
    const t = mailText(locale);
    return [
      t("dispute_opened.subject", { dispute: "dp_1" }),
      t("seat_invitation.heading", { plan: "Pro" }),
      t("footer.never"),
    ];
  });
  expect(texts.flat().join()).toContain("A payment is disputed: dp_1");
  expect(JSON.parse(stdout)).toEqual({ hasParser: false, texts });
});
