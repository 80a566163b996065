// Loaded with NODE_OPTIONS=--require into the vendors' unmodified code: what they send to Tencent Cloud (and what the
// deployment sends to the notify URL) goes to a stand-in on this machine over plain HTTP. This machine itself is reached as
// it is; any other host throws.
// Works the same in a test's own process, where STAND_IN_PORT may change from test to test.
const dns = require('node:dns');
const http = require('node:http');
const https = require('node:https');

const port = () => Number(process.env.STAND_IN_PORT);
const HOSTS = /(^|\.)(tencentcloudapi\.com|myqcloud\.com|tcloudbase\.com|shop\.example)$/;
const LOOPBACK = '127.0.0.1';

function redirected(input, ...rest) {
  const given = typeof input === 'string' || input instanceof URL ? urlOptions(new URL(input)) : { ...input };
  const [second, last] = rest;
  const options = typeof second === 'object' ? { ...given, ...second } : given;
  const callback = typeof second === 'function' ? second : last;
  const host = options.hostname ?? options.host;
  if (!HOSTS.test(host)) throw new Error(`a test may not reach ${host}`);
  const headers = Object.keys(options.headers ?? {}).some((name) => name.toLowerCase() === 'host')
    ? options.headers
    : { ...options.headers, host };
  const target = {
    protocol: 'http:',
    host: LOOPBACK,
    hostname: LOOPBACK,
    port: port(),
    agent: undefined,
    headers,
  };
  return http.request({ ...options, ...target }, callback);
}

const urlOptions = ({ hostname, pathname, search }) => ({ hostname, path: `${pathname}${search}` });

https.request = redirected;
https.get = (...args) => redirected(...args).end();

const { fetch } = globalThis;
globalThis.fetch = (input, options = {}) => {
  const { hostname, pathname, search } = new URL(input);
  if (hostname === LOOPBACK) return fetch(input, options);
  if (!HOSTS.test(hostname)) throw new Error(`a test may not reach ${hostname}`);
  const headers = { ...options.headers, 'x-host': hostname };
  return fetch(`http://${LOOPBACK}:${port()}${pathname}${search}`, { ...options, headers });
};

const { lookup } = dns;
dns.lookup = (host, ...rest) => {
  if (host !== LOOPBACK && host !== 'localhost') throw new Error(`a test may not look up ${host}`);
  return lookup(host, ...rest);
};

// The vendors poll every second, we every two. Limits of a minute and more stay as they are.
for (const name of ['setTimeout', 'setInterval']) {
  const original = globalThis[name];
  const shortened = (run, ms, ...args) => original(run, ms >= 500 && ms <= 5_000 ? 2 : ms, ...args);
  globalThis[name] = Object.assign(shortened, original);
}
