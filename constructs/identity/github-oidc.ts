import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Construct } from "constructs";
import { GITHUB_ISSUER } from "./github-names";
import type { RoleProps } from "./role";

const AUDIENCE = "sts.amazonaws.com";

export interface GithubOidcProps {
  /**
   * The repository as the subject of GitHub's tokens names it: `owner/name`, or both with their ids appended where subjects are
   * immutable. https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
   */
  readonly repository: string;
}

/**
 * Lets workflows of one GitHub repository take roles without any stored credential.
 *
 * No thumbprint: AWS checks GitHub's certificate against its own root authorities, and fills the list in by itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
export class GithubOidc extends Construct {
  private readonly arn: string;
  private readonly repository: string;

  constructor(scope: Construct, id: string, props: GithubOidcProps) {
    super(scope, id);
    this.repository = props.repository;
    this.arn = new IamOpenidConnectProvider(this, "provider", { url: `https://${GITHUB_ISSUER}`, clientIdList: [AUDIENCE] }).arn;
  }

  /** @param contexts see `trustInGithub` */
  trust(...contexts: readonly string[]): ReturnType<typeof trustInGithub> {
    return trustInGithub({ provider: this.arn, repository: this.repository }, ...contexts);
  }
}

/**
 * Trust of a role in workflow runs, each by its exact subject: a pattern would let in what nobody thought of.
 * @param provider ARN of the OIDC provider
 * @param contexts what follows the repository in the subject: `environment:prod`, `pull_request`, `ref:refs/heads/main`
 */
export function trustInGithub(
  { provider, repository }: GithubOidcProps & { readonly provider: string },
  ...contexts: readonly string[]
): Exclude<RoleProps["assumedBy"], string> {
  const subjects = contexts.map((context) => `repo:${repository}:${context}`);
  return [
    {
      principals: { Federated: provider },
      actions: ["sts:AssumeRoleWithWebIdentity"],
      conditions: {
        StringEquals: { [`${GITHUB_ISSUER}:aud`]: AUDIENCE, [`${GITHUB_ISSUER}:sub`]: subjects.length === 1 ? subjects[0]! : subjects },
      },
    },
  ];
}
