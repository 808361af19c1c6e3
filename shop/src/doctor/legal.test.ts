import { expect, test } from "vitest";
import { BRAND } from "#/brand/brand.ts";
import { legalFindings } from "#/doctor/legal.ts";

const OURS = { ...BRAND, seller: { ...BRAND.seller, name: "Asha Rao" } };

test("where real money is taken, what the seller doesn't say is named, and a seller of the demo's too", () => {
  expect(legalFindings(OURS, "live")).toMatchObject([{ level: "ok" }]);
  const { privacy: _, ...legal } = OURS.legal;
  expect(legalFindings({ ...OURS, legal }, "live")).toMatchObject([
    {
      level: "warn",
      what: expect.stringContaining("legal.privacy"),
      todo: expect.stringContaining("legal.ts"),
    },
  ]);
  expect(legalFindings(BRAND, "live")).toMatchObject([
    { level: "warn", what: expect.stringContaining("Oncepaid Demo Ltd") },
  ]);
  expect(legalFindings({ ...BRAND, legal }, "sandbox")).toMatchObject([{ level: "ok" }]);
});
