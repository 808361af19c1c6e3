import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { ROOT, textOf } from "./documents.ts";

const rooms = z.object({
  engineRooms: z.record(z.string(), z.array(z.string())),
  shopRooms: z.record(z.string(), z.array(z.string())),
});

test("ARCHITECTURE.md names every room of the engine and of the shop", async () => {
  const file: string = join(ROOT, "rooms.mjs");
  const { engineRooms, shopRooms } = rooms.parse(await import(file));
  const architecture = textOf("ARCHITECTURE.md");
  const named = (room: string) => architecture.includes(`\`${room}\``);
  const wanted = [
    ...Object.keys(engineRooms),
    ...Object.keys(shopRooms).map((room) => room.replace(/\/.*/, "")),
  ];
  expect(wanted.filter((room) => !named(room))).toEqual([]);
});
