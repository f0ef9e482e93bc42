/** An AWS that answers what a test says, where the emulator knows no such answer. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Aws } from "../../delivery/aws";

export interface Answer {
  /** @default 200 */
  readonly status?: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: string | object;
}

export interface AnsweringAws {
  readonly aws: Aws;
  readonly endpoint: string;
  close(): void;
}

/** @param answer to one request, given its body */
export async function answeringAws(answer: (body: string, request: IncomingMessage) => Answer): Promise<AnsweringAws> {
  const server = createServer((request, response) => {
    let asked = "";
    request.on("data", (part: Buffer) => (asked += part.toString()));
    request.on("end", () => {
      const { status = 200, body } = answer(asked, request);
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const aws = new Aws({ region: "ap-northeast-1", endpoint, credentials: { accessKeyId: "111122223333", secretAccessKey: "x" } });
  return {
    aws,
    endpoint,
    close: () => {
      aws.dispose();
      server.closeAllConnections();
      server.close();
    },
  };
}
