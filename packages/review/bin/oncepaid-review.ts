/** `npm run review [-- PATH] [OPTIONS]`: what can go wrong in somebody's Stripe code. */
import "../src/run.ts";
