/** Values of the example that nobody owns: with them a deploy would be for strangers, or for nobody. */
import ipaddr from "ipaddr.js";
import { azurePath, azureTextsOf } from "../environments/azure/load";
import type { AzureEnvironment } from "../environments/azure/schema";
import { textsOf, type Text } from "../environments/reading/carried-names";
import { literalPath } from "../environments/reading/load";
import type { Environment } from "../environments/schema";

/** Account ids that AWS uses in its documentation; nobody owns them. */
export const PLACEHOLDER_ACCOUNTS: readonly string[] = ["111122223333", "444455556666", "777788889999", "123456789012"];

/** @throws when the literal still carries an example account */
export function refusePlaceholderAccount({ account, name }: Environment): void {
  if (PLACEHOLDER_ACCOUNTS.includes(account)) {
    throw new Error(
      `environments/${name}.ts: account = "${account}" is an example account of the AWS documentation. Put your own account id there (and into the bucket names), or rehearse: npm run rehearse -- ${name}`,
    );
  }
}

/** RFC 5737, RFC 3849 and RFC 9637: networks of documents. */
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"].map((network) =>
  ipaddr.parseCIDR(network),
);

/** Whether all addresses of a network are those of documents; the whole Internet is not one. */
function isDocumentation(text: string): boolean {
  if (!ipaddr.isValidCIDR(text)) return false;
  const [address, bits] = ipaddr.parseCIDR(text);
  return DOCUMENTATION.some(([network, width]) => address.kind() === network.kind() && bits >= width && address.match(network, width));
}

const KINDS: readonly { readonly is: (text: Text) => boolean; readonly what: string }[] = [
  {
    is: ({ path, value }) => path === "account" && PLACEHOLDER_ACCOUNTS.includes(value),
    what: "an account of AWS's documentation (your own belongs into the names of buckets, too)",
  },
  {
    is: ({ path, value }) => path === "bootstrap.githubRepository" && /^example(-org)?([-@]\d+)?\//i.test(value),
    what: "a repository that others could have, and with it the roles",
  },
  { is: ({ value }) => /^0a1b2c3d-0000-4000-8000-[0-9a-f]{12}$/.test(value), what: "an id that is nobody's on Azure" },
  { is: ({ value }) => /:certificate\/0a1b2c3d-4e5f-4a6b-8c7d-[0-9a-f]{12}$/.test(value), what: "a certificate that is none" },
  { is: ({ value }) => isDocumentation(value), what: "a network of documents (RFC 5737, RFC 3849), from which nobody connects" },
  { is: ({ path, value }) => path.endsWith(".phone") && /0000\D?0000/.test(value), what: "a telephone number that nobody answers" },
  // RFC 2606.
  {
    is: ({ path, value }) =>
      !/(^|\.)(description|tags)\b/.test(path) && /(^|[@./])example\.(com|org|net)\b(?![\w.-]*\w\.)|\.example(?![\w.-])/i.test(value),
    what: "an address of documents (RFC 2606), which reaches nobody",
  },
];

/** What bootstrap is made of. */
const BOOTSTRAP = /^(account|bootstrap)\b/;

/** What the platform leaves unused. */
function isUnused(path: string, { platform }: Environment): boolean {
  return (platform !== "eks" && path.startsWith("cluster.eks.")) || (platform === "none" && /^(cluster|services)\b/.test(path));
}

/**
 * Values of the example that a deploy would use.
 * @param only what is deployed. @default everything
 */
export function exampleValues(environment: Environment, only?: "bootstrap"): (Text & { readonly what: string })[] {
  return examplesIn(
    textsOf(environment).filter(({ path }) => (only === "bootstrap" ? BOOTSTRAP.test(path) : !isUnused(path, environment))),
  );
}

const examplesIn = (texts: readonly Text[]): (Text & { readonly what: string })[] =>
  texts.flatMap((text) =>
    KINDS.filter(({ is }) => is(text))
      .slice(0, 1)
      .map(({ what }) => ({ ...text, what })),
  );

/** @throws Error with every one of them, and its path */
export function refuseExamples(environment: Environment, only?: "bootstrap"): void {
  const { name } = environment;
  refuse(name, literalPath(name), exampleValues(environment, only), `, or rehearse, which needs none: npm run rehearse -- ${name}`);
}

/** As those of AWS's are refused. @throws Error with every one of them, and its path */
export const refuseAzureExamples = (environment: AzureEnvironment): void => {
  refuse(environment.name, azurePath(environment.name), examplesIn(azureTextsOf(environment)), ".");
};

function refuse(name: string, file: string, found: readonly (Text & { readonly what: string })[], way: string): void {
  if (found.length === 0) return;
  throw new Error(
    [
      `${name} is not deployed: ${file} still has ${found.length === 1 ? "a value" : "values"} of the example.`,
      ...found.map(({ path, value, what }) => `  ${path} = ${JSON.stringify(value)}: ${what}`),
      `Put your own there${way}`,
    ].join("\n"),
  );
}
