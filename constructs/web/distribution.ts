import {
  CloudfrontDistribution,
  type CloudfrontDistributionDefaultCacheBehavior,
  type CloudfrontDistributionOrderedCacheBehavior,
  type CloudfrontDistributionOrigin,
} from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontFunction } from "@cdktf/provider-aws/lib/cloudfront-function";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Alarm, type AlarmSettings, type AlarmTarget } from "../alarms/alarm";
import { literalText, projectFolder } from "../hosts/host-files";
import type { Bucket } from "../storage/bucket";
import type { Domain } from "./domain";
import { SecurityHeaders } from "./security-headers";

/** A host by TLS; one without TLS; or one inside the VPC, which nobody but CloudFront reaches, once what it leads to runs. */
export type ApiOrigin =
  | { readonly kind: "https"; readonly domainName: string }
  | { readonly kind: "http"; readonly domainName: string; readonly port: number }
  | { readonly kind: "vpc"; readonly domainName: string; readonly vpcOriginId: string; readonly runs?: ITerraformDependable };

export interface DistributionProps {
  /** Of what belongs to it, 1 to 60 characters of A-Z, a-z, 0-9, _ and -, unique in the account. */
  readonly name: string;
  /** The built frontend. Only this distribution may read it. */
  readonly frontend: Bucket;
  /** Region of the frontend's bucket. */
  readonly region: string;
  /** The header `Content-Security-Policy`. */
  readonly contentSecurityPolicy: string;
  /** Origins whose pages may read the API's answers. @default none but its own */
  readonly corsOrigins?: readonly string[];
  /** What answers below `/api/`. @default none: the path is the frontend's, like any other */
  readonly apiOrigin?: ApiOrigin;
  /** Names of its own, with their certificate. @default CloudFront's */
  readonly domain?: Domain;
  /** Codes of the countries that may use it. @default every country */
  readonly countries?: readonly string[];
  /** ARN of a web ACL of the scope CLOUDFRONT. @default none */
  readonly webAclArn?: string;
}

/**
 * Policies that AWS keeps for everybody, by their ids.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
 */
export const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
export const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
export const ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-38738e2966ac";

const FRONTEND = "frontend";
const API = "api";
const READING = ["GET", "HEAD", "OPTIONS"];
const EVERYTHING = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];

/** Frontend and API behind one name, by TLS alone (EDG-005 … EDG-008, EDG-013, SEC-076, C-31, C-32). */
export class Distribution extends Construct {
  readonly id: string;
  readonly arn: string;
  /** Such as `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const { name, frontend, region, contentSecurityPolicy, apiOrigin, corsOrigins = [], domain, countries = [], webAclArn } = props;
    const headers = new SecurityHeaders(this, "headers", { name, contentSecurityPolicy, includeSubdomains: domain?.isBelowZone });
    // The frontend's files are for its own pages, whoever may read the API.
    const apiHeaders =
      corsOrigins.length > 0
        ? new SecurityHeaders(this, "api-headers", {
            name: `${name}-api`,
            contentSecurityPolicy,
            corsOrigins,
            includeSubdomains: domain?.isBelowZone,
          })
        : headers;
    const common = { compress: true, viewerProtocolPolicy: "redirect-to-https", responseHeadersPolicyId: headers.id };

    const distribution = new CloudfrontDistribution(this, "distribution", {
      enabled: true,
      comment: name,
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      // Without South America, Australia and New Zealand: the users are in Japan.
      priceClass: "PriceClass_200",
      webAclId: webAclArn,
      origin: [this.frontendOrigin(name, frontend, region), ...(apiOrigin === undefined ? [] : [apiOriginOf(apiOrigin)])],
      defaultCacheBehavior: this.frontendBehavior(name, common),
      orderedCacheBehavior: apiOrigin === undefined ? [] : [apiBehavior({ ...common, responseHeadersPolicyId: apiHeaders.id })],
      restrictions: {
        geoRestriction: {
          restrictionType: countries.length > 0 ? "whitelist" : "none",
          locations: [...countries],
        },
      },
      ...(domain && { aliases: [...domain.names] }),
      viewerCertificate: domain
        ? { acmCertificateArn: domain.certificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" }
        : // With CloudFront's own certificate it decides the oldest TLS itself.
          { cloudfrontDefaultCertificate: true },
      // What does not run is not asked: what was asked before stays, and so does the way to it.
      dependsOn: apiOrigin?.kind === "vpc" && apiOrigin.runs ? [apiOrigin.runs] : undefined,
    });
    this.id = distribution.id;
    this.arn = distribution.arn;
    this.domainName = distribution.domainName;
    domain?.leadTo(distribution);
    frontend.addToPolicy({
      sid: "Distribution",
      principals: { Service: "cloudfront.amazonaws.com" },
      actions: ["s3:GetObject"],
      resources: [`${frontend.arn}/*`],
      conditions: { StringEquals: { "aws:SourceArn": this.arn } },
    });
  }

  /** Reports answers that are errors of ours (OBS-033). CloudFront's figures are in us-east-1, so the alarm and whom it tells must be there too. */
  alarmOnErrors(
    scope: Construct,
    target: AlarmTarget,
    { name, percent }: Pick<AlarmSettings, "name"> & { readonly percent: number },
  ): void {
    new Alarm(scope, "errors-alarm", {
      name,
      description: "Users get errors in place of the application or its API",
      severity: "critical",
      owner: "DevOps",
      runbook: "frontend-broken",
      namespace: "AWS/CloudFront",
      metric: "5xxErrorRate",
      dimensions: { DistributionId: this.id, Region: "Global" },
      statistic: "Average",
      comparison: "GreaterThanThreshold",
      threshold: percent,
      period: 60,
      target,
    });
  }

