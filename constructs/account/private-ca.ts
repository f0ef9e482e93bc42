import { AcmpcaCertificate } from "@cdktf/provider-aws/lib/acmpca-certificate";
import { AcmpcaCertificateAuthority } from "@cdktf/provider-aws/lib/acmpca-certificate-authority";
import { AcmpcaCertificateAuthorityCertificate } from "@cdktf/provider-aws/lib/acmpca-certificate-authority-certificate";
import { AcmpcaPermission } from "@cdktf/provider-aws/lib/acmpca-permission";
import { Construct } from "constructs";

export interface PrivateCaProps {
  /** As it stands in its certificate, 1 to 64 characters. */
  readonly commonName: string;
  /** @default none */
  readonly organization?: string;
  /** `shortLived`: certificates of seven days at the most, which ACM does not ask for. */
  readonly mode: "general" | "shortLived";
  /** Of its own certificate. */
  readonly years: number;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

const MODES = { general: "GENERAL_PURPOSE", shortLived: "SHORT_LIVED_CERTIFICATE" } as const;
/** Elliptic curves, which ACM knows too. */
const KEY = { keyAlgorithm: "EC_prime256v1", signingAlgorithm: "SHA256WITHECDSA" } as const;
/** Days within which a deleted one can be restored: AWS takes 7 to 30. */
const RESTORABLE_DAYS = { protected: 30, unprotected: 7 };

/**
 * A root of one's own (SEC-079), whose private key AWS keeps: neither code nor state ever hold it.
 *
 * It signs itself, and is ready once its certificate is installed. No list of revoked certificates: that would be a bucket that everybody reads.
 * https://docs.aws.amazon.com/privateca/latest/userguide/PcaCreateCa.html
 */
export class PrivateCa extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: PrivateCaProps) {
    super(scope, id);
    const { commonName, organization, mode, years, protect = true } = props;
    const authority = new AcmpcaCertificateAuthority(this, "authority", {
      type: "ROOT",
      usageMode: MODES[mode],
      certificateAuthorityConfiguration: { ...KEY, subject: { commonName, organization } },
      permanentDeletionTimeInDays: protect ? RESTORABLE_DAYS.protected : RESTORABLE_DAYS.unprotected,
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    this.arn = authority.arn;
    const certificate = new AcmpcaCertificate(this, "certificate", {
      certificateAuthorityArn: authority.arn,
      certificateSigningRequest: authority.certificateSigningRequest,
      signingAlgorithm: KEY.signingAlgorithm,
      templateArn: "arn:aws:acm-pca:::template/RootCACertificate/V1",
      validity: { type: "YEARS", value: String(years) },
    });
    new AcmpcaCertificateAuthorityCertificate(this, "installed", {
      certificateAuthorityArn: authority.arn,
      certificate: certificate.certificate,
    });
    // ACM asks it for certificates and renews them. https://docs.aws.amazon.com/privateca/latest/userguide/assign-permissions.html
    if (mode === "general")
      new AcmpcaPermission(this, "acm", {
        certificateAuthorityArn: authority.arn,
        principal: "acm.amazonaws.com",
        actions: ["IssueCertificate", "GetCertificate", "ListPermissions"],
      });
  }
}
