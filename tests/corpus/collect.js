// collect.js - answers that are no batches, from the fixtures of npm packages (README.md names them).
//
// usage: npm install --ignore-scripts PACKAGE@VERSION ...     (in a folder of its own)
//        NODE_PATH=FOLDER/node_modules node collect.js FOLDER/node_modules > fixtures.ndjson
//
// One line each: {"from", "method", "path", "status", "type", "body"}. What is long is left out, not cut.
//
// SPDX-License-Identifier: GPL-2.0-or-later
'use strict';

const fs = require('fs');
const path = require('path');

const LONGEST = 3000; // bytes of a body
const JSON_TYPE = 'application/json; charset=utf-8';
const modules = process.argv[2];
const bodies = new Set();

function put(from, method, target, status, type, body) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    if (!text || Buffer.byteLength(text) > LONGEST || bodies.has(text))
        return false;
    bodies.add(text);
    process.stdout.write(JSON.stringify({ from, method, path: target, status, type, body: text }) + '\n');
    return true;
}

function* files(folder, ending) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const file = path.join(folder, entry.name);
        if (entry.isDirectory() && entry.name !== 'node_modules')
            yield* files(file, ending);
        else if (entry.name.endsWith(ending))
            yield file;
    }
}

const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

// What api.github.com answered.
function octokit() {
    const from = '@octokit/fixtures';
    for (const file of files(path.join(modules, from, 'scenarios'), 'normalized-fixture.json'))
        for (const one of read(file)) {
            const type = (one.headers || {})['content-type'];
            if (type && one.status >= 200 && one.response && !one.responseIsBinary)
                put(from, one.method.toUpperCase(), one.path, one.status, type, one.response);
        }
}

// What HAR files hold that browsers and Insomnia wrote.
function har() {
    const from = 'har-examples';
    const examples = require(from);
    for (const one of Object.values(examples.default || examples))
        for (const { request, response } of (one.log || {}).entries || []) {
            const text = response && response.content && response.content.text;
            if (text && response.content.mimeType && !response.content.encoding)
                put(from, request.method, new URL(request.url).pathname, response.status || 200,
                    response.content.mimeType, text);
        }
}

function documents(from, ending, type, most) {
    for (const file of files(path.join(modules, from), ending)) {
        if (most <= 0)
            return;
        const text = JSON.stringify(read(file));
        if (put(from, 'GET', '/' + path.relative(path.join(modules, from), file), 200, type, text))
            most--;
    }
}

// Manifests of the packages that came along.
function manifests(most) {
    for (const name of fs.readdirSync(modules).sort()) {
        const file = path.join(modules, name, 'package.json');
        if (most <= 0)
            return;
        if (fs.existsSync(file) && /^(MIT|ISC)$/.test(read(file).license)) {
            const { dependencies, devDependencies, engines, keywords, license, main, version } = read(file);
            put(name, 'GET', '/' + name, 200, 'application/json',
                { name, version, license, main, keywords, engines, dependencies, devDependencies });
            most--;
        }
    }
}

function webhooks(most) {
    const from = '@octokit/webhooks-examples';
    for (const { name, examples } of read(path.join(modules, from, 'api.github.com/index.json')))
        for (const one of examples.slice(0, 2))
            if (most > 0 && put(from, 'GET', '/events/' + name, 200, JSON_TYPE, one))
                most--;
}

octokit();
har();
documents('geojson-fixtures', '.geojson', 'application/geo+json', 20);
documents('@readme/oas-examples', '.json', 'application/json', 20);
webhooks(25);
manifests(20);
