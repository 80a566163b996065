import { defineElement } from './define.ts';

/** The tags that rich-text lets through; the rest is dropped with what it holds. */
const TAGS = new Set(
  (
    'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt ' +
    'em fieldset font footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li mark nav ol p pre q rt ruby s ' +
    'section small span strong sub sup table tbody td tfoot th thead tr tt u ul'
  ).split(' '),
);
const ATTRIBUTES = new Set([
  'class',
  'style',
  'src',
  'alt',
  'width',
  'height',
  'colspan',
  'rowspan',
  'align',
  'dir',
]);

export const RICH_TEXT = defineElement({
  name: 'rich-text',
  properties: { nodes: null, space: '' },
  setup: (node, { assetUrl }) => ({
    update() {
      const nodes = node.get('nodes');
      const drawn = typeof nodes === 'string' ? fromHtml(nodes) : fromNodes(nodes);
      for (const picture of drawn.flatMap(picturesIn)) {
        const src = picture.dataset.src ?? '';
        picture.src = /^(wxfile|cloud|https?):/.test(src) ? assetUrl(src, node.owner) : src;
      }
      node.host.replaceChildren(...drawn);
    },
  }),
});

function picturesIn(node: Node): HTMLImageElement[] {
  if (node instanceof HTMLImageElement) return [node];
  return node instanceof Element ? [...node.querySelectorAll('img')] : [];
}

function fromHtml(html: string): Node[] {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return [...body.childNodes].flatMap(cleanCopy);
}

function cleanCopy(node: Node): Node[] {
  if (node instanceof Text) return [document.createTextNode(node.data)];
  if (!(node instanceof Element)) return [];
  const attributes = Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value]));
  return create(node.localName, attributes, [...node.childNodes].flatMap(cleanCopy));
}

function fromNodes(nodes: unknown): Node[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown) => {
    if (typeof node !== 'object' || node === null) return [];
    if ('type' in node && node.type === 'text')
      return [document.createTextNode('text' in node ? String(node.text) : '')];
    const attributes = 'attrs' in node && typeof node.attrs === 'object' && node.attrs ? node.attrs : {};
    return create(
      'name' in node ? String(node.name) : '',
      attributes,
      fromNodes('children' in node ? node.children : []),
    );
  });
}

function create(name: string, attributes: object, children: Node[]): Node[] {
  if (!TAGS.has(name)) return [];
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    // Where a picture is found is known only once the element is drawn.
    const written = attribute === 'src' ? 'data-src' : attribute;
    if (ATTRIBUTES.has(attribute)) element.setAttribute(written, String(value));
  }
  element.append(...children);
  return [element];
}
