import { mkdtempSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { runFolder } from "../../../test/support/database.ts";
import { freePortsFrom } from "../ports.ts";
import { type MailCatcher, startMailCatcher } from "./catcher.ts";
import { openMailStore } from "./store.ts";

const dir = mkdtempSync(join(runFolder(), "mail-"));
const listed = z.object({ messages: z.array(z.object({ id: z.string(), subject: z.string() })) });
let mail: MailCatcher;

beforeAll(async () => {
  mail = await startMailCatcher(dir, freePortsFrom(45_000));
  const transport = createTransport(mail.smtpUrl);
  const from = "shop@example.com";
  await transport.sendMail({ from, to: "Asha@example.com", subject: "First", text: "one" });
  await transport.sendMail({
    from,
    to: "ben@example.com",
    subject: "<b>Second</b>",
    text: "two",
    html: "<script>document.title='ran'</script><p>two</p>",
    attachments: [{ filename: "date.ics", content: "BEGIN:VCALENDAR", contentType: "text/calendar" }],
  });
  transport.close();
});
afterAll(() => mail.stop());

const get = async (path: string) => fetch(mail.url + path);

test("mails are listed newest first, all or those to one address", async () => {
  const all = listed.parse(await (await get("/api/messages")).json());
  expect(all.messages.map(({ subject }) => subject)).toEqual(["<b>Second</b>", "First"]);
  const one = listed.parse(await (await get("/api/messages?to=asha@example.com")).json());
  expect(one.messages.map(({ subject }) => subject)).toEqual(["First"]);
});

test("a mail is told with its text, HTML, headers and attachments", async () => {
  const [{ id }] = z
    .tuple([z.object({ id: z.string() })])
    .rest(z.unknown())
    .parse(listed.parse(await (await get("/api/messages?to=ben@example.com")).json()).messages);
  expect(await (await get(`/api/messages/${id}`)).json()).toMatchObject({
    text: expect.stringContaining("two"),
    html: expect.stringContaining("<p>two</p>"),
    headers: expect.arrayContaining(["Subject: <b>Second</b>"]),
    attachments: [{ filename: "date.ics", content: Buffer.from("BEGIN:VCALENDAR").toString("base64") }],
  });
  expect((await get("/api/messages/nothing")).status).toBe(404);
});

test("a mail's HTML is shown where no script runs and nothing is loaded, its subject as text", async () => {
  const [newest] = mail.store.list();
  const frame = await get(`/messages/${newest?.id}/html`);
  expect(frame.headers.get("content-security-policy")).toMatch(
    /^sandbox (?!.*allow-scripts).*default-src 'none'/,
  );
  const page = await (await get(`/messages/${newest?.id}`)).text();
  expect(page).toContain("&lt;b&gt;Second&lt;/b&gt;");
  expect(page).not.toContain("<b>Second</b>");
  expect(page).toMatch(/<iframe[^>]+sandbox="allow-popups allow-popups-to-escape-sandbox"/);
});

test("another name for this machine, as a foreign page would use it, is refused", async () => {
  const { port } = new URL(mail.url);
  const status = await new Promise((resolve) => {
    request({ port, host: "127.0.0.1", path: "/api/messages", headers: { host: `evil.example:${port}` } })
      .on("response", (response) => resolve(response.resume().statusCode))
      .end();
  });
  expect(status).toBe(403);
});

test("mails outlive the process, up to a bound, and are gone when deleted", async () => {
  const again = await openMailStore(join(dir, "mail"));
  expect(again.list().map(({ subject, to }) => [subject, to])).toEqual([
    ["<b>Second</b>", ["ben@example.com"]],
    ["First", ["asha@example.com"]],
  ]);
  for (let count = 0; count < 500; count++)
    await again.add(Buffer.from(`Subject: ${count}\r\n\r\n`), ["c@example.com"]);
  expect(again.list()).toHaveLength(500);
  expect(again.list("asha@example.com")).toEqual([]);
  again.clear();
  expect((await openMailStore(join(dir, "mail"))).list()).toEqual([]);
});
