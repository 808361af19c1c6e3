import type { ReactNode } from "react";
import type { StripeMode } from "#/config.ts";
import { Footer } from "#/ui/frame/Footer.tsx";
import { Header } from "#/ui/frame/Header.tsx";
import { ModeRibbon } from "#/ui/frame/ModeRibbon.tsx";
import classes from "#/ui/frame/PageFrame.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What stands around every page. */
export async function PageFrame({ mode, children }: { mode: StripeMode; children: ReactNode }) {
  const { t } = await pageLanguage();
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {t("shop.skip")}
      </a>
      <ModeRibbon mode={mode} />
      <Header />
      <main id="content" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      <Footer />
    </div>
  );
}
