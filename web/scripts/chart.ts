// Zooming into a chart with ECharts. The data are those of the table behind the chart, so the two cannot disagree.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export async function explore(button: HTMLElement): Promise<void> {
  const figure = button.closest<HTMLElement>(".chart");
  const canvas = figure?.querySelector<HTMLElement>(".canvas");
  if (!figure || !canvas) return;
  if (figure.classList.toggle("zoomed")) render(figure, canvas);
  else canvas.replaceChildren();
  [button.textContent, button.dataset.other] = [button.dataset.other ?? "", button.textContent ?? ""];
}

function render(figure: HTMLElement, canvas: HTMLElement): void {
  const { labels, names, columns, provisional } = read(figure);
  const css = getComputedStyle(document.body);
  const token = (name: string) => css.getPropertyValue(`--${name}`).trim();
  const chart = init(canvas, null, { renderer: "svg" });
  const limit = figure.dataset.limit ? Number(figure.dataset.limit) : undefined;
  const dashes = ["solid", [7, 4], [2, 3], [10, 3, 2, 3]] as const;
  const hatch = {
    color: "transparent", borderColor: token("accent"), borderWidth: 1,
    decal: { symbol: "rect", color: token("accent"), dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: Math.PI / 4 },
  };
  const text = { fontFamily: css.fontFamily, fontSize: 12, color: token("muted") };
  chart.setOption({
    animation: false, aria: { enabled: true }, textStyle: text,
    grid: { left: 8, right: 12, top: 16, bottom: 56, containLabel: true },
    tooltip: { trigger: "axis", backgroundColor: token("surface"), borderColor: token("edge"), textStyle: { ...text, color: token("ink") } },
    dataZoom: [{ type: "slider", height: 24, bottom: 8, borderColor: token("line"), backgroundColor: "transparent", moveHandleSize: 0, brushSelect: false, showDetail: false,
      dataBackground: { lineStyle: { color: token("edge") }, areaStyle: { color: token("line") } }, selectedDataBackground: { lineStyle: { color: token("accent") }, areaStyle: { color: token("accent-soft") } }, fillerColor: token("accent-soft"), handleStyle: { color: token("accent") }, textStyle: text }, { type: "inside" }],
    xAxis: { type: "category", data: labels, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: token("edge") } } },
    yAxis: { type: "value", axisLabel: text, splitLine: { lineStyle: { color: token("line") } } },
    series: columns.map((data, i) => ({
      name: names[i], type: figure.dataset.kind === "line" ? "line" : "bar", symbolSize: 5,
      itemStyle: { color: token("accent") }, lineStyle: { color: token("accent"), type: dashes[i % dashes.length] },
      data: data.map((value, at) => (provisional[at] ? { value, itemStyle: hatch } : value)),
      markLine: i === 0 && limit !== undefined
        ? { symbol: "none", data: [{ yAxis: limit }], lineStyle: { color: token("red"), type: "dashed" }, label: { formatter: figure.dataset.limitName, position: "insideStartTop", color: token("red") } }
        : undefined,
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(canvas);
  addEventListener("baqylau:theme", () => { if (figure.classList.contains("zoomed")) { chart.dispose(); render(figure, canvas); } }, { once: true });
}

function read(figure: HTMLElement): { labels: string[]; names: string[]; columns: (number | null)[][]; provisional: boolean[] } {
  const rows = [...figure.querySelectorAll<HTMLTableRowElement>("figcaption tbody tr")];
  const names = [...figure.querySelectorAll("figcaption thead th[data-series]")].map((th) => th.textContent ?? "");
  const value = (row: HTMLTableRowElement, i: number) => {
    const cell = row.querySelectorAll<HTMLElement>("data")[i];
    const raw = cell?.getAttribute("value") ?? "";
    return raw === "" || cell.hasAttribute("data-loose") ? null : Number(raw); // what stands by itself joins no line
  };
  return {
    labels: rows.map((r) => r.cells[0].dataset.short ?? ""), names,
    columns: names.map((_, i) => rows.map((r) => value(r, i))),
    provisional: rows.map((r) => r.hasAttribute("data-provisional")),
  };
}
