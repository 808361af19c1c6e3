import { expect, test } from "vitest";
import { formatBytes } from "#/texts/bytes.ts";

test("a size is told in the largest unit that keeps a digit before the point", () => {
  expect(formatBytes(0, "en")).toBe("0 byte");
  expect(formatBytes(999, "en")).toBe("999 byte");
  expect(formatBytes(52_300, "en")).toBe("52 kB");
  expect(formatBytes(2_450_000, "en")).toBe("2.5 MB");
  expect(formatBytes(7_000_000_000_000, "en")).toBe("7,000 GB");
});
