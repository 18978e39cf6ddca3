/** What engines need to know of processes, too. */
export { forgetEarlier, giveBack, latestClaim, stands, takeClaim, type Claim } from "./claims.js";
export { groupOf, identify, liveness, type Liveness, type ProcessIdentity } from "./identity.js";
