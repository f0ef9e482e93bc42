/** The order manager's task as it is synthesised, really started: with a program of the test in place of the application, on any system. */
import { XMLParser } from "fast-xml-parser";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { taskXml } from "../../constructs/hosts/scheduled-task";
import { windowsTasks } from "../../constructs/hosts/windows-tasks";
import { environment, type Base } from "../environments/edits";
import { folder, write } from "./folder";

jest.setTimeout(60_000);

const root = resolve(__dirname, "..", "..");
const VENV = String.raw`C:\Users\Administrator\Projects\axia-tss\.venv\Scripts\python.exe`;
const APPLICATION = String.raw`C:\Users\Administrator\Projects\axia-tss\src\presentation\cli\run_order_processor.py`;

/** A DynamoDB that knows one item, the kill switch, and gives away every lease. */
let active: boolean | undefined;
let server: Server;
beforeAll((done) => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        const { Key, ExpressionAttributeValues } = JSON.parse(Buffer.concat(chunks).toString()) as {
          Key: { sk: { S: string } };
          ExpressionAttributeValues?: Record<string, unknown>;
        };
        const write = request.headers["x-amz-target"]?.toString().endsWith("UpdateItem");
        const lease = {
          Attributes: { owner: ExpressionAttributeValues?.[":owner"], token: { N: "1" }, version: { N: "1" }, lease_seconds: { N: "60" } },
        };
        const item = Key.sk.S === "SETTING#KILL_SWITCH" && active !== undefined ? { Item: { active: { BOOL: active } } } : {};
        response.setHeader("content-type", "application/x-amz-json-1.0").end(JSON.stringify(write ? lease : item));
      });
  }).listen(0, "127.0.0.1", done);
});
afterAll((done) => {
  server.close(done);
});

/** Starts the task's action as it stands in the XML. @returns exit code, and whether the application ran */
async function start(base: Base, { terminals }: { readonly terminals: string }) {
  const { Exec } = (
    new XMLParser().parse(taskXml(windowsTasks(environment(base)).AXIA_Order_Manager!)) as {
      Task: { Actions: { Exec: { Command: string; Arguments: string } } };
    }
  ).Task.Actions;
  const ran = join(folder, "ran");
  const python = join(root, ".venv", "bin", "python");
  const application = write("application.py", `import sys\nopen(${JSON.stringify(ran)}, "w").close()\nsys.exit(7)\n`);
  const here = (word: string) => ({ [VENV]: python, [APPLICATION]: application })[word] ?? word;
  // Windows' own list of processes: it answers only to who asks for those with a desktop.
  write(
    "bin/tasklist.exe",
    `#!/bin/sh\ncase "$*" in *"SESSION gt 0"*) echo '${terminals}' ;; *) echo '"terminal64.exe","1","Services","0","1 K"' ;; esac\n`,
    0o755,
  );
  const settings = write(
    "settings.json",
    JSON.stringify({
      environment: "dev",
      host: "windows",
      region: "ap-northeast-1",
      table: "orders",
      orderQueueUrl: "q",
      buckets: {},
      cache: { host: "c", port: 6379, tls: true, clusterMode: false },
      metricNamespace: "AXIA/TradingSystem",
      leaderGuard: { leaseSeconds: 60, renewSeconds: 15 },
    }),
  );
  const child = spawn(here(Exec.Command), Exec.Arguments.split(" ").map(here), {
    stdio: "ignore",
    env: {
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      PYTHONPATH: join(root, "hosts", "common"),
      PYTHONDONTWRITEBYTECODE: "1",
      TSS_SETTINGS: settings,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });
  const code = await new Promise((end) => {
    child.on("exit", end);
  });
  return { code, ran: existsSync(ran) };
}

const DESKTOP = { terminals: '"terminal64.exe","4242","Console","1","120,000 K"' };

// dev: alone; prod: behind the leader guard.
describe.each(["dev", "prod"] as const)("the order manager of %s", (base) => {
  it.each([
    ["never set", undefined],
    ["inactive", false],
  ])("runs while the kill switch is %s, and its exit code is the task's", async (_, state) => {
    active = state;
    expect(await start(base, DESKTOP)).toEqual({ code: 7, ran: true });
  });

  it("does not start while it is active", async () => {
    active = true;
    expect(await start(base, DESKTOP)).toEqual({ code: 10, ran: false });
  });

  it("does not start while the stop file exists", async () => {
    active = false;
    write("stop", "");
    expect(await start(base, DESKTOP)).toEqual({ code: 12, ran: false });
  });

  it("waits for a terminal with a desktop", async () => {
    active = false;
    const early = start(base, { terminals: "INFO: No tasks are running which match the specified criteria." });
    expect(
      await Promise.race([
        early,
        new Promise((end) => {
          setTimeout(end, 4_000, "waits");
        }),
      ]),
    ).toBe("waits");
    expect(existsSync(join(folder, "ran"))).toBe(false);
    write("bin/tasklist.exe", `#!/bin/sh\necho '${DESKTOP.terminals}'\n`, 0o755);
    expect(await early).toEqual({ code: 7, ran: true });
  });
});
