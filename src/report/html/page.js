/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of findings: searched, filtered, sorted, and drawn a page at a time,
 * so that ten thousand cost no more than fifty. Texts are put into the page as
 * text alone, never as markup. Asks nothing of any network.
 */
'use strict';
(function () {
	const PAGE = 50;
	const MOST_PRINTED = 1000;
	const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];
	const VERDICTS = ['error', 'fail', 'undecided', 'waived', 'pass', 'not-applicable'];
	const FILTERS = ['severity', 'verdict', 'rule', 'account', 'region'];

	const byId = (id) => document.getElementById(id);
	const app = byId('app');
	if (!app)
		return;
	const rules = JSON.parse(byId('data-rules').textContent);
	const findings = JSON.parse(byId('data-findings').textContent);
	const order = new Intl.Collator('en', {numeric: true}).compare;

	const state = {words: [], filter: {}, sort: null, down: false, page: 0, unfolded: false};
	const open = new Set();
	let shown = findings;

	/* ---- what a finding is asked for ---- */

	findings.forEach((f, i) => {
		f.index = i;
		f.id = rules[f.rule].id;
	});

	/* Of what has no name, the end of its ARN. */
	const nameOf = (f) => f.name || f.resource.split('/').pop();

	const FACTS = {
		severity: (f) => f.severity,
		verdict: (f) => f.verdict,
		rule: (f) => f.id,
		name: nameOf,
		account: (f) => f.account || '',
		region: (f) => f.region || '',
	};

	/* Lower case, made when first searched. */
	function textOf(f) {
		if (!f.text)
			f.text = [f.id, rules[f.rule].title, f.message, f.name, f.resource, f.account, f.region,
				f.place, f.field, f.actual, f.expected, f.reason, f.fingerprint,
				f.waiver && f.waiver.reason, f.waiver && f.waiver.owner]
				.filter(Boolean).join('\n').toLowerCase();
		return f.text;
	}

	function matches(f) {
		for (const name of FILTERS)
			if (state.filter[name] && FACTS[name](f) !== state.filter[name])
				return false;
		return state.words.every((word) => textOf(f).includes(word));
	}

	function compare(a, b) {
		const x = FACTS[state.sort](a), y = FACTS[state.sort](b);
		if (state.sort === 'severity')
			return SEVERITIES.indexOf(y) - SEVERITIES.indexOf(x);
		if (state.sort === 'verdict')
			return VERDICTS.indexOf(y) - VERDICTS.indexOf(x);
		return order(x, y);
	}

	/* As the report has them, the most severe first, unless something else is wanted. */
	function choose() {
		shown = findings.filter(matches);
		if (state.sort)
			shown.sort((a, b) => (state.down ? -1 : 1) * compare(a, b) || a.index - b.index);
	}

	/* ---- making elements ---- */

	function make(tag, attributes, ...children) {
		const e = document.createElement(tag);
		for (const name in attributes)
			e.setAttribute(name, attributes[name]);
		e.append(...children.filter((c) => c !== null && c !== ''));
		return e;
	}

	/* Full where it failed, hollow where it did not. */
	function severity(f) {
		const failed = f.verdict === 'fail' || f.verdict === 'error';
		return make('span', {class: 'mark s-' + f.severity + (failed ? '' : ' hollow')});
	}

	function row(list, label, value, kind) {
		if (value)
			list.append(make('dt', kind ? {class: 'of-' + kind.split(' ').pop()} : {}, label), make('dd', kind ? {class: kind} : {}, value));
	}

	function days(n) {
		return n === 0 ? 'its last day' : n === 1 ? '1 day left' : n + ' days left';
	}

	/* Only what the report would link to itself. */
	function reference(text) {
		const plain = /^https:\/\/[A-Za-z0-9\-._~:/?=%+]+$/.test(text);
		return make('div', {}, plain ? make('a', {href: text, rel: 'noopener noreferrer'}, text) : text);
	}

	/* The line, with what was judged told apart. */
	function source(f) {
		if (!f.excerpt)
			return null;
		const [before, value, after, cutBefore, cutAfter] = f.excerpt;
		return make('span', {}, cutBefore ? '\u2026' : '', before.trimStart(), make('mark', {}, value), after,
			cutAfter ? '\u2026' : '');
	}

	function evidence(f) {
		const list = make('dl', {});
		row(list, 'Message', f.message.length > 300 ? f.message : '');
		row(list, 'Field', f.field, 'mono');
		row(list, 'Actual', f.actual, 'mono value');
		row(list, 'Expected', f.expected, 'mono value');
		row(list, 'Place', f.place, 'mono');
		row(list, 'Line', source(f), 'mono line');
		row(list, 'Name', f.name);
		row(list, f.group ? 'Group of' : 'Resource', f.resource, 'mono');
		row(list, 'Reason', f.reason);
		row(list, 'Fingerprint', f.fingerprint, 'mono small');
		return make('div', {}, make('h3', {}, 'Evidence'), list);
	}

	function waiver(f) {
		const w = f.waiver;
		if (!w)
			return null;
		const list = make('dl', {});
		row(list, 'State', f.verdict === 'waived' ? 'waived, ' + days(w.daysLeft) : 'does not apply');
		row(list, 'Reason', w.reason);
		row(list, 'Owner', w.owner);
		row(list, 'Last day', w.expires);
		return make('div', {}, make('h3', {}, 'Waiver'), list);
	}

	function advice(f) {
		const rule = rules[f.rule];
		const list = make('dl', {});
		row(list, 'Rule', rule.title);
		row(list, 'Why', rule.rationale);
		row(list, 'What to do', f.remediation || rule.remediation);
		if (rule.references.length)
			row(list, 'References', make('div', {}, ...rule.references.map(reference)));
		row(list, 'Controls', rule.controls.join(', '));
		row(list, 'Category', rule.category);
		return make('div', {class: 'advice'}, make('h3', {}, 'Rule'), list);
	}

	/* Columns that are not hidden for want of room. */
	function columns() {
		return [...byId('list').tHead.rows[0].cells].filter((th) => th.offsetWidth !== 0).length || 6;
	}

	function fitColumns(n) {
		for (const td of document.querySelectorAll('.more > td'))
			td.colSpan = n;
	}

	function details(f) {
		const box = make('div', {class: 'details'}, make('div', {}, evidence(f), waiver(f) || ''), advice(f));
		return make('tr', {class: 'more', id: 'more-' + f.index}, make('td', {colspan: columns()}, box));
	}

	function line(f, unfolded) {
		const id = 'more-' + f.index;
		const button = make('button', {type: 'button', class: 'fold', 'aria-expanded': String(unfolded),
			'aria-controls': id}, make('span', {class: 'mono rule'}, f.id));
		button.addEventListener('click', () => fold(f, button));
		const finding = make('td', {class: 'c-finding'}, button, make('span', {class: 'say few'}, f.message));
		const where = [nameOf(f), f.account, f.region].filter(Boolean).join(' \u00b7 ');
		finding.append(make('span', {class: 'where few'}, where));
		return make('tr', {class: unfolded ? 'open' : ''},
			make('td', {class: 'c-severity'}, severity(f), f.severity),
			make('td', {class: 'c-verdict is-' + f.verdict}, f.verdict.replace('-', ' ')),
			finding,
			make('td', {class: 'c-name'}, make('span', {class: f.name ? 'few' : 'few mono'}, nameOf(f))),
			make('td', {class: 'c-account mono'}, f.account || ''),
			make('td', {class: 'c-region'}, f.region || ''));
	}

	function fold(f, button) {
		const tr = button.closest('tr');
		const unfolded = button.getAttribute('aria-expanded') !== 'true';
		button.setAttribute('aria-expanded', String(unfolded));
		tr.classList.toggle('open', unfolded);
		if (unfolded) {
			open.add(f.index);
			tr.after(details(f));
		} else {
			open.delete(f.index);
			byId('more-' + f.index).remove();
		}
	}

	/* ---- drawing ---- */

	const number = (n) => n.toLocaleString('en');
	const plural = (n) => number(n) + (n === 1 ? ' finding' : ' findings');

	function drawRows(from, to, unfoldAll) {
		const rows = document.createDocumentFragment();
		for (const f of shown.slice(from, to)) {
			const unfolded = unfoldAll || open.has(f.index);
			rows.append(line(f, unfolded));
			if (unfolded)
				rows.append(details(f));
		}
		byId('list').tBodies[0].replaceChildren(rows);
	}

	function draw() {
		const pages = Math.max(1, Math.ceil(shown.length / PAGE));
		state.page = Math.min(state.page, pages - 1);
		const from = state.page * PAGE, to = Math.min(from + PAGE, shown.length);
		drawRows(from, to, state.unfolded);
		const filtered = state.words.length !== 0 || FILTERS.some((name) => state.filter[name]);
		byId('count').textContent = filtered
			? number(shown.length) + ' of ' + plural(findings.length) : plural(findings.length);
		byId('clear').hidden = !filtered;
		byId('none').hidden = shown.length !== 0;
		byId('list').hidden = shown.length === 0;
		byId('pages').hidden = pages === 1;
		byId('page').textContent = number(from + 1) + '\u2013' + number(to) + ' of ' + number(shown.length);
		byId('previous').disabled = state.page === 0;
		byId('next').disabled = state.page === pages - 1;
	}

	function drawSort() {
		for (const button of document.querySelectorAll('[data-sort]')) {
			const on = button.dataset.sort === state.sort;
			button.closest('th').setAttribute('aria-sort', !on ? 'none' : state.down ? 'descending' : 'ascending');
		}
	}

	function update() {
		state.page = 0;
		choose();
		draw();
	}

	/* ---- filters ---- */

	const RANKED = {severity: SEVERITIES, verdict: VERDICTS};

	function fillSelect(name) {
		const counts = new Map();
		for (const f of findings) {
			const value = FACTS[name](f);
			if (value)
				counts.set(value, (counts.get(value) || 0) + 1);
		}
		const values = RANKED[name] ? RANKED[name].filter((v) => counts.has(v)) : [...counts.keys()].sort(order);
		const select = byId('f-' + name);
		select.append(make('option', {value: ''}, 'All'),
			...values.map((v) => make('option', {value: v}, v + ' (' + number(counts.get(v)) + ')')));
		select.addEventListener('change', () => {
			state.filter[name] = select.value;
			keep();
			update();
		});
	}

	function setWords(text) {
		state.words = text.toLowerCase().split(/\s+/).filter(Boolean);
	}

	/* The address says what is shown, so that a view can be handed on. */
	function keep() {
		const parts = FILTERS.filter((name) => state.filter[name])
			.map((name) => name + '=' + encodeURIComponent(state.filter[name]));
		if (byId('q').value)
			parts.push('q=' + encodeURIComponent(byId('q').value));
		history.replaceState(null, '', parts.length ? '#' + parts.join('&') : '#findings');
	}

	/* False where the address says nothing of filters. */
	function restore() {
		if (!/^#(?:[a-z]+=)/.test(location.hash))
			return false;
		const wanted = new URLSearchParams(location.hash.slice(1).replace(/\+/g, '%2B'));
		for (const name of FILTERS) {
			const select = byId('f-' + name);
			select.value = wanted.get(name) || '';
			if (select.selectedIndex < 0)
				select.value = '';
			state.filter[name] = select.value;
		}
		byId('q').value = wanted.get('q') || '';
		setWords(byId('q').value);
		update();
		return true;
	}

	function clear() {
		byId('filter').reset();
		state.filter = {};
		state.words = [];
		keep();
		update();
		byId('q').focus();
	}

	/* ---- paper ---- */

	const PRINTED_COLUMNS = 3; /* as the style has it */
	let folded = [];

	function beforePrint() {
		drawRows(0, MOST_PRINTED, true);
		fitColumns(PRINTED_COLUMNS);
		byId('printed').hidden = shown.length <= MOST_PRINTED;
		byId('printed').textContent = 'The first ' + number(MOST_PRINTED) + ' are printed; ' +
			number(shown.length - MOST_PRINTED) + ' more are not.';
		folded = [...document.querySelectorAll('details:not([open])')];
		folded.forEach((d) => { d.open = true; });
	}

	function afterPrint() {
		folded.forEach((d) => { d.open = false; });
		byId('printed').hidden = true;
		draw();
	}

	/* ---- life ---- */

	function turn(by) {
		state.page += by;
		draw();
		byId('findings').focus({preventScroll: true});
		byId('filter').scrollIntoView();
	}

	FILTERS.forEach(fillSelect);
	let timer = 0;
	byId('q').addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			setWords(byId('q').value);
			keep();
			update();
		}, 100);
	});
	byId('filter').addEventListener('submit', (event) => event.preventDefault());
	byId('clear').addEventListener('click', clear);
	byId('previous').addEventListener('click', () => turn(-1));
	byId('next').addEventListener('click', () => turn(1));
	byId('unfold').addEventListener('click', () => {
		state.unfolded = !state.unfolded;
		open.clear();
		byId('unfold').setAttribute('aria-pressed', String(state.unfolded));
		draw();
	});
	for (const button of document.querySelectorAll('[data-sort]'))
		button.addEventListener('click', () => {
			/* up, down, and as the report has them; what is graver comes first at once */
			const first = button.dataset.sort === 'severity' || button.dataset.sort === 'verdict';
			if (state.sort !== button.dataset.sort) {
				state.sort = button.dataset.sort;
				state.down = first;
			} else if (state.down === first) {
				state.down = !first;
			} else {
				state.sort = null;
			}
			drawSort();
			update();
		});
	addEventListener('hashchange', () => {
		if (restore()) {
			byId('findings').scrollIntoView();
			byId('findings').focus({preventScroll: true});
		}
	});
	addEventListener('resize', () => fitColumns(columns()));
	addEventListener('beforeprint', beforePrint);
	addEventListener('afterprint', afterPrint);
	drawSort();
	app.hidden = false;
	if (!restore())
		update();
})();
