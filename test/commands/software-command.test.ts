/** `npm run software` as a person runs it, against a server of files and an emulated S3. */
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { build } from "esbuild";
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SOFTWARE, WHEELS, type Entry } from "../../commands/software/lock-files";
import { loadEnvironment } from "../fixtures/environments";
import { withExamples } from "../helpers/examples";

const repository = join(__dirname, "..", "..");
const environment = loadEnvironment("dev");
const bucket = environment.data.softwareBucket.name;
const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
const credentials = { accessKeyId: environment.account, secretAccessKey: "test" };

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}

let server: Server;
let origin: string;
let emulator: ChildProcess;
let endpoint: string;
let client: S3Client;
/** The command, bundled as run.mjs bundles it. */
let program: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/silent") response.write("half of it");
    else if (request.url === "/gone") response.writeHead(404).end();
    else response.end(request.url);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  emulator = spawn(
    join(repository, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python"),
    ["-m", "moto.server", "-p", String(port)],
    { stdio: "ignore", env: { ...process.env, AWS_PROFILE: undefined } },
  ); // it would look for a person's profile
  client = new S3Client({ region: environment.region, endpoint, forcePathStyle: true, credentials });

  const folder = join(repository, "node_modules", ".cache", "trading-system");
  mkdirSync(folder, { recursive: true });
  program = join(folder, `software-test-${process.pid}.mjs`);
  await build({
    stdin: {
      contents: `import { softwareCommand } from "./commands/software";
        try { await softwareCommand({ root: process.env.ROOT, python: "" }).parseAsync(process.argv.slice(2), { from: "user" }); }
        catch (error) { console.error(error.message); process.exitCode = error.name === "Interrupted" ? 130 : 1; }`,
      resolveDir: repository,
      loader: "ts",
    },
    outfile: program,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    plugins: [withExamples(repository)],
  });
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (
      await fetch(endpoint).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error("The emulator did not start");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  emulator.kill();
  client.destroy();
  rmSync(program, { force: true });
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "software-"));
});
afterEach(async () => {
  rmSync(root, { recursive: true });
  await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
});

function start(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const none = { AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_S3: undefined, AWS_PROFILE: undefined };
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...none, ROOT: root, AWS_ACCESS_KEY_ID: environment.account, AWS_SECRET_ACCESS_KEY: "test", ...variables },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += String(chunk);
    });
  const done = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, output });
    });
  });
  return { child, done };
}
const run = (args: readonly string[], variables?: Readonly<Record<string, string>>) => start(args, variables).done;
const upload = () => run(["upload", "dev"], { AWS_ENDPOINT_URL: endpoint });

const entry = (name: string, change: Partial<Entry> = {}): Entry => ({
  name,
  version: "1.0",
  file: `${name}.exe`,
  source: `${origin}/${name}`,
  sha256: null,
  ...change,
});
const lockedEntry = (name: string) => entry(name, { sha256: sha256(`/${name}`) });
function writeEntries(...entries: Entry[]): void {
  for (const [file, content] of [
    [SOFTWARE.windows, entries],
    [WHEELS.windows, []],
    [SOFTWARE.engine, []],
    [WHEELS.engine, []],
    [WHEELS.research, []],
    [SOFTWARE.web, []],
  ] as const) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), JSON.stringify({ entries: content }));
  }
}
const hashes = () =>
  (JSON.parse(readFileSync(join(root, SOFTWARE.windows), "utf8")) as { entries: Entry[] }).entries.map((one) => one.sha256);
const makeBucket = () =>
  client.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: environment.region as "ap-northeast-1" } }),
  );
