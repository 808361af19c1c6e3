import type { Readable } from "node:stream";
import { getMimeType } from "hono/utils/mime";
import { giveLink, openLink } from "#/downloads/downloads.ts";
import { wantedPart } from "#/downloads/range.ts";
import { failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import { identify } from "#/http/caller.ts";
import type { Context } from "#/http/context.ts";

/** `?file=`: redirects to a link that works for five minutes, and counts it. */
export async function getDownload(c: Context): Promise<Response> {
  const caller = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  if (caller.kind === "nobody") {
    return answerFailure(c, failure("unauthenticated", "Sign in, or send an API key, to download."));
  }
  const given = await giveLink(c.var.engine, c.req.param("entitlementId") ?? "", c.req.query("file"), caller);
  c.header("cache-control", "no-store");
  return given.ok ? c.redirect(`/api/files/${given.token}`, 302) : answerFailure(c, given);
}

/** The file itself, or the part of it that `Range` asks for. The link is all that is needed. */
export async function getFile(c: Context): Promise<Response> {
  const opened = await openLink(c.var.engine, c.req.param("token") ?? "");
  c.header("cache-control", "private, no-store");
  if (!opened.ok) return answerFailure(c, opened);
  const { file, stored } = opened;
  const part = wantedPart(stored, c.req.header("range"), c.req.header("if-range"));
  c.header("accept-ranges", "bytes");
  c.header("etag", stored.etag);
  if (part === "unsatisfiable") {
    c.header("content-range", `bytes */${stored.bytes}`);
    return answerFailure(c, failure("invalid_range", "The file ends before the part that was asked for."));
  }
  const { first, last } = part === "all" ? { first: 0, last: stored.bytes - 1 } : part;
  if (part !== "all") c.header("content-range", `bytes ${first}-${last}/${stored.bytes}`);
  c.header("content-length", String(last - first + 1));
  c.header("content-type", getMimeType(file.name) ?? "application/octet-stream");
  c.header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
  const status = part === "all" ? 200 : 206;
  // Of an empty file no storage can be asked for the bytes from the first to the last.
  if (c.req.raw.method === "HEAD" || stored.bytes === 0) return c.body(null, status);
  return c.body(bodyOf(await c.var.engine.storage.read(file.path, { first, last })), status);
}

/** Read only as fast as the receiver takes it, and no further than it stays. */
function bodyOf(content: Readable): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = content[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void content.destroy(),
  });
}
