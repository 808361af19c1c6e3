import { expect, test } from "vitest";
import { ownPath } from "#/ui/account/own-path.ts";

test("after signing in one goes on to a page of this shop", () => {
  expect(ownPath("/join/abc?x=1#seat")).toBe("/join/abc?x=1#seat");
  expect(ownPath(undefined)).toBe("/account");
});

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "/%2e/\\evil.example",
  "javascript:alert(1)",
  "evil",
  "/api/auth/sign-out",
  ["/a", "/b"],
])("and never to %j", (next) => {
  expect(ownPath(next)).toBe("/account");
});
