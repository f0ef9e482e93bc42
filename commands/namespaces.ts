/** What the services' namespace lets in. https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const POD_SECURITY: Readonly<Record<string, string>> = Object.fromEntries(["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]));

export const namespaceManifest = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { "app.kubernetes.io/part-of": "day-trade", ...POD_SECURITY } } });
