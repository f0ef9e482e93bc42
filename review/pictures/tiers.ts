/** The network of an environment: its VPC, the tiers of subnets, and where each of them leads. */
import type { FrameStyle } from "./graph";
import type { Resource, Stacks } from "./synthesised-stacks";

export interface Tier {
  /** `private`; `default` for those of the account's default VPC. */
  readonly name: string;
  readonly style: FrameStyle;
  /** Key of each subnet → its zone and network; of the default VPC's neither is known before a deploy. */
  readonly subnets: ReadonlyMap<string, { readonly zone: string; readonly cidr: string }>;
  /** Where the default route of its subnets leads: a gateway's or an interface's key; none for a tier without a way out. */
  readonly ways: readonly Resource[];
}

/** `ap-northeast-1a` → `a`. */
const letter = (zone: unknown): string => (typeof zone === "string" ? zone.slice(-1) : "");
const WORLD = ["0.0.0.0/0", "::/0"];

export class Tiers {
  readonly all: readonly Tier[];
  /** Letters of all zones, in order. */
  readonly zones: readonly string[];
  readonly vpc?: Resource;
  readonly cidr?: string;

  constructor(private readonly stacks: Stacks) {
    this.vpc = stacks.of("aws_vpc")[0] ?? stacks.resources.find(({ type, isData }) => isData && type === "aws_vpc");
    const { cidr_block: cidr } = this.vpc?.block ?? {};
    this.cidr = typeof cidr === "string" ? cidr : undefined;
    const subnets = stacks.of("aws_subnet");
    const names = [...new Set(subnets.map(tierName))];
    const own = names.map((name) =>
      this.tier(
        name,
        subnets.filter((subnet) => tierName(subnet) === name),
      ),
    );
    const found = stacks.resources.filter(({ type, isData }) => isData && (type === "aws_subnet" || type === "aws_subnets"));
    this.all =
      own.length > 0 || found.length === 0
        ? own
        : [{ name: "default", style: "public", ways: [], subnets: new Map(found.map(({ key }) => [key, { zone: "", cidr: "" }])) }];
    this.zones = [...new Set(subnets.map(({ block }) => letter(block.availability_zone)))].sort();
  }

  /** The tier that all of these subnets belong to; that of the first where they do not. */
  tierOf(resources: readonly Resource[]): Tier | undefined {
    return this.all.find(({ subnets }) => resources.some(({ key }) => subnets.has(key)));
  }

  /** The tier whose networks hold a network; undefined for what is not one of theirs. */
  tierOfCidr(cidr: string): Tier | undefined {
    return this.all.find(({ subnets }) => [...subnets.values()].some((subnet) => subnet.cidr === cidr));
  }

  /** The tier that is reached from the Internet. */
  get outermost(): Tier | undefined {
    return this.all.find(({ style }) => style === "public");
  }

  private tier(name: string, subnets: readonly Resource[]): Tier {
    const tables = new Set(
      this.stacks
        .of("aws_route_table_association")
        .filter(({ stack, block }) =>
          this.stacks.references({ stack }, block.subnet_id).some(({ key }) => subnets.some((subnet) => subnet.key === key)),
        )
        .flatMap(({ stack, block }) => this.stacks.references({ stack }, block.route_table_id).map(({ key }) => key)),
    );
    const ways = this.stacks
      .of("aws_route")
      .filter(
        ({ stack, block }) =>
          WORLD.includes(String(block.destination_cidr_block ?? block.destination_ipv6_cidr_block)) &&
          this.stacks.references({ stack }, block.route_table_id).some(({ key }) => tables.has(key)),
      )
      .flatMap((route) => this.stacks.references(route, route.block))
      .filter(({ type }) => type !== "aws_route_table");
    const isPublic = ways.some(({ type }) => type === "aws_internet_gateway");
    return {
      name,
      ways,
      style: isPublic ? "public" : ways.length > 0 ? "private" : "closed",
      subnets: new Map(subnets.map(({ key, block }) => [key, { zone: letter(block.availability_zone), cidr: String(block.cidr_block) }])),
    };
  }
}

/** `private-a` → `private`. */
function tierName({ path, block }: Resource): string {
  const name = path.at(-1) ?? "";
  const end = `-${letter(block.availability_zone)}`;
  return name.endsWith(end) ? name.slice(0, -end.length) : name;
}
