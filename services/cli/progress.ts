const width = 30;
const betweenLinesMs = 5_000;

/**
 * Tells on standard error how far a long piece of work has come: a bar where somebody looks, else a line now
 * and then. Without a total it counts.
 */
export function progress(doing: string, total?: number) {
  const { stderr } = process;
  const started = performance.now();
  let told = started;
  let shown = false;
  const words = (done: number) => {
    const count = `${done.toLocaleString("en-US")} events`;
    if (!total) return `${doing}: ${count}`;
    const share = Math.min(1, done / total);
    const bar = "#".repeat(Math.round(share * width)).padEnd(width, ".");
    return `${doing} [${bar}] ${Math.floor(share * 100)} % ${count}`;
  };
  return {
    show(done: number) {
      const now = performance.now();
      if (stderr.isTTY && now - told > 100) {
        stderr.write(`\r${words(done)}\u001b[K`);
        shown = true;
      } else if (stderr.isTTY || now - told < betweenLinesMs) return;
      else stderr.write(`${words(done)}\n`);
      told = now;
    },
    end() {
      if (shown) stderr.write("\r\u001b[K");
    },
  };
}
