import { expect, test } from "vitest";
import { networkOf } from "#/http/network.ts";

test("what a client says of its own address is not believed, what a proxy of ours says of its client is", () => {
  expect(networkOf("198.51.100.7", "1.2.3.4")).toBe("198.51.100.7");
  expect(networkOf("10.0.0.5", "1.2.3.4, 203.0.113.9")).toBe("203.0.113.9");
  expect(networkOf("::ffff:127.0.0.1", "203.0.113.9")).toBe("203.0.113.9");
  expect(networkOf("::ffff:198.51.100.7", "1.2.3.4")).toBe("198.51.100.7");
  // A container's network, a carrier's and a link's own addresses are nobody's on the internet.
  expect(networkOf("100.64.0.5", "203.0.113.9")).toBe("203.0.113.9");
  expect(networkOf("fe80::1", "203.0.113.9")).toBe("203.0.113.9");
  expect(networkOf("127.0.0.1", "unknown")).toBe("unknown");
  expect(networkOf("127.0.0.1", undefined)).toBe("127.0.0.1");
  expect(networkOf(undefined, "203.0.113.9")).toBe("203.0.113.9");
  // Some proxies tell the client's port too, another one for each connection.
  expect(networkOf("10.0.0.5", "203.0.113.9:51234")).toBe("203.0.113.9");
  expect(networkOf("10.0.0.5", "[2001:db8:1:2::9]:51234")).toBe(networkOf("2001:db8:1:2::9", undefined));
});

test("all addresses of one IPv6 network count as one, those of another don't", () => {
  const home = networkOf("2001:db8:1:2:3:4:5:6", undefined);
  expect(networkOf("2001:db8:1:2::9", undefined)).toBe(home);
  expect(networkOf("2001:db8:1:3::9", undefined)).not.toBe(home);
  expect(networkOf("2001:db8::1", undefined)).toBe(networkOf("2001:db8::2", undefined));
});
