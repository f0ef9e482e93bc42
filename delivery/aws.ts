/**
 * Asks AWS, one call at a time, with whatever credentials are around; nothing here changes what is deployed.
 *
 * A preflight asks nine services a question or two each, a test alert is one call, the kill switch an item and some commands. Their clients
 * would be ten packages and tens of megabytes; the three protocols that they speak are this file, and what must not be written by hand,
 * signing and finding credentials, is AWS's own library.
 */
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import { XMLParser } from "fast-xml-parser";

/** How an AWS service is spoken to: where, and in which protocol. https://smithy.io/2.0/aws/protocols/index.html */
type Service =
  | { readonly protocol: "json"; readonly host: string; readonly target: string; readonly version?: "1.0"; readonly global?: true }
  | { readonly protocol: "query"; readonly host: string; readonly version: string; readonly global?: true }
  | { readonly protocol: "rest"; readonly host: string; readonly global?: true };

/** By the prefix of its IAM actions. Versions and targets are those of the services' API references. */
const SERVICES = {
  // It has no regions, and is called as if it had.
  ce: { protocol: "json", host: "ce.us-east-1", target: "AWSInsightsIndexService", global: true },
  acm: { protocol: "json", host: "acm", target: "CertificateManager" },
  cloudtrail: { protocol: "json", host: "cloudtrail", target: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101" },
  config: { protocol: "json", host: "config", target: "StarlingDoveService" },
  dynamodb: { protocol: "json", host: "dynamodb", target: "DynamoDB_20120810", version: "1.0" },
  ecr: { protocol: "json", host: "api.ecr", target: "AmazonEC2ContainerRegistry_V20150921" },
  secretsmanager: { protocol: "json", host: "secretsmanager", target: "secretsmanager" },
  servicequotas: { protocol: "json", host: "servicequotas", target: "ServiceQuotasV20190624" },
  ssm: { protocol: "json", host: "ssm", target: "AmazonSSM" },
  ec2: { protocol: "query", host: "ec2", version: "2016-11-15" },
  iam: { protocol: "query", host: "iam", version: "2010-05-08", global: true },
  sns: { protocol: "query", host: "sns", version: "2010-03-31" },
  sts: { protocol: "query", host: "sts", version: "2011-06-15" },
  guardduty: { protocol: "rest", host: "guardduty" },
  cloudfront: { protocol: "rest", host: "cloudfront", global: true },
  route53: { protocol: "rest", host: "route53", global: true },
} satisfies Readonly<Record<string, Service>>;
export type ServiceName = keyof typeof SERVICES;

/** Where services without regions are signed for. */
const GLOBAL_REGION = "us-east-1";
const ATTEMPTS = 4;
const TIMEOUT_MILLISECONDS = 20_000;
/** Errors of a connection that never stood: nobody has heard the call. https://nodejs.org/api/errors.html#common-system-errors */
const UNHEARD = ["ECONNREFUSED", "EAI_AGAIN", "ENOTFOUND", "UND_ERR_CONNECT_TIMEOUT"];

/** What AWS answered in place of what was asked for. */
export class AwsError extends Error {
  constructor(
    /** Such as `RepositoryNotFoundException`. */
    readonly code: string,
    message: string,
    /** The call as IAM names it, such as `ecr:DescribeImages`. */
    readonly action: string,
  ) {
    super(message);
    this.name = "AwsError";
  }

  /** Whether the caller lacks the right. */
  get isDenied(): boolean {
    return /^(AccessDenied|UnauthorizedOperation|AuthorizationError|Forbidden|403$)/.test(this.code);
  }
}

/** As a provider of Terraform is configured. */
export interface AwsAccess {
  readonly region: string;
  /** An emulator's. @default AWS */
  readonly endpoint?: string;
  /** @default what AWS's own tools find */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** Until a call counts as unanswered. @default 20 s */
  readonly timeoutMilliseconds?: number;
}

/** What an XML or JSON answer holds. */
export type Answered = Readonly<Record<string, unknown>>;

/** For S3, whose client is at hand anyway. */
export function s3Settings({ region, endpoint, credentials }: AwsAccess): S3ClientConfig {
  // An emulator has no host name for each bucket.
  return { region, ...(endpoint !== undefined && { endpoint, forcePathStyle: true }), ...(credentials && { credentials }) };
}

export class Aws {
  readonly region: string;
  readonly s3: S3Client;
  private readonly endpoint?: string;
  private readonly timeoutMilliseconds: number;

  constructor(access: AwsAccess) {
    this.region = access.region;
    this.timeoutMilliseconds = access.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
    this.endpoint = access.endpoint ?? process.env.AWS_ENDPOINT_URL;
    this.s3 = new S3Client(s3Settings({ ...access, endpoint: this.endpoint }));
  }

  /** @param members of the request, as the API reference names them. @throws AwsError; Error when nobody answers */
  async json(service: ServiceName, operation: string, members: Answered): Promise<Answered> {
    const { target, version = "1.1" } = SERVICES[service] as Extract<Service, { protocol: "json" }>;
    const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": `${target}.${operation}` };
    return this.send(service, operation, { method: "POST", path: "/", headers, body: JSON.stringify(members) });
  }

  /**
   * @param parameters as the query protocol writes them: `Filter.1.Name`
   * @param isRepeatable whether a call that may have been heard is made again. @default true
   */
  async query(
    service: ServiceName,
    operation: string,
    parameters: Readonly<Record<string, string>> = {},
    { isRepeatable = true }: { readonly isRepeatable?: boolean } = {},
  ): Promise<Answered> {
    const { version } = SERVICES[service] as Extract<Service, { protocol: "query" }>;
    const body = new URLSearchParams({ Action: operation, Version: version, ...parameters }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    return this.send(service, operation, { method: "POST", path: "/", headers, body }, isRepeatable);
  }

  /** @param path with what is asked behind a question mark */
  async get(service: ServiceName, operation: string, path: string): Promise<Answered> {
    return this.send(service, operation, { method: "GET", path, headers: {}, body: "" });
  }

  /** @param body XML; the call must be one that may be made twice */
  async post(service: ServiceName, operation: string, path: string, body: string): Promise<Answered> {
    return this.send(service, operation, { method: "POST", path, headers: { "content-type": "application/xml" }, body });
  }

  dispose(): void {
    this.s3.destroy();
  }

  private async send(
    name: ServiceName,
    operation: string,
    request: { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
    isRepeatable = true,
  ): Promise<Answered> {
    const service: Service = SERVICES[name];
    const isGlobal = "global" in service;
    const region = isGlobal ? GLOBAL_REGION : this.region;
    const url = new URL(request.path, this.endpoint ?? `https://${service.host}${isGlobal ? "" : `.${region}`}.amazonaws.com`);
    const signer = new SignatureV4({ service: name, region, credentials: this.s3.config.credentials, sha256: this.s3.config.sha256 });
    for (let attempt = 1; ; attempt++) {
      const signed = await signer.sign({
        method: request.method,
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port && { port: Number(url.port) }),
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { host: url.host, ...request.headers },
        body: request.body,
      });
      const answer = await exchanged(url, {
        method: request.method,
        headers: signed.headers,
        ...(request.body && { body: request.body }),
        signal: AbortSignal.timeout(this.timeoutMilliseconds),
      });
      if ("silence" in answer) {
        const mayBeHeard = !UNHEARD.includes(((answer.silence.cause ?? {}) as { readonly code?: string }).code ?? "");
        if (!isRepeatable && mayBeHeard) throw unanswered(url, answer.silence, `whether it has taken ${name}:${operation} is not known`);
        // Whoever said nothing for that long says nothing the next time either; a connection that was reset is another matter.
        if (answer.silence.name === "TimeoutError" || attempt === ATTEMPTS) throw unanswered(url, answer.silence);
      } else {
        const { ok, status, answered } = answer;
        if (ok) return answered;
        const { code, message } = errorOf(answered, status);
        const isPassing = (status >= 500 && isRepeatable) || status === 429 || /Throttl|RequestLimitExceeded|TooManyRequests/.test(code);
        if (!isPassing || attempt === ATTEMPTS) throw new AwsError(code, message, `${name}:${operation}`);
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 250 * 2 ** attempt);
      });
    }
  }
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly answered: Answered;
}

