import account from "#/texts/hi/account.json" with { type: "json" };
import admin from "#/texts/hi/admin.json" with { type: "json" };
import cart from "#/texts/hi/cart.json" with { type: "json" };
import crash from "#/texts/hi/crash.json" with { type: "json" };
import desk from "#/texts/hi/desk.json" with { type: "json" };
import downloads from "#/texts/hi/downloads.json" with { type: "json" };
import mails from "#/texts/hi/mails.json" with { type: "json" };
import shop from "#/texts/hi/shop.json" with { type: "json" };

export const hi = { ...shop, ...cart, ...crash, ...account, ...admin, ...desk, ...downloads, ...mails };
