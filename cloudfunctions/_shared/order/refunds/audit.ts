/** A document of `audit`: what an operator or an administrator did. Derived ids, so that a repeated act is one. */
export interface AuditEntry {
  readonly _id: string;
  readonly act: 'refund' | 'give-up' | 'operators.add' | 'operators.remove' | 'alarm.done' | 'alarm.reopen';
  /** An operator's openid, or the name an administrator gave. */
  readonly by: string;
  /** What it was done to: an out_refund_no, an openid, the _id of an alarm. */
  readonly subject: string;
  /** In words, for people. */
  readonly details: string;
  readonly created_at: Date;
}

export function auditEntry(entry: Omit<AuditEntry, '_id'>, key: string = entry.subject): AuditEntry {
  return { _id: `${entry.act}:${key}`, ...entry };
}
