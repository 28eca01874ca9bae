/** Does something for every number below `count`, so many at once, and tells how far it is at every thousandth. */
export async function abreast(
  count: number,
  atOnce: number,
  each: (n: number) => Promise<void>,
  done: (soFar: number) => void,
): Promise<void> {
  let next = 0;
  let soFar = 0;
  await Promise.all(
    Array.from({ length: Math.min(atOnce, count) }, async () => {
      for (let n = next++; n < count; n = next++) {
        await each(n);
        if (++soFar % 1_000 === 0) done(soFar);
      }
    }),
  );
}
