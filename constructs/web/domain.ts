import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import type { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

export interface DomainProps {
  /** One to ten host names, the first of them the certificate's own. */
  readonly names: readonly string[];
  /** Public zone of Route 53 that holds them. */
  readonly zone: string;
}

/** Seconds that resolvers keep what validates the certificate, which stays for as long as it is to be renewed. */
const VALIDATION_TTL = 300;

/** Ids have no dots (design 10). */
const idOf = (name: string): string => name.replaceAll(".", "--");

/**
 * Names of Route 53 with a certificate of ACM, which AWS renews for as long as its records stay (EDG-009, EDG-010). Below a scope of us-east-1:
 * CloudFront takes no others. The zone is looked up and never made, because its registrar must know its name servers.
 */
export class Domain extends Construct {
  readonly names: readonly string[];
  /** Whether they are all below the zone's own name, so that what they tell browsers of names below them is about theirs alone. */
  readonly isBelowZone: boolean;
  /** Known once AWS has seen the records. */
  readonly certificateArn: string;
  private readonly zoneId: string;

  constructor(scope: Construct, id: string, props: DomainProps) {
    super(scope, id);
    const { names, zone } = props;
    const [domainName, ...subjectAlternativeNames] = names as readonly [string, ...string[]];
    this.names = names;
    this.isBelowZone = !names.includes(zone);
    this.zoneId = new DataAwsRoute53Zone(this, "zone", { name: zone, privateZone: false }).zoneId;
    const certificate = new AcmCertificate(this, "certificate", {
      domainName,
      subjectAlternativeNames,
      validationMethod: "DNS",
      // With other names it is another certificate, and the distribution has the old one until it has the new one.
      lifecycle: { createBeforeDestroy: true },
    });
    const records = names.map((name) => {
      const asked = (what: string) =>
        `\${one([for option in ${certificate.fqn}.domain_validation_options : option.resource_record_${what} if option.domain_name == "${name}"])}`;
      return new Route53Record(this, `${idOf(name)}-validation`, {
        zoneId: this.zoneId,
        name: asked("name"),
        type: asked("type"),
        records: [asked("value")],
        ttl: VALIDATION_TTL,
        // ACM asks for the same record for every certificate of a name in an account: one that is there is this one.
        allowOverwrite: true,
      });
    });
    this.certificateArn = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: records.map(({ fqdn }) => fqdn),
    }).certificateArn;
  }

  /** Over both versions of IP. */
  leadTo({ domainName, hostedZoneId }: Pick<CloudfrontDistribution, "domainName" | "hostedZoneId">): void {
    for (const name of this.names)
      for (const type of ["A", "AAAA"])
        new Route53Record(this, `${idOf(name)}-${type.toLowerCase()}`, {
          zoneId: this.zoneId,
          name,
          type,
          alias: { name: domainName, zoneId: hostedZoneId, evaluateTargetHealth: false },
        });
  }
}
