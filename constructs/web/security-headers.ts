import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { Construct } from "constructs";

export interface SecurityHeadersProps {
  /** Physical name, 1 to 128 characters, unique in the account. */
  readonly name: string;
  /** The header `Content-Security-Policy`. */
  readonly contentSecurityPolicy: string;
  /** Whether names below this one speak TLS alone, too. @default true */
  readonly includeSubdomains?: boolean;
  /** Origins whose pages may read the answers too, such as `https://tools.example.com` (SEC-077). @default none but its own */
  readonly corsOrigins?: readonly string[];
}

/** Two years, as Mozilla's observatory wants it at the least six months. https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security */
const TWO_YEARS_SECONDS = 63_072_000;
/** What a page of another origin may ask with, and the browser asks once an hour whether it may. No cookies: whoever calls shows a token. */
const CORS = {
  accessControlAllowCredentials: false,
  accessControlAllowHeaders: { items: ["Authorization", "Content-Type"] },
  accessControlAllowMethods: { items: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"] },
  accessControlMaxAgeSec: 3600,
  originOverride: true,
};

/** What every answer tells the browser, whatever its origin says: TLS only, no other site's frame, no guessing of types, nothing foreign (SEC-076). */
export class SecurityHeaders extends Construct {
  readonly id: string;

  constructor(
    scope: Construct,
    id: string,
    { name, contentSecurityPolicy, corsOrigins = [], includeSubdomains = true }: SecurityHeadersProps,
  ) {
    super(scope, id);
    this.id = new CloudfrontResponseHeadersPolicy(this, "policy", {
      name,
      comment: "TLS only, and nothing of other sites",
      corsConfig: corsOrigins.length > 0 ? { ...CORS, accessControlAllowOrigins: { items: [...corsOrigins] } } : undefined,
      securityHeadersConfig: {
        strictTransportSecurity: { accessControlMaxAgeSec: TWO_YEARS_SECONDS, includeSubdomains, override: true },
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
      },
    }).id;
  }
}
