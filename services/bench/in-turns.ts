/** Does something for each, so many at once. */
export async function inTurns<T>(
  all: readonly T[],
  atOnce: number,
  each: (one: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let n = next++; n < all.length; n = next++) await each(all[n] as T);
    }),
  );
}
