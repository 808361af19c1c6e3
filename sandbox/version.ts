import Stripe from "stripe";

/** The API version whose shapes are served: the one the installed SDK pins. */
export const API_VERSION = Stripe.API_VERSION;
