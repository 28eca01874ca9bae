import type { Operation } from "./operation.ts";

/** An operation found for a request, with what its path says. */
export interface Found {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
}

/** Finds the operation of a request. */
export interface Routes {
  readonly operations: readonly Operation[];
  byPath(method: string, pathname: string): Found | undefined;
  byTarget(target: string): Found | undefined;
}

/** REST operations by method and path template, RPC operations by the X-Amz-Target prefix of their service. */
export function routes(
  rest: readonly (readonly [route: string, operation: Operation])[],
  rpc: Readonly<Record<string, readonly Operation[]>>,
): Routes {
  const fixed = new Map<string, Operation>();
  const patterns: { method: string; segments: string[]; operation: Operation }[] = [];
  for (const [route, operation] of rest) {
    const [method = "", template = ""] = route.split(" ");
    if (template.includes("{")) patterns.push({ method, segments: template.split("/"), operation });
    else fixed.set(route, operation);
  }
  const targets = new Map<string, Operation>();
  for (const [prefix, operations] of Object.entries(rpc))
    for (const operation of operations) targets.set(`${prefix}.${operation.name}`, operation);
  return {
    operations: [...rest.map(([, operation]) => operation), ...targets.values()],
    byTarget(target) {
      const operation = targets.get(target);
      return operation && { operation, path: {} };
    },
    byPath(method, requested) {
      // Some clients end a path with a slash where others do not.
      const pathname = requested.length > 1 ? requested.replace(/\/$/, "") : requested;
      const operation = fixed.get(`${method} ${pathname}`);
      if (operation) return { operation, path: {} };
      const given = pathname.split("/");
      for (const pattern of patterns) {
        if (pattern.method !== method || pattern.segments.length !== given.length) continue;
        const path = matched(pattern.segments, given);
        if (path) return { operation: pattern.operation, path };
      }
      return undefined;
    },
  };
}

/** The values of a template's `{names}` in a path, decoded; undefined when it does not fit. */
export function matched(
  template: readonly string[],
  given: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const values: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const text = given[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== text) return undefined;
      continue;
    }
    try {
      values[part.slice(1, -1)] = decodeURIComponent(text);
    } catch {
      return undefined;
    }
  }
  return values;
}
