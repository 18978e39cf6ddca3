/** What a claim of each kind weighs in the score: a wrong number or name misleads more than a stray word. */
export const WEIGHTS = { number: 2, name: 2, symbol: 1, term: 1 } as const;

/** Names of Greek letters, so that `alpha` in the text supports `α` in a caption and the other way round. */
export const GREEK: Readonly<Record<string, string>> = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", zeta: "ζ", eta: "η", theta: "θ", iota: "ι",
  kappa: "κ", lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", phi: "φ",
  chi: "χ", psi: "ψ", omega: "ω",
}; // prettier-ignore
