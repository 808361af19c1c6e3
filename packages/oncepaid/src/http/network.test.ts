import { expect, test } from "vitest";
import { areProxies, clientOf, networkOf } from "#/http/network.ts";

test("without trusted proxies nobody is believed what they say of their client", () => {
  for (const socket of ["198.51.100.7", "10.0.0.5", "127.0.0.1", "100.64.0.5", "fe80::1"]) {
    expect(clientOf(socket, "203.0.113.9", 0)).toBe(socket);
  }
  expect(clientOf("::ffff:198.51.100.7", "1.2.3.4", 0)).toBe("198.51.100.7");
  expect(clientOf("127.0.0.1", undefined, 0)).toBe("127.0.0.1");
});

test.each([
  ["one proxy", 1, "10.0.0.5", "6.6.6.6, 203.0.113.9"],
  ["two proxies", 2, "10.0.0.5", "6.6.6.6, 203.0.113.9, 192.0.2.7"],
  ["a proxy's network", ["10.0.0.0/8"], "10.0.0.5", "6.6.6.6, 203.0.113.9"],
  [
    "a CDN's network and a proxy",
    ["10.0.0.5", "192.0.2.0/24"],
    "10.0.0.5",
    "6.6.6.6, 203.0.113.9, 192.0.2.7",
  ],
  ["a proxy that tells the port", 1, "10.0.0.5", "6.6.6.6, 203.0.113.9:51234"],
  ["a proxy that is reached as an IPv6 one", ["10.0.0.0/8"], "::ffff:10.0.0.5", "::ffff:203.0.113.9"],
])(
  "behind %s the client is whom the farthest trusted one names, whatever the client wrote",
  (_, proxies, socket, said) => {
    expect(clientOf(socket, said, proxies)).toBe("203.0.113.9");
  },
);

test("whoever comes past the proxies counts by their own address", () => {
  expect(clientOf("198.51.100.7", "203.0.113.9", ["10.0.0.0/8"])).toBe("198.51.100.7");
  expect(clientOf("10.0.0.5", "203.0.113.9, 198.51.100.7", ["10.0.0.0/8"])).toBe("198.51.100.7");
});

test("a proxy that names nobody, or no address, is told apart from nobody", () => {
  expect(clientOf("10.0.0.5", undefined, 2)).toBe("10.0.0.5");
  expect(clientOf("10.0.0.5", undefined, ["10.0.0.0/8"])).toBe("10.0.0.5");
  expect(clientOf("10.0.0.5", "x".repeat(5_000), 1)).toBe("unknown");
  expect(clientOf("10.0.0.5", "unknown", 1)).toBe(clientOf("10.0.0.5", "_hidden", 1));
  expect(clientOf(undefined, undefined, 0)).toBe("unknown");
});

test("on a host without a socket the last address is the host's own word, and proxies stand before it", () => {
  expect(clientOf(undefined, "6.6.6.6, 203.0.113.9", 0)).toBe("203.0.113.9");
  expect(clientOf(undefined, "6.6.6.6, 203.0.113.9, 192.0.2.7", 1)).toBe("203.0.113.9");
});

test("all addresses of one IPv6 network count as one, those of another don't", () => {
  const home = networkOf("2001:db8:1:2:3:4:5:6");
  expect(networkOf("2001:db8:1:2::9")).toBe(home);
  expect(networkOf("2001:db8:1:3::9")).not.toBe(home);
  expect(networkOf("2001:db8::1")).toBe(networkOf("2001:db8::2"));
  expect(networkOf(clientOf("10.0.0.5", "[2001:db8:1:2::9]:51234", 1))).toBe(home);
});

test("proxies are a number, or addresses and networks", () => {
  for (const proxies of [0, 2, [], ["10.0.0.5"], ["10.0.0.0/8", "2001:db8::/32"]]) {
    expect(areProxies(proxies)).toBe(true);
  }
  for (const proxies of [-1, 1.5, Number.NaN, ["everybody"], ["10.0.0.0/99"]]) {
    expect(areProxies(proxies)).toBe(false);
  }
});
