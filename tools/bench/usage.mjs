/**
 * Preloaded into every measured process: reports its processor time (microseconds, all threads) and its resident set (bytes) to
 * the benchmark. So the built server is measured as it is, and all contenders in the same way.
 */
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpu: user + system, memory: process.memoryUsage.rss() });
});
// A server that is asked to stop must not wait for the benchmark, and a benchmark that ended must not leave servers behind.
process.channel.unref();
process.once('disconnect', () => process.exit());
