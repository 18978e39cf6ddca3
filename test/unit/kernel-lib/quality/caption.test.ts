import { describe, expect, it } from "vitest";
import { measureCaption } from "../../../../kernel-lib/src/quality/caption.js";
import { languageOf } from "../../../../kernel-lib/src/text/language.js";

const measured = (caption: string) => measureCaption({ caption, contexts: [], title: null, abstract: null });

describe("words of a caption", () => {
  it.each([
    "Figure 3",
    "Fig. S2.",
    "(Color online)",
    "Colour on-line.",
    "See text.",
    "See main text for details.",
    "Figure 3. (continued)",
    "Extended Data Fig. 4",
    "Table IV",
    "",
  ])("are none in %j", (caption) => {
    expect(measured(caption).words).toBe(0);
  });

  it.each([
    ["Total utility.", 2],
    ["Figure 3. Map of the survey area.", 5],
    ["(Color online) Phase diagram", 2],
    ["Temperature T = 3 K", 3],
    ["样品的电阻率随温度的变化", 6],
  ])("are counted in %j", (caption, least) => {
    expect(measured(caption).words).toBeGreaterThanOrEqual(least);
  });
});

describe("prose in a caption", () => {
  it("is most of an ordinary one, though it has formulas", () => {
    const caption = "Flux F_ν of the source at z = 0.3 against wavelength λ, with errors of 1σ.";
    expect(measured(caption).prose).toBeGreaterThan(0.5);
    expect(measured("样品的电阻率随温度的变化").prose).toBe(1);
  });

  it("is little of formulas, numbers and markup", () => {
    for (const caption of [
      "C = 1, T = 3, N = 5",
      "$\\alpha_{ij} = \\sum_k \\beta_k$",
      "<td>3</td><td>4</td>",
    ])
      expect(measured(caption).prose).toBeLessThan(0.4);
    expect(measured("").prose).toBeNull();
  });

  it("counts TeX commands that are left over, outside of formulas", () => {
    expect(measured("The \\oldstuff of \\emph{this} and $\\alpha$").commands).toBe(2);
    expect(measured("Costs $5 and C:\\x").commands).toBe(0);
  });
});

describe("the language", () => {
  const TEXTS = {
    en: "Measured luminosity of the stars against distance. The solid line shows the model, the points are measurements with their error bars.",
    de: "Gemessene Leuchtkraft der Sterne in Abhängigkeit von der Entfernung. Die durchgezogene Linie zeigt das Modell, die Punkte sind gemessene Werte mit ihren Fehlern, und das Band zeigt den Bereich der einfachen Standardabweichung.",
    fr: "Évolution de la température moyenne au cours du temps. La courbe pleine représente le modèle et les points les mesures avec leurs barres d'erreur.",
    es: "Evolución de la temperatura media a lo largo del tiempo. La línea continua muestra el modelo y los puntos son las medidas con sus barras de error.",
    ru: "Зависимость температуры от времени. Сплошная линия показывает модель, точки соответствуют измерениям, полоса показывает ошибку измерения.",
    zh: "不同温度下样品的电阻率随时间的变化,实线表示模型,点表示测量值及其误差。",
    ja: "温度による抵抗率の変化。実線はモデルを、点は測定値とその誤差を示している。",
    ko: "온도에 따른 저항률의 변화를 나타낸 그림으로 실선은 모형을 점은 측정값과 오차를 나타낸다.",
  };
  it.each(Object.entries(TEXTS))("%s is told", (language, text) => {
    expect(languageOf(text)).toBe(language);
  });

  it("of a short caption is not judged by itself, but with the text around it", () => {
    expect(measured("Markov chain").language).toBeNull();
    const contexts = [{ text: TEXTS.fr, section: null, paragraph: 0, sentences: [] }];
    const caption = "Chaîne de Markov";
    expect(measureCaption({ caption, contexts, title: "A title", abstract: TEXTS.en }).language).toBe("fr");
  });

  it("is not told by names, units and formulas", () => {
    expect(
      languageOf("NGC 1316, NGC 1399 (Fornax), Sérsic n = 4, R_eff = 2.3 kpc; ESO 358-G012; HST/ACS F475W"),
    ).toBeNull();
  });
});
