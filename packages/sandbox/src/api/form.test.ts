import fc from "fast-check";
import { expect, test } from "vitest";
import { parseForm, type Raw, withoutEmpty } from "./form.ts";

test("brackets nest, and both ways of writing lists mean the same", () => {
  expect(plain(parseForm("a[b][c]=1&list[0]=x&list[1]=y&text=a+b%26"))).toEqual({
    a: { b: { c: "1" } },
    list: { 0: "x", 1: "y" },
    text: "a b&",
  });
  expect(plain(parseForm("list[]=x&list[]=y"))).toEqual({ list: { 0: "x", 1: "y" } });
});

test("items that are written without numbers begin anew where something comes a second time", () => {
  const items =
    "i[][price]=a&i[][data][name]=n&i[][data][tags][]=x&i[][data][tags][]=y&i[][price]=b&i[][n]=2";
  expect(plain(parseForm(items))).toEqual({
    i: { 0: { price: "a", data: { name: "n", tags: { 0: "x", 1: "y" } } }, 1: { price: "b", n: "2" } },
  });
});

test("a list without numbers that is far too long is refused at once", () => {
  const many = (count: number) => Array.from({ length: count }, (_, place) => `list[]=${place}`).join("&");
  expect(Object.keys(parseForm(many(1000)).list ?? {})).toHaveLength(1000);
  expect(() => parseForm(many(100_000))).toThrow("Invalid list[]: must be at most 1000 items");
});

test("whatever nested values are encoded, the same come out", () => {
  const name = fc.stringMatching(/^[a-z_0-9]{1,8}$/);
  const { value } = fc.letrec<{ value: Raw }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(name, value), (given) => {
      expect(plain(parseForm(encode(given)))).toEqual(plain(given));
    }),
  );
});

test("a parameter named like a part of every object is a parameter like any other", () => {
  const parsed = parseForm("__proto__[polluted]=1&constructor=2");
  expect(Object.keys(parsed)).toEqual(["__proto__", "constructor"]);
  expect("polluted" in {}).toBe(false);
});

test("empty values mean not set where something is made", () => {
  expect(plain(withoutEmpty(parseForm("a=&b=1&c[d]=&c[e]=2")))).toEqual({ b: "1", c: { e: "2" } });
});

function encode(given: Record<string, Raw>, prefix = ""): string {
  return Object.entries(given)
    .map(([key, value]) => {
      const path = prefix === "" ? key : `${prefix}[${key}]`;
      return typeof value === "string" ? `${path}=${encodeURIComponent(value)}` : encode(value, path);
    })
    .join("&");
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
