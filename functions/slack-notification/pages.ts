/** Pages of the repository, which alarms name by their path (functions/alerts/alarm-facts.ts). */
import type { Alert } from "../alerts/alert";

/** An alert whose links lead somewhere. @param pages where the repository's files are shown; undefined where nobody knows: then a path stays a path */
export function withPages(alert: Alert, pages: string | undefined): Alert {
  const { fields = [], links = [] } = alert;
  const isPath = ({ url }: { readonly url: string }) => !/^https?:/.test(url);
  if (pages !== undefined)
    return { ...alert, links: links.map((link) => (isPath(link) ? { ...link, url: `${pages}/${link.url}` } : link)) };
  return {
    ...alert,
    fields: [...fields, ...links.filter(isPath).map(({ label, url }) => ({ label, value: url }))],
    links: links.filter((link) => !isPath(link)),
  };
}