  private frontendOrigin(name: string, frontend: Bucket, region: string): CloudfrontDistributionOrigin {
    const control = new CloudfrontOriginAccessControl(this, "origin-access-control", {
      name,
      description: "Signs what the distribution asks the bucket for",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    return {
      originId: FRONTEND,
      domainName: `${frontend.name}.s3.${region}.amazonaws.com`,
      originAccessControlId: control.id,
    };
  }

  private frontendBehavior(name: string, common: Common): CloudfrontDistributionDefaultCacheBehavior {
    const route = new CloudfrontFunction(this, "route", {
      name,
      runtime: "cloudfront-js-2.0",
      comment: "Pages of the application get index.html",
      publish: true,
      code: literalText(readFileSync(join(projectFolder(), "functions", "edge", "spa-route.js"), "utf8")),
    });
    return {
      ...common,
      targetOriginId: FRONTEND,
      allowedMethods: READING,
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: CACHING_OPTIMIZED,
      functionAssociation: [{ eventType: "viewer-request", functionArn: route.arn }],
    };
  }
}

type Common = Pick<CloudfrontDistributionDefaultCacheBehavior, "compress" | "viewerProtocolPolicy" | "responseHeadersPolicyId">;

function apiOriginOf(origin: ApiOrigin): CloudfrontDistributionOrigin {
  const { domainName } = origin;
  if (origin.kind === "vpc") return { originId: API, domainName, vpcOriginConfig: { vpcOriginId: origin.vpcOriginId } };
  return {
    originId: API,
    domainName,
    customOriginConfig: {
      httpPort: origin.kind === "http" ? origin.port : 80,
      httpsPort: 443,
      originProtocolPolicy: `${origin.kind}-only`,
      originSslProtocols: ["TLSv1.2"],
    },
  };
}

/** Nothing of it is kept, and what it answers, errors too, reaches the browser as it is. A call by HTTP is refused: it would have shown its secrets already. */
const apiBehavior = (common: Common): CloudfrontDistributionOrderedCacheBehavior => ({
  ...common,
  viewerProtocolPolicy: "https-only",
  pathPattern: "/api/*",
  targetOriginId: API,
  allowedMethods: EVERYTHING,
  cachedMethods: ["GET", "HEAD"],
  cachePolicyId: CACHING_DISABLED,
  originRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
});
