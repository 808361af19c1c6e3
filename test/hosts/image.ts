import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { until } from "../../shop/embedded/alive.ts";
import { ROOT } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { startPostgres } from "../../shop/embedded/postgres.ts";

/**
 * `npm run test:image`, as root on Debian with debootstrap: carries out the Dockerfile step by step where no image host can be reached.
 * Each stage is a root file system of debootstrap's, entered by chroot. Then the image's process runs with everything but /tmp read-only,
 * as a user that is written nowhere, migrates a database and answers; what is printed was measured.
 */
const STRANGER = 12_345;
const READY_LIMIT_MS = 60_000;

type Step = { word: string; rest: string };
type Stage = { folder: string; env: Record<string, string>; workdir: string; cmd: string[] };

const work = mkdtempSync(join(tmpdir(), "oncepaid-image-"));
const mounts: string[] = [];
try {
  const context = contextFolder();
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const { word, rest } of steps(readFileSync(join(ROOT, "Dockerfile"), "utf8"))) {
    if (word === "FROM") {
      const [, name = "final"] = / AS (\w+)/i.exec(rest) ?? [];
      stage = { folder: base(name, rest.startsWith("node:")), env: {}, workdir: "/", cmd: [] };
      stages.set(name, stage);
    } else if (stage) carryOut({ word, rest }, stage, context, stages);
  }
  const image = stages.get("final");
  if (!image) throw new Error("The Dockerfile has no stage without a name.");
  await run(image);
} finally {
  for (const mount of mounts.reverse()) execFileSync("umount", ["-l", mount]);
  rmSync(work, { recursive: true, force: true });
}

