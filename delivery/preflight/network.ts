/** What stands around an environment's network: the default VPC, zones of the region, zones of Route 53. */
import { AwsError, listAt, textAt } from "../aws";
import { blocksIn, grouped, isLiteral, type Found, type Need, type Subject } from "./need";

/** Of development: whoever has deleted it gets it back by one command. */
export function defaultVpcs(subject: Subject): Need[] {
  const reading = blocksIn(subject, "data.aws_vpc").filter(({ block }) => block.default === true);
  return grouped(reading, ({ access }) => access.region).map(({ access, stacks }): Need => ({
    kind: "default VPC",
    name: access.region,
    stacks,
    ask: async () => {
      const answered = await subject
        .aws(access)
        .query("ec2", "DescribeVpcs", { "Filter.1.Name": "is-default", "Filter.1.Value.1": "true" });
      const [vpc] = listAt(answered, "DescribeVpcsResponse", "vpcSet", "item");
      if (vpc) return { state: "there", note: textAt(vpc, "vpcId") };
      return { state: "missing", why: "the region has none", make: `aws ec2 create-default-vpc --region ${access.region}` };
    },
  }));
}

/** Not every account gets every zone of a region. */
export function availabilityZones(subject: Subject): Need[] {
  const named = blocksIn(subject).flatMap((found): Found<string>[] =>
    isLiteral(found.block.availability_zone) ? [{ ...found, value: found.block.availability_zone }] : [],
  );
  return grouped(named, ({ value }) => value).map(({ value, stacks, access }): Need => ({
    kind: "availability zone",
    name: value,
    stacks,
    ask: async () => {
      const answered = await subject.aws(access).query("ec2", "DescribeAvailabilityZones");
      const zones = listAt(answered, "DescribeAvailabilityZonesResponse", "availabilityZoneInfo", "item").map((zone) =>
        textAt(zone, "zoneName"),
      );
      if (zones.includes(value)) return { state: "there" };
      return { state: "missing", why: `this account gets ${zones.join(", ")}`, make: "name one of these in the literal" };
    },
  }));
}

/** Those that records are written to, by id or by name. */
export function hostedZones(subject: Subject): Need[] {
  const byId = blocksIn(subject).flatMap((found): Found<string>[] => {
    const { type, block } = found;
    const id = type === "data.aws_route53_zone" || type.startsWith("aws_route53_") ? block.zone_id : undefined;
    return isLiteral(id) ? [{ ...found, value: id }] : [];
  });
  const byName = blocksIn(subject, "data.aws_route53_zone").flatMap((found): Found<string>[] =>
    isLiteral(found.block.name) ? [{ ...found, value: found.block.name.replace(/\.?$/, ".") }] : [],
  );
  const needs = (found: readonly Found<string>[], ask: (value: string, one: Found<string>) => ReturnType<Need["ask"]>) =>
    grouped(found, ({ value }) => value).map((one): Need => ({
      kind: "hosted zone",
      name: one.value,
      stacks: one.stacks,
      ask: () => ask(one.value, one),
    }));
  const make = (name: string) =>
    `aws route53 create-hosted-zone --name ${name} --caller-reference "$(date +%s)", then delegate the domain to it`;
  return [
    ...needs(byId, async (id, { access }) => {
      try {
        const answered = await subject.aws(access).get("route53", "GetHostedZone", `/2013-04-01/hostedzone/${id}`);
        return { state: "there", note: textAt(answered, "GetHostedZoneResponse", "HostedZone", "Name") };
      } catch (error) {
        if (error instanceof AwsError && error.code === "NoSuchHostedZone")
          return { state: "missing", why: "this account has none of that id", make: make("<domain>") };
        throw error;
      }
    }),
    ...needs(byName, async (name, { access }) => {
      const answered = await subject
        .aws(access)
        .get("route53", "ListHostedZonesByName", `/2013-04-01/hostedzonesbyname?dnsname=${name}&maxitems=1`);
      const zone = (answered.ListHostedZonesByNameResponse as { HostedZones?: { HostedZone?: { Name?: string } } } | undefined)?.HostedZones
        ?.HostedZone;
      if (zone?.Name === name) return { state: "there" };
      return { state: "missing", why: "this account has none of that name", make: make(name) };
    }),
  ];
}
