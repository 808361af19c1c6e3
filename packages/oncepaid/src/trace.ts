import { type Attributes, type Span, SpanStatusCode, trace } from "@opentelemetry/api";

/**
 * One span of OpenTelemetry around a piece of work. Nothing is recorded, and nearly nothing spent, until the app registers an SDK. Ids, types
 * and outcomes only; an error is named by its class, because its message may hold what a buyer typed.
 */
export function traced<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return trace.getTracer("oncepaid").startActiveSpan(`oncepaid ${name}`, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute("error.type", error instanceof Error ? error.name : "unknown");
      throw error;
    } finally {
      span.end();
    }
  });
}
