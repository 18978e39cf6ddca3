/** What `@figloom/cluster`, which starts fleets, shares with the cells that find them. */
export {
  FLEET_NAME,
  fleetsFolder,
  readFleet,
  readFleets,
  type FleetMember,
  type FleetRecord,
  type MemberStatus,
} from "./folder.js";
export { readMetrics } from "../metrics.js";
