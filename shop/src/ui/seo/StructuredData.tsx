import { headers } from "next/headers";

/** What a page shows, once more for machines. Nothing in it runs; it has the page's nonce all the same, as every script here. */
export async function StructuredData({ data }: { data: readonly object[] }) {
  const policy = (await headers()).get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  // A text that holds "</script>" would end the element.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return (
    <script
      type="application/ld+json"
      nonce={nonce}
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: React writes no other content into a script, and it is JSON without a "<".
      dangerouslySetInnerHTML={{ __html: json }}
    />
  );
}