const keys = async () => ((await client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key).sort();

describe("lock", () => {
  it("locks what it can get, lists what failed and ends with 1", async () => {
    writeEntries(entry("git"), entry("python", { source: `${origin}/gone` }), entry("application", { source: null }));
    const { code, output } = await run(["lock", "dev"]);
    expect(output).toMatch(/2 of 3 failed:\n {2}python: .*answered 404.*\n {2}application: it cannot be downloaded\. .*--from/);
    expect(output).toContain(`git 1.0: locked, ${sha256("/git")}`);
    expect([code, hashes()]).toEqual([1, [sha256("/git"), null, null]]);
  });

  it("refuses flags that do not fit, before anything is done", async () => {
    writeEntries(entry("git"));
    expect((await run(["lock", "dev", "--from", "x.zip"])).output).toContain("--from locks one entry: name it");
    expect((await run(["lock", "dev", "--update"])).output).toContain("--update needs the names");
    expect((await run(["lock", "dev", "git", "--version", "2"])).output).toContain("--version goes with --from");
    expect((await run(["lock", "nowhere"])).output).toContain('There is no environment "nowhere"');
    expect(hashes()).toEqual([null]);
  });

  it("leaves nothing half after Ctrl-C", async () => {
    writeEntries(entry("git", { source: `${origin}/silent` }));
    const { child, done } = start(["lock", "dev"]);
    while (!readdirSync(root).includes(".software") || readdirSync(join(root, ".software")).length === 0)
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    child.kill("SIGINT");
    expect(await done).toMatchObject({ code: 130, output: expect.stringContaining("Interrupted") as string });
    expect([readdirSync(join(root, ".software")), hashes()]).toEqual([[], [null]]);
  });
});

describe("upload", () => {
  it("brings what is locked and fetched into the bucket once, and tells what is not locked", async () => {
    writeEntries(lockedEntry("git"), entry("python"));
    await makeBucket();
    expect((await run(["fetch", "dev"])).code).toBe(0);
    const first = await upload();
    expect(first).toMatchObject({ code: 0, output: expect.stringContaining("git.exe: uploaded") as string });
    expect(first.output).toContain(`Not locked yet, hosts refuse them:\n  python (${SOFTWARE.windows})`);
    expect(await keys()).toEqual([`software/${sha256("/git")}/git.exe`]);
    const before = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: `software/${sha256("/git")}/git.exe`, ChecksumMode: "ENABLED" }),
    );
    expect(before.ChecksumSHA256).toBe(Buffer.from(sha256("/git"), "hex").toString("base64"));
    // Not even the local file is needed for what is there.
    rmSync(join(root, ".software"), { recursive: true });
    expect(await upload()).toMatchObject({ code: 0, output: expect.stringContaining("git.exe: there already") as string });
  });

  it("replaces an object that is there with another content", async () => {
    writeEntries(lockedEntry("git"));
    await makeBucket();
    const object = { Bucket: bucket, Key: `software/${sha256("/git")}/git.exe` };
    await client.send(new PutObjectCommand({ ...object, Body: "damaged", ChecksumAlgorithm: "SHA256" }));
    await run(["fetch", "dev"]);
    expect((await upload()).output).toContain("git.exe: uploaded");
    expect((await client.send(new HeadObjectCommand({ ...object, ChecksumMode: "ENABLED" }))).ContentLength).toBe("/git".length);
  });

  it("refuses a file that is not what is locked, or is missing, and uploads the others", async () => {
    writeEntries(lockedEntry("git"), lockedEntry("python"), lockedEntry("powershell"));
    await makeBucket();
    await run(["fetch", "dev"]);
    writeFileSync(join(root, ".software", "git.exe"), "changed");
    rmSync(join(root, ".software", "python.exe"));
    const { code, output } = await upload();
    expect(output).toMatch(
      /2 of 3 failed:\n {2}git: .*is not what is locked.*\n {2}python: .*python.exe is missing: npm run software -- fetch/,
    );
    expect([code, await keys()]).toEqual([1, [`software/${sha256("/powershell")}/powershell.exe`]]);
  });

  it("says so when there is no bucket yet", async () => {
    writeEntries(lockedEntry("git"));
    await run(["fetch", "dev"]);
    expect(await upload()).toMatchObject({
      code: 1,
      output: expect.stringContaining(`the bucket ${bucket} does not exist; the data stack makes it`) as string,
    });
  });

  it("refuses an example account, unless an emulator is named", async () => {
    writeEntries(lockedEntry("git"));
    expect(await run(["upload", "dev"])).toMatchObject({ code: 1, output: expect.stringContaining("is an example account") as string });
  });
});

it("status shows what is locked and what is here", async () => {
  writeEntries(lockedEntry("git"), lockedEntry("python"), lockedEntry("powershell"), entry("application"));
  mkdirSync(join(root, ".software"));
  writeFileSync(join(root, ".software", "git.exe"), "/git");
  writeFileSync(join(root, ".software", "python.exe"), "changed");
  const { output } = await run(["status"]);
  expect(output).toMatch(/^git +1\.0 +yes +yes /m);
  expect(output).toMatch(/^python +1\.0 +yes +ANOTHER FILE /m);
  expect(output).toMatch(/^powershell +1\.0 +yes +no /m);
  expect(output).toMatch(/^application +1\.0 +NO +no /m);
});
