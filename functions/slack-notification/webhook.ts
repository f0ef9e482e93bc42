/** Posting to Slack. The address is a secret: it stands in no message, error and log (SEC-057). */
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { IncomingWebhook, IncomingWebhookHTTPError, type FetchFunction } from "@slack/webhook";
import type { SlackMessage } from "./blocks";

/** Minutes that an address is remembered, so that a changed one is used without a deploy. */
const CACHE_MINUTES = 5;
/** Of one attempt. */
export const TIMEOUT_MILLISECONDS = 5000;
/** Further attempts where Slack fails or does not answer, after half a second and a second. */
export const RETRIES = { retries: 2, minTimeout: 500, factor: 2, maxTimeout: 1000 };
/** Answers of Slack that say the address is no longer one. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors */
const ADDRESS_IS_GONE = [403, 404, 410];

/** Why a message was not taken, without a word of the address. */
export class NotPosted extends Error {
  override readonly name = "NotPosted";
}

export class Webhooks {
  private cached?: { readonly until: number; readonly addresses: Readonly<Record<string, unknown>> };

  constructor(
    private readonly client: Pick<SecretsManagerClient, "send">,
    private readonly secret: string,
  ) {}

  /**
   * Posts a message; waits as long as Slack asks, if that ends before the deadline.
   * @param key of the secret
   * @param deadline in milliseconds since 1970
   * @throws NotPosted
   */
  async post(key: string, message: SlackMessage, deadline: number): Promise<void> {
    const address = await this.address(key);
    const webhook = new IncomingWebhook(address, {
      fetch: patientFetch(deadline),
      // None whose wait would end after the deadline: a function that is stopped in the middle tells again all that Slack has taken of its batch.
      retryConfig: { ...RETRIES, maxRetryTime: Math.max(1, deadline - Date.now() - RETRIES.maxTimeout) },
    });
    try {
      await webhook.send({ text: message.text, attachments: [...message.attachments] });
    } catch (error) {
      const status = error instanceof IncomingWebhookHTTPError ? error.statusCode : undefined;
      if (status !== undefined && ADDRESS_IS_GONE.includes(status)) this.cached = undefined;
      throw new NotPosted(status === undefined ? "Slack did not answer" : `Slack answered ${status}`);
    }
  }

  private async address(key: string): Promise<string> {
    const address = (await this.addresses())[key];
    // A parser's message would repeat the text.
    if (typeof address !== "string" || !isWebAddress(address)) {
      this.cached = undefined;
      throw new NotPosted(`the secret's ${key} is no address that begins with https://`);
    }
    return address;
  }

  private async addresses(): Promise<Readonly<Record<string, unknown>>> {
    if (this.cached && this.cached.until > Date.now()) return this.cached.addresses;
    let text: string | undefined;
    try {
      ({ SecretString: text } = await this.client.send(new GetSecretValueCommand({ SecretId: this.secret })));
    } catch (error) {
      throw new NotPosted(`the secret cannot be read: ${error instanceof Error ? error.name : "unknown"}`);
    }
    const addresses = parseObject(text ?? "");
    if (!addresses) throw new NotPosted("the secret is no JSON object");
    this.cached = { until: Date.now() + CACHE_MINUTES * 60_000, addresses };
    return addresses;
  }
}

/** What the client of Slack knows of an answer: its types are not those of Node. */
type Answer = Awaited<ReturnType<FetchFunction>>;

/** Asks again where Slack says when to, as long as that is before the deadline. https://docs.slack.dev/apis/web-api/rate-limits */
const patientFetch =
  (deadline: number): FetchFunction =>
  async (address, init) => {
    for (;;) {
      const left = deadline - Date.now();
      // Whoever is stopped in the middle tells again what Slack has taken before.
      if (left <= 0) throw new Error("no time is left");
      const response = await fetch(address, { ...init, signal: AbortSignal.timeout(Math.min(TIMEOUT_MILLISECONDS, left)) });
      const wait = response.status === 429 ? Number(response.headers.get("retry-after") ?? "1") * 1000 : Number.NaN;
      if (Number.isNaN(wait) || Date.now() + wait + TIMEOUT_MILLISECONDS > deadline) return response as unknown as Answer;
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };

/** Plain http to this machine only, for tests. */
function isWebAddress(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return protocol === "https:" || (protocol === "http:" && hostname === "127.0.0.1");
  } catch {
    return false;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
