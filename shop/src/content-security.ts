/** What the pages' Content-Security-Policy lets in besides our own. `nonce` stands on the scripts that the server wrote into this page. */
type Guests = { scripts?: readonly string[]; frames?: readonly string[]; connections?: readonly string[] };

/**
 * Scripts and styles of our own only. A script within the page is Next's own data and runs by its nonce, which nobody else's script can
 * know; styles within it are the brand's colours. Development needs eval for React's error overlay.
 */
export function contentSecurityPolicy(development: boolean, nonce: string, guests: Guests = {}): string {
  const { scripts = [], frames = [], connections = [] } = guests;
  return [
    "default-src 'self'",
    [`script-src 'self' 'nonce-${nonce}'`, ...(development ? ["'unsafe-eval'"] : []), ...scripts].join(" "),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    // The name of a language in its own script is within the page (ui/look/Fonts.tsx).
    "font-src 'self' data:",
    ["connect-src 'self'", ...connections].join(" "),
    ...(frames.length > 0 ? [["frame-src", ...frames].join(" ")] : []),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** What Stripe.js needs. Source: docs.stripe.com/security/guide, content security policy. */
const STRIPE = ["https://js.stripe.com", "https://*.js.stripe.com", "https://checkout.stripe.com"];

/** The page Stripe's payment form is embedded in; `script` is where Stripe.js comes from, Stripe or a local sandbox. */
export function paymentPagePolicy(development: boolean, nonce: string, script: string): string {
  const { origin, hostname } = new URL(script);
  const stripe = hostname.endsWith("stripe.com");
  return contentSecurityPolicy(development, nonce, {
    scripts: stripe ? STRIPE : [origin],
    frames: stripe ? [...STRIPE, "https://hooks.stripe.com"] : [origin],
    connections: stripe ? ["https://api.stripe.com", "https://checkout.stripe.com"] : [origin],
  });
}
