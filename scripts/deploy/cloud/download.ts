// As a whole, because tests put their own request in its place, and names imported singly would not see it.
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';

const SILENCE_MAX_MS = 30_000;

/**
 * Fetches what is at an address, by way of the same proxy as the vendor's library.
 * @returns undefined where it is more than `bytesMax`; no more than that is ever received
 * @throws Error where nobody answers, or answers otherwise than 200
 */
export function download(
  url: string,
  { bytesMax, proxy }: { readonly bytesMax: number; readonly proxy: string | undefined },
): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const agent = proxy ? new HttpsProxyAgent(proxy) : undefined;
    const request = https.get(url, { ...(agent ? { agent } : {}), timeout: SILENCE_MAX_MS }, (response) => {
      if (response.statusCode !== 200) {
        request.destroy(new Error(`the download was answered with status ${response.statusCode}`));
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= bytesMax) {
          chunks.push(chunk);
          return;
        }
        resolve(undefined);
        request.destroy();
      });
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('timeout of the download')));
    request.on('error', reject);
  });
}
