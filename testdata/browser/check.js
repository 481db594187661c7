// SPDX-License-Identifier: Apache-2.0
// Opens the HTML report in a real browser and uses it: node check.js PROGRAM SCENES OUT
//
// PROGRAM is ivslint, SCENES the folder with the pages of report_test's scenes, OUT
// where screenshots go. Exit status 1 when something does not hold.
'use strict';
const assert = require('node:assert/strict');
const {execFileSync, spawnSync} = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const [program, scenes, out] = process.argv.slice(2).map((name) => path.resolve(name));
const modules = path.resolve('build/browser/node_modules');
const {chromium} = require(path.join(modules, 'playwright-core'));
const AXE = fs.readFileSync(path.join(modules, 'axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PATIENCE = 120000; // the machine may have other work
const MANY = 10000;      // as LIMIT_HTML_FINDINGS

// ---- pages ------------------------------------------------------------------

// Status 1 and 3 are answers too.
function report(folder, args) {
	const run = spawnSync(program, args, {cwd: folder, encoding: 'utf8',
		env: {...process.env, SOURCE_DATE_EPOCH: '1795000000'}, maxBuffer: 1 << 30});
	assert.ok([0, 1, 3].includes(run.status), run.stderr);
	return run.stdout;
}

function demo() {
	const page = path.join(out, 'demo.html');
	report('testdata/demo', ['check', '-f', 'html=' + page]);
	return {page, json: JSON.parse(report('testdata/demo', ['check', '-f', 'json']))};
}

// More findings than a page lists, of several accounts and regions.
function many() {
	const folder = path.join(out, 'many');
	fs.mkdirSync(folder, {recursive: true});
	fs.writeFileSync(path.join(folder, '.ivslint.yaml'), 'version: 1\nname: many\nextends: [ivslint:strict]\n');
	const lines = [];
	for (let i = 0; i < 2500; i++) {
		const region = ['us-west-2', 'eu-west-1', 'ap-northeast-1'][i % 3];
		const arn = `arn:aws:ivs:${region}:${123456789000 + i % 20}:recording-configuration/A${i}`;
		lines.push(JSON.stringify({recordingConfiguration: {arn, name: 'recording ' + i, state: 'ACTIVE',
			destinationConfiguration: {s3: {bucketName: 'bucket.' + i}}, recordingReconnectWindowSeconds: 400,
			tags: {Owner: 'team ' + i % 7}, thumbnailConfiguration: {recordingMode: 'INTERVAL', targetIntervalSeconds: 1},
			renditionConfiguration: {renditionSelection: 'NONE'}}}));
	}
	fs.writeFileSync(path.join(folder, 'all.ndjson'), lines.join('\n') + '\n');
	const page = path.join(out, 'many.html');
	report(folder, ['check', '-f', 'html=' + page, 'all.ndjson']);
	return page;
}

// ---- opening ------------------------------------------------------------------

let browser;

// What the page asks for and complains of is collected; `quiet` asserts that it is nothing.
async function open(file, options = {}) {
	const context = await browser.newContext({viewport: {width: 1280, height: 900}, reducedMotion: 'reduce', ...options});
	const page = await context.newPage();
	page.setDefaultTimeout(PATIENCE);
	const url = 'file://' + file;
	const heard = [];
	page.on('request', (r) => r.url().split('#')[0] === url || heard.push('request of ' + r.url()));
	page.on('console', (m) => heard.push('console: ' + m.text()));
	page.on('pageerror', (e) => heard.push('error: ' + e));
	page.on('dialog', (d) => { heard.push('dialog'); d.dismiss(); });
	page.on('popup', () => heard.push('popup'));
	if (options.javaScriptEnabled !== false)
		await page.addInitScript(() => {
			window.longest = 0;
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries())
					window.longest = Math.max(window.longest, entry.duration);
			}).observe({type: 'longtask', buffered: true});
			document.addEventListener('securitypolicyviolation', (e) => console.error('CSP: ' + e.violatedDirective));
		});
	await page.goto(url + (options.hash || ''), {timeout: PATIENCE});
	return {page, context, quiet: () => assert.deepEqual(heard, [], file)};
}

