import { expect, test } from "vitest";
import { wantedPart } from "#/downloads/range.ts";

const file = { bytes: 100, etag: '"v1"' };

test.each([
  [undefined, "all"],
  ["bytes=0-", { first: 0, last: 99 }],
  ["bytes=10-19", { first: 10, last: 19 }],
  ["bytes=90-500", { first: 90, last: 99 }],
  ["bytes=-10", { first: 90, last: 99 }],
  ["bytes=-500", { first: 0, last: 99 }],
  ["bytes=99-99", { first: 99, last: 99 }],
  ["bytes=100-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=20-10", "all"],
  ["bytes=-", "all"],
  ["bytes=0-1,5-6", "all"],
  ["items=0-1", "all"],
])("Range %s of 100 bytes is %j", (range, part) => {
  expect(wantedPart(file, range, undefined)).toEqual(part);
});

test("a part of a file that has changed since is answered with all of the new one", () => {
  expect(wantedPart(file, "bytes=10-", '"v1"')).toEqual({ first: 10, last: 99 });
  expect(wantedPart(file, "bytes=10-", '"v0"')).toBe("all");
});

test("nothing of an empty file can be asked for", () => {
  expect(wantedPart({ bytes: 0, etag: '"e"' }, "bytes=0-", undefined)).toBe("unsatisfiable");
});
