import type { FileUrls } from './files/file-urls.ts';
import { areaOf } from './files/phone-path.ts';
import { parseUrl } from './pages/url.ts';

/** Files of the cloud storage have addresses on this machine, under another port after a restart. */
const CLOUD_FILE = /^(cloud:\/\/|http:\/\/127\.0\.0\.1:\d+\/cloud-files\/)/;

export function isCloudFile(src: string): boolean {
  return CLOUD_FILE.test(src);
}

/** Where the browser finds what a page names: a picture of the project, of the phone, of the cloud, of the internet. */
export function createAssetUrl(urls: FileUrls): (src: string, owner: string) => string {
  return (src, owner) => {
    if (areaOf(src)) return urls.of(src);
    if (isCloudFile(src)) return `/__sim/files/read?${new URLSearchParams({ address: src })}`;
    if (/^(https?:|data:|blob:|\/\/)/.test(src)) return src;
    return `/__sim/asset/${parseUrl(src, owner).route}`;
  };
}
