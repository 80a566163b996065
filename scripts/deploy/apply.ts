import type { Cloud } from './cloud/cloud.ts';
import type { Step } from './compare/row.ts';
import type { WantedFunction } from './compare/wanted.ts';
import { DeployError } from './errors.ts';
import type { PutOnSale } from './items/item-shelf.ts';

/** By what changes are made. */
export interface Hands {
  readonly cloud: Cloud;
  readonly putOnSale: PutOnSale;
}

/** Makes one change. What has to be done by hand is not done here; the tables say it. */
export async function apply(step: Step, { cloud, putOnSale }: Hands): Promise<void> {
  switch (step.kind) {
    case 'create collection':
      return cloud.createCollection(step.collection);
    case 'create index':
      return cloud.createIndex(step.collection, step.index);
    case 'set rule':
      return cloud.setRule(step.collection, step.rule);
    case 'insert documents':
      return cloud.insertDocuments(step.collection, step.documents);
    case 'set channel':
      return cloud.setMissing(step.collection, step._id, { channel: step.channel });
    case 'publish item':
      return putOnSale(step.collection, step.wanted);
    case 'create function':
      return cloud.createFunction(withNotifyUrl(step.function));
    case 'update code':
      return cloud.updateCode(withNotifyUrl(step.function));
    case 'update settings':
      return cloud.updateSettings(withNotifyUrl(step.function));
    case 'create timer':
      return cloud.createTimer(step.function, step.timer);
    case 'create route':
      return cloud.createRoute(step.route);
    case 'change route':
      return cloud.changeRoute(step.route);
    case 'set invoke rules':
      return cloud.setInvokeRules(step.rules);
    case 'by hand':
      return;
  }
}

/** What a step is called while it runs. */
export function nameOf(step: Step): string {
  switch (step.kind) {
    case 'create collection':
    case 'set rule':
    case 'insert documents':
      return `${step.kind}: ${step.collection}`;
    case 'create index':
      return `${step.kind}: ${step.collection}.${step.index.name}`;
    case 'set channel':
      return `${step.kind}: ${step.channel} for ${step._id}`;
    case 'publish item':
      return `${step.kind}: ${step.wanted.item.id}`;
    case 'create function':
    case 'update code':
    case 'update settings':
      return `${step.kind}: ${step.function.name}`;
    case 'create timer':
      return `${step.kind}: ${step.function}`;
    case 'create route':
    case 'change route':
      return `${step.kind}: https://${step.route.domain}${step.route.path}`;
    case 'set invoke rules':
      return step.kind;
    case 'by hand':
      return `${step.kind}: ${step.say}`;
  }
}

/** A function that creates orders without a notify URL would take money of which nobody is notified. */
function withNotifyUrl(wanted: WantedFunction): WantedFunction {
  if (!wanted.awaitsNotifyUrl) return wanted;
  throw new DeployError(
    'NOTIFY_URL_UNKNOWN',
    `${wanted.name} needs WECHAT_PAY_NOTIFY_URL, and no route gives one yet`,
    {
      wayOut:
        'Deploy payNotify and its route first (--only payNotify), or write WECHAT_PAY_NOTIFY_URL into .env',
    },
  );
}
