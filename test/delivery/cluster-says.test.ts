/** What a failed deploy of workloads is told by the cluster. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { clusterSays, pendingIn, pendingReleases, warnings } from "../../delivery/cluster-says";
import { environment } from "../environments/edits";

describe("a release in the middle", () => {
  // As a real cluster has them after a rollback: the killed revision stays pending.
  const revisions = (...statuses: string[]) =>
    statuses.map((status, index) => `day-trade   day-trade-ml   ${index + 1}    ${status}`).join("\n");
  it("is told with the command that mends it", () => {
    expect(pendingReleases(`${revisions("superseded", "deployed", "pending-upgrade")}\nkeda   keda   1   deployed\n`)).toEqual([
      "The release day-trade-ml is pending-upgrade since a command was killed, and refuses every other one: helm rollback day-trade-ml --namespace day-trade (helm history day-trade-ml --namespace day-trade shows to what), and deploy again.",
    ]);
  });
  it("has nothing to go back to when it is the first revision", () => {
    expect(pendingReleases(revisions("pending-install"))).toEqual([
      "The release day-trade-ml is pending-install since a command was killed, and refuses every other one: helm uninstall day-trade-ml --namespace day-trade, and deploy again.",
    ]);
  });
  it.each([
    ["none", ""],
    ["one that was rolled back since", revisions("superseded", "pending-upgrade", "deployed")],
    ["more than nine revisions", revisions(...Array<string>(8).fill("superseded"), "pending-upgrade", "deployed")],
  ])("is not seen in %s", (_, text) => {
    expect(pendingReleases(text)).toEqual([]);
  });
});

describe("warnings", () => {
  const now = new Date("2026-11-29T12:00:00Z");
  const event = (name: string, message: string, lastTimestamp: string | null = "2026-11-29T11:59:00Z", more = {}) => ({
    involvedObject: { kind: "ReplicaSet", name },
    reason: "FailedCreate",
    message,
    lastTimestamp,
    ...more,
  });
  const said = (...items: unknown[]) => warnings(JSON.stringify({ items }), now);

  it("are told once each, the newest first, whatever the pods' random names", () => {
    expect(
      said(
        event(
          "day-trade-ml-ml-7c9457cb9d",
          'Error creating: pods "day-trade-ml-ml-7c9457cb9d-t9llz" is forbidden: exceeded quota: full',
          "2026-11-29T11:58:00Z",
        ),
        event(
          "day-trade-ml-ml-7c9457cb9d",
          'Error creating: pods "day-trade-ml-ml-7c9457cb9d-nh8ww" is forbidden: exceeded quota: full',
          "2026-11-29T11:59:00Z",
        ),
        event("day-trade-ml-data-c56bb9475", "violates PodSecurity", "2026-11-29T11:57:00Z"),
      ),
    ).toEqual([
      'ReplicaSet day-trade-ml-ml-7c9457cb9d: FailedCreate: Error creating: pods "day-trade-ml-ml-7c9457cb9d-nh8ww" is forbidden: exceeded quota: full',
      "ReplicaSet day-trade-ml-data-c56bb9475: FailedCreate: violates PodSecurity",
    ]);
  });
  it("of yesterday are left out, and those that carry another time count by it", () => {
    expect(
      said(
        event("old", "a", "2026-11-28T11:59:00Z"),
        event("new", "b", null, { eventTime: "2026-11-29T11:59:00.123456Z" }),
        event("timeless", "c", null),
      ),
    ).toEqual(["ReplicaSet new: FailedCreate: b"]);
  });
  it("are ten at the most", () => {
    expect(said(..."abcdefghijkl".split("").map((name) => event(name, "full")))).toHaveLength(10);
  });
});

describe("asking the cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "trading-kubectl-"));
  const path = process.env.PATH ?? "";
  const program = (name: string, script: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  beforeAll(() => {
    process.env.PATH = `${folder}${delimiter}${path}`;
  });
  afterAll(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  const elsewhere = environment("dev", { platform: { kind: "kubernetes", kubeconfig: "/etc/k3s.yaml", context: "k3s" } });

  it("is done through the literal's context, or with a kubeconfig of AWS's that is gone afterwards", () => {
    program(
      "kubectl",
      `case "$*" in *secrets*) echo "$(echo "$*" | sed 's/.*--kubeconfig \\([^ ]*\\).*/\\1/' | tr / _) release 2 pending-upgrade";; *) echo '{"items":[]}';; esac`,
    );
    program("aws", 'while [ "$1" != --kubeconfig ]; do shift; done; echo > "$2"');
    expect(clusterSays(elsewhere)[0]).toContain("helm rollback release --namespace _etc_k3s.yaml");
    expect(pendingIn(environment("prod"))[0]).toMatch(/helm rollback release --namespace _\S+trading-kubeconfig-\w+_kubeconfig/);
  });
  it("that does not answer leaves what to ask by hand", () => {
    program("kubectl", "echo 'Unable to connect to the server' >&2; exit 1");
    expect(clusterSays(elsewhere)).toEqual([
      "What the cluster says could not be asked (kubectl: Unable to connect to the server). With a way to it: helm list --all --namespace day-trade-dev; kubectl --namespace day-trade-dev get events --field-selector type=Warning",
    ]);
  });
  it("is not done where there is none", () => {
    expect(clusterSays(environment("dev"))).toEqual([]);
  });
});
