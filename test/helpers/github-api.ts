/** A server that stands in for GitHub's API, as far as the workflows speak to it. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export const BOT = "github-actions[bot]";
export const TOKEN = "test-token";

export interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}
export interface Issue {
  readonly number: number;
  readonly user: { readonly login: string };
  title: string;
  body: string;
  state: string;
  readonly labels: string[];
  readonly pull_request?: object;
  state_reason?: string;
}
export interface PullRequest {
  readonly state: string;
  readonly head: { readonly sha: string };
  readonly base: { readonly repo: { readonly full_name: string } };
}
/** An environment as GitHub answers, and the branches that its policy names. */
export interface GitHubEnvironment {
  readonly protection_rules: readonly object[];
  readonly deployment_branch_policy: { readonly protected_branches: boolean; readonly custom_branch_policies: boolean } | null;
  readonly branches: readonly { readonly name: string; readonly type: "branch" | "tag" }[];
}

/** As docs/delivery.md asks for it. */
export const PROTECTED: GitHubEnvironment = {
  protection_rules: [
    { type: "branch_policy" },
    { type: "required_reviewers", prevent_self_review: true, reviewers: [{ type: "User", reviewer: { login: "somebody" } }] },
  ],
  deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  branches: [{ name: "main", type: "branch" }],
};

/** Rights of a job's token, such as `{ actions: "read" }`. */
export type Rights = Readonly<Record<string, string>>;
/** Any one of these is enough. Source: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps */
type Needed = readonly [right: string, access: "read" | "write"][];
const OF_COMMENTS = (access: "read" | "write"): Needed => [
  ["issues", access],
  ["pull-requests", access],
];
const NEEDED: Readonly<Record<string, Needed>> = {
  "GET /pulls/N": [["pull-requests", "read"]],
  "GET /issues/N/comments": OF_COMMENTS("read"),
  "POST /issues/N/comments": OF_COMMENTS("write"),
  "PATCH /issues/comments/N": OF_COMMENTS("write"),
  "DELETE /issues/comments/N": OF_COMMENTS("write"),
  "GET /issues": [["issues", "read"]],
  "POST /issues": [["issues", "write"]],
  "PATCH /issues/N": [["issues", "write"]],
  "GET /environments/NAME": [["actions", "read"]],
  "GET /environments/NAME/deployment-branch-policies": [["actions", "read"]],
};

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
const PAGE = 2; // smaller than GitHub's, so that a few entries already need several pages

export class GitHubApi {
  comments: Comment[] = [];
  issues: Issue[] = [];
  pulls: Record<number, PullRequest> = {};
  environments: Record<string, GitHubEnvironment> = {};
  /** What it was asked. */
  calls: string[] = [];
  /** What the token may do; undefined: everything. */
  rights: Rights | undefined;
  private readonly server: Server;

  /** @param repository such as `example-org/infra` */
  private constructor(private readonly repository: string) {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body, headers }) => {
        response
          .writeHead(status, { "content-type": "application/json", ...headers })
          .end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
  }

  static async start(repository: string): Promise<GitHubApi> {
    const api = new GitHubApi(repository);
    await new Promise<void>((resolve) => {
      api.server.listen(0, "127.0.0.1", resolve);
    });
    return api;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get writes(): readonly string[] {
    return this.calls.filter((call) => !call.startsWith("GET"));
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private isAllowed(key: string): boolean {
    const { rights } = this;
    return (
      rights === undefined ||
      (NEEDED[key] ?? []).some(([right, access]) => rights[right] === "write" || (access === "read" && rights[right] === "read"))
    );
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url!, this.address);
    const path = url.pathname.replace(`/repos/${this.repository}`, "");
    const key = `${request.method} ${path.replace(/^\/environments\/[^/]+/, "/environments/NAME").replace(/\d+/, "N")}`;
    this.calls.push(`${request.method} ${path}`);
    if (request.headers.authorization !== `token ${TOKEN}`) return { status: 401, body: { message: "Bad credentials" } };
    if (!this.isAllowed(key)) return { status: 403, body: { message: "Resource not accessible by integration" } };
    const number = Number(/\d+/.exec(path)?.[0]);
    const environment = this.environments[decodeURIComponent(path.split("/")[2] ?? "")];
    const body = await bodyOf(request);
    const paged = (list: readonly unknown[]): Answer => {
      const page = Number(url.searchParams.get("page") ?? 1);
      const next = new URL(url);
      next.searchParams.set("page", String(page + 1));
      return {
        status: 200,
        body: list.slice((page - 1) * PAGE, page * PAGE),
        ...(page * PAGE < list.length && { headers: { link: `<${next.href}>; rel="next"` } }),
      };
    };
    switch (key) {
      case "GET /pulls/N":
        return this.pulls[number] ? { status: 200, body: this.pulls[number] } : NOT_FOUND;
      case "GET /issues/N/comments":
        return paged(this.comments);
      case "POST /issues/N/comments":
        this.comments.push({ id: 100 + this.comments.length, user: { login: BOT }, body: body.body! });
        return { status: 201, body: this.comments.at(-1) };
      case "PATCH /issues/comments/N":
        this.comments.find(({ id }) => id === number)!.body = body.body!;
        return { status: 200, body: {} };
      case "DELETE /issues/comments/N":
        this.comments = this.comments.filter(({ id }) => id !== number);
        return { status: 204 };
      case "GET /issues":
        return paged(
          this.issues.filter(
            ({ state, labels }) => state === url.searchParams.get("state") && labels.includes(url.searchParams.get("labels")!),
          ),
        );
      case "POST /issues":
        this.issues.push({
          number: 50 + this.issues.length,
          user: { login: BOT },
          title: body.title!,
          body: body.body!,
          state: "open",
          labels: body.labels!,
        });
        return { status: 201, body: this.issues.at(-1) };
      case "PATCH /issues/N":
        Object.assign(
          this.issues.find((issue) => issue.number === number)!,
          body,
        );
        return { status: 200, body: {} };
      case "GET /environments/NAME":
        return environment ? { status: 200, body: { ...environment, branches: undefined } } : NOT_FOUND;
      case "GET /environments/NAME/deployment-branch-policies":
        return environment
          ? { status: 200, body: { total_count: environment.branches.length, branch_policies: environment.branches } }
          : NOT_FOUND;
      default:
        return { status: 500, body: { message: `nobody expects ${key}` } };
    }
  }
}

const NOT_FOUND: Answer = { status: 404, body: { message: "Not Found" } };

async function bodyOf(request: IncomingMessage): Promise<Record<string, string & string[]>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return (text === "" ? {} : JSON.parse(text)) as Record<string, string & string[]>;
}
