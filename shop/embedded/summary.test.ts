import { expect, test } from "vitest";
import { readSettings } from "#/config.ts";
import { summary } from "./summary.ts";

const said = (env: Record<string, string>) =>
  summary({
    settings: readSettings({ NODE_ENV: "production", ...env }),
    parts: [],
    url: "http://localhost:3000",
    dir: "/tmp/oncepaid",
    ms: 1_000,
  });

test("the start says where the desk is, and how to get in while nobody may", () => {
  const text = said({});
  expect(text).toContain("http://localhost:3000/admin");
  expect(text).toContain("ADMIN_EMAILS=you@example.com npm start");
});

test("where somebody may enter it says how, without their addresses", () => {
  const text = said({ ADMIN_EMAILS: "ada@example.com", APP_URL: "https://shop.example.com/" });
  expect(text).toContain("https://shop.example.com/admin");
  expect(text).toContain("sign in with an address of ADMIN_EMAILS");
  expect(text).not.toContain("ada@");
});
