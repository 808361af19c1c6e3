import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** What a server adds to the client's key, so that no other kind of server can seem to agree (RFC 6455, 1.3). */
const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const LAST_FRAME = 0x80;
const LONGEST_SHORT = 125;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

/**
 * The server's side of a WebSocket, as far as the Stripe CLI needs it: whole text messages to it, and answers to its
 * pings and its goodbye. What it says itself (acknowledgements) is read and left.
 */
export class Socket {
  readonly #stream: Duplex;
  #unread = Buffer.alloc(0);

  /** Agrees to the client's wish to change protocols. */
  static accept(request: IncomingMessage, stream: Duplex): Socket {
    const key = request.headers["sec-websocket-key"] ?? "";
    const answer = createHash("sha1").update(`${key}${MAGIC}`).digest("base64");
    const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    stream.write(`${[...head, `Sec-WebSocket-Accept: ${answer}`].join("\r\n")}\r\n\r\n`);
    return new Socket(stream);
  }

  private constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on("data", (chunk: Buffer) => this.#read(chunk));
    stream.on("error", () => stream.destroy());
  }

  onClose(listener: () => void): void {
    this.#stream.once("close", listener);
  }

  send(text: string): void {
    this.#write(TEXT, Buffer.from(text));
  }

  close(): void {
    this.#write(CLOSE, Buffer.alloc(0));
    this.#stream.destroy();
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (let frame = frameIn(this.#unread); frame; frame = frameIn(this.#unread)) {
      this.#unread = this.#unread.subarray(frame.size);
      if (frame.kind === PING) this.#write(PONG, frame.payload);
      if (frame.kind === CLOSE) this.close();
    }
  }

  #write(kind: number, payload: Buffer): void {
    if (this.#stream.writable) this.#stream.write(Buffer.concat([headOf(kind, payload.length), payload]));
  }
}

function headOf(kind: number, length: number): Buffer {
  const first = LAST_FRAME | kind;
  if (length <= LONGEST_SHORT) return Buffer.from([first, length]);
  if (length < 2 ** 16) {
    const head = Buffer.from([first, TWO_BYTES, 0, 0]);
    head.writeUInt16BE(length, 2);
    return head;
  }
  const head = Buffer.alloc(10);
  head.writeUInt8(first, 0);
  head.writeUInt8(EIGHT_BYTES, 1);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** The first whole frame of what has arrived; clients mask theirs with four bytes. */
function frameIn(data: Buffer): { kind: number; payload: Buffer; size: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data.readUInt8(1) & 0x7f;
  const extra = short === TWO_BYTES ? 2 : short === EIGHT_BYTES ? 8 : 0;
  const start = 2 + extra + 4;
  if (data.length < start) return undefined;
  const length = extra === 0 ? short : extra === 2 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  const size = start + length;
  if (data.length < size) return undefined;
  const mask = data.subarray(start - 4, start);
  const payload = Buffer.from(data.subarray(start, size).map((byte, place) => byte ^ (mask[place % 4] ?? 0)));
  return { kind: data.readUInt8(0) & 0x0f, payload, size };
}
