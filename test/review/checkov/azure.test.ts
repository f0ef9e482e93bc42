/** checkov over Azure's environments, as the owner's literals have them and as a review looks at them: what fails is let pass by name, with a reason. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { azureNames, loadAzure } from "../../../environments/azure/index";
import { azurePath } from "../../../environments/azure/load";
import type { AzureEnvironment } from "../../../environments/azure/schema";
import { applyExceptions, readExceptions } from "../../../review/exceptions";
import type { Finding } from "../../../review/model";
import { policyFindings } from "../../../review/policy";
import { isOnAzure } from "../../../terraform/assembly";
import { pythonWith } from "../../charts/tools";
import { azureEnvironment, azureStacks } from "../../helpers/azure";
import { comparedInput } from "../compared";

const file = join(resolve(__dirname, "..", "..", ".."), "review", "exceptions.yaml");
const exceptions = readExceptions(readFileSync(file, "utf8"), file).filter(({ construct }) => isOnAzure(construct));
/** A day before the first entry expires: that an entry expires one day is the review's business, not this test's. */
const day = exceptions.map(({ expires }) => expires).sort()[0]!;

/** What a cluster has besides: no literal of the owner's has one, so that no entry is for it. */
const IN_CLUSTER: Readonly<Record<string, string>> = {
  "CKV_AZURE_116 cluster": "the namespace itself refuses what the add-on of Azure Policy would (Pod Security `restricted`)",
  "CKV_AZURE_117 cluster": "Microsoft's keys encrypt; keys of one's own are not built on Azure",
  "CKV_AZURE_172 cluster": "secrets come by External Secrets, which looks every hour",
  "CKV_AZURE_226 cluster": "a disk of the host's cache is smaller than the images and the scratch of the pods",
  "CKV_AZURE_4 cluster": "the diagnostic setting keeps the control plane's logs; what pods print nobody keeps (docs/azure.md)",
};

async function judged(environment: AzureEnvironment): Promise<Finding[]> {
  const inputs = Object.entries(azureStacks(environment)).map(([stack, json]) => comparedInput(`${environment.name}-${stack}`, json));
  const found = await policyFindings(inputs, { python: pythonWith("checkov"), stage: environment.stage });
  return applyExceptions(found, exceptions, day).findings;
}
const open = (findings: readonly Finding[]) =>
  findings.filter(({ excepted }) => !excepted).map(({ construct, rule }) => `${rule} ${construct}`);

describe("the owner's environments", () => {
  const used = new Set<string>();

  it.each(azureNames)(
    "nothing of %s is unexplained, and outside development each would be refused",
    async (name) => {
      const { stage } = loadAzure(name);
      const findings = await judged(loadAzure(name));
      if (stage === "development") {
        expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(["notice"]));
        return;
      }
      for (const { excepted } of findings) if (excepted) used.add(JSON.stringify(excepted));
      if (open(findings).length > 0)
        throw new Error(
          `Change ${azurePath(name)}, or let these pass in review/exceptions.yaml, each with a reason:\n${open(findings).join("\n")}`,
        );
      expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(["refusal"]));
    },
    300_000,
  );

  it("need every exception that there is", () => {
    expect(exceptions.filter((exception) => !used.has(JSON.stringify(exception)))).toEqual([]);
    expect(exceptions.length).toBeGreaterThan(20);
    for (const { reason } of exceptions) expect(reason.length).toBeGreaterThan(30);
  });
});

it("production in a cluster has what production has, and what is told of its cluster", async () => {
  const findings = await judged(azureEnvironment("azure-aks"));
  expect(open(findings).sort()).toEqual(
    Object.keys(IN_CLUSTER)
      .map((key) => `checkov/${key.replace(" ", " azure-aks-services/cluster/")}`)
      .sort(),
  );
}, 300_000);
