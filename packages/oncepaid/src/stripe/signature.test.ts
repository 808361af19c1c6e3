import { expect, test } from "vitest";
import { signed } from "../../../../test/support/events.ts";
import { verifySignature } from "./signature.ts";

const { payload, header } = signed({ id: "evt_1" }, "whsec_current");
const body = Buffer.from(payload);

test("without a secret nothing is verified, never everything", () => {
  expect(verifySignature(body, header, [])).toMatchObject({ ok: false });
});

test("while a secret is rotated either one verifies", () => {
  expect(verifySignature(body, header, ["whsec_next", "whsec_current"])).toEqual({ ok: true, payload });
  expect(verifySignature(body, header, ["whsec_next", "whsec_other"])).toMatchObject({ ok: false });
});

test("one of several signatures in the header is enough, and only v1 counts", () => {
  const [, v1 = ""] = header.split(",");
  const two = `${header.replace(v1, "v1=00")},${v1}`;
  expect(verifySignature(body, two, ["whsec_current"])).toMatchObject({ ok: true });
  expect(verifySignature(body, header.replace("v1=", "v0="), ["whsec_current"])).toMatchObject({ ok: false });
});

test("bytes that only look the same after decoding are not what was signed", () => {
  const other = Buffer.concat([body, Buffer.from([0xff])]);
  expect(verifySignature(other, header, ["whsec_current"])).toMatchObject({ ok: false });
});

const now = Math.floor(Date.now() / 1000);

test.each([
  `t=${now},v1=`,
  "t=1,v1=",
  "t=,v1=,",
  `t=${now},v1=ä`,
  `t=${now},v1=${"é".repeat(32)}`,
  `t=${"9".repeat(400)},v1=00`,
  "=,=,=",
  "v1",
  `t=${now},v1=${"0".repeat(100_000)}`,
])("the header %s is refused with a sentence, never with an error", (odd) => {
  expect(verifySignature(body, odd, ["whsec_current"])).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/\.$/),
  });
});
