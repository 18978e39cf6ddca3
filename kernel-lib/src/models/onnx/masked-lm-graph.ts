import { encoded, encodedNumber, encodedText, fieldsOf, type Field } from "./protobuf.js";

/** Input of a graph by {@link withRows}: int64, one pair (row of the batch, position in it) for each row of logits. */
export const POSITIONS = "figloom_positions";

/** Field numbers of ONNX's messages: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
const NODE = { input: 1, output: 2, name: 3, operator: 4 } as const;
const TENSOR = { name: 8, dataLocation: 14 } as const;
const VALUE_INFO = { name: 1, type: 2 } as const;
const TYPE = { tensor: 1 } as const;
const TENSOR_TYPE = { element: 1, shape: 2 } as const;
const SHAPE = { dimension: 1 } as const;
const DIMENSION = { value: 1, parameter: 2 } as const;
const FLOAT = 1;
const INT64 = 7;

interface Node {
  field: Field;
  inputs: string[];
  outputs: string[];
  operator: string;
}

/**
 * The same masked language model, computing its logits for chosen positions only. Exporters write the model's last
 * step, where every position is compared with the whole vocabulary, as
 *
 *     logits [batch, length, vocabulary] = MatMul(hidden [batch, length, width], weight) + bias
 *
 * Of a masked copy one position is asked for, and all others are computed in vain: a fifth of BERT-base's work, and most of
 * its memory. A GatherND in front of the MatMul picks the rows first, which changes nothing but rounding:
 *
 *     logits [rows, vocabulary] = MatMul(GatherND(hidden, {@link POSITIONS}), weight) + bias
 *
 * @param model an ONNX file
 * @returns `null` where the file's last step is another one, or its weights are in files beside it
 * @throws {RangeError} where it is no ONNX file
 */
export function withRows(model: Buffer): Uint8Array | null {
  const graphs = [...fieldsOf(model)].filter(({ number }) => number === MODEL.graph);
  const [graph] = graphs;
  if (!graph || graphs.length > 1) return null;
  const fields = [...fieldsOf(model, graph.from, graph.end)];
  const projection = vocabularyProjection(model, fields);
  if (!projection) return null;
  const rows = fields.flatMap((field) => {
    // Shapes of what lies between are hints that no longer hold.
    if (field.number === GRAPH.valueInfo) return [];
    if (field === projection.field) return [...gatherBefore(model, projection)];
    if (field.number === GRAPH.output) return rowsOutput(model, field);
    return [model.subarray(field.start, field.end)];
  });
  return Buffer.concat([
    model.subarray(0, graph.start),
    ...encoded(MODEL.graph, ...rows, ...positionsInput()),
    model.subarray(graph.end),
  ]);
}

/** The MatMul that makes logits out of hidden states. */
function vocabularyProjection(model: Buffer, fields: readonly Field[]): Node | null {
  const nodes = fields.filter(({ number }) => number === GRAPH.node).map((field) => nodeOf(model, field));
  const constants = new Set<string>();
  for (const field of fields) {
    if (field.number !== GRAPH.initializer) continue;
    for (const { number, from, end } of fieldsOf(model, field.from, field.end)) {
      if (number === TENSOR.name) constants.add(textOf(model, from, end));
      if (number === TENSOR.dataLocation && model[from] !== 0) return null;
    }
  }
  const maker = (name: string) => nodes.find(({ outputs }) => outputs.includes(name));
  const isConstant = (name: string): boolean => {
    const node = maker(name);
    return constants.has(name) || (node?.operator === "Transpose" && constants.has(node.inputs[0]!));
  };
  const last = maker("logits");
  const product = last?.operator === "Add" ? last.inputs.find((name) => !isConstant(name)) : "logits";
  if (last?.operator === "Add" && !last.inputs.some(isConstant)) return null;
  const projection = product === undefined ? undefined : maker(product);
  if (projection?.operator !== "MatMul" || projection.inputs.length !== 2) return null;
  const [hidden, weight] = projection.inputs as [string, string];
  return isConstant(weight) && !isConstant(hidden) ? projection : null;
}

function nodeOf(model: Buffer, field: Field): Node {
  const node: Node = { field, inputs: [], outputs: [], operator: "" };
  for (const { number, from, end } of fieldsOf(model, field.from, field.end)) {
    if (number === NODE.input) node.inputs.push(textOf(model, from, end));
    else if (number === NODE.output) node.outputs.push(textOf(model, from, end));
    else if (number === NODE.operator) node.operator = textOf(model, from, end);
  }
  return node;
}

const textOf = (model: Buffer, from: number, end: number): string => model.toString("utf8", from, end);

/** The picking of rows, and the projection that reads them. */
function gatherBefore(model: Buffer, { field, inputs }: Node): Uint8Array[] {
  const picked = "figloom_rows";
  const gather = encoded(
    GRAPH.node,
    ...encodedText(NODE.input, inputs[0]!),
    ...encodedText(NODE.input, POSITIONS),
    ...encodedText(NODE.output, picked),
    ...encodedText(NODE.name, picked),
    ...encodedText(NODE.operator, "GatherND"),
  );
  const others = [...fieldsOf(model, field.from, field.end)]
    .filter(({ number }) => number !== NODE.input)
    .map(({ start, end }) => model.subarray(start, end));
  const projection = encoded(
    GRAPH.node,
    ...encodedText(NODE.input, picked),
    ...encodedText(NODE.input, inputs[1]!),
    ...others,
  );
  return [...gather, ...projection];
}

const positionsInput = (): Uint8Array[] => tensorInfo(GRAPH.input, POSITIONS, INT64, ["rows", 2]);

/** Of the graph's outputs the logits, in their new shape: others need not be computed. */
function rowsOutput(model: Buffer, field: Field): Uint8Array[] {
  const [name] = [...fieldsOf(model, field.from, field.end)].filter(
    ({ number }) => number === VALUE_INFO.name,
  );
  if (!name || textOf(model, name.from, name.end) !== "logits") return [];
  return tensorInfo(GRAPH.output, "logits", FLOAT, ["rows", "vocabulary"]);
}

/** A `ValueInfoProto` of a tensor, as a field of the graph. */
function tensorInfo(
  field: number,
  name: string,
  element: number,
  shape: readonly (number | string)[],
): Uint8Array[] {
  const dimensions = shape.flatMap((size) =>
    encoded(
      SHAPE.dimension,
      ...(typeof size === "number"
        ? encodedNumber(DIMENSION.value, size)
        : encodedText(DIMENSION.parameter, size)),
    ),
  );
  const tensor = [
    ...encodedNumber(TENSOR_TYPE.element, element),
    ...encoded(TENSOR_TYPE.shape, ...dimensions),
  ];
  const type = encoded(TYPE.tensor, ...tensor);
  return encoded(field, ...encodedText(VALUE_INFO.name, name), ...encoded(VALUE_INFO.type, ...type));
}
