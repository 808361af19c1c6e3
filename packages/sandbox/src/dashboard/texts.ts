import { translator } from "../hosted-page/copy.ts";

/** What the dashboard says with a count. All else that it says stands in its pages, in English. */
export const t = translator("en", {
  atATime:
    "{count, plural, one {One event at a time to each endpoint, in order.} other {Up to # events at a time to each endpoint.}}",
  timesAtMost: "{count, plural, one {once} other {# times}} at most",
});
