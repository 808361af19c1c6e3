import { contract } from "./contract-held.ts";
/** The same contract, held over HTTP by `oncepaid/client`. */
import "./contract.ts";

contract.overHttp = true;
