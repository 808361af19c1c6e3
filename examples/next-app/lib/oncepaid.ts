import { type Connected, connect } from "oncepaid/client";
import { oncepaid as engine } from "@/oncepaid.config";

const { ONCEPAID_URL, ONCEPAID_API_KEY = "" } = process.env;

/** The engine inside this app or, where ONCEPAID_URL says so, beside it: one interface, so no page knows which. */
export const oncepaid: Connected<typeof engine> = ONCEPAID_URL
  ? connect<typeof engine>({ url: ONCEPAID_URL, apiKey: ONCEPAID_API_KEY })
  : engine;
