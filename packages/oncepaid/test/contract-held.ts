/** How the contract is held: by the engine itself, or over HTTP by `oncepaid/client`. */
export const contract = { overHttp: false };
