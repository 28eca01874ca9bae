/** What a queue looks like to a flow. */
export interface QueueMetrics {
  readonly name: string;
  readonly arn: string;
  readonly size: number;
  readonly oldestSeconds: number;
  /** From 1; absent when this contact is not in that queue. */
  readonly position?: number;
  readonly agents: {
    readonly online: number;
    readonly available: number;
    readonly staffed: number;
  };
}

/**
 * The contact a flow runs for: a chat or a call. The interpreter decides nothing about contacts; you owe it the
 * effect of each action, and false or undefined where Connect would take the action's error branch.
 */
export interface FlowContact {
  readonly channel: "CHAT" | "VOICE";
  /** What `$.` stands for, apart from the results of the flow's own actions. */
  facts(): Readonly<Record<string, unknown>>;
  say(text: string): void;
  /** What the customer pressed, or undefined when nothing came in time. */
  ask(text: string, limitSeconds: number): string | undefined;
  setAttributes(attributes: Readonly<Record<string, string>>): boolean;
  setLanguage(code: string): void;
  setTargetQueue(queue: string): boolean;
  setHook(event: string, flow: string): boolean;
  setRouting(routing: { readonly priority?: number; readonly ageSeconds?: number }): void;
  /** Puts it in the target queue, or in `queue` when it waits in another one already. */
  enqueue(queue?: string): "queued" | "at-capacity" | "no-queue";
  /** Undefined when there is no such queue. */
  hoursOpen(queue?: string): boolean | undefined;
  metrics(queue?: string): QueueMetrics | undefined;
  /** Invokes a function; throws when the flow is to take its error branch. */
  invoke(
    functionArn: string,
    parameters: Readonly<Record<string, string>>,
    limitMs: number,
  ): Promise<unknown>;
  knowsFlow(flow: string): boolean;
  disconnect(): void;
}
