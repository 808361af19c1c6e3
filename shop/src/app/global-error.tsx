"use client";

import en from "#/texts/en/crash.json";
import hi from "#/texts/hi/crash.json";

/**
 * The last resort, when even the page's frame failed: it can count on nothing of it, neither styles nor the language,
 * so it says it in both.
 */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body
        style={{ margin: "15vh auto", padding: 24, maxWidth: 520, font: "17px/1.6 system-ui, sans-serif" }}
      >
        <title>{en.crash.title}</title>
        <main style={{ display: "grid", gap: 20, justifyItems: "start" }}>
          <h1>{en.crash.title}</h1>
          <p>{en.crash.text}</p>
          <div lang="hi">
            <h2>{hi.crash.title}</h2>
            <p>{hi.crash.text}</p>
          </div>
          <button type="button" onClick={() => retry()} style={{ font: "inherit", padding: "10px 20px" }}>
            {en.crash.retry} · <span lang="hi">{hi.crash.retry}</span>
          </button>
        </main>
      </body>
    </html>
  );
}
