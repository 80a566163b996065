import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { download } from '../../scripts/deploy/cloud/download.ts';
import { portOf } from './stand-in.ts';

test('a download goes by the proxy that the rest goes by, and says how that refused', async ({
  onTestFinished,
}) => {
  const asked: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  onTestFinished(() => void proxy.close());
  await once(proxy, 'listening');

  const options = { bytesMax: 10, proxy: `http://127.0.0.1:${portOf(proxy)}` };
  await expect(download('https://code.shop.example/a.zip', options)).rejects.toThrow(/407/);
  expect(asked).toEqual(['code.shop.example:443']);
});
