/**
 * Answers as the distribution of a synthesised stack is configured, as far as its Terraform JSON says it: behaviours, methods, redirects, the function at the
 * edge (its own code, run), origins with the bucket's policy, error pages, countries, headers. What it does not know it refuses to guess.
 */
import { createServer, type Server } from "node:https";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { onlyResource, resourcesOf, type Block, type StackJson } from "../helpers/synth";

export interface Asked {
  readonly scheme: "http" | "https";
  readonly method: string;
  readonly path: string;
  /** @default JP */
  readonly country?: string;
}
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}
/** What an origin says; undefined where it has no such object. */
export type Origin = (path: string, method: string) => Answered | undefined;

interface Behavior {
  readonly path_pattern?: string;
  readonly target_origin_id: string;
  readonly viewer_protocol_policy: string;
  readonly allowed_methods: readonly string[];
  readonly response_headers_policy_id?: string;
  readonly function_association?: readonly { readonly event_type: string; readonly function_arn: string }[];
}
interface Distribution {
  readonly origin: readonly { readonly origin_id: string; readonly origin_access_control_id?: string }[];
  readonly default_cache_behavior: Behavior;
  readonly ordered_cache_behavior?: readonly Behavior[];
  readonly custom_error_response?: readonly { error_code: number; response_code: number; response_page_path: string }[];
  readonly restrictions: { readonly geo_restriction: { readonly restriction_type: string; readonly locations?: readonly string[] } };
}

export class Edge {
  private readonly distribution: Distribution;

  /** @param origins by their ids in the distribution */
  constructor(
    private readonly json: StackJson,
    private readonly origins: Readonly<Record<string, Origin>>,
  ) {
    this.distribution = onlyResource(json, "aws_cloudfront_distribution") as unknown as Distribution;
  }

  answer(asked: Asked): Answered {
    const { ordered_cache_behavior: ordered = [], default_cache_behavior: other } = this.distribution;
    const behavior = ordered.find(({ path_pattern: pattern }) => glob(pattern!).test(asked.path)) ?? other;
    return this.withHeaders(behavior, this.through(behavior, asked));
  }

  private through(behavior: Behavior, asked: Asked): Answered {
    const { custom_error_response: pages = [], restrictions } = this.distribution;
    const { restriction_type: kind, locations = [] } = restrictions.geo_restriction;
    if (kind === "whitelist" && !locations.includes(asked.country ?? "JP")) return plain(403, "not in your country");
    if (asked.scheme === "http" && behavior.viewer_protocol_policy === "redirect-to-https")
      return { ...plain(301, ""), headers: { location: `https://localhost${asked.path}` } };
    if (asked.scheme === "http" && behavior.viewer_protocol_policy === "https-only") return plain(403, "HTTPS only");
    if (!behavior.allowed_methods.includes(asked.method)) return plain(403, "method not allowed");
    const answered = this.atOrigin(behavior.target_origin_id, this.routed(behavior, asked.path), asked.method);
    const page = pages.find(({ error_code: code }) => code === answered.status);
    if (!page) return answered;
    return {
      ...this.atOrigin(this.distribution.default_cache_behavior.target_origin_id, page.response_page_path, "GET"),
      status: page.response_code,
    };
  }

  private routed({ function_association: associations = [] }: Behavior, path: string): string {
    const found = associations.find(({ event_type: event }) => event === "viewer-request");
    if (!found) return path;
    const code = String(this.referred(found.function_arn).code).replaceAll("$${", "${").replaceAll("%%{", "%{");
    return runInNewContext(`${code}\nhandler({ request: { uri: ${JSON.stringify(path)} } }).uri`) as string;
  }

  private atOrigin(id: string, path: string, method: string): Answered {
    const { origin_access_control_id: control } = this.distribution.origin.find(({ origin_id: own }) => own === id)!;
    const answered = this.origins[id]!(path, method);
    if (answered) return answered;
    if (control === undefined) throw new Error(`the origin ${id} says nothing of ${path}`);
    // Who may not list a bucket is not told that an object is missing.
    const policies = resourcesOf(this.json, "aws_s3_bucket_policy").map(({ policy }) => String(policy));
    const mayList = policies.some((policy) => policy.includes("cloudfront.amazonaws.com") && policy.includes("s3:ListBucket"));
    return plain(mayList ? 404 : 403, "<Error/>");
  }

  private withHeaders({ response_headers_policy_id: reference }: Behavior, answered: Answered): Answered {
    if (reference === undefined) return answered;
    const config = this.referred(reference).security_headers_config as Readonly<Record<string, Block>>;
    const said: Readonly<Record<string, (of: Block) => readonly [string, string]>> = {
      strict_transport_security: (of) => [
        "strict-transport-security",
        [`max-age=${String(of.access_control_max_age_sec)}`, ...(of.include_subdomains ? ["includeSubDomains"] : [])].join("; "),
      ],
      content_security_policy: (of) => ["content-security-policy", String(of.content_security_policy)],
      content_type_options: () => ["x-content-type-options", "nosniff"],
      frame_options: (of) => ["x-frame-options", String(of.frame_option)],
      referrer_policy: (of) => ["referrer-policy", String(of.referrer_policy)],
    };
    const own = Object.entries(config).map(([name, of]) => {
      const header = said[name]?.(of);
      if (!header) throw new Error(`the edge of the tests does not know ${name}`);
      return of.override || !(header[0] in answered.headers) ? header : ([header[0], answered.headers[header[0]]!] as const);
    });
    return { ...answered, headers: { ...answered.headers, ...Object.fromEntries(own) } };
  }

  /** `${aws_cloudfront_function.edge_route_1234ABCD.arn}` → that resource. */
  private referred(reference: string): Block {
    const [, type, name] = /^\$\{(\w+)\.([\w-]+)\.\w+\}$/.exec(reference)!;
    return this.json.resource![type!]![name!]!;
  }
}

/** An edge on a port of this machine, by TLS with a certificate of nobody. */
export class EdgeServer {
  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async open(edge: Edge): Promise<EdgeServer> {
    const folder = mkdtempSync(join(tmpdir(), "edge-"));
    const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name)) as [string, string];
    const arguments_ = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=localhost",
    ];
    const made = spawnSync("openssl", [...arguments_, "-keyout", key, "-out", certificate], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`openssl: ${made.error?.message ?? made.stderr}`);
    const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
      const { status, headers, body } = edge.answer({
        scheme: "https",
        method: request.method!,
        path: new URL(request.url!, "https://localhost").pathname,
      });
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    return new EdgeServer(server, folder);
  }

  get address(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }
}

const plain = (status: number, body: string): Answered => ({ status, headers: { "content-type": "text/plain" }, body });
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern */
const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
