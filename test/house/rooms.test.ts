import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { filesOf, ROOT, textOf } from "./documents.ts";

const rooms = z.object({
  engineRooms: z.record(z.string(), z.array(z.string())),
  sandboxRooms: z.record(z.string(), z.array(z.string())),
  shopRooms: z.record(z.string(), z.array(z.string())),
});

async function readRooms() {
  const file: string = join(ROOT, "rooms.mjs");
  return rooms.parse(await import(file));
}

const ARCHITECTURE = textOf("ARCHITECTURE.md");

test("ARCHITECTURE.md names every room of the engine and of the shop", async () => {
  const { engineRooms, shopRooms } = await readRooms();
  const wanted = [
    ...Object.keys(engineRooms),
    ...Object.keys(shopRooms).map((room) => room.replace(/\/.*/, "")),
  ];
  expect(wanted.filter((room) => !ARCHITECTURE.includes(`\`${room}\``))).toEqual([]);
});

test("ARCHITECTURE.md names every entry of the engine's package, and no pattern lets anybody past them", () => {
  const manifest = z.object({ exports: z.record(z.string(), z.string()) });
  const { exports } = manifest.parse(JSON.parse(textOf("packages/oncepaid/package.json")));
  const entries = Object.keys(exports).map((entry) => entry.replace(".", "oncepaid"));
  expect(entries.filter((entry) => entry.includes("*") || !ARCHITECTURE.includes(`\`${entry}\``))).toEqual(
    [],
  );
});

/** Where the words that explain a line begin. */
const WORDS_AT = 43;

test.each([
  ["engine", "engineRooms"],
  ["sandbox", "sandboxRooms"],
] as const)("in the picture of the %s's rooms a line imports only lines below it", async (building, of) => {
  const [, picture = ""] = ARCHITECTURE.split(`## The ${building}'s rooms`)[1]?.split("```") ?? [];
  const lines = picture
    .trim()
    .split("\n")
    .map((line) => line.slice(0, WORDS_AT).trim().split(/\s+/));
  const heightOf = new Map(lines.flatMap((names, n) => names.map((name): [string, number] => [name, -n])));
  const { [of]: rooms } = await readRooms();
  const upwards = Object.entries(rooms).flatMap(([room, allowed]) => {
    const own = heightOf.get(room);
    return own === undefined
      ? []
      : allowed
          .filter((other) => (heightOf.get(other) ?? -lines.length) >= own)
          .map((other) => `${room} → ${other}`);
  });
  expect(upwards).toEqual([]);
  const folders = Object.keys(rooms).filter((room) => !room.includes("."));
  expect(folders.filter((room) => !heightOf.has(room))).toEqual([]);
});

test("everything in the sandbox's source is a room with a line of its own", async () => {
  const { sandboxRooms } = await readRooms();
  const source = "packages/sandbox/src/";
  const tops = filesOf(source.slice(0, -1))
    .filter((file) => file.endsWith(".ts") && !/\/test-[a-z]+\.ts$|\.test\.ts$/.test(file))
    .map((file) => file.slice(source.length).replace(/\/.*/, ""));
  // What the CLI and recordings of Stripe's are tried with has no part in the program.
  const tried = ["cli", "recorded"];
  expect([...new Set(tops)].filter((top) => !(top in sandboxRooms) && !tried.includes(top))).toEqual([]);
});
