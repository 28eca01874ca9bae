/** Something that takes texts of customers and tells when the reply to one was sent. */
export interface Texter {
  /** Every customer has said YES and waits with the bot. */
  prepare(customers: number, say: (line: string) => void): Promise<void>;
  /** Sends one text; resolves when its reply was accepted by the carrier and that is recorded. */
  text(customer: number, text: string): Promise<void>;
  close(): Promise<void>;
}

/** Sends every text as fast as replies come, so many at once; texts a second. */
export async function flatOut(texter: Texter, texts: readonly string[], atOnce: number) {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let n = next++; n < texts.length; n = next++) await texter.text(n, texts[n] ?? "");
    }),
  );
  return (texts.length * 1_000) / (performance.now() - started);
}

/** Offers texts at a fixed rate whatever comes back; milliseconds from each text to its reply, sorted. */
export async function atRate(
  texter: Texter,
  texts: readonly string[],
  perSecond: number,
  seconds: number,
): Promise<readonly number[]> {
  const total = Math.round(perSecond * seconds);
  const waits: number[] = [];
  const replies: Promise<void>[] = [];
  const started = performance.now();
  for (let n = 0; n < total; ) {
    const due = Math.min(
      total,
      Math.floor(((performance.now() - started) * perSecond) / 1_000) + 1,
    );
    for (; n < due; n++) {
      const offered = started + (n * 1_000) / perSecond;
      const customer = n % texts.length;
      replies.push(
        texter.text(customer, texts[customer] ?? "").then(() => {
          waits.push(performance.now() - offered);
        }),
      );
    }
    await new Promise((wake) => setTimeout(wake, 1));
  }
  await Promise.all(replies);
  return waits.sort((a, b) => a - b);
}
