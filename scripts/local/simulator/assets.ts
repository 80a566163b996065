import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readMiniprogramRoot } from './compiler/project.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
};

/** Serves the pictures, fonts and sounds of the mini-program in `project`, and no other file of the machine. */
export async function serveAsset(project: string, file: string): Promise<Response> {
  const type = TYPES[path.extname(file).toLowerCase()];
  const root = readMiniprogramRoot(project);
  const absolute = path.resolve(root, `.${path.posix.normalize(`/${file}`)}`);
  if (!type || !absolute.startsWith(root + path.sep)) return notFound(file);
  try {
    return new Response(new Uint8Array(await readFile(absolute)), { headers: { 'content-type': type } });
  } catch {
    return notFound(file);
  }
}

function notFound(file: string): Response {
  return new Response(`${file} is not a picture, font or sound of the mini-program\n`, { status: 404 });
}
