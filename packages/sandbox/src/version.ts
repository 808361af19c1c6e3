import type Stripe from "stripe";

/**
 * The API version whose shapes are served: the one the installed SDK pins. It is written out because loading the SDK to
 * read it took a fifth of the start; the type refuses another one.
 */
export const API_VERSION: typeof Stripe.API_VERSION = "2026-10-28.endive";
