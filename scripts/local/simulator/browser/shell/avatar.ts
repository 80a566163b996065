import type { PhoneFiles } from '../files/phone-files.ts';
import { extensionOf } from '../files/phone-path.ts';
import { chooseFiles } from './media-sheet.ts';
import type { Phone } from './phone.ts';

/** A picture for a head: what a mini-program asks for since WeChat names nobody. Answers a temporary file. */
export async function chooseAvatar(phone: Phone, files: PhoneFiles): Promise<string | undefined> {
  const chosen = await chooseFiles(phone, { count: 1, accept: 'image/*', hasSamples: true });
  const picture = chosen?.[0];
  return picture && files.addTemporary(picture.bytes, extensionOf(picture.name));
}
