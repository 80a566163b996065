import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MEDIA_TYPES } from '../media-types.ts';
import { openProject } from './compiler/project.ts';

/** Serves the pictures, fonts and sounds of the mini-program in `project`, and no other file of the machine. */
export async function serveAsset(project: string, file: string): Promise<Response> {
  const type = MEDIA_TYPES[path.extname(file).toLowerCase()];
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