/** @returns the reason in place of an answer where there is none */
async function exchanged(url: URL, request: RequestInit): Promise<Answer | { readonly silence: Error }> {
  try {
    const response = await fetch(url, request);
    return { ok: response.ok, status: response.status, answered: read(await response.text()) };
  } catch (error) {
    return { silence: error as Error };
  }
}

const BEHIND_PROXY = "behind a proxy, Node 22.21 or newer takes HTTPS_PROXY only with NODE_USE_ENV_PROXY=1";

const unanswered = ({ host }: URL, error: Error, more = BEHIND_PROXY): Error =>
  new Error(`${host} does not answer; ${more}`, { cause: error.cause ?? error });

/** Lists stand in XML as repeated elements; one alone must not look like a plain value. */
const XML = new XMLParser({ ignoreAttributes: true, parseTagValue: false, isArray: (name) => name === "item" || name === "member" });

function read(text: string): Answered {
  if (text.trim() === "") return {};
  try {
    return (text.trimStart().startsWith("<") ? XML.parse(text) : JSON.parse(text)) as Answered;
  } catch {
    return {}; // a proxy's page; its status says enough
  }
}

/** A value deep in an answer. */
export const at = (answered: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Answered | undefined | null)?.[key], answered);
/** A list deep in an answer; none where it is missing. */
export const listAt = (answered: unknown, ...path: readonly string[]): readonly Answered[] => {
  const found = at(answered, ...path);
  return Array.isArray(found) ? (found as readonly Answered[]) : [];
};
/** A text deep in an answer; empty where it is missing. */
export const textAt = (answered: unknown, ...path: readonly string[]): string => {
  const found = at(answered, ...path);
  return typeof found === "string" || typeof found === "number" ? String(found) : "";
};

function errorOf(answered: Answered, status: number): { code: string; message: string } {
  const error = at(answered, "ErrorResponse", "Error") ?? at(answered, "Response", "Errors", "Error") ?? at(answered, "Error") ?? answered;
  const code = textAt(error, "Code") || textAt(error, "__type").split("#").at(-1) || String(status);
  return { code, message: textAt(error, "Message") || textAt(error, "message") || code };
}
