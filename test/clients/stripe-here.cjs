/** Loaded before a sample: its `require("stripe")` makes clients of the sandbox. */
const Module = require("node:module");
const original = Module._load;
const address = { host: "127.0.0.1", port: Number(process.env.SANDBOX_PORT), protocol: "http" };
Module._load = function load(name, ...rest) {
  const loaded = original.call(this, name, ...rest);
  return name === "stripe" ? (key, config) => new loaded(key, { ...config, ...address }) : loaded;
};
