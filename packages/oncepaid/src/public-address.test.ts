import { expect, test } from "vitest";
import { isPublicAddress } from "#/public-address.ts";

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.127.255.255",
  "0.0.0.0",
  "192.0.0.5",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::10.0.0.1",
  "::ffff:10.0.0.1",
  "fd00::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "64:ff9b::a00:1",
  "64:ff9b:1::a00:1",
  "2001::1",
  "2002:a00:1::",
  "100::1",
  "",
  "unknown",
])("%j is not on the internet", (inside) => {
  expect(isPublicAddress(inside)).toBe(false);
});

test.each([
  "8.8.8.8",
  "172.32.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "1.1.1.1",
  "203.0.113.9",
  "::ffff:8.8.8.8",
  "2606:4700:4700::1111",
  "2001:db8::1",
])("%j is on the internet", (outside) => {
  expect(isPublicAddress(outside)).toBe(true);
});
