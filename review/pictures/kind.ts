/** How a type of resource is drawn. */
export interface Kind {
  /** What a person calls one: `SQS queue`. */
  readonly name: string;
  /** Whose box it shares in the overview: `SQS`. */
  readonly service: string;
  readonly icon?: string;
  /** `network`: in subnets; `region`: beside the VPC. */
  readonly place: "network" | "region";
  /** Several stand in one box, such as a NAT gateway a zone. */
  readonly together?: boolean;
  /** Told by number: there are many, and everything uses them. */
  readonly counted?: string;
}
