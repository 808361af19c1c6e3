// What js.stripe.com serves to a shop's page, as far as Checkout needs it: `Stripe(key)` and the page in a frame.
(() => {
  const SANDBOX = new URL(document.currentScript.src).origin;

  class IntegrationError extends Error {
    name = "IntegrationError";
  }

  /** There may be one at a time, from its creation to its `destroy()`. */
  let existing = null;

  function checkKey(key) {
    if (typeof key !== "string" || key === "") {
      const used = key === "" ? " You used an empty string." : "";
      throw new IntegrationError(`Please call Stripe() with your publishable key.${used}`);
    }
    if (/^[sr]k_/.test(key)) {
      throw new IntegrationError(
        "You should not use your secret key with Stripe.js.\n        Please pass a publishable key instead.",
      );
    }
    if (!key.startsWith("pk_")) throw new IntegrationError("Please call Stripe() with your publishable key.");
  }

  function checkOptions(options) {
    const { clientSecret, fetchClientSecret, onLineItemsChange } = options ?? {};
    if ((clientSecret === undefined) === (fetchClientSecret === undefined)) {
      throw new IntegrationError(
        "createEmbeddedCheckoutPage() needs one of `clientSecret` and `fetchClientSecret`.",
      );
    }
    if (onLineItemsChange) throw new IntegrationError("This sandbox does not offer `onLineItemsChange`.");
  }

  function checkSecret(secret) {
    if (typeof secret === "string" && /^cs_\w+_secret_\w+/.test(secret)) return secret;
    const problem = `\`clientSecret\` should be a client secret of the form \${id}_secret_\${secret}.`;
    throw new IntegrationError(`${problem} You specified: ${secret}.`);
  }

  async function open(key, options) {
    checkOptions(options);
    if (existing) throw new IntegrationError("You cannot have multiple Embedded Checkout objects.");
    const checkout = new EmbeddedCheckout(options);
    existing = checkout;
    try {
      const secret = checkSecret(options.clientSecret ?? (await options.fetchClientSecret()));
      await checkout.load(key, secret);
      return checkout.surface;
    } catch (error) {
      if (existing === checkout) existing = null;
      throw error;
    }
  }

  class EmbeddedCheckout {
    #options;
    #page;
    #frame = null;
    #destroyed = false;

    /** What the shop holds. */
    surface = {
      mount: (location) => this.#mount(location),
      unmount: () => this.#unmount(),
      destroy: () => this.#destroy(),
    };

    constructor(options) {
      this.#options = options;
    }

    async load(key, client_secret) {
      const body = new URLSearchParams({ client_secret });
      const headers = { Authorization: `Bearer ${key}` };
      const response = await fetch(`${SANDBOX}/stripe-js/init`, { method: "POST", body, headers });
      const answer = await response.json();
      // Stripe's own errors are plain objects' fields on an Error here too.
      if (!response.ok) throw Object.assign(new Error(answer.error.message), answer.error);
      this.#page = answer.page;
    }

    #mount(location) {
      if (this.#destroyed)
        throw new IntegrationError("This Embedded Checkout was destroyed. Create another one.");
      if (this.#frame) throw new IntegrationError("This Embedded Checkout is mounted. Call unmount() first.");
      const place = placeOf(location);
      this.#frame = Object.assign(document.createElement("iframe"), {
        name: "embedded-checkout",
        title: "Checkout",
        src: SANDBOX + this.#page,
        allow: "payment *",
      });
      Object.assign(this.#frame.style, {
        border: "0",
        colorScheme: "light",
        display: "block",
        width: "100%",
      });
      this.#frame.addEventListener("load", () => {
        this.#tell({ type: "hello", wantsShipping: this.#options.onShippingDetailsChange !== undefined });
      });
      window.addEventListener("message", this.#heard);
      place.append(this.#frame);
    }

    #unmount() {
      if (this.#destroyed)
        throw new IntegrationError("This Embedded Checkout was destroyed. Create another one.");
      window.removeEventListener("message", this.#heard);
      this.#frame?.remove();
      this.#frame = null;
    }

    #destroy() {
      if (this.#destroyed) return;
      this.#unmount();
      this.#destroyed = true;
      if (existing === this) existing = null;
    }

    #tell(message) {
      this.#frame?.contentWindow?.postMessage(message, SANDBOX);
    }

    #heard = async ({ data, origin, source }) => {
      if (origin !== SANDBOX || source === null || source !== this.#frame?.contentWindow) return;
      if (data.type === "resize") this.#frame.style.height = `${data.height}px`;
      if (data.type === "complete") {
        if (data.redirect) window.top.location.href = data.redirect;
        else this.#options.onComplete?.();
      }
      if (data.type === "shipping") this.#tell({ type: "verdict", ...(await this.#askShop(data.event)) });
    };

    async #askShop(event) {
      try {
        return { result: await this.#options.onShippingDetailsChange(event) };
      } catch (error) {
        console.error(error);
        return { result: { type: "reject" } };
      }
    }
  }

  function placeOf(location) {
    if (location instanceof Element) return location;
    if (typeof location !== "string" || location === "") {
      throw new IntegrationError(
        "Missing argument. Make sure to call mount() with a valid DOM element or selector.",
      );
    }
    const place = document.querySelector(location);
    if (place) return place;
    throw new IntegrationError(
      `The selector you specified (${location}) applies to no DOM elements that are currently on the page.\nMake sure the element exists on the page before calling mount().`,
    );
  }

  /** What is not here says so where it is called, not somewhere behind it. */
  const notHere = (name) => () => {
    throw new IntegrationError(`This sandbox does not offer ${name}().`);
  };

  const ELEMENTS = ["elements", "initCheckoutElementsSdk", "initCheckoutFormSdk", "initCheckout"];
  // The wrapper for React looks for the first three before it takes an object for Stripe's.
  const PAYMENTS = [
    "createToken",
    "createPaymentMethod",
    "confirmCardPayment",
    "confirmPayment",
    "confirmSetup",
    "handleNextAction",
  ];

  function Stripe(key, options) {
    checkKey(key);
    if (options?.stripeAccount) throw new IntegrationError("This sandbox does not offer `stripeAccount`.");
    const missing = [...ELEMENTS, ...PAYMENTS].map((name) => [name, notHere(name)]);
    return {
      ...Object.fromEntries(missing),
      createEmbeddedCheckoutPage: (given) => open(key, given),
      // Its name before the release train `dahlia`.
      initEmbeddedCheckout: (given) => open(key, given),
    };
  }

  // The release that the installed @stripe/stripe-js expects.
  Stripe.version = "endive";
  window.Stripe = Stripe;
})();
