import { Readable } from "node:stream";
import type { Storage } from "#/storage/storage.ts";

/**
 * Objects of a bucket: `s3://KEY:SECRET@s3.eu-central-1.amazonaws.com/bucket/folder?region=eu-central-1`. Without
 * KEY:SECRET they come from where the AWS SDK looks for them (environment, instance role). `s3+http:` is for a service
 * on one's own network that speaks no TLS.
 */
export function openBucket(url: URL): Storage {
  const [bucket = "", ...folder] = url.pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  let opened: ReturnType<typeof connect> | undefined;
  const service = () => {
    opened ??= connect(url);
    return opened;
  };
  const place = (path: string) => ({ Bucket: bucket, Key: [...folder, path].join("/") });
  return {
    stat: async (path) => {
      const { client, HeadObjectCommand, NotFound } = await service();
      try {
        const { ContentLength = 0, ETag = "" } = await client.send(new HeadObjectCommand(place(path)));
        return { bytes: ContentLength, etag: ETag };
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    read: async (path, part) => {
      const { client, GetObjectCommand } = await service();
      const range = part && { Range: `bytes=${part.first}-${part.last}` };
      const { Body } = await client.send(new GetObjectCommand({ ...place(path), ...range }));
      if (!(Body instanceof Readable)) throw new Error(`The storage sent no content of ${path}.`);
      return Body;
    },
  };
}

/** The SDK is large, and who keeps files in a folder has no use for it: it is loaded with the first file of a bucket. */
async function connect(url: URL) {
  const { GetObjectCommand, HeadObjectCommand, NotFound, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client({
    endpoint: `${url.protocol === "s3:" ? "https" : "http"}://${url.host}`,
    region: url.searchParams.get("region") ?? "us-east-1",
    // The bucket in the path is understood by every service, a bucket as a host name isn't.
    forcePathStyle: true,
    ...(url.username && {
      credentials: {
        accessKeyId: decodeURIComponent(url.username),
        secretAccessKey: decodeURIComponent(url.password),
      },
    }),
  });
  return { client, GetObjectCommand, HeadObjectCommand, NotFound };
}
