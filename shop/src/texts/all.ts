import enAccount from "#/texts/en/account.json" with { type: "json" };
import enAdmin from "#/texts/en/admin.json" with { type: "json" };
import enCart from "#/texts/en/cart.json" with { type: "json" };
import enCrash from "#/texts/en/crash.json" with { type: "json" };
import enDesk from "#/texts/en/desk.json" with { type: "json" };
import enDownloads from "#/texts/en/downloads.json" with { type: "json" };
import enMails from "#/texts/en/mails.json" with { type: "json" };
import enShop from "#/texts/en/shop.json" with { type: "json" };
import hiAccount from "#/texts/hi/account.json" with { type: "json" };
import hiAdmin from "#/texts/hi/admin.json" with { type: "json" };
import hiCart from "#/texts/hi/cart.json" with { type: "json" };
import hiCrash from "#/texts/hi/crash.json" with { type: "json" };
import hiDesk from "#/texts/hi/desk.json" with { type: "json" };
import hiDownloads from "#/texts/hi/downloads.json" with { type: "json" };
import hiMails from "#/texts/hi/mails.json" with { type: "json" };
import hiShop from "#/texts/hi/shop.json" with { type: "json" };

/** Made of the folders in texts/ by embedded/languages.ts: npm start and npm run dev do it. */
export const ALL = {
  en: {
    ...enAccount,
    ...enAdmin,
    ...enCart,
    ...enCrash,
    ...enDesk,
    ...enDownloads,
    ...enMails,
    ...enShop,
  },
  hi: {
    ...hiAccount,
    ...hiAdmin,
    ...hiCart,
    ...hiCrash,
    ...hiDesk,
    ...hiDownloads,
    ...hiMails,
    ...hiShop,
  },
};
