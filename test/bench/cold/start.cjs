/** Starts one function as the platform does, gives it one event, and reports what that took and what it occupies. */
const [, , file, name, event, context] = process.argv;
const began = process.hrtime.bigint();
const cpuBegan = process.cpuUsage();
const main = require(file)[name];
Promise.resolve(main(JSON.parse(event), JSON.parse(context))).then((answer) => {
  const ms = Number(process.hrtime.bigint() - began) / 1e6;
  const { user, system } = process.cpuUsage(cpuBegan);
  process.send({ ms, cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss(), answer }, () =>
    process.exit(),
  );
});
