/** Brackets and operators of the physics, braket and mathtools packages that are written as commands with arguments. */

/** What stands before, between and behind the arguments of a command. */
export const BRACKETED: ReadonlyMap<string, readonly string[]> = new Map([
  ["abs", ["|", "|"]],
  ["absolutevalue", ["|", "|"]],
  ["norm", ["‖", "‖"]],
  ["set", ["{", "}"]],
  ["Set", ["{", "}"]],
  ["ceil", ["⌈", "⌉"]],
  ["floor", ["⌊", "⌋"]],
  ["ket", ["|", "⟩"]],
  ["Ket", ["|", "⟩"]],
  ["bra", ["⟨", "|"]],
  ["Bra", ["⟨", "|"]],
  ["Braket", ["⟨", "⟩"]],
  ["expval", ["⟨", "⟩"]],
  ["ev", ["⟨", "⟩"]],
  ["avg", ["⟨", "⟩"]],
  ["mean", ["⟨", "⟩"]],
  ["order", ["O(", ")"]],
  ["comm", ["[", ", ", "]"]],
  ["acomm", ["{", ", ", "}"]],
  ["ketbra", ["|", "⟩⟨", "|"]],
  ["outerproduct", ["|", "⟩⟨", "|"]],
  ["dyad", ["|", "⟩⟨", "|"]],
  ["innerproduct", ["⟨", "|", "⟩"]],
  ["ip", ["⟨", "|", "⟩"]],
  ["mel", ["⟨", "|", "|", "⟩"]],
  ["matrixel", ["⟨", "|", "|", "⟩"]],
]);

/** `\dv[n]{f}{x}`, `\pdv{x}`: a derivative, of a function or as an operator. */
export function derivative(sign: string, order: string, first: string, second: string): string {
  const [over, by] = second ? [first, second] : ["", first];
  return `${sign}${order}${over}/${sign}${by}${order}`;
}

/** Signs of the derivatives by command. */
export const DERIVATIVES: ReadonlyMap<string, string> = new Map([
  ["dv", "d"],
  ["derivative", "d"],
  ["pdv", "∂"],
  ["partialderivative", "∂"],
  ["fdv", "δ"],
]);
