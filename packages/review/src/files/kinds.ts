/** `source` is parsed; `env` and `text` are only looked through for secrets and for unique columns. */
export type Kind = "source" | "env" | "text";

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro)$/;
const DECLARATION = /\.d\.[cm]?ts$/;
const ENV = /^\.env(?:\..+)?$|\.env$/;
/** Lists that a tool keeps: long, and no place where a person writes a secret. */
const KEPT_BY_A_TOOL =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|deno\.lock|composer\.lock|Cargo\.lock|poetry\.lock)$|\.(?:map|snap|tsbuildinfo|min\.js|min\.css)$/;
const BINARY =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|pdf|zip|gz|tgz|bz2|xz|7z|rar|jar|wasm|node|so|dylib|dll|exe|bin|dat|db|sqlite3?|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|webm|ogg|wav|flac|avi|heic|class|pyc|o|a|parquet|onnx)$/i;

/** How a file of this name is read; undefined for one that isn't. */
export function kindOf(name: string): Kind | undefined {
  if (ENV.test(name)) return "env";
  if (DECLARATION.test(name) || KEPT_BY_A_TOOL.test(name) || BINARY.test(name)) return undefined;
  return SOURCE.test(name) ? "source" : "text";
}
