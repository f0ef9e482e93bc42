/** Whom a value names: accounts, buckets, hosts of the network, and those that code and images come from. */
import { parse } from "yaml";
import { isBase64, isObject } from "../../json-values";
import { isHidden } from "../../model";
import type { RuleName } from "../rules";
import { isHost, ownerOf } from "./hosts";

export type Kind = "account" | "bucket" | "address" | "source";

/** Somebody whom a value names. */
export interface Party {
  readonly kind: Kind;
  /** As people write it, the same wherever it is named: `444455556666`, `charts.example.com`, `docker.io/library`. */
  readonly name: string;
}

export const RULE_OF_KIND: Readonly<Record<Kind, RuleName>> = {
  account: "identity/foreign-account",
  bucket: "data/foreign-bucket",
  address: "network/foreign-address",
  source: "compute/foreign-source",
};

/** Arguments whose text is an image, a bucket, a host. */
const IMAGE = /^(container_?)?image(_?uri|_?name)?$/i;
const REGISTRY = /^(image_?)?(registry|repository)$/i;
const BUCKET = /^(bucket|target_bucket|log_bucket|s3_bucket|s3_bucket_name|bucket_?name|access_?logs_?bucket)$/i;
const NAMED_HOST =
  /^(domain|domain_?name|subject_alternative_names|host|host_?name|fqdn|endpoint|server|issuer|aliases|records|cname|dns_?name|alias_?name|smarthost|federated|address|ip_?address|target_?ip|ip)$/i;
/** Others of S3 are named by a number of their own. */
const CANONICAL_USER = /^[\da-f]{64}$/;

/** What a piece of the network is called that others may own. */
const NETWORK = /\b(?:vpc|tgw|vpce-svc)-[\da-f]{8,17}\b/g;

/** cdktf's notes, and what a template or a workbook calls its format by: an address that nothing is fetched from. */
const NAMES_NOBODY: ReadonlySet<string> = new Set(["//", "$schema"]);

/** Of a value and all that is in it, JSON, YAML and base64 included; references and what is hidden name nobody. */
export function partiesIn(value: unknown, key = "", parent = ""): Party[] {
  if (typeof value === "string") return isHidden(value) ? [] : inText(value, key, parent);
  if (Array.isArray(value)) return value.flatMap((one) => partiesIn(one, key, parent));
  if (!isObject(value)) return [];
  // Whom a policy keeps out, it does not let in.
  const isDenied = value.Effect === "Deny";
  return Object.entries(value).flatMap(([name, one]) =>
    NAMES_NOBODY.has(name) || (isDenied && (name === "Principal" || name === "Resource")) ? [] : partiesIn(one, name, key),
  );
}

/** Words are bounded, here and below: a text may hold a megabyte without a space. */
function inText(text: string, key: string, parent: string): Party[] {
  const inner = structureOf(text, key);
  if (inner !== undefined) return partiesIn(inner, key, parent);
  // What a function of Terraform is given may be a text of its own.
  const literals = text.includes("${")
    ? [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].flatMap(([, literal]) => partiesIn(literal, key, parent))
    : [];
  // A sign that no name holds: what is next to a reference is only a part of a name.
  const plain = text.replace(/\$\{[^{}]*\}/g, "\0");
  return [...literals, ...FINDERS.flatMap((find) => find(plain, key, parent)), ...byLines(plain, key)];
}

