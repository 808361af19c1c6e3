import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import Stripe from "stripe";
import { listening } from "../test-shop.ts";

export interface Arrival {
  /** What the SDK made of it; undefined when it did not verify, which is answered 400 as a shop would. */
  event: Stripe.Event | undefined;
  refusal: string | undefined;
  body: string;
  headers: IncomingHttpHeaders;
}

/** A receiver of webhooks that expects anything: what does not verify is written down and refused. */
export class TestReceiver {
  readonly url: string;
  readonly arrivals: Arrival[] = [];
  secret = "";
  answer: (event: Stripe.Event, response: ServerResponse) => void = (_, response) => response.end("ok");
  readonly #server: Server;

  static async open(): Promise<TestReceiver> {
    const server = createServer();
    return new TestReceiver(server, await listening(server));
  }

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}/webhook`;
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const arrival = this.#read(Buffer.concat(chunks).toString(), request.headers);
        this.arrivals.push(arrival);
        if (arrival.event) this.answer(arrival.event, response);
        else response.writeHead(400).end(arrival.refusal);
      });
    });
  }

  /** The events that verified, in their order of arrival. */
  get events(): Stripe.Event[] {
    return this.arrivals.flatMap(({ event }) => event ?? []);
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #read(body: string, headers: IncomingHttpHeaders): Arrival {
    const signature = String(headers["stripe-signature"]);
    try {
      const event = Stripe.webhooks.constructEvent(body, signature, this.secret);
      return { event, refusal: undefined, body, headers };
    } catch (error) {
      return {
        event: undefined,
        refusal: error instanceof Error ? error.message : String(error),
        body,
        headers,
      };
    }
  }
}
