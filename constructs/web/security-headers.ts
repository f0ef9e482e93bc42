import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { Construct } from "constructs";

export interface SecurityHeadersProps {
  /** Physical name, 1 to 128 characters, unique in the account. */
  readonly name: string;
  /** The header `Content-Security-Policy`. */
  readonly contentSecurityPolicy: string;
  /** Whether names below this one speak TLS alone, too. @default true */
  readonly includeSubdomains?: boolean;
}

/** Two years, as Mozilla's observatory wants it at the least six months. https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security */
const TWO_YEARS_SECONDS = 63_072_000;

/** What every answer tells the browser, whatever its origin says: TLS only, no other site's frame, no guessing of types, nothing foreign (SEC-076). */
export class SecurityHeaders extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { name, contentSecurityPolicy, includeSubdomains = true }: SecurityHeadersProps) {
    super(scope, id);
    this.id = new CloudfrontResponseHeadersPolicy(this, "policy", {
      name,
      comment: "TLS only, and nothing of other sites",
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