/** What a text holds in another notation; undefined where it is a text and nothing else. */
function structureOf(text: string, key: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return undefined;
    }
  }
  if (/^user_data(_base64)?$/.test(key) && isBase64(text, 24)) return Buffer.from(text, "base64").toString("utf8");
  if (key === "values" && text.includes("\n")) {
    try {
      const values: unknown = parse(text);
      return isObject(values) ? values : undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

const LONGEST_LINE = 1000;

/** Lines of a longer text that say what an argument says elsewhere: `image: docker.io/library/x`. */
function byLines(text: string, key: string): Party[] {
  if (!text.includes("\n")) return [];
  return text.split("\n").flatMap((line) => {
    if (line.length > LONGEST_LINE) return [];
    const [, name, value] = /^\s*-?\s*["']?([A-Za-z_][\w-]*)["']?\s*[:=]\s*["']?([^\s"']+)["']?,?\s*$/.exec(line) ?? [];
    return name !== undefined && value !== undefined ? FINDERS.slice(PATTERNS).flatMap((find) => find(value, name, key)) : [];
  });
}

type Find = (text: string, key: string, parent: string) => readonly Party[];

const account = (name: string): Party => ({ kind: "account", name });
const bucket = (name: string): Party[] => (/^[a-z0-9][a-z0-9.-]{2,62}$/.test(name) ? [{ kind: "bucket", name }] : []);
const address = (name: string | undefined): Party[] => (name === undefined ? [] : [{ kind: "address", name }]);
const source = (name: string | undefined): Party[] => (name === undefined ? [] : [{ kind: "source", name }]);

/** `user:password@host:port` is `host`. */
const hostIn = (authority: string): string => authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d*$/, "");

/** Those that find a name in the middle of a text stand first. */
const ANYWHERE: readonly Find[] = [
  function arns(text) {
    return [...text.matchAll(/\barn:aws[\w-]*:([\w-]*):[\w\0-]*:([\w\0-]*):([^\s"',)}\]]*)/g)].flatMap(([, service, owner, rest]) => [
      ...(/^\d{12}$/.test(owner!) ? [account(owner!)] : []),
      ...(service === "s3" && owner === "" ? bucket(rest!.split("/")[0]!) : []),
      ...address(/^oidc-provider\/([^/\s]+)(.*)$/.test(rest!) ? ownerOf(RegExp.$1, RegExp.$2) : undefined),
    ]);
  },
  function registriesAndQueues(text) {
    return [
      ...[...text.matchAll(/\b(\d{12})\.dkr[.-]ecr/g)].map(([, id]) => account(id!)),
      ...[...text.matchAll(/\/\/[\w.-]{0,100}(?:sqs|queue)[\w.-]{0,100}\.amazonaws\.com[\w.]*\/(\d{12})\//g)].map(([, id]) => account(id!)),
    ];
  },
  function urls(text, key) {
    return [...text.matchAll(/\b([a-z][a-z0-9+.-]{0,20}):\/\/([^/\s"'<>\\`|(){},;?#]+)([^\s"'<>\\`|(){},;]*)/gi)].flatMap(
      ([, scheme, authority, path]) => {
        if (scheme!.toLowerCase() === "s3") return bucket(authority!);
        const host = hostIn(authority!);
        const [, named] = /^([a-z0-9.-]+)\.s3[.-][\w.-]*amazonaws\.com/.exec(host) ?? [];
        if (named !== undefined) return bucket(named);
        const isCode = /^(oci|git|ssh|docker|git\+.*)$/i.test(scheme!) || REGISTRY.test(key) || key === "source";
        return (isCode ? source : address)(ownerOf(host, path));
      },
    );
  },
  function mail(text) {
    return [...text.matchAll(/[\w.+-]{1,64}@((?:[\w-]+\.)+[a-z]{2,24})\b(:[\w.-]+\/[\w.-]+)?/gi)].flatMap(([, host, path]) =>
      path === undefined ? address(ownerOf(host!)) : source(ownerOf(host!, path)),
    );
  },
  function repositories(text) {
    return [...text.matchAll(/(?:^|["'])(repo|project_path|organization):([\w.*-]+(?:\/[\w.*-]+)*)/g)].flatMap(([, kind, name]) =>
      source(`${kind === "repo" ? "github.com" : kind!}/${name!.toLowerCase()}`),
    );
  },
  function networks(text) {
    return [...text.matchAll(NETWORK)].flatMap(([id]) => address(id));
  },
];

/** Those that read the whole text by the name of its argument. */
const BY_NAME: readonly Find[] = [
  function accounts(text, key) {
    const words = text.split(/[\s,]+/).filter(Boolean);
    if (words.length > 0 && words.every((word) => /^\d{12}$/.test(word))) return words.map(account);
    if (/^o-[a-z0-9]{10,32}(\/.*)?$/.test(text)) return [account(text.split("/")[0]!)];
    return CANONICAL_USER.test(text) && /^(CanonicalUser|id|canonical_user_id)$/.test(key) ? [account(text)] : [];
  },
  function images(text, key) {
    if (/\s/.test(text) || text.includes("\0") || text.includes("://")) return [];
    const [host = "", ...rest] = text.split("/");
    const isNamed = rest.length > 0 && /[.:]|^localhost$/.test(host);
    if (isNamed && (IMAGE.test(key) || REGISTRY.test(key)))
      return source(ownerOf(hostIn(host), `/${rest.slice(0, -1).join("/") || rest[0]!}`));
    if (REGISTRY.test(key) && isHost(text)) return source(ownerOf(text));
    if (!IMAGE.test(key) || !/^[a-z0-9][\w./-]*(:[\w.-]+)?(@sha256:[\da-f]+)?$/.test(text) || text.startsWith("aws/codebuild/")) return [];
    return source(`docker.io/${rest.length > 0 ? host : "library"}`);
  },
  function buckets(text, key) {
    return BUCKET.test(key) ? bucket(text.split(".s3.")[0]!) : [];
  },
  function hosts(text, key, parent) {
    const isNamed = NAMED_HOST.test(key) || (key === "name" && parent === "alias");
    const [host] = text.split(":");
    return isNamed && (isHost(host!) || /^(\d+\.){3}\d+$/.test(host!)) ? address(ownerOf(host!)) : [];
  },
];
const FINDERS: readonly Find[] = [...ANYWHERE, ...BY_NAME];
const PATTERNS = ANYWHERE.length;
