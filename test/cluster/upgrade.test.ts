/** From the chart as it was before its last change to the chart as it is: what others know by name and address stays. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { release } from "../charts/helm";
import { describeOnCluster, environments, missing, podsOf, uninstall, upgrade, withNamespaces } from "./cluster";
import { apply, kubectl, list } from "./kubectl";

jest.setTimeout(300_000);

const root = resolve(__dirname, "..", "..");
const CHART = "charts/day-trade-ml";
const git = (...args: readonly string[]) => spawnSync("git", args, { cwd: root, encoding: "utf8" });

/** The last commit with another chart than the working tree's; undefined when the history does not go back so far. */
function previousCommit(): string | undefined {
  const commits = git("log", "-2", "--format=%H", "--", CHART).stdout.trim().split("\n").filter(Boolean);
  const isChanged = git("status", "--porcelain", "--", CHART).stdout.trim() !== "";
  // The first commit of a shallow clone seems to have made everything.
  const isShallow = git("rev-parse", "--is-shallow-repository").stdout.trim() === "true";
  const known = isShallow ? commits.slice(0, -1) : commits;
  return isChanged ? known[0] : (known[1] ?? (isShallow ? undefined : commits[1]));
}

const previous = previousCommit();
const noHistory = "git knows no commit with an earlier chart: this is a shallow clone, fetch the history";
if (!missing && !previous && !process.env.CI)
  process.stderr.write(`test/cluster: the upgrade from an earlier chart is left out, because ${noHistory}\n`);

const address = (namespace: string) =>
  Object.fromEntries(
    list("services", namespace).map(({ metadata, spec }) => [
      metadata.name,
      [metadata.uid, (spec as { readonly clusterIP: string }).clusterIP],
    ]),
  );
const claims = (namespace: string) =>
  list("persistentvolumeclaims", namespace).map(({ metadata, spec }) => [metadata.name, metadata.uid, spec]);

describeOnCluster("an upgrade from the chart before", () => {
  if (!previous) {
    if (process.env.CI)
      it("has a chart before", () => {
        throw new Error(noHistory);
      });
    else it.todo("needs the history");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "chart-before-"));
  withNamespaces(environments.map(([namespace]) => namespace));
  beforeAll(() => {
    mkdirSync(join(folder, "out"));
    const archive = spawnSync("git", ["archive", previous, CHART], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    const { status, stderr } = spawnSync("tar", ["--extract", "--directory", join(folder, "out")], { input: archive.stdout });
    if (archive.status !== 0 || status !== 0) throw new Error(`${archive.stderr}${stderr}`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(environments)(
    `${previous.slice(0, 7)} keeps the services' addresses and what is stored, in %s with the values of %s`,
    (namespace, file) => {
      // The services store nothing themselves, and the quota says so; it also is that of today's sizes, and what stood before may have been larger.
      kubectl([
        "--namespace",
        namespace,
        "patch",
        "resourcequota",
        "services",
        "--patch",
        '{"spec": {"hard": {"persistentvolumeclaims": "1", "pods": "200", "requests.cpu": "200", "requests.memory": "400Gi"}}}',
      ]);
      apply({
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "stored", namespace, labels: { "app.kubernetes.io/part-of": "day-trade" } },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "none", resources: { requests: { storage: "1Gi" } } },
      });
      upgrade({ namespace, file, from: join(folder, "out", CHART) });
      const [before, stored] = [address(namespace), claims(namespace)];
      expect(Object.keys(before)).toEqual(["data", "ml", "scheduler"].map((service) => `${release}-${service}`));
      // With what came since.
      upgrade({ namespace, file });
      expect(address(namespace)).toEqual(before);
      expect(claims(namespace)).toEqual(stored);
      expect(podsOf(namespace).length).toBeGreaterThan(0);
      uninstall(namespace);
      expect(claims(namespace)).toEqual(stored);
    },
  );
});