async function axe(page, what) {
	await page.evaluate(AXE);
	const found = await page.evaluate((tags) => window.axe.run(document, {runOnly: tags}), TAGS);
	const told = found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ') + ' ' +
		n.any.map((a) => a.message).join('; ')).slice(0, 5).join(' | ')}`);
	assert.deepEqual(told, [], what);
	assert.ok(found.passes.length > 20, 'axe found little to look at');
}

const count = (page) => page.locator('#count').textContent();
const texts = (page, selector) => page.locator(selector).allTextContents();

// ---- what is tested ---------------------------------------------------------------

async function sums({page}, json) {
	const shown = await texts(page, '.sums dd');
	const v = json.summary.verdicts;
	assert.deepEqual(shown.map((t) => Number(t.replace(/,/g, ''))),
		[v.pass, v.fail, v.waived, v['not-applicable'], v.undecided, v.error, json.summary.problems]);
	const m = json.summary.matrix;
	assert.match(await page.locator('.product').textContent(),
		new RegExp(`^${m.resources} recording configurations × ${m.rules} rules = ${m.verdicts} verdicts$`));
	assert.equal(await page.locator('#verdict').textContent(), 'Failed');
	const heads = await page.evaluate(() => [...document.querySelectorAll('h1,h2')].map((h) => h.tagName));
	assert.equal(heads.filter((h) => h === 'H1').length, 1);
	assert.equal(await page.locator('main').count(), 1);
}

async function search({page}, json) {
	assert.equal(await count(page), `${json.findings.length} findings`);
	assert.equal(await page.locator('#count').getAttribute('role'), 'status');
	await page.getByLabel('Search').fill('my.test.BUCKET');
	await page.waitForFunction(() => document.getElementById('count').textContent.includes(' of '));
	const wanted = json.findings.filter((f) => JSON.stringify({...f, excerpt: null}).includes('my.test.bucket')).length;
	assert.ok(wanted > 0 && wanted < json.findings.length);
	assert.equal(await count(page), `${wanted} of ${json.findings.length} findings`);
	assert.equal(await page.locator('.fold').count(), wanted);
	assert.match(page.url(), /#q=my\.test\.BUCKET$/);
	await page.getByLabel('Search').fill('nothing is called so');
	await page.waitForFunction(() => document.getElementById('count').textContent.startsWith('0 of'));
	assert.ok(await page.locator('#none').isVisible());
	await page.getByRole('button', {name: 'Clear filters'}).click();
	assert.equal(await count(page), `${json.findings.length} findings`);
	assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
}

async function filter({page}, json) {
	const all = json.findings.length;
	await page.getByLabel('Severity', {exact: true}).selectOption('high');
	const high = json.findings.filter((f) => f.severity === 'high');
	assert.equal(await count(page), `${high.length} of ${all} findings`);
	assert.deepEqual([...new Set(await texts(page, 'td.c-severity'))], ['high']);
	await page.getByLabel('Verdict', {exact: true}).selectOption('fail');
	const failed = high.filter((f) => f.verdict === 'fail');
	assert.equal(await count(page), `${failed.length} of ${all} findings`);
	await page.getByLabel('Region', {exact: true}).selectOption('us-east-1');
	const there = failed.filter((f) => f.resource.region === 'us-east-1');
	assert.equal(await count(page), `${there.length} of ${all} findings`);
	await page.getByRole('button', {name: 'Clear filters'}).click();
	// A chart leads to the findings that it counts.
	await page.locator('.chart a', {hasText: 'required-tags'}).first().click();
	const tags = json.findings.filter((f) => f.rule === 'required-tags').length;
	await page.waitForFunction(() => document.getElementById('f-rule').value === 'required-tags');
	assert.equal(await count(page), `${tags} of ${all} findings`);
	await page.getByRole('button', {name: 'Clear filters'}).click();
}

async function sort({page}) {
	const button = page.locator('[data-sort=rule]');
	const head = page.locator('th.c-finding');
	const shown = () => texts(page, '.fold');
	const before = await shown();
	assert.equal(await head.getAttribute('aria-sort'), 'none');
	await button.click();
	assert.equal(await head.getAttribute('aria-sort'), 'ascending');
	const up = await shown();
	assert.deepEqual(up, [...up].sort(new Intl.Collator('en', {numeric: true}).compare));
	await button.press('Enter');
	assert.equal(await head.getAttribute('aria-sort'), 'descending');
	assert.notDeepEqual(await shown(), up);
	await page.locator('[data-sort=severity]').click();
	assert.equal(await head.getAttribute('aria-sort'), 'none');
	assert.equal(await page.locator('th.c-severity').getAttribute('aria-sort'), 'descending');
	assert.equal((await texts(page, 'td.c-severity'))[0], 'critical');
	await page.locator('[data-sort=severity]').click();
	assert.equal((await texts(page, 'td.c-severity'))[0], 'info');
	await page.locator('[data-sort=severity]').click();
	assert.deepEqual(await shown(), before, 'as the report has them');
}

async function fold({page}, json) {
	const button = page.locator('.fold', {hasText: 'bucket-name'}).first();
	assert.equal(await button.getAttribute('aria-expanded'), 'false');
	await button.focus();
	await page.keyboard.press('Enter');
	assert.equal(await button.getAttribute('aria-expanded'), 'true');
	const details = page.locator('#' + await button.getAttribute('aria-controls'));
	const text = await details.textContent();
	const finding = json.findings.find((f) => f.rule === 'bucket-name' && f.verdict === 'fail');
	const rule = json.rules.find((r) => r.id === 'bucket-name');
	for (const part of [finding.actual, finding.expected, finding.resource.arn, finding.fingerprint,
		finding.excerpt.before.trimStart() + finding.excerpt.value, `${finding.place.file}:${finding.place.line}`, rule.references[0]])
		assert.ok(text.includes(part), part);
	assert.ok(text.includes(rule.remediation.trim().replace(/\n/g, ' ')), 'remediation');
	assert.ok(text.includes(rule.rationale.trim().replace(/\n/g, ' ')), 'rationale');
	const waived = page.locator('tr', {has: page.locator('td.is-waived')}).first();
	await waived.locator('.fold').click();
	assert.match(await page.locator('.more').last().textContent(), /waived, \d+ days left.*OPS-1234.*video-platform/);
	await page.keyboard.press('Enter');
}

async function print({page}, name) {
	const before = await page.locator('.fold').count();
	await page.emulateMedia({media: 'print'});
	await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
	assert.ok(!await page.locator('#filter').isVisible());
	assert.equal(await page.locator('details:not([open])').count(), 0);
	assert.equal(await page.locator('.more').count(), await page.locator('.fold').count());
	await page.setViewportSize({width: 690, height: 980});
	await page.screenshot({path: path.join(out, name + '-print.png'), fullPage: name === 'demo'});
	await page.evaluate(() => dispatchEvent(new Event('afterprint')));
	await page.emulateMedia({media: null});
	await page.setViewportSize({width: 1280, height: 900});
	assert.equal(await page.locator('.fold').count(), before);
	const pdf = await page.pdf({path: path.join(out, name + '.pdf'), format: 'A4'});
	assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
	assert.ok(pdf.length > 20000, 'a PDF of ' + pdf.length + ' bytes');
}

const LOOKS = {
	light: {colorScheme: 'light'},
	dark: {colorScheme: 'dark'},
	narrow: {viewport: {width: 360, height: 740}},
	'narrow-dark': {viewport: {width: 320, height: 640}, colorScheme: 'dark'},
};

async function looks(file, name, chosen) {
	for (const look of chosen) {
		const options = LOOKS[look];
		const opened = await open(file, options);
		const {page} = opened;
		const first = page.locator('.fold').first();
		if (await first.count())
			await first.click();
		await axe(page, `${name}, ${look}`);
		await page.screenshot({path: path.join(out, `${name}-${look}.png`), fullPage: true});
		assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
			`${name}, ${look}: wider than the window`);
		opened.quiet();
		await opened.context.close();
	}
}

// By the keyboard alone: from the first key on, each stop is seen.
async function keyboard(file) {
	const {page, context} = await open(file);
	await page.keyboard.press('Tab');
	assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
	const stops = new Set();
	for (let i = 0; i < 60; i++) {
		const stop = await page.evaluate(() => {
			const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
			return {name: e.id || e.dataset.sort || e.className, seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
				outline: style.outlineStyle !== 'none', tall: box.height};
		});
		assert.ok(stop.seen && stop.outline, 'focus is not seen at ' + stop.name);
		stops.add(stop.name);
		await page.keyboard.press('Tab');
	}
	for (const name of ['q', 'f-severity', 'f-region', 'unfold', 'severity', 'region', 'fold'])
		assert.ok(stops.has(name), 'no way to ' + name);
	await context.close();
}

async function large(file) {
	const opened = await open(file);
	const {page} = opened;
	assert.equal(await count(page), `${MANY.toLocaleString('en')} findings`);
	assert.match(await page.locator('.cut').first().textContent(), /left out of this list, not of the sums/);
	const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
	const most = 6000;
	assert.ok(await nodes() < most, `${await nodes()} elements`);
	await page.getByLabel('Search').fill('recording 77');
	await page.waitForFunction(() => document.getElementById('count').textContent.includes(' of '));
	await page.getByLabel('Search').fill('');
	await page.waitForFunction(() => !document.getElementById('count').textContent.includes(' of '));
	await page.locator('[data-sort=name]').click();
	assert.equal((await texts(page, 'td.c-name'))[0], 'recording 0');
	await page.getByRole('button', {name: 'Show all details'}).click();
	assert.equal(await page.locator('.more').count(), 50);
	await page.getByRole('button', {name: 'Next'}).click();
	assert.match(await page.locator('#page').textContent(), /^51–100 of 10,000$/);
	assert.equal(await page.evaluate(() => document.activeElement.id), 'findings');
	await page.getByRole('button', {name: 'Show all details'}).click();
	assert.ok(await nodes() < most, `${await nodes()} elements`);
	console.log(`  many: ${await nodes()} elements, longest task ${Math.round(await page.evaluate(() => window.longest))} ms`);
	await axe(page, 'many');
	await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
	assert.equal(await page.locator('.fold').count(), 1000);
	assert.match(await page.locator('#printed').textContent(), /9,000 more are not/);
	await page.evaluate(() => dispatchEvent(new Event('afterprint')));
	assert.ok(await nodes() < most, `${await nodes()} elements`);
	opened.quiet();
	await opened.context.close();
}

async function withoutScripts(file, rows) {
	const opened = await open(file, {javaScriptEnabled: false});
	const {page} = opened;
	assert.equal(await page.locator('noscript tbody tr').count(), rows);
	assert.ok(await page.locator('noscript tbody tr').first().isVisible());
	assert.ok(!await page.locator('#app').isVisible());
	opened.quiet();
	await opened.context.close();
}

// Every dangerous sequence, on the page as text.
async function hostile(file) {
	for (const javaScriptEnabled of [true, false]) {
		const opened = await open(file, {javaScriptEnabled});
		const {page} = opened;
		if (javaScriptEnabled) {
			await page.getByRole('button', {name: 'Show all details'}).click();
			assert.ok(await page.locator('.more').count() > 3);
		}
		const got = await page.evaluate(() => ({
			scripts: document.scripts.length,
			foreign: document.querySelectorAll('img, b:not(.product b), iframe, object, link, base, [onerror], [onfocus]').length,
			text: document.body.innerText,
			styles: document.querySelectorAll('style, [style]').length,
			links: [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))
				.filter((href) => !/^(#|https:)/.test(href)),
		}));
		assert.equal(got.scripts, 4 - 1, 'scripts');
		assert.equal(got.foreign, 0);
		assert.equal(got.styles, 1);
		assert.deepEqual(got.links, []);
		for (const part of ['</script><script>alert(1)</script><!--<script>', '<img src=x onerror=alert(1)>',
			'</noscript></title></style>', '&amp;\'"</b> ]]>', '\\u{202E}override', '\\x1B[31mred'])
			assert.ok(got.text.includes(part), part);
		// eslint-disable-next-line no-control-regex
		assert.doesNotMatch(got.text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
		opened.quiet();
		await opened.context.close();
	}
}

// ---- whole -------------------------------------------------------------------------

async function main() {
	fs.mkdirSync(out, {recursive: true});
	const {page: file, json} = demo();
	browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', timeout: PATIENCE,
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync']});
	const opened = await open(file);
	const steps = {sums, search, filter, sort, fold};
	for (const [name, step] of Object.entries(steps)) {
		await step(opened, json);
		console.log('  demo: ' + name);
	}
	await print(opened, 'demo');
	opened.quiet();
	await opened.context.close();
	await keyboard(file);
	await looks(file, 'demo', Object.keys(LOOKS));
	await withoutScripts(file, json.findings.length);
	console.log('  demo: looks, axe, paper, no scripts');
	for (const scene of ['clean', 'empty', 'idle', 'incomplete', 'mixed', 'undecided', 'hostile']) {
		const whole = scene === 'incomplete' || scene === 'hostile';
		await looks(path.join(scenes, scene + '.html'), scene, whole ? ['dark', 'narrow'] : ['light']);
		console.log('  ' + scene + ': looks, axe');
	}
	await hostile(path.join(scenes, 'hostile.html'));
	console.log('  hostile: nothing got out');
	const big = many();
	await large(big);
	await withoutScripts(big, 500);
	await browser.close();
	console.log('browser: all passed');
}

main().catch((e) => {
	console.error(e);
	process.exitCode = 1;
	return browser && browser.close();
});
