/** One demand of RFC 7591, RFC 7592 or OpenID Connect Dynamic Client Registration 1.0 on a server. */
export interface ConformanceRule {
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'none';
  /** `RFC 7591 section 3.1` */
  readonly sections: readonly string[];
  readonly demand: string;
  /** The code that keeps the rule: `path#exported name`, the path below `apps/server/src` or, after `model/`, below `libs/model/src`. */
  readonly code?: readonly string[];
  /** The test that proves it: `file > title`, with as many titles of groups before the test's as tell it apart; of the model, `model/path`. */
  readonly tests?: readonly string[];
  /** Why it is not kept, or how much of it is not this server's. */
  readonly remark?: string;
}
