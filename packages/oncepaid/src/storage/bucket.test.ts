import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import S3rver from "@20minutes/s3rver";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBucket } from "#/storage/bucket.ts";
import { runFolder } from "../../../../test/support/database.ts";

/** Against a real S3-compatible server over HTTP, which checks the signature of every request. */
const CONTENT = "Everything that happens after the card was charged.";
let server: InstanceType<typeof S3rver>;
let host: string;

beforeAll(async () => {
  const directory = join(runFolder(), `s3-${process.pid}`);
  mkdirSync(directory, { recursive: true });
  server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: "shop", configs: [] }],
  });
  const { address, port } = await server.run();
  host = `${address}:${port}`;
  const client = new S3Client({
    endpoint: `http://${host}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
  });
  await client.send(new PutObjectCommand({ Bucket: "shop", Key: "sold/guide one.txt", Body: CONTENT }));
});
afterAll(() => server.close());

const bucket = (credentials = "S3RVER:S3RVER", path = "shop/sold") =>
  openBucket(new URL(`s3+http://${credentials}@${host}/${path}?region=us-east-1`));

test("a file of a bucket is known by its size and its etag", async () => {
  expect(await bucket().stat("guide one.txt")).toEqual({
    bytes: CONTENT.length,
    etag: expect.stringMatching(/^"[0-9a-f]+"$/),
  });
  expect(await bucket().stat("nothing.txt")).toBeUndefined();
});

test("a file of a bucket is read whole and in part", async () => {
  expect(await text(await bucket().read("guide one.txt"))).toBe(CONTENT);
  expect(await text(await bucket().read("guide one.txt", { first: 11, last: 14 }))).toBe(
    CONTENT.slice(11, 15),
  );
});

test("what the storage refuses is an error, never a missing file", async () => {
  await expect(bucket("S3RVER:wrong").stat("guide one.txt")).rejects.toThrow();
  await expect(bucket("S3RVER:wrong").read("guide one.txt")).rejects.toThrow();
});
