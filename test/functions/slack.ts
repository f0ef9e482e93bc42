/** Slack as an incoming webhook shows it: a server on this machine that keeps what it gets, and answers as it is told. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly text: string;
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly Record<string, unknown>[] }[];
}

export class Slack {
  /** Messages that were taken. */
  readonly taken: Received[] = [];
  /** Requests, taken or not. */
  asked = 0;
  /** What it says next; by itself `ok`. */
  answer: (response: ServerResponse) => boolean = ok;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Slack> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        slack.asked += 1;
        if (slack.answer(response)) slack.taken.push(JSON.parse(Buffer.concat(chunks).toString()) as Received);
      });
    });
    const slack = new Slack(server);
    await new Promise<void>((done) => {
      server.listen(0, "127.0.0.1", done);
    });
    return slack;
  }

  /** With a secret in its path, as those of Slack have. */
  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/services/T0/B0/${SECRET}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => {
      this.server.close(done);
    });
  }
}

/** What must stand in no log. */
export const SECRET = "k9Zq3xSecretOfTheWebhook";

/** Takes the message. */
export const ok = (response: ServerResponse): boolean => {
  response.end("ok");
  return true;
};
/** Leaves the line open and says nothing. */
export const silent = (): boolean => false;
/** Refuses it. */
export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): boolean => {
    response.writeHead(code, headers).end("no");
    return false;
  };
