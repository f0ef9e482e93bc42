/** checkov over production on Azure, as the owner's literal has it: what fails, and why it may. No review reads these stacks, so the reasons stand here. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAzure } from "../../../environments/azure/index";
import { pythonWith } from "../../charts/tools";
import { azureEnvironment, azureStacks } from "../../helpers/azure";

const PREMIUM = "the registry's Premium size alone has it";
const STATES = "GitHub's machines come from anywhere; who reads, says Entra";
const NO_QUEUES = "there are no queues";
const MANAGED_KEYS = "Microsoft's keys encrypt; keys of one's own are not built on Azure";

/** `<check> <stack>/<path of the construct>` → why. */
const REASONS: Readonly<Record<string, string>> = {
  "CKV_AZURE_59 bootstrap/states/account": STATES,
  "CKV2_AZURE_33 bootstrap/states/account": STATES,
  "CKV_AZURE_33 bootstrap/states/account": NO_QUEUES,
  "CKV2_AZURE_1 bootstrap/states/account": MANAGED_KEYS,
  "CKV2_AZURE_21 bootstrap/states/states": "the account is made before the workspace that would keep its log",
  "CKV_AZURE_59 monitor/flow-log/account": "Azure's own services write from outside of the network; the firewall lets in nobody else",
  "CKV_AZURE_206 monitor/flow-log/account": "they are gone within weeks, and are no data of the system's",
  "CKV_AZURE_33 monitor/flow-log/account": NO_QUEUES,
  "CKV2_AZURE_1 monitor/flow-log/account": MANAGED_KEYS,
  "CKV_AZURE_224 data/database/database": "what must be proven later is in the orders table, on AWS",
  "CKV_AZURE_229 data/database/database": "Premium and Business Critical alone are zone-redundant, and AZR-006 says S2",
  "CKV_AZURE_24 data/database/server": "the audit goes to the workspace, which keeps it as long as the literal says",
  "CKV2_AZURE_2 data/database/server": "it comes with Defender for SQL, which is charged by the server",
  "CKV_AZURE_33 data/storage/account": NO_QUEUES,
  "CKV_AZURE_36 data/storage/account": "no service of Microsoft's needs to get in past the network's rules",
  "CKV2_AZURE_1 data/storage/account": MANAGED_KEYS,
  ...Object.fromEntries(
    ["backtest-results", "processed-market-data", "raw-market-data"].map((name) => [
      `CKV2_AZURE_21 data/storage/container-${name}`,
      "the diagnostic setting of the account's blob service logs every read",
    ]),
  ),
  "CKV_AZURE_139 services/registry/registry": "workflows push from outside of the network, with a token of Entra",
  "CKV_AZURE_164 services/registry/registry": PREMIUM,
  "CKV_AZURE_165 services/registry/registry": PREMIUM,
  "CKV_AZURE_166 services/registry/registry": PREMIUM,
  "CKV_AZURE_167 services/registry/registry": PREMIUM,
  "CKV_AZURE_233 services/registry/registry": PREMIUM,
  "CKV_AZURE_237 services/registry/registry": PREMIUM,
  "CKV_AZURE_235 services/service-scheduler/group/group": "no variable holds a secret: the rules refuse secrets of a container group",
  "CKV_AZURE_217 edge/gateway/gateway": "the listener for HTTP answers with a redirect to HTTPS and nothing else",
  "CKV_AZURE_135 edge/gateway/firewall":
    "it looks for OWASP's rules by their name; Microsoft's Default Rule Set has rules against Java attacks of its own",
};

/** What a cluster has in place of container apps and their gateway. */
const IN_CLUSTER: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(REASONS).filter(([key]) => !/ (edge\/gateway\/gateway|services\/service-scheduler)/.test(key))),
  "CKV_AZURE_116 services/cluster/cluster":
    "the namespace itself refuses what the add-on of Azure Policy would (Pod Security `restricted`)",
  "CKV_AZURE_117 services/cluster/cluster": MANAGED_KEYS,
  "CKV_AZURE_172 services/cluster/cluster": "secrets come by External Secrets, which looks every hour",
  "CKV_AZURE_226 services/cluster/cluster": "a disk of the host's cache is smaller than the images and the scratch of the pods",
  "CKV_AZURE_4 services/cluster/cluster":
    "the diagnostic setting keeps the control plane's logs; what pods print nobody keeps (docs/azure.md)",
};

interface Report {
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
  readonly results: {
    readonly failed_checks: readonly { readonly check_id: string; readonly resource: string; readonly file_path: string }[];
  };
}

it.each([
  ["the owner's production", () => loadAzure("azure-prod"), REASONS],
  ["production in a cluster", () => azureEnvironment("azure-aks"), IN_CLUSTER],
] as const)(
  "whatever fails on Azure in %s has its reason, and every reason is needed",
  (_, environment, reasons) => {
    const folder = mkdtempSync(join(tmpdir(), "checkov-azure-"));
    try {
      const paths = new Map<string, string>();
      for (const [stack, json] of Object.entries(azureStacks(environment()))) {
        mkdirSync(join(folder, stack));
        writeFileSync(join(folder, stack, "cdk.tf.json"), JSON.stringify(json));
        for (const blocks of Object.values(json.resource ?? {}))
          for (const [id, block] of Object.entries(blocks))
            paths.set(`${stack} ${id}`, (block["//"] as { metadata: { path: string } }).metadata.path.replace(/^azure-[a-z]+-/, ""));
      }
      const { stdout, stderr } = spawnSync(
        pythonWith("checkov"),
        [
          "-m",
          "checkov.main",
          "--directory",
          folder,
          "--framework",
          "terraform_json",
          "--skip-download",
          "--soft-fail",
          "--quiet",
          "--compact",
          "--output",
          "json",
        ],
        {
          encoding: "utf8",
          maxBuffer: 100_000_000,
          env: {
            PATH: process.env.PATH,
            HOME: folder,
            PYTHONDONTWRITEBYTECODE: "1",
            CKV_SKIP_PACKAGE_UPDATE_CHECK: "true",
            LOG_LEVEL: "ERROR",
          },
        },
      );
      if (!stdout) throw new Error(stderr);
      const { results, summary } = JSON.parse(stdout) as Report;
      expect(summary.parsing_errors).toBe(0);
      expect(summary.passed).toBeGreaterThan(100);
      const failed = results.failed_checks.map(({ check_id: check, file_path: file, resource }) => {
        const stack = file.split("/")[1]!;
        return `${check} ${paths.get(`${stack} ${resource.split(".").at(-1)!}`) ?? `${stack} ${resource}`}`;
      });
      expect([...new Set(failed)].sort()).toEqual(Object.keys(reasons).sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  300_000,
);