/** The lines of a Dockerfile, continued ones joined. */
function steps(text: string): Step[] {
  return text
    .replaceAll(/^\s*#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => ({ word: line.slice(0, line.indexOf(" ")), rest: line.slice(line.indexOf(" ") + 1) }));
}

/** What `docker build .` would be given: the files of the repository, without those of .dockerignore. */
function contextFolder(): string {
  const folder = join(work, "context");
  mkdirSync(folder);
  const files = execFileSync("git", ["-C", ROOT, "archive", "HEAD"], { maxBuffer: 1 << 30 });
  execFileSync("tar", ["x", "-C", folder], { input: files });
  for (const line of readFileSync(join(ROOT, ".dockerignore"), "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    for (const path of globSync(line, { cwd: folder })) rmSync(join(folder, path), { recursive: true });
  }
  return folder;
}

/** A Debian of its own; where the Dockerfile begins with Node's image, with this machine's npm and the pinned Node.js. */
function base(name: string, hasNode: boolean): string {
  const folder = join(work, name);
  const debian = join(work, "debian");
  if (!existsSync(debian)) execFileSync("debootstrap", ["--variant=minbase", "bookworm", debian]);
  execFileSync("cp", ["-a", debian, folder]);
  if (!hasNode) return folder;
  const npm = dirname(
    dirname(execFileSync("sh", ["-c", "readlink -f $(which npm)"], { encoding: "utf8" }).trim()),
  );
  cpSync(npm, join(folder, "usr/local/lib/node_modules/npm"), { recursive: true });
  cpSync(process.execPath, join(folder, "usr/local/bin/node"));
  execFileSync("ln", ["-s", "../lib/node_modules/npm/bin/npm-cli.js", join(folder, "usr/local/bin/npm")]);
  for (const file of ["/etc/resolv.conf", "/etc/hosts"])
    cpSync(file, join(folder, file), { dereference: true });
  // What this machine needs to reach the registry.
  for (const file of ["/etc/ssl", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates"])
    if (existsSync(file)) cpSync(file, join(folder, file), { recursive: true, verbatimSymlinks: true });
  return folder;
}

function carryOut({ word, rest }: Step, stage: Stage, context: string, stages: Map<string, Stage>): void {
  if (word === "WORKDIR") {
    stage.workdir = rest;
    mkdirSync(join(stage.folder, rest), { recursive: true });
  } else if (word === "ENV") {
    for (const [, name = "", value = ""] of rest.matchAll(/(\w+)=(\S+)/g)) stage.env[name] = value;
  } else if (word === "COPY") copy(rest, stage, context, stages);
  else if (word === "RUN") {
    console.log(`RUN ${rest}`);
    inside(stage, ["/bin/sh", "-c", rest]);
  } else if (word === "CMD") stage.cmd = JSON.parse(rest);
}

function copy(rest: string, stage: Stage, context: string, stages: Map<string, Stage>): void {
  const [, from] = /--from=(\w+) /.exec(rest) ?? [];
  const source = from ? stages.get(from)?.folder : context;
  const paths = rest.replace(/--from=\w+ /, "").split(" ");
  const target = paths.pop() ?? "";
  const into = join(stage.folder, target.startsWith("/") ? "" : stage.workdir, target);
  for (const path of paths) {
    // As Docker does: a folder's contents, or a file, into a folder where the target is one.
    const to = paths.length > 1 || target === "./" ? join(into, basename(path)) : into;
    cpSync(join(source ?? "", path), path === "." ? into : to, { recursive: true, verbatimSymlinks: true });
  }
}

function inside({ folder, env, workdir }: Stage, command: string[]): void {
  const [file = "", ...args] = ["chroot", folder, "env", "-C", workdir, ...variables(env), ...command];
  const mounted = mount(folder);
  try {
    execFileSync(file, args, {
      stdio: "inherit",
      // Where this machine reaches the registry through a proxy with a certificate of its own, the copy in the stage is taken.
      env: {
        PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        HOME: "/root",
        NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
      },
    });
  } finally {
    for (const path of mounted) execFileSync("umount", ["-l", path]);
  }
}

function variables(env: Record<string, string>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

function mount(folder: string): string[] {
  const mounted = [join(folder, "proc"), join(folder, "dev")];
  execFileSync("mount", ["-t", "proc", "proc", join(folder, "proc")]);
  execFileSync("mount", ["--bind", "/dev", join(folder, "dev")]);
  return mounted.reverse();
}

/** Migrates, starts and asks; prints size, time to the first answer and memory. */
async function run(image: Stage): Promise<void> {
  const megabytes = execFileSync("du", ["-sm", "--apparent-size", image.folder], { encoding: "utf8" }).split(
    "\t",
  )[0];
  const app = execFileSync("du", ["-sm", "--apparent-size", join(image.folder, "app")], {
    encoding: "utf8",
  }).split("\t")[0];
  const nextPort = freePortsFrom(31_000);
  const database = await startPostgres({ dir: join(work, "database"), nextPort, durable: false });
  mounts.push(...mount(image.folder).reverse());
  execFileSync("mount", ["--bind", "-o", "ro", image.folder, image.folder]);
  mounts.push(image.folder);
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", join(image.folder, "tmp")]);
  mounts.push(join(image.folder, "tmp"));
  const port = await nextPort();
  const settings = {
    ...image.env,
    PORT: String(port),
    APP_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: database.url,
    STRIPE_SECRET_KEY: "sk_test_image",
    STRIPE_WEBHOOK_SECRET: "whsec_image",
    AUTH_SECRET: "i".repeat(40),
    STORAGE_URL: "file:///tmp/files",
    PATH: "/usr/local/bin:/usr/bin:/bin",
  };
  const as = (command: string[]) => [
    image.folder,
    "--userspec",
    `${STRANGER}:${STRANGER}`,
    "env",
    "-i",
    "-C",
    image.workdir,
    ...variables(settings),
    ...command,
  ];
  const chroot = (command: string[]) => {
    const [folder = "", userspec = "", user = "", ...rest] = as(command);
    return [`${userspec}=${user}`, folder, ...rest];
  };
  execFileSync("chroot", chroot(["node", "bin/migrate.ts"]), { stdio: "inherit" });
  const began = performance.now();
  const web = spawn("chroot", chroot(image.cmd), { stdio: "inherit" });
  try {
    const answers = async (path: string) => {
      try {
        return (await fetch(`http://127.0.0.1:${port}${path}`)).status === 200;
      } catch {
        return false;
      }
    };
    if (!(await until(() => answers("/api/health"), READY_LIMIT_MS)))
      throw new Error("The image's process doesn't answer.");
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (!(await answers("/"))) throw new Error("The image's first page doesn't answer.");
    const status = readFileSync(`/proc/${web.pid}/status`, "utf8");
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
    const user = /Uid:\s+(\d+)/.exec(status)?.[1];
    console.log(
      `Image ${megabytes} MB, of which the shop ${app} MB. Health answers after ${seconds} s. ` +
        `${Math.round(kilobytes / 1024)} MB of memory after the first page, as user ${user}, everything but /tmp read-only.`,
    );
  } finally {
    web.kill("SIGTERM");
    await new Promise((resolve) => web.once("exit", resolve));
    await database.stop();
  }
}
