/** Where resources of Azure stand. */
export interface Place {
  /** Name of the resource group. */
  readonly resourceGroupName: string;
  /** Such as `japaneast`. */
  readonly location: string;
}
