import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openProject } from './compiler/project.ts';

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
  // Without a way up, every path is below the mini-program's folder or below a package's.
  const inside = path.posix.normalize(`/${file}`).slice(1);
  const absolute = openProject(project, () => {})?.locate(inside);
  if (!type || !absolute || inside.includes('\\')) return notFound(file);
  try {
    return new Response(new Uint8Array(await readFile(absolute)), { headers: { 'content-type': type } });
  } catch {
    return notFound(file);
  }
}

function notFound(file: string): Response {
  return new Response(`${file} is not a picture, font or sound of the mini-program\n`, { status: 404 });
}
