import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { StripeEmbeddedCheckout, StripeEmbeddedCheckoutOptions } from "@stripe/stripe-js";
import { listening } from "../test-shop.ts";

/** What the page below leaves behind for the tests. */
declare global {
  interface Window {
    checkout: StripeEmbeddedCheckout;
    /** Creates and mounts; gives the message of what went wrong, or null. */
    start(options: StripeEmbeddedCheckoutOptions, key?: string): Promise<string | null>;
    completed: number;
  }
}

/** A shop's own page, on another site than the sandbox: its script comes from there, its loader from npm. */
export class TestMerchant {
  readonly url: string;
  readonly #server: Server;

  static async open(sandboxUrl: string): Promise<TestMerchant> {
    const loader = join(
      dirname(createRequire(import.meta.url).resolve("@stripe/stripe-js")),
      "../dist/index.mjs",
    );
    const server = createServer((request, response) => {
      const isLoader = request.url === "/loader.js";
      response.setHeader("Content-Type", isLoader ? "text/javascript" : "text/html; charset=utf-8");
      response.end(isLoader ? readFileSync(loader) : pageWith(sandboxUrl));
    });
    const port = await listening(server);
    return new TestMerchant(server, `http://localhost:${port}`);
  }

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const pageWith = (sandboxUrl: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A shop</title>
    <style>body { margin: 0; font: 16px sans-serif } h1 { margin: 16px }</style>
    <script src="${sandboxUrl}/v3/"></script>
    <script type="module">
      import { loadStripe } from "/loader.js";
      window.completed = 0;
      window.start = async (options, key = "pk_test_123") => {
        try {
          const stripe = await loadStripe(key);
          window.checkout = await stripe.createEmbeddedCheckoutPage(options);
          window.checkout.mount("#checkout");
          return null;
        } catch (error) {
          return error.name + ": " + error.message;
        }
      };
    </script>
  </head>
  <body><main><h1>A shop</h1><div id="checkout"></div></main></body>
</html>`;
