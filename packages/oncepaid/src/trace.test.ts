import { trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { completed } from "../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../test/engine.ts";
import { traced } from "./trace.ts";

const exporter = new InMemorySpanExporter();
let engine: TestEngine;
beforeAll(async () => {
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
  engine = await startEngine();
});
afterAll(() => engine.close());

test("an event is a span with its id and type, and nothing of the buyer", async () => {
  const event = completed(await engine.order());
  exporter.reset();
  await engine.deliver(event);
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({
    name: "oncepaid event",
    attributes: { "stripe.event.id": event.id, "stripe.event.type": event.type },
  });
  expect(JSON.stringify(span?.attributes)).not.toContain("@");
});

test("what fails names the class of its error, not its words", async () => {
  exporter.reset();
  const work = traced("job", {}, async () => {
    throw new TypeError("ada@example.com can't be read");
  });
  await expect(work).rejects.toThrow(TypeError);
  const [span] = exporter.getFinishedSpans();
  expect(span?.attributes).toEqual({ "error.type": "TypeError" });
  expect(JSON.stringify([span?.status, span?.events])).not.toContain("ada");
});
