import { isCloudFile } from '../asset-url.ts';
import type { FileUrls } from '../files/file-urls.ts';
import type { PhoneFiles } from '../files/phone-files.ts';
import { areaOf, extensionOf } from '../files/phone-path.ts';
import { type ChosenFile, chooseFiles } from '../shell/media-sheet.ts';
import type { Phone } from '../shell/phone.ts';
import { viewPictures } from '../shell/picture-viewer.ts';
import { createToast } from '../shell/toast.ts';
import { api } from './api.ts';
import { fail, type Options, optionalText, text } from './failure.ts';
import type { ReadPackage } from './file-operations.ts';
import { pictureSize, pictureType, videoFacts } from './media-facts.ts';
import type { Privacy } from './privacy.ts';

const COUNT_MAX = { chooseMedia: 20, chooseImage: 20, chooseMessageFile: 100 } as const;
const VIDEO = /\.(mp4|mov|m4v|webm)$/i;

export interface MediaParts {
  readonly phone: Phone;
  readonly files: PhoneFiles;
  readonly urls: FileUrls;
  readonly readPackage: ReadPackage;
  readonly assetUrl: (src: string) => string;
  readonly now: () => number;
  readonly privacy: Privacy;
}

/** Choosing, looking at and keeping pictures. What the shopper chooses becomes a temporary file of the phone. */
export function mediaApis(parts: MediaParts) {
  const { phone, files, assetUrl, now } = parts;
  const toast = createToast(phone);
  const keep = ({ name, bytes }: ChosenFile) => files.addTemporary(bytes, extensionOf(name));
  return {
    chooseImage: api('chooseImage', async (options) => {
      const chosen = await choose(parts, 'chooseImage', options, 'image/*');
      const tempFiles = chosen.map((file) => ({ path: keep(file), size: file.bytes.length }));
      return { tempFilePaths: tempFiles.map(({ path }) => path), tempFiles };
    }),
    chooseMedia: api('chooseMedia', async (options) => {
      const wanted = Array.isArray(options.mediaType) ? options.mediaType.map(String) : ['image', 'video'];
      const accept = ['image', 'video'].filter((type) => wanted.includes(type) || wanted.includes('mix'));
      const chosen = await choose(parts, 'chooseMedia', options, accept.map((type) => `${type}/*`).join());
      const tempFiles = await Promise.all(chosen.map((file) => mediaFile(keep(file), file, parts)));
      const types = new Set(tempFiles.map(({ fileType }) => fileType));
      return { tempFiles, type: types.size > 1 ? 'mix' : (tempFiles[0]?.fileType ?? 'image') };
    }),
    chooseMessageFile: api('chooseMessageFile', async (options) => {
      const chosen = await choose(parts, 'chooseMessageFile', options, '');
      const time = Math.floor(now() / 1000);
      return {
        tempFiles: chosen.map((file) => ({
          ...{ path: keep(file), name: file.name, size: file.bytes.length, time },
          type: VIDEO.test(file.name) ? 'video' : pictureType(file.bytes) === 'unknown' ? 'file' : 'image',
        })),
      };
    }),
    getImageInfo: api('getImageInfo', (options) => imageInfo(text(options, 'src'), parts)),
    previewImage: api('previewImage', (options) => {
      const list = Array.isArray(options.urls) ? options.urls.map(String) : [];
      if (list.length === 0) return fail('parameter error: parameter.urls should have pictures;');
      const current = optionalText(options, 'current', list[0]);
      viewPictures(phone, list.map(assetUrl), Math.max(list.indexOf(current), 0));
      return undefined;
    }),
    previewMedia: api('previewMedia', ({ sources, current }) => {
      const list: readonly unknown[] = Array.isArray(sources) ? sources : [];
      const all = list.map((source) => String(Object(source).url ?? ''));
      if (all.length === 0) return fail('parameter error: parameter.sources should have pictures;');
      viewPictures(phone, all.map(assetUrl), Number(current ?? 0));
      return undefined;
    }),
    compressImage: api('compressImage', async (options) => {
      const src = text(options, 'src');
      const bytes = areaOf(src) ? files.has(src) && files.read(src) : parts.readPackage(src);
      return bytes ? { tempFilePath: files.addTemporary(bytes, extensionOf(src)) } : fail('file not found');
    }),
    saveImageToPhotosAlbum: api('saveImageToPhotosAlbum', (options) => {
      if (!files.has(text(options, 'filePath'))) return fail('file not found');
      toast.show({ kind: 'toast', title: '本地模拟：saveImageToPhotosAlbum', icon: 'none', masked: false });
      return undefined;
    }),
  };
}

async function choose(
  { phone, privacy }: MediaParts,
  name: keyof typeof COUNT_MAX,
  { count }: Options,
  accept: string,
): Promise<readonly ChosenFile[]> {
  const asked = typeof count === 'number' && count >= 1 ? Math.floor(count) : 9;
  const most = Math.min(asked, COUNT_MAX[name]);
  await privacy.require(name);
  const hasSamples = accept === '' || accept.includes('image');
  return (await chooseFiles(phone, { count: most, accept, hasSamples })) ?? fail('cancel');
}

async function mediaFile(tempFilePath: string, { name, bytes }: ChosenFile, { urls, files }: MediaParts) {
  const url = urls.of(tempFilePath);
  const size = bytes.length;
  if (!VIDEO.test(name)) {
    const { width = 0, height = 0 } = (await pictureSize(url)) ?? {};
    return { tempFilePath, size, width, height, fileType: 'image' };
  }
  const { width = 0, height = 0, duration = 0 } = (await videoFacts(url)) ?? {};
  const thumbTempFilePath = files.addTemporary(new Uint8Array(), '.jpg');
  return { tempFilePath, size, width, height, duration, thumbTempFilePath, fileType: 'video' };
}

let looks = 0;

/** A picture of the internet keeps its address as its path: a page cannot fetch it here, only show it. */
async function imageInfo(src: string, { files, assetUrl, readPackage }: MediaParts) {
  // The browser remembers a picture that it showed; this asks whether it is still there.
  const url = isCloudFile(src) ? `${assetUrl(src)}&look=${++looks}` : assetUrl(src);
  const size = await pictureSize(url);
  if (!size) return fail('file not found');
  const isRemote = /^(https?:|\/\/|cloud:|data:)/.test(src);
  const bytes = areaOf(src) ? files.read(src) : isRemote ? undefined : readPackage(src);
  const type = bytes ? pictureType(bytes) : typeByName(src);
  return { ...size, type, path: src, orientation: 'up' };
}

function typeByName(src: string): string {
  const extension = extensionOf(src.replace(/[?#].*/s, '')).slice(1);
  return { jpg: 'jpeg', jpeg: 'jpeg', png: 'png', gif: 'gif', tiff: 'tiff' }[extension] ?? 'unknown';
}
