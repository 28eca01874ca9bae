// Runs one bundled function once, in a bare Node: prints how long it took to load and to answer.
const [, , file, name, event] = process.argv;
const started = performance.now();
const functions = await import(file);
const loaded = performance.now();
const until = Date.now() + Number(process.env.TIMEOUT_MS);
const answer = await functions[name](JSON.parse(event), {
  getRemainingTimeInMillis: () => until - Date.now(),
});
const answered = performance.now();
const figures = { loadMs: loaded - started, firstCallMs: answered - loaded, answer };
process.stdout.write(`\n${JSON.stringify(figures)}\n`, () => process.exit(0));
