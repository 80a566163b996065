/**
 * What runs inside an instance: loads one function and feeds it events, one at a time, as the platform's own bootstrap
 * does. Started by instance.ts with the function's file and the clock shift as arguments.
 */
'use strict';

const { Socket } = require('node:net');

const [, , file, initialShift] = process.argv;
const bootEnvironment = { ...process.env };
let shift = Number(initialShift);

shiftDate();
reportConnections();
// Whoever started this instance is gone, however it went: nobody will send another event.
process.on('disconnect', () => process.exit());

let main;
try {
  main = require(file).main;
  if (typeof main !== 'function') throw new TypeError(`${file} does not export a function named main`);
} catch (error) {
  process.send({ kind: 'broken', error: describe(error) }, () => process.exit(1));
}
if (main) {
  process.on('message', answer);
  process.send({ kind: 'ready' });
}

async function answer({ event, context, environment, clean, shift: nextShift }) {
  shift = nextShift;
  if (clean) replaceEnvironment(environment);
  // The platform puts the call's variables over those of the calls before and removes none: on a warm instance,
  // process.env can still hold the previous shopper. context.environment is this call's own.
  else Object.assign(process.env, environment);
  context.callbackWaitsForEmptyEventLoop = true;
  try {
    const result = await main(event, context);
    process.send({ kind: 'answered', result: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    process.send({ kind: 'threw', error: describe(error) });
  }
}

function replaceEnvironment(environment) {
  for (const name of Object.keys(process.env)) {
    if (!(name in bootEnvironment)) delete process.env[name];
  }
  Object.assign(process.env, bootEnvironment, environment);
}

function describe(error) {
  return String(error?.stack ?? error);
}

/**
 * Says which ports of this machine the function's connections come from, so that whoever is asked over one knows which call
 * asks. Nothing is added to what is sent. The report leaves before the connection's first byte, since this listener is the
 * first.
 */
function reportConnections() {
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (...where) {
    this.once('connect', () => {
      const port = this.localPort;
      if (port === undefined) return;
      report({ kind: 'connection', port, isOpen: true });
      this.once('close', () => report({ kind: 'connection', port, isOpen: false }));
    });
    return connect.apply(this, where);
  };
}

/** An instance that ends, or whose world has, reports to nobody. */
function report(message) {
  if (process.connected) process.send(message, () => undefined);
}

/**
 * Lets Date read the local world's time. Only the two ways of asking for the present are changed; timers, performance
 * and dates built from arguments stay as they are, because sockets and TLS wait in real time. Not covered: Intl's
 * format() without a date.
 */
function shiftDate() {
  const MachineDate = Date;
  const now = () => MachineDate.now() + shift;
  const WorldDate = new Proxy(MachineDate, {
    apply: () => new MachineDate(now()).toString(),
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length > 0 ? parameters : [now()], newTarget),
    get: (target, property) => (property === 'now' ? now : Reflect.get(target, property)),
  });
  MachineDate.prototype.constructor = WorldDate;
  globalThis.Date = WorldDate;
}
