/** The contract of an engine inside an app. */
import "./contract.ts";
