// Opens every page of an HTML report in headless Chromium and fails on: a console message of level error,
// any request that is not one of the report's own files, a serious or critical finding of axe-core (its
// contrast rule compares luminance, so it holds in greyscale too), a verdict told by colour alone.
// Prints the index to index.pdf; sheets.py judges the sheets.
//
// usage: node check.js REPORT_FOLDER OUTPUT_FOLDER   (module path: NODE_PATH; browser: CHROMIUM)
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [report, output] = process.argv.slice(2).map((folder) => path.resolve(folder));
const own = pathToFileURL(report + path.sep).href;
const problems = [];

async function examine(context, file) {
  const page = await context.newPage();
  const say = (text) => problems.push(`${file}: ${text}`);
  page.on("console", (message) => message.type() === "error" && say(`console: ${message.text()}`));
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(own)) say(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(path.join(report, file)).href, { waitUntil: "load" });
  if ((await page.locator("script").count()) > 0) say("has a script");
  // The page's own policy forbids every script: axe is run by the debugger, after the page was judged.
  const found = await page.evaluate(`${axe}; axe.run(document)`);
  if (found.passes.length < 10) say(`axe-core passed only ${found.passes.length} rules: it did not see the page`);
  for (const violation of found.violations) {
    const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ");
    const line = `axe ${violation.impact}: ${violation.id}: ${violation.help} (${violation.nodes.length}: ${where})`;
    if (["serious", "critical"].includes(violation.impact)) say(line);
    else console.log(`note: ${file}: ${line}`);
  }
  await page.close();
}

/** Prints the index for the checks of the sheets, and looks at marks that only a colour would tell. */
async function print(context) {
  const page = await context.newPage();
  await page.goto(pathToFileURL(path.join(report, "index.html")).href);
  await page.pdf({ path: path.join(output, "index.pdf"), preferCSSPageSize: true, printBackground: false });
  await page.screenshot({ path: path.join(output, "index.png") });
  const marks = page.locator(".badge, .verdict");
  if ((await marks.count()) === 0) problems.push("index.html: no verdict mark found");
  for (const text of await marks.allInnerTexts()) {
    // The word tells it; colour and sign only support it.
    if (!/\p{L}/u.test(text)) problems.push(`index.html: a mark without words: ${text}`);
  }
  await page.close();
}

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const context = await browser.newContext({ offline: true, locale: "vi-VN" });
  const pages = fs.readdirSync(report).filter((file) => file.endsWith(".html")).sort();
  if (!pages.includes("index.html")) problems.push("no index.html");
  for (const file of pages) await examine(context, file);
  await print(context);
  await browser.close();
  for (const problem of problems) console.error(problem);
  console.log(`${pages.length} pages, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 2;
});
