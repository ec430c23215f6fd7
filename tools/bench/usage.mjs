/** Preloaded into each server: reports processor time (microseconds, all threads) and resident set (bytes) to the benchmark. */
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpu: user + system, memory: process.memoryUsage.rss() });
});
// A server that is asked to stop must not wait for the benchmark, and a benchmark that ended must not leave servers behind.
process.channel.unref();
process.once('disconnect', () => process.exit());
