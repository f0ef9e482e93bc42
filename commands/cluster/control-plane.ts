/**
 * A Kubernetes control plane on this machine's loopback, for tests: a real API server with all of its default admission plugins, real
 * controllers and scheduler, and nodes that only pretend (kwok): a pod becomes ready as soon as it is scheduled, no image is pulled.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, processesIn, stopProcesses } from "../../terraform/processes";

const PREFIX = "trading-system-cluster-";
/** Each in a zone of its own. */
const NODES = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"];
const START_SECONDS = 120;

export interface ControlPlane {
  /** Of an administrator. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/**
 * @param programs folder of the programs
 * @param signal ends the start
 * @throws with the end of the log of what did not come up; nothing is left running
 */
export async function startControlPlane(programs: string, signal?: AbortSignal): Promise<ControlPlane> {
  await removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  const plane = new Plane(programs, folder, signal);
  try {
    await plane.start();
    return plane;
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

/** What a killed command left running. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = existsSync(join(folder, "owner")) ? Number(readFileSync(join(folder, "owner"), "utf8")) : undefined;
    if (owner === undefined || isAlive(owner)) continue;
    await stopProcesses(processesIn(folder));
    rmSync(folder, { recursive: true, force: true });
  }
}

class Plane implements ControlPlane {
  readonly kubeconfig: string;
  private readonly children: { readonly name: string; readonly process: ChildProcess }[] = [];

  constructor(
    private readonly programs: string,
    private readonly folder: string,
    private readonly signal?: AbortSignal,
  ) {
    this.kubeconfig = join(folder, "kubeconfig");
    writeFileSync(join(folder, "owner"), String(process.pid));
  }

  async start(): Promise<void> {
    const [api, client, peer, kwok] = (await freePorts(4)) as [number, number, number, number];
    const etcd = `http://127.0.0.1:${client}`;
    const server = `https://127.0.0.1:${api}`;
    const { privateKey, publicKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    this.write("service-accounts.key", privateKey);
    this.write("service-accounts.pub", publicKey);
    const users = ["admin", "kwok", "system:kube-controller-manager", "system:kube-scheduler"].map((name) => ({
      name,
      token: randomBytes(16).toString("hex"),
    }));
    this.write(
      "tokens.csv",
      users.map(({ name, token }) => `${token},${name},${name}${name.startsWith("system:") ? "" : ',"system:masters"'}\n`).join(""),
    );
    for (const { name, token } of users)
      this.write(
        name === "admin" ? "kubeconfig" : `${name.replace("system:", "")}.kubeconfig`,
        JSON.stringify(kubeconfig(server, join(this.folder, "certificates", "apiserver.crt"), token)),
      );

    this.spawn("etcd", [
      "--name",
      "tests",
      "--data-dir",
      join(this.folder, "etcd"),
      "--unsafe-no-fsync",
      "--log-level",
      "warn",
      "--listen-client-urls",
      etcd,
      "--advertise-client-urls",
      etcd,
      "--listen-peer-urls",
      `http://127.0.0.1:${peer}`,
      "--initial-advertise-peer-urls",
      `http://127.0.0.1:${peer}`,
      "--initial-cluster",
      `tests=http://127.0.0.1:${peer}`,
    ]);
    // Privileged pods are allowed, as on managed clusters: that a namespace refuses them is what the tests look at.
    this.spawn("kube-apiserver", [
      `--etcd-servers=${etcd}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${api}`,
      "--endpoint-reconciler-type=none",
      "--service-cluster-ip-range=10.96.0.0/16",
      `--cert-dir=${join(this.folder, "certificates")}`,
      `--token-auth-file=${join(this.folder, "tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--anonymous-auth=false",
      "--allow-privileged=true",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${join(this.folder, "service-accounts.pub")}`,
      `--service-account-signing-key-file=${join(this.folder, "service-accounts.key")}`,
      "--profiling=false",
    ]);
    await this.until("the API server", () => this.kubectl(["get", "--raw=/readyz"]));
    this.spawn("kube-controller-manager", [
      `--kubeconfig=${join(this.folder, "kube-controller-manager.kubeconfig")}`,
      "--leader-elect=false",
      "--secure-port=0",
      `--root-ca-file=${join(this.folder, "certificates", "apiserver.crt")}`,
      `--service-account-private-key-file=${join(this.folder, "service-accounts.key")}`,
      "--use-service-account-credentials",
      "--horizontal-pod-autoscaler-sync-period=2s",
    ]);
    this.spawn("kube-scheduler", [
      `--kubeconfig=${join(this.folder, "kube-scheduler.kubeconfig")}`,
      "--leader-elect=false",
      "--secure-port=0",
    ]);
    this.spawn("kwok", [
      `--kubeconfig=${join(this.folder, "kwok.kubeconfig")}`,
      "--manage-all-nodes=true",
      `--server-address=127.0.0.1:${kwok}`,
      "--node-ip=127.0.0.1",
      "--node-port=0",
      "--node-lease-duration-seconds=40",
    ]);
    await this.until(
      "the nodes",
      () =>
        this.kubectl(["apply", "--filename", "-"], nodeManifests()) &&
        this.kubectl(["wait", "--for=condition=Ready", "node", "--all", "--timeout=5s"]),
    );
    await this.until("the first service account", () => this.kubectl(["--namespace", "default", "get", "serviceaccount", "default"]));
  }

  async stop(): Promise<void> {
    // The API server's clients first, what it keeps its state in last.
    for (const {
      process: { pid },
    } of [...this.children].reverse())
      if (pid !== undefined) await stopProcesses([pid]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content, { mode: 0o600 });
  }

  /** In a process group of its own: Ctrl-C is for the command, which stops them in order. */
  private spawn(name: string, args: readonly string[]): void {
    mkdirSync(join(this.folder, "logs"), { recursive: true });
    const log = openSync(join(this.folder, "logs", `${name}.log`), "a");
    const child = spawn(join(this.programs, name), args, {
      cwd: this.folder,
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...process.env, NO_PROXY: "127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" },
    });
    child.on("error", () => {
      /* seen as one that has ended */
    });
    this.children.push({ name, process: child });
  }

  private kubectl(args: readonly string[], input?: string): boolean {
    return (
      spawnSync(join(this.programs, "kubectl"), ["--kubeconfig", this.kubeconfig, "--request-timeout=10s", ...args], {
        input,
        stdio: [input === undefined ? "ignore" : "pipe", "ignore", "ignore"],
      }).status === 0
    );
  }

  private async until(what: string, check: () => boolean): Promise<void> {
    for (const deadline = Date.now() + START_SECONDS * 1000; ;) {
      this.signal?.throwIfAborted();
      const ended = this.children.find(({ process: { exitCode, pid } }) => exitCode !== null || pid === undefined);
      if (ended) throw new Error(`${ended.name} ended at once:\n${this.log(ended.name)}`);
      if (check()) return;
      if (Date.now() > deadline)
        throw new Error(
          [`${what} did not come up in ${START_SECONDS} s.`, ...this.children.map(({ name }) => `${name}:\n${this.log(name)}`)].join("\n"),
        );
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
    }
  }

  private log(name: string): string {
    return readFileSync(join(this.folder, "logs", `${name}.log`), "utf8")
      .trim()
      .split("\n")
      .slice(-5)
      .join("\n");
  }
}

/** All taken at the same time, so that none comes twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((resolve, reject) => {
          const server = createServer().on("error", reject);
          server.listen(0, "127.0.0.1", () => {
            resolve(server);
          });
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map(
      (server) =>
        new Promise((resolve) => {
          server.close(resolve);
        }),
    ),
  );
  return ports;
}

const kubeconfig = (server: string, certificate: string, token: string) => ({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "tests",
  clusters: [{ name: "tests", cluster: { server, "certificate-authority": certificate } }],
  users: [{ name: "tests", user: { token } }],
  contexts: [{ name: "tests", context: { cluster: "tests", user: "tests" } }],
});

const nodeManifests = (): string =>
  NODES.map((zone, index) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: `node-${index + 1}`,
        annotations: { "kwok.x-k8s.io/node": "fake", "node.alpha.kubernetes.io/ttl": "0" },
        labels: {
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/hostname": `node-${index + 1}`,
          "topology.kubernetes.io/zone": zone,
        },
      },
      status: { allocatable: { cpu: "32", memory: "128Gi", pods: "110" }, capacity: { cpu: "32", memory: "128Gi", pods: "110" } },
    }),
  ).join("\n---\n");
