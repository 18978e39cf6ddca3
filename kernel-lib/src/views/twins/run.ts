import { isEnded, type RunServer, type RunState, type RunView } from "../run.js";
import {
  ageText,
  countsText,
  currentPart,
  leftText,
  ratesOf,
  rateText,
  runLine,
  runShare,
  secondsLeft,
  serverCells,
  SERVER_HEADINGS,
  shardsText,
  statusText,
  TASK_HEADINGS,
  taskRows,
  usageText,
} from "../run-wording.js";
import { integer } from "../wording.js";
import { plainText } from "./plain.js";
import { fragment, type Html, html } from "./html.js";
import { tableHtml } from "./parts.js";

/** Failures, and samples of each, that stand in the twins. */
const SHOWN = { reasons: 10, samples: 3, notices: 5, tasks: 20 };

/** A run as HTML that stands alone: as it was when the output was written. */
export function runHtml({ state }: RunView): string {
  const share = runShare(state);
  const ended = isEnded(state);
  return fragment(
    state.title,
    STYLE,
    html`<h3>${state.title}</h3>
      <p class="note"><b>${statusText(state)}</b> · ${factsOf(state).join(" · ")}</p>
      ${ended || share === null ? null : html`<progress max="1" value="${share.toFixed(3)}"></progress>`}
      ${state.message === null ? null : html`<p>${state.message}</p>`}
      ${state.parts.length > 1 ? partsHtml(state) : null} ${shardsHtml(state)}
      ${ended && state.status !== "lost" ? null : tasksHtml(state)}
      ${ended || state.servers.length === 0 ? null : serversHtml(state.servers)} ${failuresHtml(state)}
      ${noticesHtml(state)}`,
  );
}

/** A run as text: how it ended, or where it stands, then what was said meanwhile and what failed. */
export function runText({ state }: RunView): string {
  const failures = state.failures
    .slice(0, SHOWN.reasons)
    .map(({ reason, count, samples }) => `  ${integer(count)} × ${reason}: ${samples[0]?.message ?? ""}`);
  const notices = state.notices.slice(-SHOWN.notices).map(({ text }) => text.replace(/\s+/g, " "));
  const shards = isEnded(state) ? [] : state.shards.map((one) => `  ${one.phase}: ${shardsText(one)}`);
  return plainText([state.message ?? runLine(state), ...shards, ...notices, ...failures]);
}

function factsOf(state: RunState): string[] {
  const part = currentPart(state);
  const rates = ratesOf(state);
  const left = secondsLeft(state);
  const facts = [
    part && countsText(part),
    rates && `${rateText(rates.mean)} on average`,
    left && leftText(left),
    usageText(state),
    ageText(state),
    state.note,
  ];
  return facts.filter((fact) => fact !== null);
}

function partsHtml({ parts }: RunState): Html {
  return html`<ol>
    ${parts.map((part) => html`<li>${part.stage}: ${countsText(part)}</li>`)}
  </ol>`;
}

const serversHtml = (servers: readonly RunServer[]): Html =>
  tableHtml(
    SERVER_HEADINGS,
    servers.map((server) => [server.name, ...serverCells(server)]),
  );

function shardsHtml({ shards }: RunState): Html | null {
  if (shards.length === 0) return null;
  return html`<ul>
    ${shards.map((one) => html`<li>${one.phase}: ${shardsText(one)}</li>`)}
  </ul>`;
}

function tasksHtml(state: RunState): Html | null {
  const rows = taskRows(state);
  if (rows.length === 0) return null;
  const more = rows.length - SHOWN.tasks;
  return html`${tableHtml(
    TASK_HEADINGS,
    rows.slice(0, SHOWN.tasks).map(({ name, cells }) => [name, ...cells]),
  )}
  ${more > 0 ? html`<p class="note">${integer(more)} more</p>` : null}`;
}

function failuresHtml({ failures }: RunState): Html[] {
  return failures.slice(0, SHOWN.reasons).map(
    ({ reason, count, samples }) =>
      html`<details>
        <summary>${integer(count)} failed: ${reason}</summary>
        <ul>
          ${samples
            .slice(0, SHOWN.samples)
            .map(({ item, message, way_out }) => html`<li><b>${item}</b>: ${message} ${way_out}</li>`)}
        </ul>
      </details>`,
  );
}

function noticesHtml({ notices }: RunState): Html | null {
  if (notices.length === 0) return null;
  return html`<ul class="note">
    ${notices.slice(-SHOWN.notices).map(({ text }) => html`<li>${text}</li>`)}
  </ul>`;
}

const STYLE = `
.figloom-html progress{width:100%;max-width:32em}
.figloom-html ul,.figloom-html ol{margin:4px 0 8px;padding-left:1.5em}
.figloom-html summary{cursor:pointer}
`;
