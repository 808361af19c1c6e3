import account from "#/texts/en/account.json" with { type: "json" };
import admin from "#/texts/en/admin.json" with { type: "json" };
import cart from "#/texts/en/cart.json" with { type: "json" };
import crash from "#/texts/en/crash.json" with { type: "json" };
import desk from "#/texts/en/desk.json" with { type: "json" };
import downloads from "#/texts/en/downloads.json" with { type: "json" };
import mails from "#/texts/en/mails.json" with { type: "json" };
import shop from "#/texts/en/shop.json" with { type: "json" };

export const en = { ...shop, ...cart, ...crash, ...account, ...admin, ...desk, ...downloads, ...mails };
