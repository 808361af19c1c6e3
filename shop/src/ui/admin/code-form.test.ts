import { expect, test } from "vitest";
import { codeChoice } from "#/ui/admin/code-form.ts";

const PERCENT = { code: "autumn-20", kind: "percent", percent: "12,5", duration: "once" };

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

test("a percentage may be written with a comma, and a code in small letters", () => {
  expect(codeChoice(formOf(PERCENT))).toEqual({
    ok: true,
    body: { code: "AUTUMN-20", percentOff: 12.5, duration: "once" },
  });
});

test("an amount becomes minor units of its currency; months, limit and last day go along", () => {
  const { body } = {
    body: undefined,
    ...codeChoice(
      formOf({
        ...PERCENT,
        kind: "amount",
        amount: "5.5",
        currency: "usd",
        duration: "repeating",
        months: "3",
        limit: "10",
        lastDay: "2035-03-09",
      }),
    ),
  };
  expect(body).toMatchObject({
    amountOff: 550,
    currency: "usd",
    durationInMonths: 3,
    maxRedemptions: 10,
    expiresAt: new Date("2035-03-10T00:00").toISOString(),
  });
});

test.each([
  [{ percent: "0" }, "notAPercentage"],
  [{ percent: "100.01" }, "notAPercentage"],
  [{ percent: "a lot" }, "notAPercentage"],
  [{ kind: "amount", amount: "0", currency: "usd" }, "notAnAmount"],
  [{ kind: "amount", amount: "5.555", currency: "usd" }, "notAnAmount"],
  [{ code: "two words" }, "notACode"],
])("%j is %s", (change, wrong) => {
  expect(codeChoice(formOf({ ...PERCENT, ...change }))).toEqual({ ok: false, wrong });
});
