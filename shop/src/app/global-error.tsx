"use client";

import { LANGUAGE } from "#/locale.ts";
import { CRASH } from "#/texts/crash.ts";

/**
 * The last resort, when even the page's frame failed: it can count on nothing of it, neither styles nor the language,
 * so it says it in all of them.
 */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  const languages = Object.entries(CRASH).map(([locale, { crash }]) => ({ locale, crash }));
  const [first, ...others] = languages;
  return (
    <html lang={LANGUAGE}>
      <body
        style={{ margin: "15vh auto", padding: 24, maxWidth: 520, font: "17px/1.6 system-ui, sans-serif" }}
      >
        <title>{first?.crash.title}</title>
        <main style={{ display: "grid", gap: 20, justifyItems: "start" }}>
          <h1>{first?.crash.title}</h1>
          <p>{first?.crash.text}</p>
          {others.map(({ locale, crash }) => (
            <div key={locale} lang={locale}>
              <h2>{crash.title}</h2>
              <p>{crash.text}</p>
            </div>
          ))}
          <button type="button" onClick={() => retry()} style={{ font: "inherit", padding: "10px 20px" }}>
            {languages.map(({ locale, crash }, place) => (
              <span key={locale} lang={locale}>
                {place > 0 && " · "}
                {crash.retry}
              </span>
            ))}
          </button>
        </main>
      </body>
    </html>
  );
}
