/** What the parser says: paths, values and words, whatever stands in the literal. */
import { EnvironmentError, parseEnvironment } from "../../environments/reading/parse";
import { prod } from "../fixtures/environments/prod";
import { edited, findingsOf, GONE, messageOf } from "./edits";
import { shareOf } from "../helpers/share";

/** Words that a person who edits a literal has no use for; a path pattern is what AWS calls it. */
const JARGON = /invalid|expected|received|nan\b(?!.*=)|undefined|\[object|unrecognized|discriminator|zod|regex|(?<!path )pattern|input/i;

it("names the file, counts the problems and shows path, value and what is allowed", () => {
  expect(messageOf(edited("prod", { stage: "prodution", "windows.uiCidrs": ["0.0.0.0/0"] }))).toBe(
    [
      "environments/test.ts has 1 problem:",
      '  stage = "prodution"',
      '    allowed: one of "development", "staging", "production"; did you mean "production"?',
    ].join("\n"),
  );
  expect(messageOf(edited("prod", { deletionProtection: false, "windows.uiCidrs": ["0.0.0.0/0"], "backup.lock": GONE }))).toBe(
    [
      "environments/test.ts has 3 problems:",
      "  accountWide.trail.lockDays = 365",
      "    allowed: nothing, because deletionProtection is false: what may be deleted is not locked",
      '  windows.uiCidrs[0] = "0.0.0.0/0"',
      "    allowed: a network of /8 or narrower, because stage is production: a few wider ones are the whole Internet",
      "  deletionProtection = false",
      "    allowed: true, because stage is production",
    ].join("\n"),
  );
});

it("carries file and findings", () => {
  try {
    parseEnvironment({ ...prod, name: "PROD" }, "environments/prod.ts");
    throw new Error("accepted");
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({
      name: "EnvironmentError",
      file: "environments/prod.ts",
      findings: [{ path: "name", value: "PROD", allowed: "2 to 12 of a-z and 0-9, a letter first" }],
    });
  }
});

it("holds a literal to the name of its file", () => {
  expect(() => parseEnvironment(prod, "environments/live.ts", "live")).toThrow(
    '  name = "prod"\n    allowed: "live", the name of the literal and its file',
  );
  expect(parseEnvironment(prod, "environments/prod.ts", "prod").name).toBe("prod");
});

it("leaves the literal as it is", () => {
  const before = structuredClone(prod);
  parseEnvironment(prod, "environments/prod.ts");
  expect(prod).toEqual(before);
});

describe("unknown keys", () => {
  it.each([
    ["visibilityTimeoutSecond", "events.orderQueue", "did you mean visibilityTimeoutSeconds?"],
    ["VisibilityTimeoutSeconds", "events.orderQueue", "did you mean visibilityTimeoutSeconds?"],
    ["receiveWaitTime", "events.orderQueue", "did you mean receiveWaitTimeSeconds?"],
    ["deadletter", "events.orderQueue", "did you mean deadLetter?"],
    ["intrefaceEndpoints", "network", "did you mean interfaceEndpoints?"],
    ["perzone", "network.nat", "did you mean perZone?"],
    [
      "replicas",
      "data.cache",
      "known here: kind, id, nodeType, maintenanceWindow, snapshotWindow, snapshotRetentionDays, parameters, shards, replicasPerShard, multiAz",
    ],
    ["architecure", "windows.image", "did you mean architecture?"],
    ["end-point", "events.alertSubscriptions[0]", "did you mean endpoint?"],
    ["fiof", "events.orderQueue", "did you mean fifo?"],
    ["adminCidr", "windows", "did you mean adminCidrs?"],
    ["region", "data", "known here: buckets,"],
    ["replica", "services.ml", "did you mean replicas?"],
    ["path", "services.ml.route", "did you mean paths?"],
    ["loadbalancer", "cluster", "did you mean loadBalancer?"],
    ["image", "cluster", "known here: name, containerInsights,"],
    ["nodegroups", "cluster.eks", "did you mean nodeGroups?"],
    ["readonly", "cluster.eks.access", "did you mean readOnly?"],
    ["instanceType", "cluster.eks.nodeGroups.general", "did you mean instanceTypes?"],
    ["namespaces", "cluster.kubernetes", "did you mean namespace?"],
  ])("%s in %s", (key, parent, words) => {
    const quoted = /^\w+$/.test(key) ? `${parent}.${key}` : `${parent}["${key}"]`;
    const findings = findingsOf(edited("prod", { [quoted]: 1 }));
    expect(findings).toEqual([{ path: quoted, value: 1, allowed: expect.stringContaining(words) as string }]);
    expect(findings[0]!.allowed).toMatch(/^no such key; /);
  });

  it("at the top", () =>
    expect(findingsOf(edited("prod", { platfrom: "eks" }))).toEqual([
      { path: "platfrom", value: "eks", allowed: "no such key; did you mean platform?" },
    ]));

  it("of another kind's blocks", () => {
    expect(findingsOf(edited("prod", { "network.nat.instanceType": "t4g.nano" }))).toEqual([
      { path: "network.nat.instanceType", value: "t4g.nano", allowed: "no such key; known here: kind, perZone" },
    ]);
  });

  it("that every object has from its prototype", () => {
    const literal = JSON.parse(JSON.stringify(prod).replace(/^\{/, '{"__proto__":{"a":1},"constructor":{},"toString":"x",')) as unknown;
    expect(
      findingsOf(literal)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["__proto__", "constructor", "toString"]);
  });

  it("that records would lose without a word", () => {
    const literal = edited("prod", {
      tags: JSON.parse('{"__proto__":"a"}'),
      "data.cache.parameters": JSON.parse('{"__proto__":"b","timeout":"300"}'),
    });
    expect(findingsOf(literal)).toEqual([
      { path: "tags.__proto__", value: "a", allowed: "no such key" },
      { path: "data.cache.parameters.__proto__", value: "b", allowed: "no such key" },
    ]);
  });

  it("take nothing from a prototype", () =>
    expect(findingsOf(edited("prod", { "data.secrets.mt5.keys": Object.create(["login"]) }))).not.toEqual([]));
});

it("finds what is wrong with one service beside another that is malformed, and blames no service for what cannot be seen", () => {
  const paths = findingsOf(
    edited("dev", {
      "services.data.image": "day-trade-data-dev:latest",
      "services.ml.memory": 5000,
      "services.scheduler.grants": ["database.connect"],
    }),
  ).map(({ path }) => path);
  expect(paths).toEqual(["services.data.image", "services.ml.memory", "services.scheduler.grants[0]"]);
});

describe("unions", () => {
  it("points into the kind of image that was meant", () => {
    expect(findingsOf(edited("prod", { "windows.image": { id: "ami-1", architecture: "x86" } })).map(({ path }) => path)).toEqual([
      "windows.image.id",
      "windows.image.architecture",
    ]);
    expect(
      findingsOf(edited("prod", { "windows.image": { ssmParameter: "al2023", architecture: "arm64" } })).map(({ path }) => path),
    ).toEqual(["windows.image.ssmParameter"]);
    expect(findingsOf(edited("prod", { "windows.image": { id: "ami-0dafcef1", architecure: "x86_64" } })).map(({ path }) => path)).toEqual([
      "windows.image.architecture",
      "windows.image.architecure",
    ]);
  });

  it("points into the Kubernetes platform", () => {
    expect(findingsOf(edited("prod", { platform: { kind: "kubernetes", kubeconfig: 5, contxt: "k3s" } }))).toEqual([
      { path: "platform.kubeconfig", value: 5, allowed: "a path that begins with / or ~/ such as ~/.kube/config" },
      { path: "platform.context", value: undefined, allowed: expect.stringMatching(/^1 to 253 characters/) as string },
      { path: "platform.contxt", value: "k3s", allowed: "no such key; did you mean context?" },
    ]);
  });

  it("suggests the nearest kind", () => {
    expect(findingsOf(edited("prod", { "network.nat.kind": "gatway" }))[0]!.allowed).toBe(
      'one of "none", "instance", "gateway"; did you mean "gateway"?',
    );
    expect(findingsOf(edited("prod", { "data.cache.kind": "clustr" }))[0]!.allowed).toBe(
      'one of "single", "cluster"; did you mean "cluster"?',
    );
    expect(findingsOf(edited("prod", { region: "ap-northest-1" }))[0]!.allowed).toBe(
      'an AWS region such as ap-northeast-1; did you mean "ap-northeast-1"?',
    );
  });
});

describe("strange values", () => {
  const cyclic: Record<string, unknown> = { a: 1 };
  cyclic.self = cyclic;
  const deep = Array.from({ length: 10_000 }).reduce<unknown>((inner) => ({ inner }), "bottom");
  const VALUES: readonly (readonly [string, unknown])[] = [
    ["null", null],
    ["a list", []],
    ["a cyclic object", cyclic],
    ["a deep object", deep],
    ["a long list", Array.from({ length: 1000 }, () => cyclic)],
    ["NaN", NaN],
    ["Infinity", Infinity],
    ["a huge number", 1e308],
    ["minus zero", -0],
    ["a bigint", 10n],
    ["a symbol", Symbol("a")],
    ["a function", () => 1],
    ["a date", new Date(0)],
    ["a map", new Map([[1, 2]])],
    ["an object without prototype", Object.create(null)],
    ["a regular expression", /a/],
    ["a long text", "a".repeat(100_000)],
    ["a text of many lines", "a\nb\nc"],
    ["a Terraform template", "${aws_vpc.a.id}"],
    ["an unresolved token", "${TfToken[TOKEN.0]}"],
    ["a number token", -1.888154589708804e289],
    ["a sparse list", [, 1]],
    ["true", true],
  ];

  it.each(VALUES)("%s in place of the literal is refused", (_, value) => {
    const findings = findingsOf(value);
    expect(findings.length).toBeGreaterThan(0);
    for (const { path, allowed } of findings) expect([path, allowed].every((text) => text.length > 0)).toBe(true);
    expect(messageOf(value)).not.toMatch(/\[object |\bzod\b/);
  });

  /** Every path of a literal that ends in a value, a list or a block. */
  function paths(value: unknown, path = ""): string[] {
    if (typeof value !== "object" || value === null) return [path];
    const below = Array.isArray(value)
      ? value.flatMap((entry, index) => paths(entry, `${path}[${index}]`))
      : Object.entries(value).flatMap(([key, entry]) =>
          paths(entry, /^\w+$/.test(key) ? (path === "" ? key : `${path}.${key}`) : `${path}["${key}"]`),
        );
    return path === "" ? below : [path, ...below];
  }

  const { tried, title } = shareOf(paths(edited("prod", {})));
  it.each(VALUES)(`%s in place of any value is refused with a path at or above it, or is a value that fits (${title})`, (_, value) => {
    // Looked at as one: an expectation for each of the findings, of which there are many thousands, takes longer than finding them.
    const wrong = tried.flatMap((path) =>
      findingsOf(edited("prod", { [path]: value }))
        .filter(({ path: at, allowed }) => !/^[a-zA-Z]/.test(at) || JARGON.test(allowed) || allowed.length >= 1000)
        .map((finding) => ({ path, finding })),
    );
    expect(wrong).toEqual([]);
  });

  it.each(["prod", "staging", "dev"] as const)("%s with any key taken away says so at that key, or has a default for it", (base) => {
    const optional: string[] = [];
    for (const path of paths(edited(base, {})).filter((candidate) => !candidate.endsWith("]"))) {
      const findings = findingsOf(edited(base, { [path]: GONE }));
      if (findings.length === 0) optional.push(path);
      // An image without its one name could be of either kind, a route without paths have hosts, a cluster without a node group others; a service is missed by those that call it, nodes with more pods by their subnets, a second region by what is copied into it, and the bootstrap by what stands beside it.
      else if (
        !findings.some(
          (finding) =>
            finding.path === path ||
            finding.path === path.replace(/\.(image|route|nodeGroups)\.\w+$/, ".$1") ||
            (/^services\.\w+$/.test(path) && /^services\.\w+\.calls\[\d+\]$/.test(finding.path)) ||
            (path === "data.replication" && finding.path === "backup.copies") ||
            (path === "bootstrap" && finding.path === "accountWide") ||
            (path.endsWith(".maxPods") && finding.path === "network.subnets.containers[0]"),
        )
      )
        expect({ path, findings }).toEqual("a finding at the path");
      for (const { allowed } of findings) expect(allowed).not.toMatch(JARGON);
    }
    expect(optional).toMatchSnapshot("keys that may be left out");
  });

  it("shows them on one line", () => {
    expect(messageOf(edited("prod", { "events.orderQueue.visibilityTimeoutSeconds": NaN }))).toContain(
      "events.orderQueue.visibilityTimeoutSeconds = NaN\n",
    );
    expect(messageOf(edited("prod", { name: cyclic }))).toContain("  name = <ref *1> { a: 1, self: [Circular *1] }\n");
    expect(messageOf(edited("prod", { name: "a\nb" }))).toContain('  name = "a\\nb"\n');
    expect(messageOf(edited("prod", { account: GONE }))).toContain("  account = (missing)\n");
    expect(messageOf(edited("prod", { name: "a".repeat(500) }))).toContain(`  name = "${"a".repeat(116)}…\n`);
  });
});
