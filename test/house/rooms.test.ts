import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { ROOT, textOf } from "./documents.ts";

const rooms = z.object({
  engineRooms: z.record(z.string(), z.array(z.string())),
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

test("in the picture of the engine's rooms a line imports only lines below it", async () => {
  const [, picture = ""] = ARCHITECTURE.split("## The engine's rooms")[1]?.split("```") ?? [];
  const lines = picture
    .trim()
    .split("\n")
    .map((line) => line.slice(0, WORDS_AT).trim().split(/\s+/));
  const heightOf = new Map(lines.flatMap((names, n) => names.map((name): [string, number] => [name, -n])));
  const { engineRooms } = await readRooms();
  const upwards = Object.entries(engineRooms).flatMap(([room, allowed]) => {
    const own = heightOf.get(room);
    return own === undefined
      ? []
      : allowed
          .filter((other) => (heightOf.get(other) ?? -lines.length) >= own)
          .map((other) => `${room} → ${other}`);
  });
  expect(upwards).toEqual([]);
  const folders = Object.keys(engineRooms).filter((room) => !room.includes("."));
  expect(folders.filter((room) => !heightOf.has(room))).toEqual([]);
});
