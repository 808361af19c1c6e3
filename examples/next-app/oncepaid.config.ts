import { booking, createOncepaid, download, plan } from "oncepaid";
import { sessionOf } from "@/lib/sessions";

const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = process.env;

/** Print credits that a purchase brings. */
const CREDITS: Record<string, number> = { recipes: 5, pro: 20, evening: 3 };

export const oncepaid = createOncepaid({
  database: process.env.DATABASE_URL,
  stripe: { secretKey, webhookSecret, apiBase: process.env.STRIPE_API_BASE },
  appUrl: process.env.APP_URL,
  storage: process.env.STORAGE_URL,
  apiKeys: process.env.API_KEYS?.split(","),
  guests: false,
  products: [
    download({
      key: "recipes",
      name: "Developing recipes",
      description: "Times and dilutions for 40 films, to print and pin above the sink.",
      price: { amount: 1900, currency: "usd" },
      files: [{ key: "recipes", name: "developing-recipes.txt", path: "developing-recipes.txt" }],
    }),
    plan({
      key: "pro",
      name: "Darkroom Pro",
      description: "Large prints, and 20 print credits to begin with.",
      price: { amount: 1200, currency: "usd", interval: "month" },
    }),
    booking({
      key: "evening",
      name: "An evening in the darkroom",
      description: "Three hours with an enlarger of your own. Paper and chemicals are there.",
      price: { amount: 4900, currency: "usd" },
    }),
  ],
  identify: (request) => sessionOf(request.headers.get("cookie")),
  on: {
    "order.fulfilled": async ({ order }, sql) => {
      const amount = order.items.reduce((sum, { productKey }) => sum + (CREDITS[productKey] ?? 0), 0);
      await sql`insert into public.credit (user_id, order_id, amount) values (${order.userId}, ${order.id}, ${amount})`;
    },
  },
});
